"""Monitoring as the strategy asks for it: every indicator has a path from its baseline to its target, and whoever looks sees
early when a value leaves it. Pure: numbers and days in, a standing out; the rows are read in ideas/indicators.py.

The path is a straight line between two days, upwards or downwards. How far a value is behind is told as a share of the whole
way, so that one tolerance fits every unit.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from .workflow import PublicState

SILENT_AFTER = timedelta(days=400)  # a yearly figure may come some weeks late


@dataclass(frozen=True)
class Path:
    """From `baseline` on its day to `target` on its day. `tolerance`: percent of the whole way that a value may be behind."""

    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date
    tolerance: int = 10

    @property
    def way(self) -> Fraction:
        """The whole way; below zero where less is better. Never zero (the database sees to it)."""
        return Fraction(self.target) - Fraction(self.baseline)

    def expected(self, day: date) -> Fraction:
        """The value of the path on this day: the baseline before it begins, the target once it has ended."""
        total = (self.target_on - self.baseline_on).days
        gone = min(max((day - self.baseline_on).days, 0), total)
        return Fraction(self.baseline) + self.way * Fraction(gone, total)

    def covered(self, value: Decimal) -> Fraction:
        """Which share of the way this value has covered: 0 at the baseline, 1 at the target, whatever the direction."""
        return (Fraction(value) - Fraction(self.baseline)) / self.way

    def behind(self, value: Decimal, day: date) -> Fraction:
        """Which share of the whole way this value is behind the path on its day; below zero if it is ahead."""
        return (self.expected(day) - Fraction(value)) / self.way

    def is_left(self, value: Decimal, day: date) -> bool:
        """Whether the value is further behind than the tolerance allows. Exactly as far is still on the path."""
        return self.behind(value, day) * 100 > self.tolerance

    def is_reached(self, value: Decimal) -> bool:
        return self.covered(value) >= 1


class Standing(StrEnum):
    """Where an indicator stands; every indicator has exactly one."""

    OFF = "hinter-dem-pfad"
    SILENT = "lange-kein-wert"
    ON = "auf-dem-pfad"
    REACHED = "ziel-erreicht"
    NO_VALUE = "noch-kein-wert"


STANDINGS: dict[Standing, PublicState] = {
    Standing.OFF: PublicState(
        Standing.OFF,
        _("Hinter dem Pfad"),
        "warning",
        "warn",
        _("Der letzte Wert liegt weiter zurück, als der Spielraum erlaubt."),
    ),
    Standing.SILENT: PublicState(
        Standing.SILENT,
        _("Lange kein neuer Wert"),
        "clock",
        "warn",
        _("Der letzte Wert oder der Ausgangswert ist älter als 13 Monate."),
    ),
    Standing.ON: PublicState(
        Standing.ON, _("Auf dem Pfad"), "check", "progress", _("Der letzte Wert passt zum Weg bis zum Ziel.")
    ),
    Standing.REACHED: PublicState(
        Standing.REACHED, _("Ziel erreicht"), "target", "success", _("Der letzte Wert hat das Ziel erreicht.")
    ),
    Standing.NO_VALUE: PublicState(
        Standing.NO_VALUE,
        _("Noch kein Wert"),
        "info",
        "neutral",
        _("Der Ausgangswert steht fest, gemessen wurde danach noch nicht."),
    ),
}
WARNINGS = (Standing.OFF, Standing.SILENT)


def standing(path: Path, latest: tuple[Decimal, date] | None, today: date) -> Standing:
    """Where an indicator with this path and this latest value stands today.

    A target that was reached is reached however long ago. A value that has left its path outweighs that it is old.
    """
    if latest is None:
        return Standing.SILENT if is_silent(path.baseline_on, today) else Standing.NO_VALUE
    value, day = latest
    if path.is_reached(value):
        return Standing.REACHED
    if path.is_left(value, day):
        return Standing.OFF
    return Standing.SILENT if is_silent(day, today) else Standing.ON


def is_silent(latest_day: date, today: date) -> bool:
    """Whether a value is overdue: the latest one (or the baseline, where there is none) is too old."""
    return today - latest_day > SILENT_AFTER


def next_review(last: date, years: int) -> date:
    """The same day, `years` later; the 28th of February for the 29th where there is none."""
    try:
        return last.replace(year=last.year + years)
    except ValueError:
        return last.replace(year=last.year + years, day=28)


def path_of(indicator: Any) -> Path:
    return Path(indicator.baseline, indicator.baseline_on, indicator.target, indicator.target_on, indicator.tolerance)
