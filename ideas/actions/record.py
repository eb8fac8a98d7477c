"""The one way into the trail: every step of every action ends here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, has_words
from search import sync

from ..models import Idea, TrailEntry, TrailText
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
    changes: list[dict[str, str]] | None = None,
    **fields: Any,
) -> TrailEntry:
    """Write the step into the trail and into the idea, or raise Overtaken and write nothing."""
    decision = decision or Decision()
    reason = clean_text(decision.reason)
    if step.reason is Reason.REQUIRED and not has_words(reason):
        raise Refused(_("Bitte begründen Sie diese Entscheidung. Der Grund wird veröffentlicht."))
    target = step.target or Status(idea.status)
    progress = fields.get("progress", idea.progress if target == Status.KEPT else "")
    try:
        with transaction.atomic():
            text = TrailText.objects.create(reason=reason, internal_note=clean_text(decision.note), actor=by)
            entry = TrailEntry.objects.create(
                idea=idea,
                position=idea.trail_length + 1,
                action=step.action,
                from_status=idea.status,
                to_status=target,
                office=decision.office,
                happened_at=now,
                reason_hash=hashlib.sha256(reason.encode()).hexdigest() if reason else "",
                changes=changes or [],
                progress=progress,
                text=text,
            )
            values = {"progress": progress, **fields, "status": target, "trail_length": idea.trail_length + 1}
            if target != idea.status:
                values["status_since"] = now
            if not _unless_overtaken(idea).update(**values):
                raise Overtaken
    except IntegrityError as error:
        if not _unless_overtaken(idea).exists():
            raise Overtaken from error
        raise
    for name, value in values.items():
        setattr(idea, name, value)
    sync.later(idea)
    return entry


def _unless_overtaken(idea: Idea) -> Any:
    """The idea's row as long as nobody has taken a step since we read it."""
    return Idea.objects.filter(pk=idea.pk, status=idea.status, trail_length=idea.trail_length)
