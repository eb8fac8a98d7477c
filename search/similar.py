def similar(key, text, *, exclude_pk=None, limit=5):
    return []
