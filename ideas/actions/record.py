"""The one way into the trail: every step of every action ends here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, has_words
from search import sync

from .. import news
from ..models import Idea, ReviewSettings, TrailEntry, TrailText
from ..workflow import Action, Reason, Status, Step, find_step


class Refused(Exception):
    """The step can't be taken. Its text is written to the person who tried."""


class Overtaken(Refused):
    """Somebody else took a step with this idea in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            _("Jemand hat diese Idee inzwischen bearbeitet. Bitte sehen Sie sich den neuen Stand an und entscheiden Sie dann.")
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
    sync.later(idea)
    news.tell_followers(entry)
    return entry


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
        reason_hash=hashlib.sha256(reason.encode()).hexdigest() if reason else "",
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


def _unless_overtaken(idea: Idea) -> Any:
    """The idea's row as long as nobody has taken a step since we read it."""
    return Idea.objects.filter(pk=idea.pk, status=idea.status, trail_length=idea.trail_length)
