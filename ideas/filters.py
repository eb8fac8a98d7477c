"""Filters of the public lists: plain GET parameters, several values of one filter mean "one of these".

A value that doesn't exist is left out and said so; nothing a reader types into an address is an error. Counts per
value are taken with the other filters in force. A *dimension* is what is counted in one query: Zielbild and Lösung
are two filters of one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.text import clean_text
from pages.languages import foreign
from pages.models import ZielbildPage
from pages.words import words

from .models import MeasureKind, Place
from .workflow import IDEA_STATES, MEASURE_STATES, PROGRESS, PUBLIC_STATUSES, MeasureStatus, PublicState, Status

MAX_QUERY = 200
BY_RELEVANCE = "relevanz"  # a sort that exists only together with words


@dataclass
class Option:
    value: str
    label: str
    count: int = 0
    selected: bool = False
    language: str = ""  # of the label, where it isn't the reader's


@dataclass
class Filter:
    """One filter as the page shows it."""

    name: str
    label: Any
    options: list[Option] = field(default_factory=list)

    @property
    def chosen(self) -> set[str]:
        return {option.value for option in self.options if option.selected}

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


class Dimension:
    """Filters that are counted together. `load` may ask for the options behind the values that a reader chose."""

    filters: list[Filter]

    def load(self, chosen: dict[str, list[str]]) -> None:
        """Make sure that the options of these values are there, if they exist at all."""

    def condition(self) -> Q:
        """What the chosen values ask for; an empty Q where none is chosen."""
        raise NotImplementedError

    def count(self, things: QuerySet[Any]) -> None:
        """Fill in the hits per option from the list as the other dimensions leave it."""
        raise NotImplementedError


_of_ideas: list[Callable[[], Dimension]] = []
D = TypeVar("D", bound=Callable[[], Dimension])


def of_ideas(make: D) -> D:
    """Decorator: one more dimension of the list of ideas, from an app above, made anew for each request."""
    _of_ideas.append(make)
    return make


def more_of_ideas() -> list[Dimension]:
    """The dimensions of the list of ideas that apps above have registered."""
    return [make() for make in _of_ideas]


class StatusDimension(Dimension):
    """Status as people see it. `conditions` maps each state's slug to what it means in the database: a partition."""

    def __init__(self, states: Iterable[PublicState], conditions: dict[str, Q], columns: list[str], slug_of: Any) -> None:
        self.filters = [Filter("status", gettext_lazy("Status"), [Option(state.slug, str(state.label)) for state in states])]
        self.conditions, self.columns, self.slug_of = conditions, columns, slug_of

    def condition(self) -> Q:
        wanted = Q()
        for value in sorted(self.filters[0].chosen):
            wanted |= self.conditions[value]
        return wanted

    def count(self, things: QuerySet[Any]) -> None:
        for *values, hits in things.order_by().values_list(*self.columns).annotate(hits=Count("pk", distinct=True)):
            option = self.filters[0].option(self.slug_of(*values))
            if option:
                option.count += hits

    @property
    def hits(self) -> int:
        """The length of the list: every thing has exactly one state."""
        chosen = self.filters[0].chosen
        return sum(option.count for option in self.filters[0].options if option.selected or not chosen)


def idea_status() -> StatusDimension:
    """The progress of an idea where it has one, otherwise its own status."""
    states = [*[IDEA_STATES[status] for status in PUBLIC_STATUSES], *[MEASURE_STATES[status] for status in PROGRESS]]
    conditions = {
        **{IDEA_STATES[status].slug: Q(status=status) for status in PUBLIC_STATUSES},
        IDEA_STATES[Status.KEPT].slug: Q(status=Status.KEPT, progress=""),
        **{MEASURE_STATES[status].slug: Q(progress=status) for status in PROGRESS},
    }
    return StatusDimension(
        states,
        conditions,
        ["status", "progress"],
        lambda status, progress: (MEASURE_STATES[progress] if progress else IDEA_STATES[status]).slug,
    )


def measure_status() -> StatusDimension:
    conditions = {MEASURE_STATES[status].slug: Q(status=status) for status in MeasureStatus}
    return StatusDimension(MEASURE_STATES.values(), conditions, ["status"], lambda status: MEASURE_STATES[status].slug)


class AgendaDimension(Dimension):
    """Zielbild and Lösung. `knows_zielbild`: the thing names its Zielbild itself, also without a Lösung (measures do)."""

    def __init__(self, tree: list[ZielbildPage], *, knows_zielbild: bool) -> None:
        self.zielbild = Filter(
            "zielbild",
            words.later("%(Zielbild)s"),
            [Option(zielbild.source.slug, zielbild.title, language=foreign(zielbild)) for zielbild in tree],
        )
        self.loesung = Filter(
            "loesung",
            words.later("%(Loesung)s"),
            [Option(page.source.slug, page.title, language=foreign(page)) for zielbild in tree for page in zielbild.loesungen],
        )
        self.filters = [self.zielbild, self.loesung]
        self.knows_zielbild = knows_zielbild
        self.zielbild_slugs = {zielbild.source.pk: zielbild.source.slug for zielbild in tree}
        self.loesung_slugs = {page.source.pk: page.source.slug for zielbild in tree for page in zielbild.loesungen}
        self.above = {page.source.pk: zielbild.source.slug for zielbild in tree for page in zielbild.loesungen}

    def condition(self) -> Q:
        wanted = Q()
        if self.loesung.chosen:
            wanted &= Q(loesung__in=[pk for pk, slug in self.loesung_slugs.items() if slug in self.loesung.chosen])
        if self.zielbild.chosen and self.knows_zielbild:
            wanted &= Q(zielbild__in=[pk for pk, slug in self.zielbild_slugs.items() if slug in self.zielbild.chosen])
        elif self.zielbild.chosen:
            wanted &= Q(loesung__in=[pk for pk, slug in self.above.items() if slug in self.zielbild.chosen])
        return wanted

    def count(self, things: QuerySet[Any]) -> None:
        columns = ["loesung_id", "zielbild_id"] if self.knows_zielbild else ["loesung_id"]
        for loesung_pk, *zielbild_pk, hits in things.order_by().values_list(*columns).annotate(hits=Count("pk", distinct=True)):
            loesung = self.loesung_slugs.get(loesung_pk, "")
            zielbild = self.zielbild_slugs.get(zielbild_pk[0], "") if zielbild_pk else self.above.get(loesung_pk, "")
            self._add(self.loesung, loesung, hits, zielbild, self.zielbild)
            self._add(self.zielbild, zielbild, hits, loesung, self.loesung)

    @staticmethod
    def _add(own: Filter, value: str, hits: int, other_value: str, other: Filter) -> None:
        """Count for one filter what the other filter of the pair lets through."""
        option = own.option(value)
        if option and (not other.chosen or other_value in other.chosen):
            option.count += hits


class KindDimension(Dimension):
    """Kinds of measures. A region that has none doesn't see this filter."""

    def __init__(self) -> None:
        kinds = MeasureKind.objects.values_list("slug", "plural")
        self.filter = Filter("art", words.later("%(Art)s"), [Option(slug, plural) for slug, plural in kinds])
        self.filters = [self.filter]

    def condition(self) -> Q:
        return Q(kind__slug__in=self.filter.chosen) if self.filter.chosen else Q()

    def count(self, things: QuerySet[Any]) -> None:
        if self.filter.options:
            _count_by_slug(self.filter, things, "kind")


class PlaceDimension(Dimension):
    """Places: few, so all are read with their hits at once."""

    def __init__(self) -> None:
        self.filter = Filter(
            "ort",
            gettext_lazy("Ort"),
            [Option(slug, name, language=foreign()) for slug, name in Place.objects.values_list("slug", "name")],
        )
        self.filters = [self.filter]

    def condition(self) -> Q:
        return Q(places__slug__in=self.filter.chosen) if self.filter.chosen else Q()

    def count(self, things: QuerySet[Any]) -> None:
        _count_by_slug(self.filter, things, "places")


class TagDimension(Dimension):
    """Tags: many, so only those that occur among the hits are read, and those that a reader chose."""

    def __init__(self, tag_model: type[Model]) -> None:
        self.filter = Filter("tag", gettext_lazy("Stichwort"))
        self.filters = [self.filter]
        self.tag_model = tag_model

    def load(self, chosen: dict[str, list[str]]) -> None:
        if chosen["tag"]:
            tags = self.tag_model._default_manager.filter(slug__in=chosen["tag"][:20]).values_list("slug", "name")
            self.filter.options = [Option(slug, name, language=foreign()) for slug, name in tags]

    def condition(self) -> Q:
        return Q(tags__slug__in=self.filter.chosen) if self.filter.chosen else Q()

    def count(self, things: QuerySet[Any]) -> None:
        _count_by_slug(self.filter, things, "tags")
        self.filter.options.sort(key=lambda option: option.label.casefold())


def _count_by_slug(shown: Filter, things: QuerySet[Any], path: str) -> None:
    rows = (
        things.order_by()
        .exclude(**{path: None})
        .values_list(f"{path}__slug", f"{path}__name")
        .annotate(hits=Count("pk", distinct=True))
    )
    for slug, name, hits in rows:
        option = shown.option(slug)
        if option is None:
            option = Option(slug, name, language=foreign())
            shown.options.append(option)
        option.count = hits


@dataclass
class Chip:
    label: str
    remove_url: str


@dataclass
class FilterSet:
    """The filters of a list as one request asks for them."""

    dimensions: list[Dimension]
    q: str = ""
    sort: str = ""
    sort_options: list[dict[str, Any]] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def groups(self) -> list[Filter]:
        """The filters that have something to choose."""
        return [group for dimension in self.dimensions for group in dimension.filters if group.options]

    @property
    def any_active(self) -> bool:
        return bool(self.chips)

    def apply(self, things: QuerySet[Any], but: Dimension | None = None) -> QuerySet[Any]:
        """The list with the chosen values in force, each thing once; without one dimension where that is to be counted."""
        conditions = [dimension.condition() for dimension in self.dimensions if dimension is not but]
        if not any(conditions):
            return things
        for condition in conditions:
            if condition:
                # A subquery each: a join over places or tags would bring a thing once per chosen value it has.
                things = (
                    things.filter(pk__in=things.model._default_manager.filter(condition).values("pk"))
                    if _many(condition)
                    else things.filter(condition)
                )
        return things

    def count_options(self, things: QuerySet[Any]) -> None:
        """Fill in the hits per option, one query a dimension; options without hits go unless they are chosen."""
        for dimension in self.dimensions:
            dimension.count(self.apply(things, but=dimension))
            for group in dimension.filters:
                group.options = [option for option in group.options if option.count or option.selected]


def _many(condition: Q) -> bool:
    return any(str(child[0]).startswith(("tags__", "places__")) for child in condition.children if isinstance(child, tuple))


def read(request: HttpRequest, dimensions: list[Dimension], sorts: dict[str, Any]) -> FilterSet:
    """Read the query of a request. `sorts` maps the values of `sort` to their labels, the first is the default."""
    q = clean_text(request.GET.get("q", ""))[:MAX_QUERY]
    sort = request.GET.get("sort", "")
    filters = FilterSet(dimensions=dimensions, q=q, sort=sort if sort in sorts else next(iter(sorts)))
    filters.sort_options = [
        {"value": value, "label": label, "selected": value == filters.sort} for value, label in sorts.items()
    ]
    if q:
        filters.chips.append(Chip(_("„%(title)s“") % {"title": q}, _without(request, "q", request.GET.get("q", ""))))
    for dimension in dimensions:
        chosen = {
            group.name: [value for value in dict.fromkeys(request.GET.getlist(group.name)) if value]
            for group in dimension.filters
        }
        dimension.load(chosen)
        for group in dimension.filters:
            _choose(request, filters, group, chosen[group.name])
    # Left over from a search whose words were taken away: nothing to complain about.
    if sort and sort not in sorts and sort != BY_RELEVANCE:
        filters.notices.append(_("Diese Sortierung gibt es nicht. Wir zeigen die übliche."))
    return filters


def _choose(request: HttpRequest, filters: FilterSet, group: Filter, values: list[str]) -> None:
    for value in values:
        option = group.option(value)
        if option:
            option.selected = True
            filters.chips.append(Chip(option.label, _without(request, group.name, value)))
        elif len(filters.notices) < 5:
            filters.notices.append(_unknown(group.label, value))


def _unknown(label: Any, value: str) -> str:
    return _("%(label)s „%(value)s“ gibt es nicht. Wir lassen diese Auswahl weg.") % {
        "label": label,
        "value": clean_text(value)[:60],
    }


def _without(request: HttpRequest, name: str, value: str) -> str:
    """The address of the same list without one chosen value, from its first page."""
    pairs = [
        (key, other)
        for key, values in request.GET.lists()
        for other in values
        if key != "seite" and (key, other) != (name, value) and other
    ]
    return f"{request.path}?{urlencode(pairs)}" if pairs else request.path
