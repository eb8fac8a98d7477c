"""The agenda as a tree, read in two queries, in the language that is active."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from wagtail.models import Page

from .languages import active
from .models import LoesungPage, ZielbildPage

P = TypeVar("P", bound=Page)


def sources(pages: type[P]) -> models.QuerySet[P]:
    """The pages of this type in the default language: ideas, measures and figures point at these, never at a translation."""
    found: models.QuerySet[P] = pages._default_manager.filter(locale__language_code=settings.LANGUAGE_CODE)
    return found


def agenda_tree() -> list[ZielbildPage]:
    """The published Zielbilder in order, each with `.loesungen`; each Lösung knows its `.zielbild`. Two queries.

    Where a page has a version in the active language, that one stands for it. `.source` is the page in the default language,
    which ideas, measures and figures point at.
    """
    zielbilder = _in_language(ZielbildPage.objects.live())
    by_path: dict[str, ZielbildPage] = {}
    for zielbild in zielbilder:
        zielbild.loesungen = []
        by_path[zielbild.source.path] = zielbild
    for loesung in _in_language(LoesungPage.objects.live()):
        zielbild = by_path.get(loesung.source.path[: -loesung.steplen])
        if zielbild is not None:
            loesung.zielbild = zielbild
            zielbild.loesungen.append(loesung)
    return zielbilder


def _in_language(pages: Any) -> list[Any]:
    """The pages of the default language in order of their number, each replaced by its version in the active one."""
    here, default = active(), settings.LANGUAGE_CODE
    rows = list(pages.filter(locale__language_code__in={here, default}).select_related("locale").order_by("number"))
    translated = {page.translation_key: page for page in rows if page.locale.language_code == here and not page.alias_of_id}
    found = []
    for source in rows:
        if source.locale.language_code == default:
            page = translated.get(source.translation_key, source)
            page.source = source
            found.append(page)
    return found


def attach_loesungen(things: Iterable[Any], tree: list[ZielbildPage]) -> None:
    """Give every thing with a `loesung` the one from the tree, which knows its Zielbild. No query."""
    loesungen = {loesung.source.pk: loesung for zielbild in tree for loesung in zielbild.loesungen}
    for thing in things:
        if thing.loesung_id in loesungen:
            thing.loesung = loesungen[thing.loesung_id]
