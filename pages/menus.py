"""The main menu and the foot of every page: the fixed entries of the house, and the editors' own pages.

What they need of pages comes with the site's settings in one query (pages/site.py), because every page pays for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, Q
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _
from wagtail.models import Page

from common.addresses import in_language
from common.rows import Rows

from .languages import active
from .models.base import bare_path
from .words import words

OWN_PAGES = 3  # more entries than that, and nobody finds anything in the menu
# Pages with a fixed place in the frame, by their type or their address.
NEWS, EVENTS, ACCESSIBILITY = "newsindexpage", "eventindexpage", "accessibilitypage"
_FIXED_TYPES = (NEWS, EVENTS, "agendapage")
LEGAL = ("so-funktioniert-es", "kontakt", "impressum", "datenschutz", "barrierefreiheit", "leichte-sprache")


@dataclass(frozen=True)
class Entry:
    """A link with its words. `path` is the address without a language, which says where a reader is."""

    label: str
    url: str
    path: str


def first_pages() -> Rows:
    """The published pages right below a home page that a menu may name, in the order of the tree."""
    named = Q(show_in_menus=True) | Q(slug__in=LEGAL) | Q(content_type__model__in=(*_FIXED_TYPES, ACCESSIBILITY))
    line = JSONObject(
        title=F("title"),
        url_path=F("url_path"),
        model=F("content_type__model"),
        language=F("locale__language_code"),
        key=Cast("translation_key", CharField()),
        in_menu=F("show_in_menus"),
    )
    pages = Page.objects.live().filter(named, depth=3, alias_of=None, content_type__app_label="pages").order_by("path")
    return Rows(pages.values(line=line))


def main_menu(pages: list[dict[str, Any]]) -> list[Entry]:
    """The entries of the main menu in the language that is active. `pages` are the rows of first_pages()."""
    found = _in_active_language(pages)
    by_type = {row["model"]: row for row in found}
    entries = [
        _fixed("/agenda/", _("Agenda")),
        _fixed("/ideen/", _("Ideen")),
        _fixed("/beteiligung/", _("Beteiligung")),
        _fixed("/massnahmen/", words["Pl massnahme"]),
        _fixed("/fortschritt/", _("Fortschritt")),
    ]
    entries += [
        _entry(by_type[model], label) for model, label in _labels().items() if model in by_type and model in _FIXED_TYPES
    ]
    own = [row for row in found if row["in_menu"] and row["model"] not in _FIXED_TYPES]
    return [*entries, *(_entry(row) for row in own[:OWN_PAGES]), _fixed("/suche/", _("Suche"))]


def legal_links(pages: list[dict[str, Any]]) -> list[Entry]:
    """The pages that the foot always names, as far as they exist: how it works, imprint, data protection, accessibility."""
    order = {slug: number for number, slug in enumerate(LEGAL)}
    found = [row for row in _in_active_language(pages) if _place(row) in order]
    return [_entry(row, _labels().get(_place(row), "")) for row in sorted(found, key=lambda row: order[_place(row)])]


def own_links(stream: Any) -> list[Entry]:
    """The editors' own links of the foot. A page that is no longer there is left out."""
    entries = []
    for block in stream:
        page = block.value["page"]
        if page is None and block.value["url"]:
            entries.append(Entry(block.value["text"], block.value["url"], ""))
        elif page is not None and page.live:
            path = bare_path(page.url_path)
            entries.append(Entry(block.value["text"], in_language(path), path))
    return entries


def _place(row: dict[str, Any]) -> str:
    return "barrierefreiheit" if row["model"] == ACCESSIBILITY else str(row["url_path"].strip("/").rpartition("/")[2])


def _labels() -> dict[str, str]:
    """What fixed pages are called where they have no version in the reader's language."""
    return {
        NEWS: _("Aktuelles"),
        EVENTS: _("Termine"),
        "so-funktioniert-es": _("So funktioniert es"),
        "kontakt": _("Kontakt"),
        "impressum": _("Impressum"),
        "datenschutz": _("Datenschutz"),
        "barrierefreiheit": _("Barrierefreiheit"),
        "leichte-sprache": _("Leichte Sprache"),
    }


def _in_active_language(pages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As languages.in_active_language, for rows that came with the site's settings; and pages that only this language has."""
    here, default = active(), settings.LANGUAGE_CODE
    rows = list(pages)
    translated = {row["key"]: row for row in rows if row["language"] == here}
    of_default = {row["key"] for row in rows if row["language"] == default}
    own = [row for row in rows if row["language"] == here != default and row["key"] not in of_default]
    return [*(translated.get(row["key"], row) for row in rows if row["language"] == default), *own]


def _fixed(path: str, label: str) -> Entry:
    return Entry(label, in_language(path), path)


def _entry(row: dict[str, Any], label: str = "") -> Entry:
    """`label` stands in for the title where the page isn't written in the reader's language."""
    foreign = row["language"] != active()
    path = bare_path(row["url_path"])
    return Entry(label if foreign and label else row["title"], in_language(path), path)
