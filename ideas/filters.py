"""Filters of the public lists: plain GET parameters, several values of one filter mean "one of these".

A value that doesn't exist is left out and said so; nothing a reader types into an address is an error. Counts per value are taken
with the other filters in force, one query a filter.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from common.text import clean_text
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pages.models import ZielbildPage

from .workflow import IDEA_STATES, MEASURE_STATES, PROGRESS, PUBLIC_STATUSES, MeasureStatus, PublicState, Status

MAX_QUERY = 200


@dataclass
class Option:
    value: str
    label: str
    count: int = 0
    selected: bool = False


@dataclass
class Filter:
    """One filter. `condition` turns chosen values into a Q; `count` gives the number of hits per value of a queryset."""

    name: str
    label: Any
    options: list[Option]
    condition: Callable[[list[str]], Q]
    count: Callable[[QuerySet[Any]], dict[str, int]]

    @property
    def selected(self) -> list[Option]:
        return [option for option in self.options if option.selected]


@dataclass
class Chip:
    label: str
    remove_url: str


@dataclass
class FilterSet:
    """The filters of a list as one request asks for them."""

    groups: list[Filter]
    q: str = ""
    sort: str = ""
    sort_options: list[dict[str, Any]] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def any_active(self) -> bool:
        return bool(self.chips)

    def condition(self, but: Filter | None = None) -> Q:
        """What the chosen values ask for, without one filter's own choice where its counts are wanted."""
        wanted = Q()
        for group in self.groups:
            if group is not but and group.selected:
                wanted &= group.condition([option.value for option in group.selected])
        return wanted

    def count_options(self, things: QuerySet[Any]) -> None:
        """Fill in the hits per option; `things` is the list before filters (but after the search words)."""
        for group in self.groups:
            counts = group.count(things.filter(self.condition(but=group)))
            for option in group.options:
                option.count = counts.get(option.value, 0)
            group.options = [option for option in group.options if option.count or option.selected]


def read(request: HttpRequest, groups: list[Filter], sorts: dict[str, Any], *, ignored: Iterable[str] = ()) -> FilterSet:
    """Read the query of a request. `sorts` maps the values of `sort` to their labels, the first is the default."""
    query = request.GET
    q = clean_text(query.get("q", ""))[:MAX_QUERY]
    sort = query.get("sort", "")
    filters = FilterSet(groups=groups, q=q, sort=sort if sort in sorts else next(iter(sorts)))
    filters.sort_options = [{"value": value, "label": label, "selected": value == filters.sort} for value, label in sorts.items()]
    if q:
        filters.chips.append(Chip(f"„{q}“", _without(request, "q")))
    for group in groups:
        options = {option.value: option for option in group.options}
        for value in dict.fromkeys(value for value in query.getlist(group.name) if value):
            if value in options:
                options[value].selected = True
                filters.chips.append(Chip(options[value].label, _without(request, group.name, value)))
            else:
                filters.notices.append(_unknown(group.label, value))
    if sort and sort not in sorts:
        filters.notices.append(_("Diese Sortierung gibt es nicht. Wir zeigen die übliche."))
    for name in ignored:
        if query.get(name):
            filters.notices.append(_unknown(name.capitalize(), query[name]))
    return filters


def _unknown(label: Any, value: str) -> str:
    return _("%(label)s „%(value)s“ gibt es nicht. Wir lassen diese Auswahl weg.") % {"label": label, "value": clean_text(value)[:60]}


def _without(request: HttpRequest, name: str, value: str = "") -> str:
    query: QueryDict = request.GET.copy()
    query.pop("seite", None)
    values = [other for other in query.getlist(name) if other != value] if value else []
    query.setlist(name, values)
    return f"{request.path}?{query.urlencode()}" if query.urlencode() else request.path


# --- the filters that ideas and measures share ------------------------------------------------------------------------


def _tally(things: QuerySet[Any], column: str) -> dict[str, int]:
    rows = things.order_by().values_list(column).annotate(hits=Count("pk", distinct=True))
    return {str(value): hits for value, hits in rows if value is not None}


def agenda_filters(tree: list[ZielbildPage], zielbild_path: str) -> list[Filter]:
    """Zielbild and Lösung. `zielbild_path` leads from the thing to its Zielbild's key, '' where only its Lösung knows it."""
    loesungen = [loesung for zielbild in tree for loesung in zielbild.loesungen]
    slug_of = {loesung.pk: loesung.slug for loesung in loesungen}
    above = {loesung.pk: zielbild.slug for zielbild in tree for loesung in zielbild.loesungen}

    def by_zielbild(values: list[str]) -> Q:
        if zielbild_path:
            return Q(**{f"{zielbild_path}__in": [zielbild.pk for zielbild in tree if zielbild.slug in values]})
        return Q(loesung__in=[pk for pk, slug in above.items() if slug in values])

    def count_zielbild(things: QuerySet[Any]) -> dict[str, int]:
        if zielbild_path:
            names = {zielbild.pk: zielbild.slug for zielbild in tree}
            return {names[int(pk)]: hits for pk, hits in _tally(things, zielbild_path).items() if int(pk) in names}
        counts: dict[str, int] = {}
        for pk, hits in _tally(things, "loesung_id").items():
            if int(pk) in above:
                counts[above[int(pk)]] = counts.get(above[int(pk)], 0) + hits
        return counts

    def count_loesung(things: QuerySet[Any]) -> dict[str, int]:
        return {slug_of[int(pk)]: hits for pk, hits in _tally(things, "loesung_id").items() if int(pk) in slug_of}

    return [
        Filter("zielbild", gettext_lazy("Zielbild"), [Option(z.slug, z.title) for z in tree], by_zielbild, count_zielbild),
        Filter(
            "loesung",
            gettext_lazy("Lösung"),
            [Option(loesung.slug, loesung.title) for loesung in loesungen],
            lambda values: Q(loesung__in=[pk for pk, slug in slug_of.items() if slug in values]),
            count_loesung,
        ),
    ]


def named_filter(name: str, label: Any, rows: Iterable[tuple[str, str]], path: str) -> Filter:
    """A filter over a many-to-many of things with slug and name: places, tags. `rows` are their (slug, name)."""
    return Filter(
        name,
        label,
        [Option(slug, title) for slug, title in rows],
        # A subquery instead of a join, so that an idea with two of the chosen places is one hit.
        lambda values: Q(**{f"{path}__in": values}),
        lambda things: _tally(things, path),
    )


# --- the status filter of each ----------------------------------------------------------------------------------------

_STATE_OF_SLUG: dict[str, Q] = {
    **{IDEA_STATES[status].slug: Q(status=status) for status in PUBLIC_STATUSES if status != Status.KEPT},
    IDEA_STATES[Status.KEPT].slug: Q(status=Status.KEPT, progress=""),
    **{MEASURE_STATES[status].slug: Q(progress=status) for status in PROGRESS},
}


def _options(states: Iterable[PublicState]) -> list[Option]:
    return [Option(state.slug, str(state.label)) for state in states]


def idea_status_filter() -> Filter:
    """Status as people see it: the progress where there is one, otherwise the idea's own status. Each idea counts once."""
    states = [*[IDEA_STATES[status] for status in PUBLIC_STATUSES], *[MEASURE_STATES[status] for status in PROGRESS]]

    def condition(values: list[str]) -> Q:
        wanted = Q(pk__in=[])
        for value in values:
            wanted |= _STATE_OF_SLUG[value]
        return wanted

    def count(things: QuerySet[Any]) -> dict[str, int]:
        rows = things.order_by().values_list("status", "progress").annotate(hits=Count("pk", distinct=True))
        return {(MEASURE_STATES[progress] if progress else IDEA_STATES[status]).slug: hits for status, progress, hits in rows}

    return Filter("status", gettext_lazy("Status"), _options(states), condition, count)


def measure_status_filter() -> Filter:
    status_of = {MEASURE_STATES[status].slug: status.value for status in MeasureStatus}
    slug_of = {status: slug for slug, status in status_of.items()}
    return Filter(
        "status",
        gettext_lazy("Status"),
        _options(MEASURE_STATES.values()),
        lambda values: Q(status__in=[status_of[value] for value in values]),
        lambda things: {slug_of[status]: hits for status, hits in _tally(things, "status").items()},
    )
