"""What the tests run with: PostgreSQL when DATABASE_URL names it, otherwise SQLite in memory."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from .base import DATABASES, STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105
_TMP = Path(tempfile.mkdtemp(prefix="pulsehub-test-"))
MEDIA_ROOT = str(_TMP / "media")
MAIL_DIR = _TMP / "mail"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["uploads"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": str(_TMP / "uploads")},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ALLOWED_HOSTS = ["*"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
EMBEDDED_WORKER = False
ACCOUNT_RATE_LIMITS = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
