"""Measures and their kinds by the region's words, wherever Django and Wagtail name a model."""

from typing import Any

from django.core.signals import request_started
from django.urls import get_resolver
from django.utils.translation import gettext_lazy as _

from pages.words import words


def connect() -> None:
    """Name the models with the first request. Not in Meta: Wagtail sorts snippets by name and builds forms while the addresses
    are read, which happens before there is a database to ask. Migrations go by what Meta says."""
    request_started.connect(_name_models, dispatch_uid="name_models")


def _name_models(**kwargs: Any) -> None:
    from ..models import Measure, MeasureKind

    request_started.disconnect(dispatch_uid="name_models")
    get_resolver().url_patterns  # noqa: B018 - reads all addresses
    for model, singular, plural in (
        (Measure, words.later("%(Massnahme)s"), words.later("%(Pl_massnahme)s")),
        (MeasureKind, words.later(_("Art von %(dat_pl_massnahme)s")), words.later(_("Arten von %(dat_pl_massnahme)s"))),
    ):
        model._meta.verbose_name, model._meta.verbose_name_plural = singular, plural
