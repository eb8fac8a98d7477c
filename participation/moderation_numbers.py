"""The numbers of a year about comments and their moderation. Counted out of the log alone, so they can be checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from .comment_workflow import DECISIONS, Action, Ground, State, Who
from .models import Block, CommentStep, Complaint, Report

ABOUT_COMPLAINTS = (Action.UPHOLD, Action.REJECT)


@dataclass(frozen=True)
class Line:
    """One figure with how it divides by ground; where grounds say nothing, `grounds` is empty."""

    action: Action
    number: int
    grounds: list[tuple[Ground, int]]


@dataclass(frozen=True)
class Numbers:
    """`median_hours`: from a report to the moderators' decision about it; None where there was none."""

    year: int
    written: int
    held: int
    reports: int
    reports_by_ground: list[tuple[Ground, int]]
    decisions: list[Line]
    median_hours: float | None
    complaints: int
    upheld: int
    rejected: int
    blocks: int

    @property
    def decided(self) -> int:
        return sum(line.number for line in self.decisions)

    @property
    def hours(self) -> int | None:
        """The median as people say it: whole hours, at least one."""
        return None if self.median_hours is None else max(1, round(self.median_hours))


def years(now: datetime | None = None) -> list[int]:
    """Every year since the first step, the newest first; this year in any case."""
    this_year = timezone.localtime(now).year
    first = CommentStep.objects.aggregate(first=Min("happened_at"))["first"]
    return list(range(this_year, (timezone.localtime(first).year if first else this_year) - 1, -1))


def of(year: int) -> Numbers:
    """The numbers of this year. Six queries, however much there was."""
    steps = _steps(year)
    reports = _reports_by_ground(year)
    return Numbers(
        year=year,
        written=_written(year),
        held=_held(year),
        reports=sum(number for _ground, number in reports),
        reports_by_ground=reports,
        decisions=[_line(action, steps) for action in DECISIONS],
        median_hours=_median_hours(year),
        complaints=Complaint.objects.filter(_within("filed_at", year)).count(),
        upheld=_line(Action.UPHOLD, steps).number,
        rejected=_line(Action.REJECT, steps).number,
        blocks=Block.objects.filter(_within("blocked_at", year)).count(),
    )


def flat(numbers: Numbers) -> list[tuple[str, str, Any]]:
    """The same as rows: name, ground, value."""
    decisions = [
        row
        for line in numbers.decisions
        for row in (
            (f"decision_{line.action}", "", line.number),
            *((f"decision_{line.action}", str(ground), number) for ground, number in line.grounds),
        )
    ]
    hours = "" if numbers.median_hours is None else f"{numbers.median_hours:.1f}"
    return [
        ("written", "", numbers.written),
        ("held", "", numbers.held),
        ("reports", "", numbers.reports),
        *(("reports", str(ground), number) for ground, number in numbers.reports_by_ground),
        *decisions,
        ("median_hours_to_decision_on_report", "", hours),
        ("complaints", "", numbers.complaints),
        ("complaints_upheld", "", numbers.upheld),
        ("complaints_rejected", "", numbers.rejected),
        ("blocks", "", numbers.blocks),
    ]


def _within(field: str, year: int) -> Q:
    """From the first moment of the year to just before the next, as clocks here show it."""
    zone = timezone.get_current_timezone()
    begin, end = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    return Q(**{f"{field}__gte": begin, f"{field}__lt": end})


def _written(year: int) -> int:
    """A guest's comment counts when the address is proved: others are deleted with their steps."""
    arrived = Q(action=Action.WRITE) & ~Q(to_state=State.UNCONFIRMED) | Q(action=Action.CONFIRM)
    return CommentStep.objects.filter(_within("happened_at", year), arrived).count()


def _held(year: int) -> int:
    """How often the house's rules held a text: a new one, an edit, or one that many had reported."""
    new = Q(action__in=(Action.WRITE, Action.CONFIRM), to_state=State.HELD)
    edited = Q(action=Action.EDIT) & ~Q(version__hold_reasons="")
    return CommentStep.objects.filter(_within("happened_at", year), new | edited | Q(action=Action.HOLD)).count()


def _reports_by_ground(year: int) -> list[tuple[Ground, int]]:
    rows = Report.objects.filter(_within("reported_at", year)).order_by().values("ground").annotate(number=Count("pk"))
    return _in_order({row["ground"]: row["number"] for row in rows})


def _steps(year: int) -> dict[tuple[str, str], int]:
    """How many decisions there were, by action and ground."""
    taken = CommentStep.objects.filter(
        _within("happened_at", year), who=Who.MODERATOR, action__in=(*DECISIONS, *ABOUT_COMPLAINTS)
    )
    rows = taken.order_by().values("action", "ground").annotate(number=Count("pk"))
    return {(row["action"], row["ground"]): row["number"] for row in rows}


def _line(action: Action, steps: dict[tuple[str, str], int]) -> Line:
    found = {ground: number for (name, ground), number in steps.items() if name == action}
    return Line(action, sum(found.values()), _in_order(found))


def _in_order(found: dict[str, int]) -> list[tuple[Ground, int]]:
    return [(Ground(value), found[value]) for value in Ground.values if value in found]


def _median_hours(year: int) -> float | None:
    """Of the reports of this year that moderators have decided."""
    decided = Report.objects.filter(_within("reported_at", year), decision__who=Who.MODERATOR)
    waits = [end - begin for begin, end in decided.order_by().values_list("reported_at", "decision__happened_at")]
    return median(waits) / timedelta(hours=1) if waits else None
