"""The indicators of the monitoring as pages show them, and the review of the strategy that the lead is reminded of. What a path
is and when a value leaves it stands in ideas/monitoring.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from common import outbox
from common.models import OutboxMessage
from common.worker import chore
from pages.models import Theme, ZielbildPage

from .charts import chart_with_path, figure
from .models import Assessment, Indicator, MonitoringSettings
from .monitoring import STANDINGS, WARNINGS, Standing, path_of, standing
from .notifications import send_signed


@dataclass(frozen=True)
class Group:
    """What some indicators measure: the goal of a Zielbild or a cross-cutting theme."""

    number: int
    title: str
    text: str
    url: str
    colour: str
    is_theme: bool
    indicators: list[Any]


def placed(indicators: Sequence[Indicator], today: date | None = None) -> list[Any]:
    """The indicators (values prefetched), each with `public_values`, oldest first, `latest`, `standing`, `state`, `warns`."""
    today = today or timezone.localdate()
    for indicator in indicators:
        indicator.public_values = sorted(indicator.values.all(), key=lambda value: value.measured_on)  # type: ignore[attr-defined]
        latest = indicator.public_values[-1] if indicator.public_values else None  # type: ignore[attr-defined]
        found = standing(path_of(indicator), (latest.value, latest.measured_on) if latest else None, today)
        indicator.latest, indicator.standing, indicator.state = latest, found, STANDINGS[found]  # type: ignore[attr-defined]
        indicator.warns = found in WARNINGS  # type: ignore[attr-defined]
    return list(indicators)


def public(tree: Sequence[ZielbildPage], today: date | None = None) -> list[Any]:
    """All indicators of these Zielbilder and of the themes, in the order of the page. Two queries."""
    order = {zielbild.source.pk: place for place, zielbild in enumerate(tree)}
    rows = [row for row in Indicator.objects.prefetch_related("values") if row.theme_id or row.zielbild_id in order]
    rows.sort(
        key=lambda row: (row.zielbild_id is None, order.get(row.zielbild_id, 0), row.theme_id or 0, row.sort_order, row.pk)
    )
    return placed(rows, today)


def groups(tree: Sequence[ZielbildPage], chosen: Standing | None = None, today: date | None = None) -> list[Group]:
    """The indicators under their goals and themes, each with `chart`, `facts` and `assessment`; those of one standing if
    `chosen`. Goals and themes without an indicator are left out. Four queries."""
    today = today or timezone.localdate()
    rows = [row for row in public(tree, today) if chosen in (None, row.standing)]
    assessments = _latest_assessments(rows)
    for row in rows:
        row.chart = chart_with_path(row)
        row.assessment = assessments.get(row.pk)
        row.facts = facts_of(row)
    found = [
        Group(zielbild.number, zielbild.title, zielbild.goal, zielbild.url or "", zielbild.colour, False, own)
        for zielbild in tree
        if (own := [row for row in rows if row.zielbild_id == zielbild.source.pk])
    ]
    themes = [
        Group(theme.number, theme.title, theme.text, "", "", True, own)
        for theme in Theme.objects.order_by("number")
        if (own := [row for row in rows if row.theme_id == theme.pk])
    ]
    return found + themes


def _latest_assessments(rows: Sequence[Any]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for assessment in Assessment.objects.filter(indicator__in=[row.pk for row in rows]).order_by("-written_on", "-pk"):
        found.setdefault(assessment.indicator_id, assessment)
    return found


def facts_of(indicator: Any) -> list[dict[str, str]]:
    """Where the indicator comes from, stands and goes to, in words."""
    facts = [(_("Ausgangswert"), indicator.baseline, indicator.baseline_on), (_("Ziel"), indicator.target, indicator.target_on)]
    if indicator.latest:
        day = indicator.latest.measured_on
        expected = path_of(indicator).expected(day)
        facts.insert(1, (_("Letzter Wert"), indicator.latest.value, day))
        facts.insert(2, (_("Laut Pfad an diesem Tag"), round(expected * 100) / indicator.baseline.__class__(100), day))
    return [{"name": name, "value": figure(value, indicator.unit), "day": day} for name, value, day in facts]


# --- the review of the strategy -----------------------------------------------------------------------------------------


def warning_indicators(today: date | None = None) -> list[Any]:
    """Those that have left their path or have had no value for long. Two queries."""
    return [row for row in placed(list(Indicator.objects.prefetch_related("values")), today) if row.warns]


def review_on() -> date | None:
    """The day of the next review of the strategy, if the lead has set one. One query, nothing written."""
    return MonitoringSettings.objects.values_list("next_review_on", flat=True).first()


def review_is_near(own: MonitoringSettings, today: date) -> bool:
    """Whether it is time to remind of the review; it stays so until the lead sets the next date."""
    return own.next_review_on is not None and today >= own.next_review_on - timedelta(days=own.remind_days)


@chore
def remind_of_review(now: datetime | None = None) -> int:
    """Every lead gets one mail about each review, `remind_days` before it. Returns how many leads."""
    own, today = MonitoringSettings.objects.first(), timezone.localdate(now)
    if own is None or not review_is_near(own, today):
        return 0
    leads = User.objects.filter(groups__name=Role.LEAD.value, is_active=True).order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        # Only one worker, and only one round of it, finds this date not reminded of.
        not_yet = MonitoringSettings.objects.filter(pk=own.pk, next_review_on=own.next_review_on)
        if not not_yet.exclude(reminded_for=own.next_review_on).update(reminded_for=own.next_review_on):
            return 0
        outbox.put_many("ideas.review_of_strategy", [{"lead": pk} for pk in leads])
    return len(leads)


def settings_url() -> str:
    """Where the lead sets the next date."""
    return reverse("wagtailsettings:edit", args=["ideas", "monitoringsettings"])


@outbox.handler("ideas.review_of_strategy")
def _deliver_reminder(message: OutboxMessage) -> None:
    lead = User.objects.filter(pk=message.payload["lead"], is_active=True).first()
    day = review_on()
    if lead is None or day is None:
        return
    warned = warning_indicators()
    context = {
        "day": day,
        "indicators": warned,
        "url": settings.BASE_URL + reverse("indicators"),
        "settings_url": settings.BASE_URL + settings_url(),
    }
    send_signed("ideas/strategy_review", lead.email, message, context, language=lead.language)
