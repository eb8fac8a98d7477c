"""How far a figure of a Lösung is on its way to its target: its latest released value against baseline and target. Pure.

Where a figure names no baseline, nobody knows the way; then only whether the target is reached is told, and more counts as
better.
"""

from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from .charts import figure
from .workflow import PublicState


class Stand(StrEnum):
    """Where a figure stands; every figure has exactly one."""

    REACHED = "ziel-erreicht"
    UNDER_WAY = "unterwegs"
    NO_TARGET = "ohne-zielzahl"
    NO_VALUE = "ohne-wert"


STANDS: dict[Stand, PublicState] = {
    Stand.REACHED: PublicState(
        Stand.REACHED, _("Ziel erreicht"), "target", "success", _("Der letzte Wert hat das Ziel erreicht.")
    ),
    Stand.UNDER_WAY: PublicState(
        Stand.UNDER_WAY, _("Auf dem Weg"), "run", "progress", _("Es gibt Werte, das Ziel ist noch nicht erreicht.")
    ),
    Stand.NO_TARGET: PublicState(
        Stand.NO_TARGET,
        _("Wert ohne Zielzahl"),
        "question",
        "neutral",
        _("Es gibt Werte. Das Ziel steht nicht als Zahl fest."),
    ),
    Stand.NO_VALUE: PublicState(
        Stand.NO_VALUE, _("Noch kein Wert"), "info", "neutral", _("Hier wurde noch nichts gemessen oder freigegeben.")
    ),
}


def stand_of(baseline: Decimal | None, target: Decimal | None, latest: Decimal | None) -> Stand:
    """Where a figure with these numbers stands."""
    if latest is None:
        return Stand.NO_VALUE
    if target is None:
        return Stand.NO_TARGET
    downwards = baseline is not None and target < baseline
    return Stand.REACHED if (latest <= target if downwards else latest >= target) else Stand.UNDER_WAY


def share_of_way(baseline: Decimal | None, target: Decimal | None, latest: Decimal | None) -> int | None:
    """Percent of the way from baseline to target, between 0 and 100; rounded down, so that 100 means there. None where a number
    is missing or there is no way to go."""
    if baseline is None or target is None or latest is None or baseline == target:
        return None
    covered = (latest - baseline) * 100 / (target - baseline)
    return int(min(max(covered, Decimal(0)), Decimal(100)).to_integral_value(ROUND_FLOOR))


def placed(kpi: Any) -> Any:
    """The figure with `latest` (a KpiValue or None), `stand`, `state` and `share`, from its `public_values`; its numbers in
    words as `latest_text`, `target_text` and `baseline_text`."""
    kpi.latest = kpi.public_values[-1] if kpi.public_values else None
    value = kpi.latest.value if kpi.latest else None
    kpi.stand = stand_of(kpi.baseline, kpi.target_value, value)
    kpi.state = STANDS[kpi.stand]
    kpi.share = share_of_way(kpi.baseline, kpi.target_value, value)
    numbers = {"latest": value, "target": kpi.target_value, "baseline": kpi.baseline}
    for name, number in numbers.items():
        setattr(kpi, f"{name}_text", "" if number is None else figure(number, kpi.unit))
    return kpi
