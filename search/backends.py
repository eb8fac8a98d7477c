def matching(key, q, qs):
    return qs.filter(released_version__title__icontains=q) if key == "ideen" else qs.filter(title__icontains=q)
