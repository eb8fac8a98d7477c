"""What a measure's public page tells: its own words with what hangs on it, its facts, its way, its figures."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.rows import as_objects, attach
from pages.models import ZielbildPage
from pages.words import words

from .attached import HERE, attach_tags_and_places, place_rows, tag_rows, zielbild_rows
from .charts import chart_of, figure
from .models import Kpi, Measure, PriorityReason


@dataclass(frozen=True)
class Fact:
    """`lines` under a name; `source` says where they come from if not from the measure itself."""

    name: str
    lines: list[str]
    source: str = field(default="")


def read(measures: QuerySet[Measure], slug: str) -> Measure:
    """The measure of these with this slug, its tags, places and pages at hand, in one query. Raises Http404."""
    found = measures.select_related("loesung", "zielbild", "kind").annotate(
        tag_rows=tag_rows(measure_tags__content_object=HERE),
        place_rows=place_rows(measures=HERE),
        interface_rows=zielbild_rows(interface_measures=HERE),
    )
    measure: Any = get_object_or_404(found, slug=slug)
    attach_tags_and_places(measure)
    attach(measure, "interfaces", as_objects(ZielbildPage, measure.interface_rows))
    return measure  # type: ignore[no-any-return]


def context_of(measure: Measure) -> dict[str, Any]:
    """`facts`, `way` (in the order in which things happened) and `kpis`, each with its `chart`. Two queries."""
    return {
        "facts": facts_of(measure),
        "way": list(measure.trail.select_related("text").order_by("happened_at", "position")),
        "kpis": with_charts(measure.kpis.with_public_values()),  # type: ignore[attr-defined]
    }


def with_charts(figures: list[Kpi]) -> list[Kpi]:
    """The figures with their public values, each with `chart`: a Chart, or None as long as it has no value."""
    for kpi in figures:
        kpi.chart = chart_of(kpi)  # type: ignore[attr-defined]
    return figures


def facts_of(measure: Measure) -> list[Fact]:
    """Who, when, how much and why first. Where the measure says nothing, its Lösung's Steckbrief does, and the fact says so."""
    facts = [
        _or_of_loesung(_("Wer ist verantwortlich"), measure.responsible, measure, "responsible_units"),
        _or_of_loesung(_("Wer arbeitet mit"), measure.partners, measure, "partners"),
        Fact(_("Zeitraum"), period(measure)),
        _budget(measure),
        Fact(_("Förderung"), [_("Außerhalb des Förderprogramms")] if measure.outside_programme else []),
        Fact(
            _("Warum zuerst"),
            [str(PriorityReason(value).label) for value in PriorityReason.values if value in measure.priority_reasons],
        ),
    ]
    return [fact for fact in facts if fact.lines]


def _or_of_loesung(name: str, own: str, measure: Measure, attribute: str) -> Fact:
    if own:
        return Fact(name, own.splitlines())
    blocks = getattr(measure.loesung, attribute) if measure.loesung else []
    return Fact(name, [str(block.value) for block in blocks], _("laut %(dat_steckbrief)s %(the_gen_loesung)s") % words)


def period(measure: Measure) -> list[str]:
    """When, in the measure's own words and by its dates."""
    return [line for line in (measure.time_frame, dates_in_words(measure.starts_on, measure.ends_on)) if line]


def dates_in_words(begin: date | None, end: date | None) -> str:
    """„1. Mai 2026 bis 3. Juni 2026“, „ab 1. Mai 2026“, „bis 3. Juni 2026“; '' without either."""
    days = {"begin": date_format(begin) if begin else "", "end": date_format(end) if end else ""}
    if begin and end:
        return _("%(begin)s bis %(end)s") % days
    if begin:
        return _("ab %(begin)s") % days
    return _("bis %(end)s") % days if end else ""


def _budget(measure: Measure) -> Fact:
    name = _("Was es kostet")
    amount = figure(measure.budget_amount, _("Euro")) if measure.budget_amount is not None else ""
    own = [line for line in (amount, measure.budget_text) if line]
    if own or not measure.loesung or measure.loesung.budget_eur is None:
        return Fact(name, own)
    whole = _("%(amount)s für %(the_acc_loesung)s insgesamt") % words(amount=figure(measure.loesung.budget_eur, _("Euro")))
    return Fact(name, [whole], _("laut %(dat_steckbrief)s %(the_gen_loesung)s") % words)
