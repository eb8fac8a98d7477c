"""The one way into the trail: every step of every action ends here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, has_words
from search import sync

from .. import news
from ..models import Idea, ReviewRound, ReviewSettings, TrailEntry, TrailText
from ..models.trail import hash_of
from ..workflow import AWAITING_DECISION, Action, Reason, Status, Step, find_step

_ONE_UPDATE = 100  # ideas that change in one statement


@contextmanager
def in_the_trails_language() -> Iterator[None]:
    """A trail keeps its words in German, whatever language the person reads who takes the step; readers get them translated
    (ideas/templatetags/mails.py). Also a decorator."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


class Refused(Exception):
    """The step can't be taken. Its text is written to the person who tried."""


class Overtaken(Refused):
    """Somebody else took a step with this idea (or what `sentence` is about) in the meantime."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence
            or _(
                "Jemand hat diese Idee inzwischen bearbeitet. Bitte sehen Sie sich den neuen Stand an und entscheiden Sie dann."
            )
        )


@dataclass
class Decision:
    """What a member of staff enters with a step. `seen` is the length of the trail on the page they decided from."""

    reason: str = ""
    note: str = ""
    office: str = ""
    seen: int | None = None


def find(action: Action, idea: Idea, target: Status | None = None) -> Step:
    step = find_step(action, idea.status, target)
    if step is None:
        raise Refused(_("Dieser Schritt passt nicht zum Stand „%(state)s“.") % {"state": idea.get_status_display()})
    return step


def record(
    idea: Idea,
    step: Step,
    *,
    now: datetime,
    by: User | None = None,
    decision: Decision | None = None,
    changes: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> TrailEntry:
    """Write the step into the trail and into the idea, or raise Overtaken and write nothing."""
    text, entry, values = _draw_up(
        idea, step, now, by, decision or Decision(), changes or [], fields, _days_to_answer(idea, step)
    )
    try:
        with transaction.atomic():
            _hold(idea)
            text.save(force_insert=True)
            entry.save(force_insert=True)
            if not _unless_overtaken(idea).update(**values):
                raise Overtaken
    except IntegrityError as error:
        if not _unless_overtaken(idea).exists():
            raise Overtaken from error
        raise
    for name, value in values.items():
        setattr(idea, name, value)
    if step.target not in {None, *AWAITING_DECISION}:
        _end_reviews([idea], now)
    sync.later(idea)
    news.tell_followers(entry)
    return entry


@dataclass
class Drawn:
    """One of many steps that belong together: with which idea, what of it changes beside the status."""

    idea: Idea
    step: Step
    changes: list[dict[str, Any]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)


def record_many(
    drawn: Sequence[Drawn], *, now: datetime, by: User | None = None, decision: Decision | None = None
) -> list[TrailEntry]:
    """What `record` does, for steps with many ideas, each once: all of them or, with Overtaken, none. A handful of queries."""
    days = ReviewSettings.load().days_to_answer
    rows = [_draw_up(one.idea, one.step, now, by, decision or Decision(), one.changes, one.fields, days) for one in drawn]
    try:
        with transaction.atomic():
            _hold(*[one.idea for one in drawn])
            TrailText.objects.bulk_create([text for text, _entry, _values in rows])
            entries = TrailEntry.objects.bulk_create([entry for _text, entry, _values in rows])
            for start in range(0, len(drawn), _ONE_UPDATE):
                part = slice(start, start + _ONE_UPDATE)
                _update_each([one.idea for one in drawn[part]], [values for _text, _entry, values in rows[part]])
    except IntegrityError as error:
        if any(not _unless_overtaken(one.idea).exists() for one in drawn):
            raise Overtaken from error
        raise
    for one, (_text, _entry, values) in zip(drawn, rows, strict=True):
        for name, value in values.items():
            setattr(one.idea, name, value)
    _end_reviews([one.idea for one in drawn if one.step.target not in {None, *AWAITING_DECISION}], now)
    sync.all_later([one.idea for one in drawn])
    return entries


def _update_each(ideas: Sequence[Idea], values: Sequence[dict[str, Any]]) -> None:
    """Give each idea its own new values in one conditional UPDATE. Raises Overtaken if one of them isn't as we read it."""
    untouched = reduce(or_, (Q(pk=idea.pk, status=idea.status, trail_length=idea.trail_length) for idea in ideas))
    new: dict[str, Any] = {}
    for name in dict.fromkeys(name for each in values for name in each):
        column: Any = Idea._meta.get_field(name)
        cases = [
            When(pk=idea.pk, then=Value(getattr(each[name], "pk", each[name]), output_field=column))
            for idea, each in zip(ideas, values, strict=True)
            if name in each
        ]
        new[name] = Case(*cases, default=F(name), output_field=column)
    if Idea.objects.filter(untouched).update(**new) != len(ideas):
        raise Overtaken


def _days_to_answer(idea: Idea, step: Step) -> dict[Status, int]:
    """The promise in force, asked for only where the step leads to another status."""
    return ReviewSettings.load().days_to_answer if step.target not in (None, idea.status) else {}


def _draw_up(
    idea: Idea,
    step: Step,
    now: datetime,
    by: User | None,
    decision: Decision,
    changes: list[dict[str, Any]],
    fields: dict[str, Any],
    days_to_answer: dict[Status, int],
) -> tuple[TrailText, TrailEntry, dict[str, Any]]:
    """The words, the row and the new values of the idea, nothing of it written yet. Raises Refused where words are missing."""
    reason = clean_text(decision.reason)
    if step.reason is Reason.REQUIRED and not has_words(reason):
        raise Refused(_("Bitte begründen Sie diese Entscheidung. Der Grund wird veröffentlicht."))
    target = step.target or Status(idea.status)
    progress = fields.get("progress", idea.progress if target == Status.KEPT else "")
    text = TrailText(
        reason=reason, internal_note=clean_text(decision.note), actor=by, awaits_release=step.action is Action.ANSWER
    )
    entry = TrailEntry(
        idea=idea,
        position=idea.trail_length + 1,
        action=step.action,
        from_status=idea.status,
        to_status=target,
        office=decision.office,
        happened_at=now,
        reason_hash=hash_of(reason),
        changes=changes,
        progress=progress,
        text=text,
    )
    values = {"progress": progress, **fields, "status": target, "trail_length": idea.trail_length + 1}
    if target != idea.status:
        entry.answer_was_due = idea.answer_due
        entry.waited_days = max(0, (timezone.localdate(now) - timezone.localdate(idea.status_since)).days)
        days = days_to_answer.get(target)
        values["status_since"] = now
        values["answer_due"] = timezone.localdate(now) + timedelta(days=days) if days else None
    return text, entry, values


def _end_reviews(ideas: Sequence[Idea], now: datetime) -> None:
    """Decided, merged or withdrawn: their review by criteria ends here."""
    ReviewRound.objects.filter(idea__in=ideas, closed_at=None).update(closed_at=now)


def _hold(*ideas: Idea) -> None:
    """Whoever takes a step with several ideas and whoever takes one with a single idea wait for each other here, always in the
    order of their keys: nobody holds the one while waiting for the other."""
    rows = Idea.objects.filter(pk__in=[idea.pk for idea in ideas]).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _unless_overtaken(idea: Idea) -> Any:
    """The idea's row as long as nobody has taken a step since we read it."""
    return Idea.objects.filter(pk=idea.pk, status=idea.status, trail_length=idea.trail_length)
