"""Day and time in the region's zone (Europe/Berlin) and the moment in UTC that they mean.

When the clock goes forward an hour doesn't exist, when it goes back one exists twice. Whoever types such a time is asked back;
nothing is guessed. The functions on top know no forms; the field below asks.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2200
_MINUTE = timedelta(minutes=1)


def candidates(day: date, at: time) -> list[datetime]:
    """The moments in UTC that this day and time mean: one, two when the clock goes back, none when it goes forward."""
    typed = datetime.combine(day, at.replace(fold=0))
    read = [_read(typed, fold) for fold in (0, 1)]
    return sorted({moment for moment in read if local(moment) == typed})


def local(moment: datetime) -> datetime:
    """What a clock in the region shows at this moment, without zone."""
    return timezone.localtime(moment, timezone.get_default_timezone()).replace(tzinfo=None, fold=0)


def moment_in_words(moment: datetime) -> str:
    """Day and time in the region: 24. Dezember 2026, 18:00 Uhr."""
    return day_and_time(local(moment))


def day_and_time(shown: datetime, time: str = "") -> str:
    """The same of what a clock shows; `time` stands in for its time where that is written otherwise."""
    return _now("%(day)s, %(time)s Uhr") % {"day": date_format(shown), "time": time or formatted(shown, "H:i")}


def after_gap(day: date, at: time) -> datetime:
    """The first moment that exists from this day and time on: the moment itself, or the one at which the clock goes forward."""
    if found := candidates(day, at):
        return found[0]
    typed = datetime.combine(day, at)
    # Read with the offset after the change it lies before the change, read with the one before it lies behind it.
    before, behind = sorted(_read(typed, fold) for fold in (0, 1))
    while behind - before > _MINUTE:
        middle = before + (behind - before) // 2
        before, behind = (middle, behind) if local(middle) < typed else (before, middle)
    return behind.replace(second=0, microsecond=0)


def shifted(moment: datetime, by: timedelta, *, not_before: datetime | None = None) -> datetime:
    """The moment at which the clock shows `by` more than at this one, so a time of day stays what it is over a change of the
    clock. A time that doesn't exist becomes the next one that does; of one that exists twice the first that is not before
    `not_before`."""
    shown = local(moment) + by
    found = candidates(shown.date(), shown.time()) or [after_gap(shown.date(), shown.time())]
    return next((each for each in found if not_before is None or each >= not_before), found[-1])


def _read(typed: datetime, fold: int) -> datetime:
    return typed.replace(fold=fold, tzinfo=timezone.get_default_timezone()).astimezone(UTC)


# --- in a form --------------------------------------------------------------------------------------------------------

FIRST, SECOND = "1", "2"
_DAYS = ("%Y-%m-%d", "%d.%m.%Y")
_TIMES = ("%H:%M", "%H:%M:%S", "%H.%M")


def _parsed(field: forms.Field, text: Any) -> Any:
    """What the text means to the field; None if nothing."""
    try:
        return field.clean(text or None)
    except ValidationError:
        return None


def _day_field() -> forms.DateField:
    return forms.DateField(input_formats=_DAYS, required=False)


def _time_field() -> forms.TimeField:
    return forms.TimeField(input_formats=_TIMES, required=False)


class LocalDateTimeWidget(forms.MultiWidget):
    """A field for the day, one for the time and, only where the time exists twice, the question which of the two is meant.

    What was typed stays as it was typed."""

    template_name = "participation/widgets/local_date_time.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "which": forms.RadioSelect(choices=[(FIRST, ""), (SECOND, "")]),
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: datetime | None) -> list[Any]:
        if value is None:
            return [None, None, None]
        shown = local(value)
        found = candidates(shown.date(), shown.time())
        return [shown.date(), shown.time(), SECOND if value == found[-1] and len(found) > 1 else FIRST]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        parts = value if isinstance(value, list | tuple) else self.decompress(value)
        context = super().get_context(name, list(parts), attrs)
        day, at = _parsed(_day_field(), parts[0]), _parsed(_time_field(), parts[1])
        twice = bool(day and at and FIRST_YEAR <= day.year <= LAST_YEAR and len(candidates(day, at)) > 1)
        context["widget"]["choices"] = _choices(at, parts[2]) if twice else []
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> Any:
        # With the templates of the house, not with those of Django's forms.
        return render_to_string(template_name, context)


def _clock(at: time | datetime) -> str:
    return f"{at:%H:%M}"


def _choices(at: time, chosen: Any) -> list[dict[str, Any]]:
    shown = _clock(at)
    labels = (
        (FIRST, _now("Sommerzeit (das erste Mal %(time)s Uhr)")),
        (SECOND, _now("Winterzeit (das zweite Mal %(time)s Uhr)")),
    )
    return [{"value": value, "label": label % {"time": shown}, "is_chosen": value == chosen} for value, label in labels]


class LocalDateTimeField(forms.Field):
    """Day and time in the region's zone, as a moment in UTC; None where both are left empty and the field is not required."""

    widget = LocalDateTimeWidget
    default_error_messages = {
        "required": _("Bitte geben Sie Tag und Uhrzeit an."),
        "no_day": _("Bitte geben Sie auch den Tag an."),
        "no_time": _("Bitte geben Sie auch die Uhrzeit an, zum Beispiel 18:00."),
        "day": _("Bitte geben Sie den Tag so ein: 24.12.2026"),
        "time": _("Bitte geben Sie die Uhrzeit so ein: 18:00"),
        "twice": _(
            "Am %(day)s gibt es %(time)s Uhr zweimal, weil die Uhr zurückgestellt wird. Bitte wählen Sie, welche Sie meinen."
        ),
        "never": _(
            "Am %(day)s gibt es %(time)s Uhr nicht: Um %(from)s Uhr wird die Uhr auf %(to)s Uhr vorgestellt. "
            "Möglich sind %(before)s Uhr und früher oder %(to)s Uhr und später."
        ),
    }

    def clean(self, value: Any) -> datetime | None:
        typed_day, typed_time, which = (list(value or []) + [None] * 3)[:3]
        typed_day, typed_time = str(typed_day or "").strip(), str(typed_time or "").strip()
        if not typed_day and not typed_time:
            if self.required:
                raise self._problem("required")
            return None
        if not typed_day or not typed_time:
            raise self._problem("no_time" if typed_day else "no_day")
        day, at = _parsed(_day_field(), typed_day), _parsed(_time_field(), typed_time)
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self._problem("day")
        if at is None:
            raise self._problem("time")
        return self._moment(day, at, which)

    def has_changed(self, initial: datetime | None, data: Any) -> bool:
        try:
            return self.clean(data) != initial
        except ValidationError:
            return True

    def _moment(self, day: date, at: time, which: Any) -> datetime:
        found = candidates(day, at)
        words = {"day": date_format(day), "time": _clock(at)}
        if not found:
            raise self._problem("never", {**words, **_around_gap(day, at)})
        if len(found) == 1:
            return found[0]
        if which not in (FIRST, SECOND):
            raise self._problem("twice", words)
        return found[0] if which == FIRST else found[1]

    def _problem(self, code: str, words: dict[str, str] | None = None) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=words)


def _around_gap(day: date, at: time) -> dict[str, str]:
    """Between which times the clock jumps, and the last minute before."""
    change = after_gap(day, at)
    last = local(change - _MINUTE)
    times = {"before": last, "from": last + _MINUTE, "to": local(change)}
    return {name: _clock(shown) for name, shown in times.items()}
