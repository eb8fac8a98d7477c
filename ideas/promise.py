"""The service promise: answers in time. What is promised stands in ReviewSettings, what became of it in the trail; here it is
counted, published on /fortschritt/ and mailed to the lead as a list of what is overdue."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from common import outbox
from common.models import OutboxMessage
from common.worker import chore

from .models import Idea, IdeaVersion, ReviewSettings, TrailEntry
from .notifications import send_signed
from .workflow import AWAITING_DECISION, IDEA_STATES, Action, Status

MONTHS = 12
MONDAY, HOUR = 0, 6
LIST_LENGTH = 50


@dataclass(frozen=True)
class StepTime:
    """How long ideas stayed in a status: over all that left it in the period."""

    status: Status
    ideas: int
    median_days: float | None
    promised_days: int | None

    @property
    def label(self) -> Any:
        return IDEA_STATES[self.status].label

    @property
    def slug(self) -> str:
        return IDEA_STATES[self.status].slug


@dataclass(frozen=True)
class Quota:
    """Answers from `since` to `until`. What is overdue and still open counts as not in time: it can't hide by staying open."""

    since: date
    until: date
    answered: int
    in_time: int
    open_overdue: int
    steps: list[StepTime]

    @property
    def promised(self) -> int:
        """Answers that were due: given ones and those that are overdue."""
        return self.answered + self.open_overdue

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all; None where nothing was due yet."""
        return 100 * self.in_time // self.promised if self.promised else None


IN_TIME = Q(day__lte=F("answer_was_due"))


def quota(now: datetime | None = None, days: ReviewSettings | None = None) -> Quota:
    """Counted anew from the trail, with the promise of `days`. Four queries, three if the settings are given."""
    until = timezone.localdate(now)
    counted = answers(now).aggregate(all=Count("pk"), in_time=Count("pk", filter=IN_TIME))
    return Quota(
        since=_a_year_before(until) + timedelta(days=1),
        until=until,
        answered=counted["all"],
        in_time=counted["in_time"],
        open_overdue=Idea.objects.overdue(now).count(),
        steps=_step_times(now, days or ReviewSettings.load()),
    )


def answers(now: datetime | None = None) -> QuerySet[TrailEntry]:
    """The steps of the last year that answered a promise."""
    return _steps(now).filter(answer_was_due__isnull=False)


def answers_in_time(now: datetime | None = None) -> QuerySet[TrailEntry]:
    return answers(now).filter(IN_TIME)


def steps_out_of(status: Status, now: datetime | None = None) -> QuerySet[TrailEntry]:
    """The steps of the last year by which ideas left this status, with the days that they had waited."""
    return _steps(now).filter(from_status=status, waited_days__isnull=False)


def _steps(now: datetime | None) -> QuerySet[TrailEntry]:
    """All steps of the last year with their local day. Withdrawn by their authors: no answer of ours."""
    until = timezone.localdate(now)
    dated = TrailEntry.objects.annotate(day=TruncDate("happened_at")).exclude(action=Action.WITHDRAW)
    return dated.filter(day__gt=_a_year_before(until), day__lte=until)


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - 1, day=28)


def _step_times(now: datetime | None, own: ReviewSettings) -> list[StepTime]:
    rows = _steps(now).filter(from_status__in=AWAITING_DECISION, waited_days__isnull=False)
    days: dict[str, Counter[int]] = {status: Counter() for status in AWAITING_DECISION}
    for status, waited, hits in rows.order_by().values_list("from_status", "waited_days").annotate(hits=Count("pk")):
        days[status][waited] += hits
    promised = own.days_to_answer
    return [StepTime(status, days[status].total(), median(days[status]), promised.get(status)) for status in AWAITING_DECISION]


def median(days: Counter[int]) -> float | None:
    """The middle one of these numbers of days, between two middle ones their mean; None for none."""
    total, seen = days.total(), 0
    middle: list[int] = []
    for number in sorted(days):
        seen += days[number]
        if not middle and 2 * seen >= total:
            middle.append(number)
            if 2 * seen > total:
                return float(number)
        elif middle:
            return (middle[0] + number) / 2
    return float(middle[0]) if middle else None


# --- new days, new due dates ------------------------------------------------------------------------------------------


def renew_due_dates(days: dict[Status, int]) -> int:
    """After the lead changed the days: open ideas are due by the new ones, counted from when they came into their status.

    Returns how many were looked at.
    """
    count = 0
    with transaction.atomic():
        for status, number in days.items():
            by_day: dict[date, list[int]] = {}
            for pk, since in Idea.objects.filter(status=status).values_list("pk", "status_since"):
                by_day.setdefault(timezone.localdate(since), []).append(pk)
                count += 1
            for day, pks in by_day.items():
                due = day + timedelta(days=number)
                # In the statement's own condition: whoever is decided meanwhile keeps what the decision said.
                Idea.objects.filter(pk__in=pks, status=status).update(answer_due=due)
    return count


# --- the weekly list --------------------------------------------------------------------------------------------------


@chore
def mail_overdue_list(now: datetime | None = None) -> int:
    """On Monday after six: every lead gets the list of overdue ideas, once, if there are any. Returns how many leads."""
    local = timezone.localtime(now)
    own = ReviewSettings.load()
    if local.weekday() != MONDAY or local.hour < HOUR or not own.mails_overdue_list:
        return 0
    if not Idea.objects.overdue(now).exists():
        return 0
    leads = User.objects.filter(groups__name=Role.LEAD.value, is_active=True).order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        # Only one worker, and only one round of it, finds the list not sent today.
        not_yet = ReviewSettings.objects.filter(
            Q(overdue_list_sent_on=None) | Q(overdue_list_sent_on__lt=local.date()), pk=own.pk
        )
        if not not_yet.update(overdue_list_sent_on=local.date()):
            return 0
        outbox.put_many("ideas.overdue", [{"lead": pk} for pk in leads])
    return len(leads)


def overdue_ideas(now: datetime | None = None) -> list[Idea]:
    """The first ones of the list, the longest overdue first, each with `latest_title` and `desk_url`."""
    newest = IdeaVersion.objects.filter(idea=OuterRef("pk")).order_by("-version")
    ideas = Idea.objects.overdue(now).annotate(latest_title=Subquery(newest.values("title")[:1])).order_by("answer_due", "pk")
    rows = list(ideas[:LIST_LENGTH])
    for idea in rows:
        idea.desk_url = settings.BASE_URL + reverse("ideas_desk:idea", args=[idea.number])  # type: ignore[attr-defined]
    return rows


@outbox.handler("ideas.overdue")
def _deliver_overdue(message: OutboxMessage) -> None:
    lead = User.objects.filter(pk=message.payload["lead"], is_active=True).first()
    ideas = overdue_ideas()
    if lead is None or not ideas:
        return
    total = Idea.objects.overdue().count()
    url = f"{settings.BASE_URL}{reverse('ideas_desk:inbox')}?ordner=ueberfaellig"
    context = {"ideas": ideas, "total": total, "more": total - len(ideas), "url": url}
    send_signed("ideas/overdue", lead.email, message, context, language=lead.language)
