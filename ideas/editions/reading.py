"""Frozen values as people read them: days, money, periods. Strings in, strings out."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pages.reach import bounds_in_words

from ..charts import figure
from ..measure_page import dates_in_words


def day(value: str | None) -> str:
    """2026-05-04 → „4. Mai 2026“."""
    return date_format(date.fromisoformat(value)) if value else ""


def money(value: Any) -> str:
    return figure(Decimal(value), _("Euro")) if value is not None else ""


def amount(number: str | None, unit: str) -> str:
    """A number with its unit; '' for none."""
    return figure(Decimal(number), unit) if number is not None else ""


def period(measure: dict[str, Any]) -> list[str]:
    """The time frame in the measure's words, and its dates."""
    begin, end = (date.fromisoformat(day) if day else None for day in (measure["starts_on"], measure["ends_on"]))
    return [line for line in (measure["time_frame"], dates_in_words(begin, end)) if line]


def reach_line(reach: dict[str, Any] | None) -> str:
    """The level with its bounds: „mittel (500 bis 5.000 Menschen)“."""
    if not reach:
        return ""
    bounds = bounds_in_words(reach["least"], reach["most"])
    return f"{reach['name']} ({bounds})" if bounds else str(reach["name"])
