"""Finds what a cell names: pages of the agenda, places, tags, status words. Reads the database once, not once a row."""

from typing import Any

from django.utils.translation import gettext as _
from taggit.models import Tag

from common.text import clean_text
from pages.agenda import sources
from pages.models import LoesungPage, ZielbildPage
from pages.words import TERMS, words

from ..models import Place
from .mapping import TARGETS, Mapping
from .plan import RowPlan
from .schema import page_path
from .spreadsheets import Row, Sheet
from .words import folded, status_choices


class Lookups:
    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self.sheet, self.mapping = sheet, mapping
        self.targets = {target.key: target for target in TARGETS[mapping.kind]}
        zielbilder, loesungen = list(sources(ZielbildPage)), list(sources(LoesungPage))
        self.zielbild_by_path = {page.path: page for page in zielbilder}
        self.zielbilder, self.loesungen = _by_names(zielbilder, "zielbild"), _by_names(loesungen, "loesung")
        self.places = {folded(name): place for place in Place.objects.all() for name in (place.name, place.slug)}
        self.tags = {folded(tag.name): tag for tag in Tag.objects.all()}
        self.statuses = {value for value, _label in status_choices(mapping.kind)}
        self.default_zielbild = self.zielbilder.get(folded(mapping.zielbild))
        self.default_loesung = self.loesungen.get(folded(mapping.loesung))

    def header(self, key: str) -> str:
        column = self.mapping.columns.get(key)
        return (
            self.sheet.header[column]
            if column is not None and column < len(self.sheet.header)
            else str(self.targets[key].label)
        )

    def raw(self, row: Row, key: str) -> str:
        """The cell in the words of the source."""
        return row.cell(self.mapping.columns.get(key)).replace("\0", "")

    def text(self, row: Row, plan: RowPlan, key: str, longest: int = 0) -> str:
        """The clean text of a cell; too long a one is an error of the row."""
        text = clean_text(self.raw(row, key))
        longest = longest or self.targets[key].longest
        if longest and len(text) > longest:
            plan.refuse(
                self.header(key),
                _("Der Text hat %(number)s Zeichen, möglich sind %(most)s. Bitte kürzen Sie ihn.")
                % {"number": len(text), "most": longest},
            )
        return text

    def status(self, row: Row, plan: RowPlan) -> str:
        """The status that the cell's word means; '' for an empty cell."""
        word = folded(self.raw(row, "status"))
        if not word:
            return ""
        status = self.mapping.words.get(word, "")
        if status not in self.statuses:
            plan.refuse(
                self.header("status"),
                _("Das Wort „%(word)s“ kennen wir nicht. Bitte ordnen Sie es einem Status zu.")
                % {"word": self.raw(row, "status").strip()[:60]},
            )
            return ""
        return status

    def loesung(self, row: Row, plan: RowPlan) -> LoesungPage | None:
        return self._page(row, plan, "loesung", self.loesungen, words["This_acc_loesung"])  # type: ignore[no-any-return]

    def zielbild(self, row: Row, plan: RowPlan) -> ZielbildPage | None:
        return self._page(row, plan, "zielbild", self.zielbilder, words["This_acc_zielbild"])  # type: ignore[no-any-return]

    def _page(self, row: Row, plan: RowPlan, key: str, pages: dict[str, Any], what: str) -> Any:
        cell = self.raw(row, key).strip()
        if not cell:
            return None
        page = pages.get(folded(cell)) or pages.get(folded(cell).split(" ")[0].rstrip(".:"))
        if page is None:
            plan.refuse(
                self.header(key),
                _("%(what)s gibt es nicht: „%(cell)s“. Bitte schreiben Sie Titel oder Nummer so, wie sie in der Agenda stehen.")
                % {"what": what, "cell": cell[:60]},
            )
        return page

    def zielbild_of(self, loesung: LoesungPage) -> ZielbildPage:
        return self.zielbild_by_path[loesung.path[: -loesung.steplen]]

    def places_in(self, row: Row, plan: RowPlan) -> tuple[list[Place], list[str]]:
        """The places that we know, and the words that name none."""
        found, unknown = [], []
        for word in _items(self.raw(row, "places")):
            place = self.places.get(folded(word))
            if place is None:
                unknown.append(word)
            elif place not in found:
                found.append(place)
        return found, unknown

    def tags_in(self, row: Row, plan: RowPlan) -> list[str]:
        words = list(dict.fromkeys(_items(self.raw(row, "tags"))))
        if long := [word for word in words if len(word) > 100]:
            plan.refuse(self.header("tags"), _("Das Stichwort „%(tag)s…“ ist länger als 100 Zeichen.") % {"tag": long[0][:40]})
        return words

    def tag(self, word: str) -> Tag:
        """The tag of this name, made where there is none."""
        if folded(word) not in self.tags:
            self.tags[folded(word)] = Tag.objects.create(name=word)
        return self.tags[folded(word)]


def _items(cell: str) -> list[str]:
    for separator in ("|", ";", ",", "/"):
        if separator in cell:
            break
    else:
        separator = "\n"
    return [clean for part in cell.split(separator) if (clean := " ".join(clean_text(part).split()))]


def _by_names(pages: list[Any], term: str) -> dict[str, Any]:
    """Pages by everything that people call them: title, end of the address, number, "Lösung 3", "3 Titel". The word before the
    number may be the region's own or that of the house, which stands in older tables."""
    names: dict[str, Any] = {}
    own = words[term]
    for page in pages:
        for name in (
            page.title,
            page.slug,
            page_path(page),
            str(page.number),
            f"{own} {page.number}",
            f"{TERMS[term].singular} {page.number}",
            f"{page.number} {page.title}",
        ):
            names.setdefault(folded(name), page)
    return names
