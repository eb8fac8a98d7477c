"""Progress at a glance: the numbers of /fortschritt/. Every number is the length of a list that everybody can open: those of
ideas and measures by their filters, the others by ideas/progress_lists.py. Each function says how many queries it costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pages.models import ZielbildPage
from pages.words import words

from . import targets
from .bars import PATTERNS, Number, Row
from .models import Idea, Kpi, Measure
from .progress_lists import Listing, decisions, handed_in, measure_steps
from .workflow import MEASURE_STATES, PROGRESS, MeasureStatus, Status, public_state

MONTHS = 12
LATEST = 6
OPEN = (Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION)
Key = tuple[str, str]


def list_url(name: str, **query: Any) -> str:
    """The address of a list with these filters; a filter may have several values."""
    chosen = {key: value for key, value in query.items() if value}
    return f"{reverse(name)}?{urlencode(chosen, doseq=True)}" if chosen else reverse(name)


# --- measures ---------------------------------------------------------------------------------------------------------


def measures_by_zielbild() -> dict[tuple[int, str], int]:
    """How many measures each Zielbild has in each status. One query."""
    rows = Measure.objects.order_by().values_list("zielbild", "status").annotate(hits=Count("pk"))
    return {(zielbild, status): hits for zielbild, status, hits in rows}


def measure_states(counts: dict[tuple[int, str], int]) -> list[Number]:
    """All measures by status, in the order of a measure's life."""
    return [
        Number(
            str(MEASURE_STATES[status].label),
            sum(hits for (_zielbild, own), hits in counts.items() if own == status),
            list_url("measure_list", status=MEASURE_STATES[status].slug),
            pattern,
        )
        for status, pattern in zip(MeasureStatus, PATTERNS, strict=True)
    ]


def zielbild_rows(tree: Sequence[ZielbildPage], counts: dict[tuple[int, str], int]) -> list[Row]:
    """For each Zielbild its measures by status."""
    return [
        Row(
            zielbild.title,
            [
                Number(
                    str(MEASURE_STATES[status].label),
                    counts.get((zielbild.source.pk, status), 0),
                    list_url("measure_list", zielbild=zielbild.source.slug, status=MEASURE_STATES[status].slug),
                    pattern,
                )
                for status, pattern in zip(MeasureStatus, PATTERNS, strict=True)
            ],
            list_url("measure_list", zielbild=zielbild.source.slug),
        )
        for zielbild in tree
    ]


# --- the way of ideas -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """A part of the way of ideas: how many have come that far."""

    key: str
    label: str
    icon: str
    count: int
    url: str


def way_of_ideas() -> dict[str, Stage]:
    """How many public ideas have come how far, by key: handed_in, open, decided, kept, under_way, running, done. One query."""
    rows = Idea.objects.public().order_by().values_list("status", "progress").annotate(hits=Count("pk"))
    counts: dict[Key, int] = {(status, progress): hits for status, progress, hits in rows}
    kept: list[Key] = [(Status.KEPT, ""), *[(Status.KEPT, status) for status in PROGRESS]]
    stages = [
        _stage("handed_in", _("Eingereicht"), "inbox", counts, None),
        _stage("open", _("Noch offen"), "search", counts, [(status, "") for status in OPEN]),
        _stage("decided", _("Behalten oder verworfen"), "check", counts, [*kept, (Status.REJECTED, "")]),
        _stage("kept", _("Als Idee behalten"), "bulb", counts, kept),
        _stage("under_way", _("In %(a_dat_massnahme)s auf dem Weg") % words, "compass", counts, kept[1:]),
        _stage(
            "running",
            _("%(state)s oder fertig") % {"state": MEASURE_STATES[MeasureStatus.IMPLEMENTATION].label},
            "run",
            counts,
            kept[-2:],
        ),
        _stage("done", _("Ganz umgesetzt"), "target", counts, kept[-1:]),
    ]
    return {stage.key: stage for stage in stages}


def _stage(key: str, label: str, icon: str, counts: dict[Key, int], keys: Iterable[Key] | None) -> Stage:
    """`keys`: the states that count; None for all."""
    wanted = None if keys is None else list(keys)
    count = sum(hits for state, hits in counts.items() if wanted is None or state in wanted)
    slugs = [public_state(status, progress).slug for status, progress in wanted or []]
    return Stage(key, label, icon, count, list_url("idea_list", status=slugs))


# --- over time --------------------------------------------------------------------------------------------------------


def last_months(today: date, number: int = MONTHS) -> list[date]:
    """The first days of the last months, the current one among them, the oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - number + 1, last + 1)]


def per_month(listing: Listing, today: date) -> list[Number]:
    """How many things the listing has in each of the last months. One query."""
    months = last_months(today)
    rows = listing.since(months[0]).order_by().annotate(month=TruncMonth(listing.day)).values_list("month")
    counts = {timezone.localtime(month).date(): hits for month, hits in rows.annotate(hits=Count("pk"))}
    return [
        Number(
            date_format(month, "F Y"),
            counts.get(month, 0),
            list_url("progress_list", art=listing.slug, monat=f"{month:%Y-%m}"),
            short=date_format(month, "m/y"),
        )
        for month in months
    ]


def latest_changes() -> list[Any]:
    """The latest decisions on ideas and steps of measures as lines, the newest first. Two queries."""
    lines = [line for listing in (decisions(), measure_steps()) for line in listing.lines(listing.rows()[:LATEST])]
    return sorted(lines, key=lambda line: line.happened_at, reverse=True)[:LATEST]


def activity(today: date) -> dict[str, list[Number]]:
    """Ideas handed in, decisions and steps of measures by month. Three queries."""
    return {listing.slug: per_month(listing, today) for listing in (handed_in(), decisions(), measure_steps())}


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(tree: Sequence[ZielbildPage], chosen: targets.Stand | None = None) -> list[Any]:
    """The figures of all published Lösungen in their order, each placed on its way (targets.placed). One query."""
    loesungen = {loesung.source.pk: loesung for zielbild in tree for loesung in zielbild.loesungen}
    order = {pk: place for place, pk in enumerate(loesungen)}
    rows = [targets.placed(kpi) for kpi in Kpi.objects.with_public_values() if kpi.loesung_id in loesungen]
    rows.sort(key=lambda kpi: order[kpi.loesung_id])
    for kpi in rows:
        kpi.loesung = loesungen[kpi.loesung_id]
    return [kpi for kpi in rows if chosen in (None, kpi.stand)]


def by_state(things: Sequence[Any], states: dict[Any, Any], url_name: str, attribute: str) -> list[Number]:
    """How many of these things have each state."""
    patterns = [*reversed(PATTERNS)]
    return [
        Number(
            str(state.label),
            sum(getattr(thing, attribute) == key for thing in things),
            list_url(url_name, stand=state.slug),
            patterns[place % len(patterns)],
        )
        for place, (key, state) in enumerate(states.items())
    ]
