"""What happens to ideas when a measure moves on."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from search import sync

from .. import notifications
from ..models import Idea, Measure, MeasureIdea
from ..workflow import Action, Contribution, MeasureStatus, Status, progress_from
from .record import Decision, find, record


def current_progress(idea: Idea) -> str:
    """The progress that the idea's measures give it now."""
    return progress_from(list(Measure.objects.filter(idea_links__idea=idea).values_list("status", flat=True)))


def put_into(measure: Measure, idea: Idea, contribution: Contribution) -> list[dict[str, str]]:
    """Say that the idea goes into the measure; returns what the trail tells of it. Raises IntegrityError if it is in."""
    MeasureIdea.objects.create(measure=measure, idea=idea, contribution=contribution, sort_order=measure.idea_links.count())
    return [{"label": _("Maßnahme"), "before": "", "after": f"{measure.title} ({contribution.label})"}]


def change_measure_status(
    measure: Measure, status: MeasureStatus, *, by: User | None = None, office: str = "", now: datetime | None = None
) -> int:
    """Set the measure's status; every kept idea in it whose progress changes gets a row in its trail and its author a mail.

    Returns the number of these ideas.
    """
    now = now or timezone.now()
    moved = 0
    with transaction.atomic():
        changed = (
            Measure.objects.filter(pk=measure.pk)
            .exclude(status=status)
            .update(status=status, updated_on=timezone.localdate(now))
        )
        measure.status = status
        if not changed:
            return 0
        sync.later(measure)
        linked = Idea.objects.filter(measure_links__measure=measure, status=Status.KEPT).order_by("pk")
        for idea in linked.select_for_update(of=("self",), no_key=True):
            progress = current_progress(idea)
            if progress != idea.progress:
                step, decision = find(Action.PROGRESS, idea), Decision(office=office)
                changes = [{"label": _("Maßnahme"), "before": "", "after": f"{measure.title}: {status.label}"}]
                entry = record(idea, step, now=now, by=by, decision=decision, changes=changes, progress=progress)
                notifications.tell_author(idea, entry)
                moved += 1
    return moved
