"""How dates read in German, where Django's own formats are not ours."""

DATETIME_FORMAT = "j. F Y, H:i"
