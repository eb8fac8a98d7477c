"""Charts of figures, worked out on the server: numbers in, places in a drawing and labels out. Knows no database.

The drawing is WIDTH × HEIGHT units; templates/components/chart.html puts it into SVG. The scale always holds zero, so that no
small step looks like a great one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WIDTH, HEIGHT = 360, 230
LEFT, RIGHT, TOP, BOTTOM = 58, 344, 24, 196
ALL_LABELLED = 5  # more values than these: only the first and the last carry their number in the drawing
_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
_GREAT: tuple[tuple[Decimal, Any], ...] = ((Decimal(10) ** 9, gettext_lazy("Mrd.")), (Decimal(10) ** 6, gettext_lazy("Mio.")))


def figure(number: Decimal | int, unit: str = "") -> str:
    """1234.50 → „1.234,5“ in German, “1,234.5” in English; with the unit behind it."""
    whole, _point, fraction = f"{abs(Decimal(number)):,.2f}".partition(".")
    fraction = fraction.rstrip("0")
    text = whole.replace(",", get_format("THOUSAND_SEPARATOR"))
    if fraction:
        text += get_format("DECIMAL_SEPARATOR") + fraction
    sign = "−" if number < 0 and text != "0" else ""
    return f"{sign}{text} {unit}".rstrip()


def short(number: Decimal | int) -> str:
    """As `figure`, but millions and billions as a word: what fits beside an axis."""
    for size, word in _GREAT:
        if abs(Decimal(number)) >= size:
            return figure(Decimal(number) / size, str(word))
    return figure(number)


def ticks(low: Decimal, high: Decimal, wanted: int = 4) -> list[Decimal]:
    """Round numbers from at or below `low` to at or above `high`, zero among them, about `wanted` steps."""
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = Decimal(1)
    rough = (high - low) / wanted
    power = Decimal(10) ** rough.adjusted()
    step = next(factor * power for factor in _STEPS if factor * power >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * number for number in range(int(first), int(last) + 1)]


def place(value: Decimal | int, low: Decimal | int, high: Decimal | int, start: int, end: int) -> Decimal:
    """Where the value lies between start and end, as it lies between low and high; in the middle if those are the same."""
    if low == high:
        return Decimal(start + end) / 2
    return start + (Decimal(value) - low) / (Decimal(high) - low) * (end - start)


def path(points: Sequence[tuple[Decimal, Decimal]]) -> str:
    """The line through the points as SVG reads it; empty for a single one."""
    if len(points) < 2:
        return ""
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


@dataclass(frozen=True)
class Chart:
    """What chart.html draws. Every place is text already, with a point, whatever the language."""

    title: str
    description: str
    scale: list[dict[str, str]]
    points: list[dict[str, str]]
    path: str
    target: dict[str, str] | None
    baseline: dict[str, str] | None
    days: list[dict[str, str]]
    rows: list[dict[str, Any]]
    way: str = ""  # the path from baseline to target, where one is drawn


def chart_of(kpi: Any) -> Chart | None:
    """The chart of a figure with `public_values`; None as long as it has none."""
    values = kpi.public_values
    if not values:
        return None
    numbers = [value.value for value in values]
    lines = [number for number in (kpi.baseline, kpi.target_value) if number is not None]
    scale = ticks(min(numbers + lines), max(numbers + lines))
    days = [value.measured_on for value in values]
    last_day = max(days[-1], kpi.target_on) if kpi.target_on and kpi.target_value is not None else days[-1]
    spots = [
        (_across(value.measured_on, days[0], last_day), place(value.value, scale[0], scale[-1], BOTTOM, TOP))
        for value in values
    ]
    return Chart(
        title=kpi.name,
        description=_in_sentences(kpi, values, kpi.target_value),
        scale=[{"y": _at(number, scale), "label": short(number)} for number in scale],
        points=_points(numbers, spots, kpi.target_value if kpi.target_value is None else Decimal(_at(kpi.target_value, scale))),
        path=path(spots),
        target=_line(_("Ziel"), kpi.target_value, scale),
        baseline=_line(_("Ausgangswert"), kpi.baseline, scale),
        days=_day_labels(days[0], last_day),
        rows=[
            {"day": value.measured_on, "value": figure(value.value, kpi.unit), "note": value.note} for value in reversed(values)
        ],
    )


def chart_with_path(indicator: Any) -> Chart:
    """The chart of an indicator with `public_values`: its path from baseline to target, and its values along it."""
    values = indicator.public_values
    numbers = [value.value for value in values]
    scale = ticks(min([*numbers, indicator.baseline, indicator.target]), max([*numbers, indicator.baseline, indicator.target]))
    days = [indicator.baseline_on, indicator.target_on, *(value.measured_on for value in values)]

    def spot(day: date, number: Decimal) -> tuple[Decimal, Decimal]:
        return _across(day, min(days), max(days)), place(number, scale[0], scale[-1], BOTTOM, TOP)

    spots = [spot(value.measured_on, value.value) for value in values]
    return Chart(
        title=indicator.name,
        description=_in_sentences(indicator, values, indicator.target),
        scale=[{"y": _at(number, scale), "label": short(number)} for number in scale],
        points=_points(numbers, spots, Decimal(_at(indicator.target, scale))),
        path=path(spots),
        target=_line(_("Ziel"), indicator.target, scale),
        baseline=None,
        days=_day_labels(min(days), max(days)),
        rows=[
            {"day": value.measured_on, "value": figure(value.value, indicator.unit), "note": value.note}
            for value in reversed(values)
        ],
        way=path([spot(indicator.baseline_on, indicator.baseline), spot(indicator.target_on, indicator.target)]),
    )


def _at(number: Decimal, scale: list[Decimal]) -> str:
    return f"{place(number, scale[0], scale[-1], BOTTOM, TOP):.1f}"


def _across(day: date, first: date, last: date) -> Decimal:
    return place(day.toordinal(), first.toordinal(), last.toordinal(), LEFT + 8, RIGHT - 8)


def _points(numbers: list[Decimal], spots: list[tuple[Decimal, Decimal]], target: Decimal | None) -> list[dict[str, str]]:
    """The values with their numbers above them; below, where the line of the target runs through that place."""
    points = []
    for number, (value, (x, y)) in enumerate(zip(numbers, spots, strict=True)):
        labelled = len(spots) <= ALL_LABELLED or number in (0, len(spots) - 1)
        crossed = target is not None and y - 26 < target < y
        anchor = "start" if x < LEFT + 40 else "end" if x > RIGHT - 40 else "middle"
        points.append(
            {
                "x": f"{x:.1f}",
                "y": f"{y:.1f}",
                "label": short(value) if labelled else "",
                "label_y": f"{y + 19 if crossed else y - 9:.1f}",
                "anchor": anchor,
            }
        )
    return points


def _line(name: str, value: Decimal | None, scale: list[Decimal]) -> dict[str, str] | None:
    """The words stand above the line where there is no room below it."""
    if value is None:
        return None
    y = _at(value, scale)
    return {"y": y, "label": f"{name}: {short(value)}", "shift": "-6" if float(y) > BOTTOM - 20 else "15"}


def _day_labels(first: date, last: date) -> list[dict[str, str]]:
    if first == last:
        return [{"x": str((LEFT + RIGHT) // 2), "label": date_format(first, "SHORT_DATE_FORMAT"), "anchor": "middle"}]
    return [
        {"x": str(LEFT + 8), "label": date_format(first, "m/Y"), "anchor": "start"},
        {"x": str(RIGHT - 8), "label": date_format(last, "m/Y"), "anchor": "end"},
    ]


def _in_sentences(kpi: Any, values: Sequence[Any], target: Decimal | None) -> str:
    """The chart in sentences, for those who don't see it."""
    sentences = [
        _("%(day)s: %(value)s.") % {"day": _day(value.measured_on), "value": figure(value.value, kpi.unit)} for value in values
    ]
    if len(values) > ALL_LABELLED:
        sentences = [_("%(count)s Werte.") % {"count": len(values)}, sentences[0], sentences[-1]]
    if kpi.baseline is not None:
        since = _(" vom %(day)s") % {"day": _day(kpi.baseline_on)} if kpi.baseline_on else ""
        sentences.append(_("Ausgangswert%(since)s: %(value)s.") % {"since": since, "value": figure(kpi.baseline, kpi.unit)})
    if target is not None:
        until = _(" bis %(day)s") % {"day": _day(kpi.target_on)} if kpi.target_on else ""
        sentences.append(_("Ziel%(until)s: %(value)s.") % {"until": until, "value": figure(target, kpi.unit)})
    return " ".join(sentences)


def _day(day: date) -> str:
    return date_format(day)
