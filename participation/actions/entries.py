"""Entries in and out of a competition. Each step is a row of the entry's log; a refusal has a public reason."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, has_words
from ideas.actions.record import Overtaken, Refused
from ideas.models import Idea

from .. import clock, permissions
from ..models import Competition, Entry, EntryStep
from ..phases import Deed
from .tallying import void

State = Entry.State
Way = Entry.Way


def enter_handed_in(competition: Competition, idea: Idea, *, now: datetime | None = None) -> Entry:
    """The idea was handed in straight into the competition: it takes part at once, and is shown as soon as it is released.

    Call it in the transaction that makes the idea. Raises Refused when the phase is over.
    """
    now = now or clock.now()
    if problem := permissions.why_not(None, Deed.HAND_IN, competition, now=now):
        raise Refused(problem)
    return _make(competition, idea, Way.HANDED_IN, State.IN, by=None, now=now)


def propose(
    competition: Competition, idea: Idea, *, by: User | None = None, is_own: bool = False, now: datetime | None = None
) -> Entry:
    """Propose an idea of the Ideenspeicher; the lead decides. `is_own`: the person holds the idea's receipt."""
    now = now or clock.now()
    if problem := permissions.why_not_propose(idea, competition, user=by, is_own=is_own, now=now):
        raise Refused(problem)
    return _make(competition, idea, Way.PROPOSED, State.PROPOSED, by=by, now=now)


def take_in_directly(competition: Competition, idea: Idea, *, by: User, reason: str = "", now: datetime | None = None) -> Entry:
    """The lead takes an idea in that nobody has proposed."""
    now = now or clock.now()
    if problem := permissions.why_not(by, Deed.TAKE_IN, competition, now=now):
        raise Refused(problem)
    if not idea.is_public:
        raise Refused(_("Aufnehmen lassen sich nur Ideen, die veröffentlicht sind."))
    return _make(competition, idea, Way.OFFICE, State.IN, by=by, now=now, reason=reason)


def take_in(entry: Entry, *, by: User, reason: str = "", now: datetime | None = None) -> EntryStep:
    """The lead takes a proposed entry in, or back in after it was refused."""
    return _move(entry, Deed.TAKE_IN, (State.PROPOSED, State.DECLINED, State.OUT), State.IN, by=by, reason=reason, now=now)


def decline(entry: Entry, *, by: User, reason: str, now: datetime | None = None) -> EntryStep:
    """The lead doesn't take a proposed entry in, and says why in public."""
    return _move(entry, Deed.TAKE_OUT, (State.PROPOSED,), State.DECLINED, by=by, reason=reason, now=now)


def take_out(entry: Entry, *, by: User, reason: str, now: datetime | None = None) -> EntryStep:
    """The lead takes an entry out, and says why in public. Votes that it got stay on their ballots and count no longer."""
    return _move(entry, Deed.TAKE_OUT, (State.IN,), State.OUT, by=by, reason=reason, now=now)


def _make(
    competition: Competition, idea: Idea, way: Way, state: State, *, by: User | None, now: datetime, reason: str = ""
) -> Entry:
    try:
        with transaction.atomic():
            entry = Entry.objects.create(competition=competition, idea=idea, way=way, state=state, step_count=1, created_at=now)
            EntryStep.objects.create(
                entry=entry, position=1, to_state=state, reason=clean_text(reason), actor=by, happened_at=now
            )
    except IntegrityError as error:
        if not Entry.objects.filter(competition=competition, idea=idea).exists():
            raise
        raise Refused(_("Diese Idee nimmt an diesem Wettbewerb schon teil, oder es wird noch darüber entschieden.")) from error
    return entry


def _move(
    entry: Entry, deed: Deed, sources: tuple[State, ...], target: State, *, by: User, reason: str, now: datetime | None
) -> EntryStep:
    now = now or clock.now()
    reason = clean_text(reason)
    if problem := permissions.why_not(by, deed, entry.competition, now=now):
        raise Refused(problem)
    if target in (State.DECLINED, State.OUT) and not has_words(reason):
        raise Refused(_("Bitte geben Sie einen Grund an. Er ist öffentlich."))
    if entry.state not in sources:
        raise _overtaken()
    position = entry.step_count + 1
    fields: dict[str, Any] = {"from_state": entry.state, "to_state": target, "reason": reason, "actor": by, "happened_at": now}
    try:
        with transaction.atomic():
            if State.IN in (entry.state, target):
                void(entry.competition)  # a count with or without this entry would be another one
            step = EntryStep.objects.create(entry=entry, position=position, **fields)
            seen = Entry.objects.filter(pk=entry.pk, state=entry.state, step_count=entry.step_count)
            if not seen.update(state=target, step_count=position):
                raise _overtaken()
    except IntegrityError as error:
        raise _overtaken() from error
    entry.state, entry.step_count = target, position
    return step


def _overtaken() -> Overtaken:
    return Overtaken(_("Über diesen Beitrag wurde inzwischen entschieden. Bitte sehen Sie ihn sich noch einmal an."))
