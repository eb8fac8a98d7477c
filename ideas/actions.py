"""What people do with ideas and measures: the only module that changes a status, a Lösung, a link or a progress.

Every step runs the same way, in one transaction: permission → precondition → row in the trail → conditional UPDATE of the
idea → messages in the outbox. A step that can't be taken raises `Refused` with a sentence for the person; `Overtaken` if
somebody was quicker. Nothing is changed then.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import tokens
from common.text import clean_text, has_words, one_line
from pages.models import LoesungPage
from search import sync

from . import notifications, permissions
from .models import (
    Idea,
    IdeaAuthor,
    IdeaPicture,
    IdeaVersion,
    Measure,
    MeasureIdea,
    NumberCounter,
    Place,
    TrailEntry,
    TrailText,
)
from .workflow import (
    NOT_YET_SUBMITTED,
    Action,
    Channel,
    Contribution,
    MeasureStatus,
    Reason,
    Status,
    Step,
    find_step,
    progress_from,
)

CONSENT_TEXT_VERSION = "2026-11"
CONFIRMATIONS_AN_HOUR = 3  # mails to one address that nobody has proved to be theirs


class Refused(Exception):
    """The step can't be taken. Its text is written to the person who tried."""


class Overtaken(Refused):
    """Somebody else took a step with this idea in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            _("Jemand hat diese Idee inzwischen bearbeitet. Bitte sehen Sie sich den neuen Stand an und entscheiden Sie dann.")
        )


@dataclass
class Submission:
    """What somebody hands in. `user` for an account, `email` for a guest; `key` makes a second press of the button harmless."""

    title: str
    text: str
    key: uuid.UUID
    user: User | None = None
    email: str = ""
    loesung: LoesungPage | None = None
    places: Iterable[Place] = ()
    picture: IdeaPicture | None = None
    tags: Iterable[str] = field(default_factory=list)


# --- handing in -------------------------------------------------------------------------------------------------------


def submit(submission: Submission, *, now: datetime | None = None) -> tuple[Idea, bool]:
    """Hand an idea in; returns it and whether it is new. The same key again gives the idea of the first time.

    An account's idea is *Eingereicht* at once, a guest's *Unbestätigt* until the mailed link is used. Raises Refused where a
    guest's address got too many of these mails already.
    """
    now = now or timezone.now()
    _refuse_to_flood(submission, now)
    try:
        with transaction.atomic():
            idea = _create(submission, now)
    except IntegrityError:
        earlier = Idea.objects.filter(submission_key=submission.key).first()
        if earlier is None:
            raise
        return earlier, False
    return idea, True


def _refuse_to_flood(submission: Submission, now: datetime) -> None:
    """Nobody may have us fill a stranger's letter box. This very form doesn't count: its button may be pressed twice."""
    if submission.user is not None:
        return
    waiting = Idea.objects.unconfirmed_from(submission.email, since=now - timedelta(hours=1))
    if waiting.exclude(submission_key=submission.key).count() >= CONFIRMATIONS_AN_HOUR:
        raise Refused(
            _(
                "An diese Adresse haben wir gerade schon mehrere E-Mails zum Bestätigen geschickt."
                " Bitte bestätigen Sie zuerst diese Ideen, oder versuchen Sie es in einer Stunde noch einmal."
            )
        )


def _create(submission: Submission, now: datetime) -> Idea:
    # The counter comes last: until the end of the transaction everybody else who hands in waits for it.
    idea = Idea.objects.create(
        submission_key=submission.key, loesung=submission.loesung, channel=Channel.WEBSITE, submitted_at=now
    )
    version = IdeaVersion.objects.create(
        idea=idea, title=one_line(submission.title), text=clean_text(submission.text), created_at=now
    )
    idea.places.set(submission.places)
    idea.tags.set(list(submission.tags))
    if submission.picture:
        submission.picture.version, submission.picture.submission_key = version, None
        submission.picture.save(update_fields=["version", "submission_key", "alt_text"])
    guest = submission.user is None
    IdeaAuthor.objects.create(
        idea=idea,
        user=submission.user,
        email="" if submission.user else submission.email.strip(),
        consent_text=CONSENT_TEXT_VERSION,
        consent_at=now,
        receipt_digest=tokens.digest(receipt_token(idea)),
        confirm_digest=tokens.digest(confirm_token(idea)) if guest else None,
    )
    target = Status.UNCONFIRMED if guest else Status.SUBMITTED
    step = _find(Action.SUBMIT, idea, target)
    entry = _record(idea, step, now=now, number=next_number())
    if guest:
        notifications.ask_to_confirm(idea)
    else:
        notifications.tell_author(idea, entry)
    return idea


def next_number() -> int:
    """The next public number. Taken in the caller's transaction, so a number that was shown to anybody is never given again."""
    if not NumberCounter.objects.filter(pk=1).update(last=F("last") + 1):
        highest = Idea.objects.aggregate(highest=Max("number"))["highest"] or 0
        NumberCounter.objects.get_or_create(pk=1, defaults={"last": highest})
        NumberCounter.objects.filter(pk=1).update(last=F("last") + 1)
    return NumberCounter.objects.values_list("last", flat=True).get(pk=1)


def keep_number_free(number: int) -> None:
    """After an import: what is handed in from now on gets a higher number than this."""
    NumberCounter.objects.get_or_create(pk=1)
    NumberCounter.objects.filter(pk=1, last__lt=number).update(last=number)


def receipt_token(idea: Idea) -> str:
    return tokens.derive("receipt", str(idea.submission_key))


def confirm_token(idea: Idea) -> str:
    return tokens.derive("confirm", str(idea.submission_key))


def confirm(idea: Idea, *, now: datetime | None = None) -> None:
    """The guest opened the mailed link and pressed the button. A second press changes nothing."""
    now = now or timezone.now()
    if idea.status not in NOT_YET_SUBMITTED:
        return
    try:
        with transaction.atomic():
            entry = _record(idea, _find(Action.CONFIRM, idea), now=now)
            idea.author.confirmed_at = now
            idea.author.save(update_fields=["confirmed_at"])
            notifications.tell_author(idea, entry)
    except Overtaken:
        # The same link pressed twice at once: the other press has confirmed it. Anything else is worth telling.
        if not Idea.objects.filter(pk=idea.pk).exclude(status__in=NOT_YET_SUBMITTED).exists():
            raise
        idea.refresh_from_db()


# --- the review desk --------------------------------------------------------------------------------------------------


@dataclass
class Decision:
    """What a member of staff enters with a step. `seen` is the length of the trail on the page they decided from."""

    reason: str = ""
    note: str = ""
    office: str = ""
    seen: int | None = None


_STEPS_THAT_CHANGE_MORE = (Action.RELEASE, Action.RECLASSIFY, Action.LINK_MEASURE, Action.UNLINK_MEASURE)


def take(idea: Idea, action: Action, *, by: User, decision: Decision | None = None, now: datetime | None = None) -> TrailEntry:
    """One step that changes nothing but the status: review, ask back, keep, reject, reopen. Returns the row of the trail.

    Raises ValueError for a step that has a function of its own here.
    """
    if action in _STEPS_THAT_CHANGE_MORE:
        raise ValueError(f"{action} changes more than the status and has a function of its own")
    with transaction.atomic():
        if action is Action.REOPEN and idea.measure_links.exists():
            raise Refused(_("Die Idee ist mit Maßnahmen verknüpft. Bitte lösen Sie diese Verknüpfungen zuerst."))
        return _staff_step(idea, action, by, decision, now)


def release(
    idea: Idea, version: IdeaVersion, *, by: User, decision: Decision | None = None, now: datetime | None = None
) -> TrailEntry:
    """Make this version of the idea public. Refused if the author has written a newer one meanwhile."""
    if version != idea.latest_version:
        raise Overtaken
    with transaction.atomic():
        return _staff_step(idea, Action.RELEASE, by, decision, now, released_version=version)


def reclassify(
    idea: Idea, loesung: LoesungPage | None, *, by: User, decision: Decision, now: datetime | None = None
) -> TrailEntry:
    """Assign the idea to another Lösung (None: to no Lösung yet); before, after and reason are public."""
    if loesung == idea.loesung:
        raise Refused(_("Die Idee gehört schon zu dieser Lösung. Bitte wählen Sie eine andere."))
    nowhere = _("noch keiner Lösung zugeordnet")
    changes = [
        {
            "label": _("Lösung"),
            "before": idea.loesung.title if idea.loesung else nowhere,
            "after": loesung.title if loesung else nowhere,
        }
    ]
    with transaction.atomic():
        return _staff_step(idea, Action.RECLASSIFY, by, decision, now, changes=changes, loesung=loesung)


def link_measure(
    idea: Idea,
    measure: Measure,
    contribution: Contribution,
    *,
    by: User,
    decision: Decision | None = None,
    now: datetime | None = None,
) -> TrailEntry:
    """Say that the idea goes into the measure; from now on it shows the measure's progress."""
    with transaction.atomic():
        _hold(measure, idea)
        try:
            with transaction.atomic():
                MeasureIdea.objects.create(
                    measure=measure, idea=idea, contribution=contribution, sort_order=measure.idea_links.count()
                )
        except IntegrityError as error:
            raise Refused(_("Die Idee ist mit dieser Maßnahme schon verknüpft.")) from error
        changes = [{"label": _("Maßnahme"), "before": "", "after": f"{measure.title} ({contribution.label})"}]
        return _staff_step(idea, Action.LINK_MEASURE, by, decision, now, changes=changes, progress=current_progress(idea))


def unlink_measure(idea: Idea, measure: Measure, *, by: User, decision: Decision, now: datetime | None = None) -> TrailEntry:
    """Take the idea out of the measure again."""
    with transaction.atomic():
        _hold(measure, idea)
        deleted, _rows = MeasureIdea.objects.filter(idea=idea, measure=measure).delete()
        if not deleted:
            raise Refused(_("Die Idee ist mit dieser Maßnahme nicht verknüpft."))
        changes = [{"label": _("Maßnahme"), "before": measure.title, "after": ""}]
        return _staff_step(idea, Action.UNLINK_MEASURE, by, decision, now, changes=changes, progress=current_progress(idea))


def _hold(measure: Measure, idea: Idea) -> None:
    """Keep others from changing what the idea's progress comes from until we are done. Always the measure before its ideas, as
    change_measure_status does it: whoever comes second waits, nobody waits for each other."""
    for rows in (Measure.objects.filter(pk=measure.pk), Idea.objects.filter(pk=idea.pk)):
        list(rows.select_for_update(no_key=True).values_list("pk"))


def _staff_step(
    idea: Idea,
    action: Action,
    by: User,
    decision: Decision | None,
    now: datetime | None,
    *,
    changes: list[dict[str, str]] | None = None,
    **fields: Any,
) -> TrailEntry:
    decision = decision or Decision()
    # First of all: who decided from an old page is told that, not that the step doesn't fit the new state.
    if decision.seen is not None and decision.seen != idea.trail_length:
        raise Overtaken
    step = _find(action, idea)
    problem = permissions.why_not(by, step, idea)
    if problem:
        raise Refused(problem)
    entry = _record(idea, step, now=now or timezone.now(), by=by, decision=decision, changes=changes, **fields)
    if step.tells_author:
        notifications.tell_author(idea, entry)
    return entry


# --- measures ---------------------------------------------------------------------------------------------------------


def current_progress(idea: Idea) -> str:
    """The progress that the idea's measures give it now."""
    return progress_from(list(Measure.objects.filter(idea_links__idea=idea).values_list("status", flat=True)))


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
                step, decision = _find(Action.PROGRESS, idea), Decision(office=office)
                changes = [{"label": _("Maßnahme"), "before": "", "after": f"{measure.title}: {status.label}"}]
                entry = _record(idea, step, now=now, by=by, decision=decision, changes=changes, progress=progress)
                notifications.tell_author(idea, entry)
                moved += 1
    return moved


# --- importing what was decided before PulseHub -----------------------------------------------------------------------


@dataclass
class ImportedIdea:
    """An idea that was reviewed elsewhere and keeps its number."""

    number: int
    title: str
    text: str
    loesung: LoesungPage | None
    channel: Channel
    decided_at: datetime
    reason: str = ""
    office: str = ""


def import_kept(imported: ImportedIdea) -> Idea:
    """Take over an idea that is already kept. Raises IntegrityError if the number is taken."""
    with transaction.atomic():
        idea = Idea.objects.create(number=imported.number, loesung=imported.loesung, channel=imported.channel)
        version = IdeaVersion.objects.create(
            idea=idea, title=one_line(imported.title), text=clean_text(imported.text), created_at=imported.decided_at
        )
        IdeaAuthor.objects.create(idea=idea)
        decision = Decision(reason=imported.reason, office=imported.office)
        _record(idea, _find(Action.IMPORT, idea), now=imported.decided_at, decision=decision, released_version=version)
        keep_number_free(imported.number)
    return idea


def import_link(idea: Idea, measure: Measure, contribution: Contribution, *, now: datetime, office: str = "") -> TrailEntry:
    """Take over that an idea goes into a measure."""
    with transaction.atomic():
        MeasureIdea.objects.create(measure=measure, idea=idea, contribution=contribution, sort_order=measure.idea_links.count())
        changes = [{"label": _("Maßnahme"), "before": "", "after": f"{measure.title} ({contribution.label})"}]
        step = _find(Action.LINK_MEASURE, idea)
        return _record(idea, step, now=now, decision=Decision(office=office), changes=changes, progress=current_progress(idea))


# --- the one way into the trail ---------------------------------------------------------------------------------------


def _find(action: Action, idea: Idea, target: Status | None = None) -> Step:
    step = find_step(action, idea.status, target)
    if step is None:
        raise Refused(_("Dieser Schritt passt nicht zum Stand „%(state)s“.") % {"state": idea.get_status_display()})
    return step


def _record(
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
