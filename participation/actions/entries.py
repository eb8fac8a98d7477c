"""Entries in and out of a competition. Each step is a row of the entry's log; a refusal has a public reason."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, has_words
from ideas.actions import Overtaken, Refused, TooLate
from ideas.models import Idea
from ideas.permissions import is_author

from .. import clock, notifications, permissions
from ..models import Competition, Entry, EntryStep
from ..models.entry import BY_AUTHOR
from ..phases import Deed
from .tallying import void

State = Entry.State
Way = Entry.Way


def enter_handed_in(competition: Competition, idea: Idea, *, now: datetime | None = None) -> Entry:
    """The idea was handed in straight into the competition: it takes part at once, and is shown as soon as it is released.

    What counts is the moment of handing in (`now`): a guest who confirms within the days that the mailed link is valid takes
    part, even if the phase is over by then. Call it in the transaction that makes the idea. Raises TooLate when the phase is
    over.
    """
    now = now or clock.now()
    if problem := permissions.why_not(None, Deed.HAND_IN, competition, now=now):
        raise TooLate(problem)
    return _make(competition, idea, Way.HANDED_IN, State.IN, by=None, now=now)


def propose(
    competition: Competition, idea: Idea, *, by: User | None = None, is_own: bool = False, now: datetime | None = None
) -> Entry:
    """Propose an idea of the Ideenspeicher; the lead decides. `is_own`: the person holds the idea's receipt. Whoever took their
    entry back may propose it again."""
    now = now or clock.now()
    if problem := permissions.why_not_propose(idea, competition, user=by, is_own=is_own, now=now):
        raise Refused(problem)
    earlier = Entry.objects.filter(competition=competition, idea=idea).first()
    if earlier is None:
        return _make(competition, idea, Way.PROPOSED, State.PROPOSED, by=by, now=now)
    with transaction.atomic():
        _move(earlier, (State.OUT,), State.PROPOSED, by=by, reason="", now=now)
    return earlier


def retract(entry: Entry, *, by: User | None = None, is_own: bool = False, now: datetime | None = None) -> EntryStep:
    """The author doesn't want the idea to take part any longer. The idea itself stays. `is_own` as in `propose`."""
    now = now or clock.now()
    if problem := permissions.why_not_retract(entry, user=by, is_own=is_own, now=now):
        raise Refused(problem)
    with transaction.atomic():
        return _move(entry, (State.PROPOSED, State.IN), State.OUT, by=by, reason=BY_AUTHOR, now=now)


def take_in_directly(competition: Competition, idea: Idea, *, by: User, reason: str = "", now: datetime | None = None) -> Entry:
    """The lead takes an idea in that nobody has proposed."""
    now = now or clock.now()
    if problem := permissions.why_not(by, Deed.TAKE_IN, competition, now=now):
        raise Refused(problem)
    if is_author(by, idea):
        raise Refused(permissions.OWN_IDEA)
    if not idea.is_public or permissions.why_not_suited(idea):
        raise Refused(_("Aufnehmen lassen sich nur Ideen, die veröffentlicht sind und für sich stehen."))
    with transaction.atomic():
        entry = _make(competition, idea, Way.OFFICE, State.IN, by=by, now=now, reason=reason)
        notifications.tell_author(entry.last_step)
    return entry


def take_in(entry: Entry, *, by: User, reason: str = "", seen: int | None = None, now: datetime | None = None) -> EntryStep:
    """The lead takes a proposed entry in, or back in after it was refused. `seen`: how many steps it had on the page that the
    lead decides from; Overtaken if somebody was quicker."""
    now = now or clock.now()
    if problem := permissions.why_not_decide(by, Deed.TAKE_IN, entry, now=now):
        raise Refused(problem)
    return _decide(entry, (State.PROPOSED, State.DECLINED, State.OUT), State.IN, by=by, reason=reason, seen=seen, now=now)


def decline(entry: Entry, *, by: User, reason: str, seen: int | None = None, now: datetime | None = None) -> EntryStep:
    """The lead doesn't take a proposed entry in, and says why in public."""
    return _refuse(entry, State.PROPOSED, State.DECLINED, by=by, reason=reason, seen=seen, now=now or clock.now())


def take_out(entry: Entry, *, by: User, reason: str, seen: int | None = None, now: datetime | None = None) -> EntryStep:
    """The lead takes an entry out, and says why in public. Votes that it got stay on their ballots and count no longer."""
    return _refuse(entry, State.IN, State.OUT, by=by, reason=reason, seen=seen, now=now or clock.now())


def _refuse(entry: Entry, source: State, target: State, *, by: User, reason: str, seen: int | None, now: datetime) -> EntryStep:
    if problem := permissions.why_not_decide(by, Deed.TAKE_OUT, entry, now=now):
        raise Refused(problem)
    if not has_words(clean_text(reason)):
        raise Refused(_("Bitte geben Sie einen Grund an. Er ist öffentlich."))
    return _decide(entry, (source,), target, by=by, reason=reason, seen=seen, now=now)


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
        raise Refused(permissions.ALREADY_THERE) from error
    return entry


def _decide(
    entry: Entry, sources: tuple[State, ...], target: State, *, by: User, reason: str, seen: int | None, now: datetime
) -> EntryStep:
    """A step of the lead, of which the author is told."""
    if seen is not None and seen != entry.step_count:
        raise _overtaken()
    with transaction.atomic():
        step = _move(entry, sources, target, by=by, reason=reason, now=now)
        notifications.tell_author(step)
    return step


def _move(entry: Entry, sources: tuple[State, ...], target: State, *, by: User | None, reason: str, now: datetime) -> EntryStep:
    """The step and the new state, both or, with Overtaken, neither. Call it in a transaction."""
    if entry.state not in sources:
        raise _overtaken()
    position = entry.step_count + 1
    fields: dict[str, Any] = {"from_state": entry.state, "to_state": target, "actor": by, "happened_at": now}
    try:
        with transaction.atomic():
            if State.IN in (entry.state, target):
                void(entry.competition)  # a count with or without this entry would be another one
            step = EntryStep.objects.create(entry=entry, position=position, reason=clean_text(reason), **fields)
            seen = Entry.objects.filter(pk=entry.pk, state=entry.state, step_count=entry.step_count)
            if not seen.update(state=target, step_count=position):
                raise _overtaken()
    except IntegrityError as error:
        raise _overtaken() from error
    entry.state, entry.step_count = target, position
    entry.__dict__.pop("_prefetched_objects_cache", None)
    return step


def _overtaken() -> Overtaken:
    return Overtaken(_("Über diesen Beitrag wurde inzwischen entschieden. Bitte sehen Sie ihn sich noch einmal an."))
