"""What belongs together after merges. A merge moves no row: an idea has what it and all that became part of it have."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from .models import Idea, Measure, MeasureIdea, Support, TrailEntry
from .workflow import Action, Contribution, progress_from

_FULLEST_FIRST = list(Contribution)


@dataclass(frozen=True)
class Link:
    """An idea in a measure, seen from the whole family: once per measure, with the fullest contribution."""

    measure: Measure
    idea: Idea
    contribution: Contribution

    @property
    def measure_id(self) -> int:
        return self.measure.pk

    def get_contribution_display(self) -> str:
        return str(self.contribution.label)


def measure_links(idea: Idea) -> QuerySet[MeasureIdea]:
    """The stored links of the idea and of all that have become part of it."""
    return MeasureIdea.objects.filter(idea__in=Idea.objects.family_of(idea).values("pk"))


def links_of_idea(idea: Idea) -> list[Link]:
    """The measures that the idea goes into, each once."""
    return _of_one_idea(idea, measure_links(idea))


def links_together(idea: Idea, parts: Iterable[int]) -> list[Link]:
    """The measures that the idea would go into if these ideas (keys) were what it consists of."""
    return _of_one_idea(idea, MeasureIdea.objects.filter(idea__in=list(parts)))


def _of_one_idea(idea: Idea, links: QuerySet[MeasureIdea]) -> list[Link]:
    rows = links.select_related("measure__loesung", "measure__zielbild").order_by("sort_order", "pk")
    return [Link(link.measure, idea, contribution) for link, contribution in _fullest(rows, lambda link: link.measure_id)]


def links_of_measure(measure: Measure) -> list[Link]:
    """The public ideas that the measure rests on, each once: instead of an idea that was merged the one it became part of."""
    public = Idea.objects.public()
    links = measure.idea_links.filter(idea__in=public).select_related(
        "idea__released_version", "idea__merged_root__released_version"
    )
    return [Link(measure, idea, contribution) for idea, contribution in fullest_links(links)]


def fullest_links(links: Iterable[MeasureIdea]) -> list[tuple[Idea, Contribution]]:
    """The ideas of these links of one measure, each once: instead of an idea that was merged the one it became part of. The
    links bring `idea__merged_root` along."""
    found = _fullest(links, lambda link: link.idea.merged_root_id or link.idea_id)
    return [(link.idea.merged_root or link.idea, contribution) for link, contribution in found]


def _fullest(links: Iterable[MeasureIdea], key: Any) -> list[tuple[MeasureIdea, Contribution]]:
    first: dict[int, MeasureIdea] = {}
    best: dict[int, Contribution] = {}
    for link in links:
        first.setdefault(key(link), link)
        both = {Contribution(link.contribution), best.get(key(link), _FULLEST_FIRST[-1])}
        best[key(link)] = min(both, key=_FULLEST_FIRST.index)
    return [(link, best[place]) for place, link in first.items()]


def relatives_of(idea: Idea, trail: Iterable[TrailEntry], similar: Sequence[int] = ()) -> dict[str, list[Idea]]:
    """The public ideas that became part of this one, and those that were split off from it, each by number; and those with the
    keys `similar`, in that order. One query; none without such keys where the idea's trail tells of neither."""
    wanted = Q(pk__in=similar)
    if any(entry.action in {Action.ABSORB, Action.SPLIT} for entry in trail):
        wanted |= Q(merged_root=idea) | Q(merged_into=idea) | Q(origin=idea)
    rows = list(Idea.objects.public().filter(wanted).select_related("released_version").order_by("number"))
    return {
        "absorbed": [each for each in rows if idea.pk in (each.merged_root_id, each.merged_into_id)],
        "split_off": [each for each in rows if each.origin_id == idea.pk],
        "similar": sorted((each for each in rows if each.pk in similar), key=lambda each: similar.index(each.pk)),
    }


def progress_of(ideas: Any) -> str:
    """The progress that the measures of all these ideas together give."""
    return progress_from(list(Measure.objects.filter(idea_links__idea__in=ideas).values_list("status", flat=True)))


def go_into_measures(ideas: Sequence[Idea]) -> bool:
    """Whether one of these ideas, or what has become part of it, goes into a measure."""
    pks = set().union(*parts_of(ideas).values())
    return MeasureIdea.objects.filter(idea__in=pks).exists()


def persons_behind(ideas: Any) -> int:
    """How many people support at least one of these ideas."""
    return Support.objects.filter(idea__in=ideas).values("person").distinct().count()


def parts_of(ideas: Sequence[Idea]) -> dict[int, set[int]]:
    """For each idea, by its key, the keys of itself and of all that became part of it, over any number of merges. One query."""
    roots = {idea.merged_root_id or idea.pk for idea in ideas}
    rows = Idea.objects.filter(Q(pk__in=roots) | Q(merged_root__in=roots)).values_list("pk", "merged_into")
    members: dict[int, list[int]] = defaultdict(list)
    for pk, into in rows:
        if into is not None:
            members[into].append(pk)
    found = {}
    for idea in ideas:
        parts, waiting = {idea.pk}, [idea.pk]
        while waiting:
            more = members[waiting.pop()]
            parts.update(more)
            waiting.extend(more)
        found[idea.pk] = parts
    return found
