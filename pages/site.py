"""The site's settings for whoever needs them, with or without a request: read once a request, kept half a minute elsewhere.

The settings hold the words of the house too (pages/words.py) and bring the pages of the menu along (pages/menus.py), so that a
page pays one query for all of it.
"""

import time
from typing import Any

from asgiref.local import Local
from django.core.signals import request_started
from django.db import OperationalError, ProgrammingError
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from . import menus, words
from .models import SiteSettings

KEPT_SECONDS = 30.0
_kept = Local()


def current() -> SiteSettings:
    """The settings in force; an unsaved one with the defaults in a database that has none."""
    kept = getattr(_kept, "settings", None)
    if kept is None or time.monotonic() - _kept.since > KEPT_SECONDS:
        # From the site, which is always there: it brings the pages along even before anybody has saved settings.
        sites = Site.objects.filter(is_default_site=True).select_related("sitesettings__logo", "sitesettings__share_picture")
        site = sites.annotate(first_pages=menus.first_pages()).first()
        kept = getattr(site, "sitesettings", None) or SiteSettings()
        kept.first_pages = getattr(site, "first_pages", None) or []
        _kept.settings, _kept.since = kept, time.monotonic()
    return kept


def first_pages() -> list[dict[str, Any]]:
    """What a menu may name (pages/menus.py)."""
    return current().first_pages


def forget(**kwargs: Any) -> None:
    """Ask the database anew: at the beginning of a request, and after the settings were saved."""
    _kept.settings = None


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site`, asked for only where a template names it."""
    return {"site": SimpleLazyObject(current)}


def _vocabulary() -> words.Vocabulary:
    try:
        return current().vocabulary
    except (OperationalError, ProgrammingError):
        # Checks name panels and models before the first migration, or before the one that adds a column here.
        return words.Vocabulary()


def connect() -> None:
    words.take_from(_vocabulary)
    request_started.connect(forget, dispatch_uid="forget_site_settings")
    for signal in (post_save, post_delete):
        signal.connect(forget, sender=SiteSettings, dispatch_uid=f"forget_site_settings_{id(signal)}")
