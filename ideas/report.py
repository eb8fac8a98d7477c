"""The report to the council: all measures under their Lösung with status, responsible unit, time frame and note.

Responsibility, time frame and note stand word for word as an import brought them. Without an import the measure's own words
stand there, and where it names nobody responsible, the units of its Lösung, said as such.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.agenda import agenda_tree, attach_loesungen
from pages.languages import foreign
from pages.models import LoesungPage, ZielbildPage
from pages.words import words

from . import filters
from .measure_page import period
from .models import Measure


@dataclass(frozen=True)
class Entry:
    """One measure of the report. `source` says where `responsible` comes from if not from the measure."""

    measure: Measure
    responsible: str
    source: str
    time_frame: str
    note: str

    @property
    def units(self) -> list[str]:
        """Whom one can filter by: a line each."""
        return [unit for line in self.responsible.splitlines() if (unit := " ".join(line.split()))]


@dataclass(frozen=True)
class Part:
    """The measures of one Lösung; of a Zielbild alone where `loesung` is None; of no published page without `zielbild` as well.
    `is_undivided`: the Zielbild has entries of no Lösung at all, so that nothing needs a heading of its own."""

    zielbild: ZielbildPage | None
    loesung: LoesungPage | None
    entries: list[Entry]
    is_undivided: bool = False


@dataclass(frozen=True)
class Report:
    """What page, spreadsheet and PDF show: the same rows by the same filters."""

    parts: list[Part]
    chosen: filters.FilterSet
    query: str

    @property
    def entries(self) -> list[Entry]:
        return [entry for part in self.parts for entry in part.entries]

    @property
    def total_label(self) -> str:
        count = len(self.entries)
        return ngettext("%(count)s %(massnahme)s", "%(count)s %(pl_massnahme)s", count) % words(count=count)

    @property
    def choice(self) -> str:
        """The filters in force, in words; '' for none."""
        return ", ".join(chip.label for chip in self.chosen.chips)


class UnitDimension(filters.Dimension):
    """Responsible units as the report shows them. `entries`: all of the report."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.pks: dict[str, set[int]] = {}
        names: dict[str, str] = {}
        for entry in entries:
            for unit in entry.units:
                slug = slugify(unit) or "ohne-namen"
                names.setdefault(slug, unit)
                self.pks.setdefault(slug, set()).add(entry.measure.pk)
        options = [
            filters.Option(slug, names[slug], language=foreign())
            for slug in sorted(names, key=lambda slug: names[slug].casefold())
        ]
        self.filter = filters.Filter("stelle", gettext_lazy("Zuständig"), options)
        self.filters = [self.filter]

    def condition(self) -> Q:
        chosen = self.filter.chosen
        return Q(pk__in=set().union(*(self.pks[slug] for slug in chosen))) if chosen else Q()

    def count(self, things: QuerySet[Any]) -> None:
        left = set(things.order_by().values_list("pk", flat=True))
        for option in self.filter.options:
            option.count = len(self.pks[option.value] & left)


def of_request(request: HttpRequest) -> Report:
    """The report by the filters `stelle` and `status` of the address. Six queries."""
    tree = agenda_tree()
    measures = Measure.objects.order_by("sort_order", "code")
    rows = list(measures)
    attach_loesungen(rows, tree)
    entries = {row.pk: entry_of(row) for row in rows}
    chosen = filters.read(request, [UnitDimension(entries.values()), filters.measure_status()], {"nummer": _("Nach Nummer")})
    chosen.count_options(measures)
    wanted = set(chosen.apply(measures).values_list("pk", flat=True))
    query = request.GET.copy()
    query.pop("seite", None)
    return Report(_parts(tree, [entries[row.pk] for row in rows if row.pk in wanted]), chosen, query.urlencode())


def entry_of(measure: Measure) -> Entry:
    """The words of this measure for the report. Its Lösung is read from memory if it was attached."""
    responsible, source = measure.responsible_as_imported or measure.responsible, ""
    if not responsible and measure.loesung_id and measure.loesung:
        responsible = "\n".join(str(block.value) for block in measure.loesung.responsible_units)
        source = _("laut %(dat_steckbrief)s") % words if responsible else ""
    return Entry(
        measure,
        responsible,
        source,
        measure.time_frame_as_imported or "\n".join(period(measure)),
        measure.note_as_imported or measure.note,
    )


def _parts(tree: Sequence[ZielbildPage], entries: Sequence[Entry]) -> list[Part]:
    """In the order of the agenda; what belongs to no published Lösung comes last in its Zielbild, what belongs to no published
    Zielbild last of all: the council reads every measure."""
    parts: list[Part] = []
    for zielbild in tree:
        own = [entry for entry in entries if entry.measure.zielbild_id == zielbild.source.pk]
        known = {loesung.source.pk for loesung in zielbild.loesungen}
        divided = [
            Part(zielbild, loesung, [each for each in own if each.measure.loesung_id == loesung.source.pk])
            for loesung in zielbild.loesungen
        ]
        rest = [each for each in own if each.measure.loesung_id not in known]
        parts += [*divided, Part(zielbild, None, rest, is_undivided=not any(part.entries for part in divided))]
    published = {zielbild.source.pk for zielbild in tree}
    parts.append(Part(None, None, [each for each in entries if each.measure.zielbild_id not in published], is_undivided=True))
    return [part for part in parts if part.entries]
