"""Closing, counting, publishing, and setting ballots aside.

Each step holds the competition's row until its end (FOR UPDATE), so of two one waits for the other. Whoever votes holds the
same row first (FOR KEY SHARE, actions/ballots.py): a close waits for every ballot that is being cast, then seals it with all
others.

A count that is not published yet is thrown away by whatever may change it. What this module doesn't see (an author withdraws an
idea, a title changes) shows when it is published: then the file is made once more and must be the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from common.text import clean_text, has_words
from ideas.actions.record import Overtaken, Refused

from .. import clock, notifications, permissions
from ..models import Ballot, Competition, CompetitionStep, QuarantineStep, Tally
from ..phases import CLOSES_AFTER, Deed, Phase
from ..tally import file_for

Kind = CompetitionStep.Kind


@transaction.atomic
def close(competition: Competition, *, by: User, now: datetime | None = None) -> CompetitionStep:
    """Nobody votes any more: what was acknowledged until now is counted, nothing else. Never undone. Raises Refused."""
    held, now = _hold(competition.pk, Deed.CLOSE, by, now)
    competition.closed_at = now
    return _seal(held, by=by, now=now)


@transaction.atomic
def close_forgotten(competition: Competition, *, now: datetime | None = None) -> bool:
    """Close a voting that is long over (phases.CLOSES_AFTER) and that nobody closed, with a public note. Returns False where
    its time has not come, or somebody was faster."""
    held = Competition.objects.select_for_update().get(pk=competition.pk)
    now = now or clock.now()
    span = held.span(Phase.VOTING)
    if held.is_closed or not span or not span.ends_at or span.ends_at + CLOSES_AFTER > now:
        return False
    with override(settings.LANGUAGE_CODE):
        note = _("Die Abstimmung hat sich %(n)s Tage nach ihrem Ende von selbst geschlossen.") % {"n": CLOSES_AFTER.days}
    _seal(held, by=None, now=now, note=note)
    return True


@transaction.atomic
def count(competition: Competition, *, by: User, now: datetime | None = None) -> Tally:
    """Count, in place of an earlier count that is not published. Raises Refused."""
    held, now = _hold(competition.pk, Deed.COUNT, by, now)
    file = file_for(held)
    void(held)
    tally = Tally.objects.create(
        competition=held, file=file.text, head=file.head, result=file.result, counted_at=now, counted_by=by
    )
    _log(held, Kind.COUNTED, by=by, now=now, details={"head": file.head})
    _forget_tally(competition)
    return tally


@transaction.atomic
def publish(competition: Competition, *, seen: str, by: User, now: datetime | None = None) -> Tally:
    """A second person publishes the count whose last hash they have `seen`. Never undone. Raises Refused, or Overtaken when the
    count is another one by now or no longer what the ballots give."""
    held, now = _hold(competition.pk, Deed.PUBLISH, by, now)
    if file_for(held).head != seen:
        raise Overtaken(_("Seit der Auszählung hat sich etwas geändert. Bitte zählen Sie noch einmal aus."))
    waiting = Tally.objects.filter(competition=held, head=seen, published_at=None).exclude(counted_by=by)
    if not waiting.update(published_at=now, published_by=by):
        raise Overtaken(_("Inzwischen wurde noch einmal ausgezählt. Bitte sehen Sie sich das neue Ergebnis an."))
    _log(held, Kind.PUBLISHED, by=by, now=now, details={"head": seen})
    notifications.tell_result(held)
    _forget_tally(competition)
    return Tally.objects.get(competition=held)


def set_aside(ballots: Iterable[Ballot], reason: str, *, by: User, now: datetime | None = None) -> int:
    """Put ballots of one competition under quarantine: they stay in the file with this public reason and don't count.

    Returns how many; those that are withdrawn or set aside already stay as they are. Raises Refused.
    """
    return _judge(list(ballots), QuarantineStep.Action.SET, Ballot.State.CAST, Ballot.State.QUARANTINED, reason, by, now)


def lift(ballots: Iterable[Ballot], reason: str, *, by: User, now: datetime | None = None) -> int:
    """Let ballots of one competition count again; one that its voter emptied meanwhile is a withdrawn one. Returns how many;
    raises Refused."""
    return _judge(list(ballots), QuarantineStep.Action.LIFTED, Ballot.State.QUARANTINED, Ballot.State.CAST, reason, by, now)


def void(competition: Competition) -> None:
    """Throw a count away that no longer holds, in the transaction of the change. Raises Overtaken if it is published."""
    Competition.objects.select_for_update().get(pk=competition.pk)
    if Tally.objects.filter(competition=competition, published_at__isnull=False).exists():
        raise Overtaken(_("Das Ergebnis ist inzwischen veröffentlicht, daran ändert sich nichts mehr."))
    Tally.objects.filter(competition=competition).delete()


@transaction.atomic
def _judge(
    ballots: list[Ballot],
    action: QuarantineStep.Action,
    source: Ballot.State,
    target: Ballot.State,
    reason: str,
    by: User,
    now: datetime | None,
) -> int:
    reason = clean_text(reason)
    if not has_words(reason):
        raise Refused(_("Bitte geben Sie einen Grund an. Er ist öffentlich."))
    if not ballots:
        raise Refused(_("Bitte wählen Sie mindestens einen Stimmzettel."))
    [competition] = {ballot.competition_id for ballot in ballots}
    held, now = _hold(competition, Deed.QUARANTINE, by, now)
    chosen = Ballot.objects.select_for_update().filter(pk__in=[ballot.pk for ballot in ballots], state=source).order_by("pk")
    moved = list(chosen)
    if not moved:
        raise Overtaken(
            _("Über diese Stimmzettel wurde inzwischen entschieden. Bitte sehen Sie sich die Liste noch einmal an.")
        )
    QuarantineStep.objects.bulk_create(
        QuarantineStep(ballot=ballot, action=action, reason=reason, actor=by, happened_at=now) for ballot in moved
    )
    keys = {ballot.pk for ballot in moved}
    Ballot.objects.filter(pk__in=keys).update(state=target)
    if target == Ballot.State.CAST:
        Ballot.objects.filter(pk__in=keys, spent=0).update(state=Ballot.State.WITHDRAWN)
    void(held)
    for ballot in ballots:
        ballot.state = target if ballot.pk in keys else ballot.state
    return len(moved)


def _seal(held: Competition, *, by: User | None, now: datetime, note: str = "") -> CompetitionStep:
    Competition.objects.filter(pk=held.pk).update(closed_at=now)
    Ballot.objects.filter(competition=held).update(is_sealed=True)
    return _log(held, Kind.CLOSED, by=by, now=now, note=note)


def _hold(key: int, deed: Deed, by: User, now: datetime | None) -> tuple[Competition, datetime]:
    """The competition as it is now, held until the end of the transaction, and the moment; raises Refused."""
    held = Competition.objects.select_for_update().get(pk=key)
    now = now or clock.now()  # after the wait for others
    if problem := permissions.why_not(by, deed, held, now=now):
        raise Refused(problem)
    return held, now


def _log(
    competition: Competition,
    kind: Kind,
    *,
    by: User | None,
    now: datetime,
    note: str = "",
    details: dict[str, Any] | None = None,
) -> CompetitionStep:
    return CompetitionStep.objects.create(
        competition=competition, kind=kind, details=details or {}, note=note, actor=by, happened_at=now
    )


def _forget_tally(competition: Competition) -> None:
    """The caller's object may still know an earlier count."""
    competition._state.fields_cache.pop("tally", None)
