"""Frozen values as people read them: days, money, periods. Strings in, strings out."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..charts import figure


def day(value: str | None) -> str:
    """2026-05-04 → „4. Mai 2026“."""
    return date_format(date.fromisoformat(value)) if value else ""


def money(value: Any) -> str:
    return figure(Decimal(value), _("Euro")) if value is not None else ""


def period(measure: dict[str, Any]) -> list[str]:
    """The time frame in the measure's words, and its dates."""
    begin, end = day(measure["starts_on"]), day(measure["ends_on"])
    if begin and end:
        dates = _("%(begin)s bis %(end)s") % {"begin": begin, "end": end}
    elif begin:
        dates = _("ab %(begin)s") % {"begin": begin}
    else:
        dates = _("bis %(end)s") % {"end": end} if end else ""
    return [line for line in (measure["time_frame"], dates) if line]


def reach_line(reach: dict[str, Any] | None) -> str:
    """The level with its bounds: „mittel (500 bis 5.000 Menschen)“."""
    if not reach:
        return ""
    least, most = (figure(reach[name]) if reach[name] is not None else "" for name in ("least", "most"))
    if least and most:
        bounds = _("%(least)s bis %(most)s Menschen") % {"least": least, "most": most}
    elif least:
        bounds = _("ab %(least)s Menschen") % {"least": least}
    else:
        bounds = _("bis %(most)s Menschen") % {"most": most} if most else ""
    return f"{reach['name']} ({bounds})" if bounds else str(reach["name"])
