"""A developer's machine: debug pages, plain static files."""

from .base import *  # noqa: F403
from .base import STORAGES

DEBUG = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
