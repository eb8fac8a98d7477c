"""The numbers of /fortschritt/ for programmes: names in English, days as in ISO, decimals as text."""

from typing import Any

from django.utils import timezone

from pages.agenda import agenda_tree

from . import indicators, progress, promise
from .exchange.schema import page_path
from .progress_lists import decisions, handed_in, measure_steps
from .workflow import MeasureStatus


def numbers() -> dict[str, Any]:
    """Everything that the pages show as numbers."""
    tree, today = agenda_tree(), timezone.localdate()
    counts = progress.measures_by_zielbild()
    stages = progress.way_of_ideas()
    listings = {"ideas_handed_in": handed_in(), "decisions": decisions(), "measure_steps": measure_steps()}
    months = [f"{month:%Y-%m}" for month in progress.last_months(today)]
    return {
        "day": today.isoformat(),
        "measures_by_status": {
            status.value: sum(hits for (_zielbild, own), hits in counts.items() if own == status) for status in MeasureStatus
        },
        "measures_by_zielbild": {
            page_path(zielbild.source): {status.value: counts.get((zielbild.source.pk, status), 0) for status in MeasureStatus}
            for zielbild in tree
        },
        "way_of_ideas": {key: stage.count for key, stage in stages.items()},
        "per_month": {
            name: dict(zip(months, [month.count for month in progress.per_month(listing, today)], strict=True))
            for name, listing in listings.items()
        },
        "answers": deadlines(promise.quota()),
        "kpis": [_kpi(kpi) for kpi in progress.figures(tree)],
        "indicators": [_indicator(indicator) for indicator in indicators.public(tree, today)],
    }


def _kpi(kpi: Any) -> dict[str, Any]:
    return {
        "loesung": page_path(kpi.loesung.source),
        "name": kpi.name,
        "unit": kpi.unit,
        "baseline": _number(kpi.baseline),
        "target": _number(kpi.target_value),
        "target_in_words": kpi.target,
        "latest": _number(kpi.latest.value) if kpi.latest else None,
        "latest_on": kpi.latest.measured_on.isoformat() if kpi.latest else None,
        "percent_of_way": kpi.share,
        "standing": kpi.stand.value,
    }


def _indicator(indicator: Any) -> dict[str, Any]:
    return {
        "key": indicator.slug,
        "name": indicator.name,
        "unit": indicator.unit,
        "baseline": _number(indicator.baseline),
        "baseline_on": indicator.baseline_on.isoformat(),
        "target": _number(indicator.target),
        "target_on": indicator.target_on.isoformat(),
        "tolerance_percent": indicator.tolerance,
        "values": [{"day": value.measured_on.isoformat(), "value": _number(value.value)} for value in indicator.public_values],
        "standing": indicator.standing.value,
    }


def _number(number: Any) -> str | None:
    return None if number is None else format(number, "f")


def deadlines(quota: promise.Quota) -> dict[str, Any]:
    """How the service promise is kept."""
    return {
        "since": quota.since.isoformat(),
        "until": quota.until.isoformat(),
        "answers_due": quota.promised,
        "answered": quota.answered,
        "answered_in_time": quota.in_time,
        "open_overdue": quota.open_overdue,
        "percent_in_time": quota.percent,
        "steps": [
            {
                "status": step.status.value,
                "ideas": step.ideas,
                "median_days": step.median_days,
                "promised_days": step.promised_days,
            }
            for step in quota.steps
        ],
    }
