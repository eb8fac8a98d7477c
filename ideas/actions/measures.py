"""What happens to ideas when a measure moves on."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text
from pages.words import words
from search import sync

from .. import families, news, notifications
from ..models import Idea, Measure, MeasureEntry, MeasureIdea, TrailText
from ..models.trail import hash_of
from ..workflow import MEASURE_STATES, Action, Contribution, MeasureStatus, Status
from .record import Decision, Overtaken, find, in_the_trails_language, record


def current_progress(idea: Idea) -> str:
    """The progress that the measures of the idea, and of all that have become part of it, give it now."""
    return families.progress_of(Idea.objects.family_of(idea).values("pk"))


@in_the_trails_language()
def put_into(measure: Measure, idea: Idea, contribution: Contribution) -> list[dict[str, str]]:
    """Say that the idea goes into the measure; returns what the trail tells of it. Raises IntegrityError if it is in."""
    MeasureIdea.objects.create(measure=measure, idea=idea, contribution=contribution, sort_order=measure.idea_links.count())
    return [{"label": words["Massnahme"], "before": "", "after": f"{measure.title} ({contribution.label})"}]


def record_for_measure(
    measure: Measure,
    kind: MeasureEntry.Kind,
    *,
    now: datetime,
    by: User | None = None,
    decision: Decision | None = None,
    changes: list[dict[str, Any]] | None = None,
    happened_at: datetime | None = None,
    **fields: Any,
) -> MeasureEntry:
    """Write a step into the measure's way and its new values into the measure, or raise Overtaken and write nothing.

    `happened_at`: when what the step tells of happened, if not now.
    """
    decision = decision or Decision()
    reason = clean_text(decision.reason)
    status = fields.get("status", measure.status)
    try:
        with transaction.atomic():
            text = TrailText.objects.create(reason=reason, internal_note=clean_text(decision.note), actor=by)
            entry = MeasureEntry.objects.create(
                measure=measure,
                position=measure.trail_length + 1,
                kind=kind,
                from_status=measure.status,
                to_status=status,
                office=decision.office,
                happened_at=happened_at or now,
                reason_hash=hash_of(reason),
                changes=changes or [],
                text=text,
            )
            values = {**fields, "trail_length": measure.trail_length + 1, "updated_on": timezone.localdate(now)}
            if not _unless_overtaken(measure).update(**values):
                raise measure_overtaken()
    except IntegrityError as error:
        if not _unless_overtaken(measure).exists():
            raise measure_overtaken() from error
        raise
    for name, value in values.items():
        setattr(measure, name, value)
    sync.later(measure)
    news.tell_followers(entry, now)
    return entry


def _unless_overtaken(measure: Measure) -> Any:
    return Measure.objects.filter(pk=measure.pk, status=measure.status, trail_length=measure.trail_length)


def measure_overtaken() -> Overtaken:
    return Overtaken(
        _(
            "Jemand hat %(this_acc_massnahme)s inzwischen bearbeitet."
            " Bitte sehen Sie sich den neuen Stand an und entscheiden Sie dann."
        )
        % words
    )


def hold_measure(measure: Measure) -> Measure:
    """The measure as it stands now, kept from others until the transaction ends; the caller's object learns where it stands."""
    own = Measure.objects.select_for_update(of=("self",), no_key=True).select_related("loesung", "zielbild").get(pk=measure.pk)
    measure.status, measure.trail_length = own.status, own.trail_length
    return own


def change_measure_status(
    measure: Measure,
    status: MeasureStatus,
    *,
    by: User | None = None,
    decision: Decision | None = None,
    now: datetime | None = None,
) -> int:
    """Set the measure's status, with a row in its way and one in the trail of every kept idea that goes into it, whether the
    idea's own progress moves or stays; their authors get a mail.

    Returns the number of these ideas.
    """
    now, decision = now or timezone.now(), decision or Decision()
    with transaction.atomic():
        own = hold_measure(measure)
        if measure.status == status:
            return 0
        with in_the_trails_language():
            before, after = own.get_status_display(), str(MEASURE_STATES[status].label)
            changes = [{"label": _("Stand"), "before": before, "after": after}]
        record_for_measure(measure, MeasureEntry.Kind.STATUS, now=now, by=by, decision=decision, changes=changes, status=status)
        return _pass_on(measure, status, now, by, decision)


def _pass_on(measure: Measure, status: MeasureStatus, now: datetime, by: User | None, decision: Decision) -> int:
    """A row in the trail of every kept idea in the measure: what the measure does now, and the idea's own progress."""
    roots = Coalesce("idea__merged_root", "idea")
    linked = Idea.objects.filter(pk__in=measure.idea_links.values_list(roots), status=Status.KEPT).order_by("pk")
    ideas = list(linked.select_for_update(of=("self",), no_key=True))
    with in_the_trails_language():
        changes = [{"label": words["Massnahme"], "before": "", "after": f"{measure.title}: {MEASURE_STATES[status].label}"}]
    for idea in ideas:
        step, office = find(Action.PROGRESS, idea), Decision(office=decision.office)
        entry = record(idea, step, now=now, by=by, decision=office, changes=changes, progress=current_progress(idea))
        notifications.tell_author(idea, entry)
    return len(ideas)
