"""Which phase a competition is in, and what may be done in it. Time decides: nothing of this is stored.

A phase lasts from its begin until just before its end (half-open), both moments in UTC. Any phase can be left out, none overlap,
and their order is that of `Phase`. Between two phases there may be a pause. No database here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    ANNOUNCED = "announced", _("Ankündigung")
    SUBMISSION = "submission", _("Einreichen")
    REVIEW = "review", _("Prüfung")
    VOTING = "voting", _("Abstimmung")
    JURY = "jury", _("Jury")
    RESULT = "result", _("Ergebnis")


class Moment(StrEnum):
    """Where a competition stands: in one of its phases, or outside of all."""

    UNPLANNED = "unplanned"  # no phase has a date yet
    BEFORE = "before"
    ANNOUNCED = Phase.ANNOUNCED.value
    SUBMISSION = Phase.SUBMISSION.value
    REVIEW = Phase.REVIEW.value
    VOTING = Phase.VOTING.value
    JURY = Phase.JURY.value
    RESULT = Phase.RESULT.value
    PAUSE = "pause"  # between two phases
    AFTER = "after"


class Deed(StrEnum):
    """What people do in a competition."""

    PLAN = "plan"  # dates, kind of vote, who may vote
    HAND_IN = "hand_in"  # an idea straight into the competition
    PROPOSE = "propose"  # an idea of the Ideenspeicher
    TAKE_IN = "take_in"  # the lead: a proposed entry, or one of their choice
    TAKE_OUT = "take_out"
    VOTE = "vote"  # also change and withdraw
    APPOINT = "appoint"  # who is in the jury
    SCORE = "score"
    EXTEND = "extend"
    QUARANTINE = "quarantine"
    CLOSE = "close"
    COUNT = "count"
    PUBLISH = "publish"


# So long after the end of the voting the lead has time to close it; then it closes by itself.
CLOSES_AFTER = timedelta(days=30)

# The one table: when a deed is possible at all. What else must hold stands in permissions.py.
ALLOWED: dict[Deed, frozenset[Moment]] = {
    Deed.PLAN: frozenset({Moment.UNPLANNED, Moment.BEFORE, Moment.ANNOUNCED, Moment.SUBMISSION, Moment.REVIEW, Moment.VOTING, Moment.JURY, Moment.PAUSE, Moment.AFTER}),
    Deed.HAND_IN: frozenset({Moment.SUBMISSION}),
    Deed.PROPOSE: frozenset({Moment.SUBMISSION}),
    Deed.TAKE_IN: frozenset({Moment.SUBMISSION, Moment.REVIEW, Moment.PAUSE}),
    Deed.TAKE_OUT: frozenset({Moment.SUBMISSION, Moment.REVIEW, Moment.VOTING, Moment.JURY, Moment.RESULT, Moment.PAUSE, Moment.AFTER}),
    Deed.VOTE: frozenset({Moment.VOTING}),
    Deed.APPOINT: frozenset({Moment.UNPLANNED, Moment.BEFORE, Moment.ANNOUNCED, Moment.SUBMISSION, Moment.REVIEW, Moment.VOTING, Moment.JURY, Moment.PAUSE}),
    Deed.SCORE: frozenset({Moment.JURY}),
    Deed.EXTEND: frozenset({Moment.ANNOUNCED, Moment.SUBMISSION, Moment.REVIEW, Moment.VOTING, Moment.JURY}),
    Deed.QUARANTINE: frozenset({Moment.VOTING, Moment.JURY, Moment.RESULT, Moment.PAUSE, Moment.AFTER}),
    Deed.CLOSE: frozenset({Moment.JURY, Moment.RESULT, Moment.PAUSE, Moment.AFTER}),
    Deed.COUNT: frozenset({Moment.RESULT, Moment.PAUSE, Moment.AFTER}),
    Deed.PUBLISH: frozenset({Moment.RESULT, Moment.PAUSE, Moment.AFTER}),
}


@dataclass(frozen=True)
class Span:
    """One phase with its dates. Without an end it lasts: only the result may."""

    phase: Phase
    starts_at: datetime
    ends_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now


ORDER = tuple(Phase)


def in_order(spans: Iterable[Span]) -> list[Span]:
    """The phases in the order in which they follow each other."""
    return sorted(spans, key=lambda span: ORDER.index(span.phase))


def span_at(spans: Iterable[Span], now: datetime) -> Span | None:
    """The phase that runs at this moment; None outside of all."""
    return next((span for span in spans if span.holds(now)), None)


def moment(spans: Sequence[Span], now: datetime) -> Moment:
    """Where a competition with these phases stands at this moment."""
    if not spans:
        return Moment.UNPLANNED
    if running := span_at(spans, now):
        return Moment(running.phase.value)
    if not any(span.has_begun(now) for span in spans):
        return Moment.BEFORE
    return Moment.PAUSE if any(not span.has_begun(now) for span in spans) else Moment.AFTER


def next_span(spans: Iterable[Span], now: datetime) -> Span | None:
    """The phase that begins next; None if none does."""
    coming = [span for span in spans if not span.has_begun(now)]
    return min(coming, key=lambda span: span.starts_at, default=None)


def allows(deed: Deed, spans: Sequence[Span], now: datetime) -> bool:
    """Whether this deed is possible at this moment at all."""
    return moment(spans, now) in ALLOWED[deed]


def problems(spans: Iterable[Span]) -> dict[Phase, str]:
    """What is wrong with these dates, in a sentence for the phase that it concerns; {} if nothing is."""
    found: dict[Phase, str] = {}
    latest: Span | None = None  # of the earlier phases the one that ends last
    given: set[Phase] = set()
    for span in in_order(spans):
        if span.phase in given:
            found[span.phase] = _now("Diese Phase kommt zweimal vor.")
        elif span.ends_at is None and span.phase is not Phase.RESULT:
            found[span.phase] = _now("Bitte geben Sie an, bis wann diese Phase dauert.")
        elif span.ends_at is not None and span.ends_at <= span.starts_at:
            found[span.phase] = _now("Das Ende liegt nicht nach dem Beginn. Bitte prüfen Sie die beiden Angaben.")
        elif latest and latest.ends_at and span.starts_at < latest.ends_at:
            found[span.phase] = _now("Diese Phase beginnt, bevor „%(earlier)s“ zu Ende ist.") % {"earlier": latest.phase.label}
        if span.ends_at and (latest is None or latest.ends_at is None or span.ends_at > latest.ends_at):
            latest = span
        given.add(span.phase)
    return found
