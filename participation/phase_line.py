"""The phases of a competition as its page shows them: where it stands, until when, and what comes next. No database here.

A page is kept in caches for a while, so nothing here counts minutes: on the last day the line says until what time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .local_time import day_and_time, local, moment_in_words
from .models import Competition
from .phases import Moment, Span, moment, next_span, span_at

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)


class State(StrEnum):
    DONE = "done"
    CURRENT = "current"
    COMING = "coming"


@dataclass(frozen=True)
class Item:
    """One phase: its name, begin and end in words ('' for no end), how it stands, and how long it still lasts."""

    phase: str
    label: str
    begin: str
    end: str
    state: State
    left: str
    starts_at: datetime
    ends_at: datetime | None

    @property
    def is_current(self) -> bool:
        return self.state is State.CURRENT


@dataclass(frozen=True)
class Line:
    """All phases in order, and a sentence that says where the competition stands; no items where nothing is planned yet."""

    items: tuple[Item, ...]
    where: str

    @property
    def current(self) -> Item | None:
        return next((item for item in self.items if item.is_current), None)


def line_of(competition: Competition, now: datetime, *, is_published: bool = False) -> Line:
    """The phase line of this competition at this moment. `is_published`: whether its result is."""
    spans = competition.spans
    return Line(tuple(_item(span, now) for span in spans), _where(spans, now, is_published))


def state_of(span: Span, now: datetime) -> State:
    """How this phase stands at this moment."""
    if span.holds(now):
        return State.CURRENT
    return State.DONE if span.has_begun(now) else State.COMING


def _item(span: Span, now: datetime) -> Item:
    state = state_of(span, now)
    return Item(
        phase=span.phase.value,
        label=str(span.phase.label),
        begin=moment_in_words(span.starts_at),
        end=end_in_words(span.ends_at) if span.ends_at else "",
        state=state,
        left=left_in_words(span.ends_at, now) if span.ends_at and state is State.CURRENT else "",
        starts_at=span.starts_at,
        ends_at=span.ends_at,
    )


def _where(spans: list[Span], now: datetime, is_published: bool) -> str:
    where = moment(spans, now)
    if where is Moment.UNPLANNED:
        return _("Wann es losgeht, steht noch nicht fest.")
    if is_published:
        return _("Das Ergebnis steht fest.")
    if running := span_at(spans, now):
        if running.ends_at is None:
            return _("Jetzt kommt das Ergebnis.")  # the only phase without an end
        words = {"phase": running.phase.label, "left": left_in_words(running.ends_at, now)}
        return _("Gerade läuft: %(phase)s, %(left)s.") % words
    if coming := next_span(spans, now):
        words = {"phase": coming.phase.label, "begin": moment_in_words(coming.starts_at)}
        return _("Als Nächstes: %(phase)s, ab dem %(begin)s.") % words
    return _("Dieser Wettbewerb ist zu Ende.")


# --- moments in words -------------------------------------------------------------------------------------------------


def end_in_words(at: datetime) -> str:
    """As any moment, but midnight belongs to the day that ends: 24. Dezember 2026, 24:00 Uhr."""
    shown = local(at)
    return day_and_time(shown - DAY, "24:00") if _is_midnight(shown) else day_and_time(shown)


def span_in_words(span: Span) -> str:
    """From when until when, or from when on where there is no end."""
    words = {"begin": moment_in_words(span.starts_at), "end": end_in_words(span.ends_at) if span.ends_at else ""}
    return (_("%(begin)s bis %(end)s") if span.ends_at else _("ab %(begin)s")) % words


def left_in_words(end: datetime, now: datetime) -> str:
    """How long until `end`, which is still to come: noch 3 Tage, noch 5 Stunden, endet heute um 18:00 Uhr."""
    here, last = local(now), local(end)
    time = _time_until(last)
    if local(end - _INSTANT).date() == here.date():
        return _("endet heute um %(time)s Uhr") % {"time": time}
    if last - here >= DAY:
        days = (last - here) // DAY
        return ngettext("noch %(n)s Tag", "noch %(n)s Tage", days) % {"n": days}
    if (hours := (end - now) // HOUR) >= 1:
        return ngettext("noch %(n)s Stunde", "noch %(n)s Stunden", hours) % {"n": hours}
    return _("endet um %(time)s Uhr") % {"time": time}


def _is_midnight(shown: datetime) -> bool:
    return (shown.hour, shown.minute) == (0, 0)


def _time_until(shown: datetime) -> str:
    return "24:00" if _is_midnight(shown) else formatted(shown, "H:i")
