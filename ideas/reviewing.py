"""What several reviews of one idea say together: result by criterion, differences, the outcome of each stage, who reviews next.

Nothing here touches the database. ideas/actions/reviewing.py acts on it, the lead reads it side by side, the public what the
lead publishes of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Criterion, ReviewRound

YES, NO, UNCLEAR, MIXED = "yes", "no", "unclear", "mixed"
# Of 100: from here on a weighted result is called so.
LEVELS = ((67, "high"), (34, "middle"), (0, "low"))


@dataclass(frozen=True)
class Aggregate:
    """All answers to one criterion: `answers` as they were given, one per reviewer."""

    criterion: Criterion
    answers: tuple[str, ...]

    @property
    def mean(self) -> Fraction | None:
        """Of a scale: the mean of the values; None without answers and where there is no scale."""
        if not self.answers or not self.criterion.is_scale:
            return None
        return Fraction(sum(int(answer) for answer in self.answers), len(self.answers))

    @property
    def result(self) -> str:
        """yes, no or unclear where all say the same, otherwise mixed; of a scale the step nearest to the mean (the lower one
        where two are)."""
        if not self.answers:
            return ""
        mean = self.mean
        if mean is not None:
            values = [step["value"] for step in self.criterion.steps]
            return str(min(values, key=lambda value: (abs(value - mean), value)))
        return self.answers[0] if len(set(self.answers)) == 1 else MIXED

    @property
    def label(self) -> str:
        """The result in words."""
        if not self.answers:
            return _("keine Antwort")
        return _("unterschiedlich beurteilt") if self.result == MIXED else self.criterion.label_of(self.result)

    @property
    def share(self) -> Fraction | None:
        """Of a scale: where the mean lies between its lowest (0) and its highest step (1)."""
        mean = self.mean
        values = [step["value"] for step in self.criterion.steps]
        if mean is None or len(set(values)) < 2:
            return None
        return (mean - min(values)) / (max(values) - min(values))

    @property
    def differs(self) -> bool:
        return len(set(self.answers)) > 1

    @property
    def difference(self) -> str:
        """How far the answers lie apart, in words; '' where all agree."""
        if not self.differs:
            return ""
        if not self.criterion.is_scale:
            return _("verschiedene Antworten")
        order = [step["value"] for step in sorted(self.criterion.steps, key=lambda step: step["value"])]
        places = [order.index(int(answer)) for answer in self.answers]
        steps = max(places) - min(places)
        return ngettext("%(steps)s Stufe auseinander", "%(steps)s Stufen auseinander", steps) % {"steps": steps}


def aggregate(criteria: Iterable[Criterion], scores: Iterable[tuple[int, str]]) -> list[Aggregate]:
    """Each criterion with what was answered to it. `scores`: pairs of a criterion's key and an answer."""
    given: dict[int, list[str]] = {}
    for criterion, answer in scores:
        given.setdefault(criterion, []).append(answer)
    return [Aggregate(criterion, tuple(given.get(criterion.pk, []))) for criterion in criteria]


def stage_one_outcome(aggregates: Sequence[Aggregate]) -> str:
    """What the answers alone decide: passed where all say yes to everything, failed where all say no to something.
    '' leaves it to the lead: somebody is unsure, they differ, or nobody has answered."""
    results = [each.result for each in aggregates if not each.criterion.is_scale]
    if NO in results:
        return ReviewRound.Outcome.FAILED
    return ReviewRound.Outcome.PASSED if results and set(results) == {YES} else ""


@dataclass(frozen=True)
class Weighted:
    """The graded criteria as one figure of 0 to 100, each counted by its weight."""

    percent: int

    @property
    def level(self) -> str:
        return next(level for limit, level in LEVELS if self.percent >= limit)

    @property
    def label(self) -> str:
        return {"high": _("hoch"), "middle": _("mittel"), "low": _("niedrig")}[self.level]


def weighted_result(aggregates: Sequence[Aggregate]) -> Weighted | None:
    """The weighted mean of the graded criteria; None as long as one of them has no answer."""
    graded = [(each.criterion.weight, each.share) for each in aggregates if each.criterion.is_scale]
    weights = sum(weight for weight, _share in graded)
    if not weights or any(share is None for _weight, share in graded):
        return None
    mean = sum((weight * share for weight, share in graded if share is not None), Fraction()) / weights
    return Weighted(int(mean * 100 + Fraction(1, 2)))


def for_the_public(
    stage: int, aggregates: Sequence[Aggregate], *, outcome: str, result_name: str, chosen: set[str] | None
) -> list[dict[str, Any]]:
    """What is published of one stage: each chosen criterion (None: all) with its wording and its result, then what it comes to.
    Never a name, never a single answer, never how many said what."""
    rows = [
        {
            "stage": stage,
            "key": each.criterion.key,
            "name": each.criterion.name,
            "question": each.criterion.question,
            "kind": each.criterion.kind,
            "result": each.result,
            "label": each.label,
        }
        for each in aggregates
        if chosen is None or each.criterion.key in chosen
    ]
    weighted = weighted_result(aggregates) if stage == 2 else None
    if stage == 1 and outcome:
        label = str(ReviewRound.Outcome(outcome).label)
        rows.append({"stage": 1, "kind": "summary", "name": _("Ergebnis der 1. Stufe"), "result": outcome, "label": label})
    if weighted:
        rows.append({"stage": 2, "kind": "summary", "name": result_name, "result": weighted.level, "label": weighted.label})
    return rows


def distribute(
    wanted: dict[int, int], people: Sequence[Any], *, load: dict[int, int], taken: dict[int, set[int]]
) -> dict[int, list[Any]]:
    """Who reviews which idea: always those who have least to do; who comes first among equals is the order of `people`.

    `wanted`: how many reviewers each idea still needs · `load`: open reviews of each person · `taken`: who can't have an idea
    (again). Ideas and people are named by their primary keys.
    """
    load = dict(load)
    plan: dict[int, list[Any]] = {}
    for idea, number in wanted.items():
        free = [person for person in people if person.pk not in taken.get(idea, set())]
        free.sort(key=lambda person: load.get(person.pk, 0))
        plan[idea] = free[: max(0, number)]
        for person in plan[idea]:
            load[person.pk] = load.get(person.pk, 0) + 1
    return plan
