"""What readers and moderators do with comments: report, decide, complain, decide about the complaint, block."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Contact
from common.text import clean_text, has_words
from ideas.actions import Overtaken, Refused

from .. import comment_mails
from .. import comment_permissions as permissions
from ..comment_workflow import MOVE, Action, Ground, State, Who
from ..discussions import discussion_of
from ..models import Block, Comment, CommentStep, Complaint, Discussion, Report
from .commenting import hold, hold_rules, record, settle_reports, show

_CLOSES_REPORTS = frozenset({Action.APPROVE, Action.REFUSE, Action.HIDE, Action.KEEP})


def report(
    comment: Comment,
    ground: Ground,
    *,
    text: str = "",
    name: str = "",
    email: str = "",
    contact: Contact | None = None,
    network: str = "",
    language: str = "de",
    key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Report:
    """Somebody reports what can be read. From a set number of different people on it is held until a moderator has decided,
    unless one has passed this text already. The same form twice is one report."""
    now = now or timezone.now()
    with transaction.atomic():
        rules = hold_rules()
        if key and (there := Report.objects.filter(submission_key=key).first()):
            return there
        comment = hold(comment)
        if (problem := permissions.why_not_report(comment)) or comment.shown is None:
            raise Refused(problem)
        made = Report.objects.create(
            comment=comment,
            version=comment.shown,
            ground=ground,
            text=clean_text(text),
            name=clean_text(name),
            email=email.strip(),
            contact=contact,
            network=network,
            language=language,
            submission_key=key or uuid.uuid4(),
            reported_at=now,
        )
        comment.open_reports += 1
        record(comment, Action.REPORT, Who.READER, ground=ground, now=now)
        if comment.approved_at is None and not comment.is_official and _reporters(comment) >= rules.hold_after_reports:
            comment.comment = ""
            record(comment, Action.HOLD, Who.RULE, to=State.HELD, now=now)
        comment_mails.acknowledge(made)
    return made


def _reporters(comment: Comment) -> int:
    """How many different people have reported it, as far as that can be known: by their contact, else by the network. An
    address that nobody has proved makes nobody another person."""
    rows = Report.objects.filter(comment=comment, decision=None).values_list("contact", "network")
    return len({contact or network for contact, network in rows})


def decide(
    comment: Comment,
    action: Action,
    *,
    by: Any,
    ground: str = "",
    reason: str = "",
    note: str = "",
    seen: int | None = None,
    now: datetime | None = None,
) -> CommentStep:
    """A moderator decides (comment_workflow.DECISIONS). `seen`: the number of steps on the page that they decided from.

    Raises Overtaken where somebody took a step in the meantime, Refused with the sentence that says why not."""
    now = now or timezone.now()
    with transaction.atomic():
        comment = hold(comment)
        if seen is not None and seen != comment.step_count:
            raise Overtaken(_("Bei diesem Kommentar hat sich inzwischen etwas getan. Bitte sehen Sie sich den neuen Stand an."))
        if problem := permissions.why_not_decide(by, action, comment):
            raise Refused(problem)
        _check_reason(action, ground, reason)
        return _carry_out(comment, action, by=by, ground=ground, reason=reason, note=note, now=now)


def _check_reason(action: Action, ground: str, reason: str) -> None:
    if MOVE[action].needs_reason and not has_words(reason):
        raise Refused(_("Bitte begründen Sie die Entscheidung. Die Begründung geht an alle, die sie betrifft."))
    if action in (Action.HIDE, Action.REFUSE) and ground not in Ground.values:
        raise Refused(_("Bitte wählen Sie einen Grund."))


def _carry_out(comment: Comment, action: Action, *, now: datetime, **words: Any) -> CommentStep:
    """What the decision does to the comment, its step, and the answer to whoever reported it."""
    to = next(iter(MOVE[action].targets), None)
    version = comment.shown if action in (Action.HIDE, Action.KEEP) else comment.waiting or comment.shown
    if action is Action.APPROVE_EDIT or (action is Action.APPROVE and comment.waiting and comment.shown_at):
        comment.edited_at = now
    if action in (Action.APPROVE, Action.APPROVE_EDIT) and version:
        show(comment, version, now)
    if action in (Action.RESTORE, Action.UPHOLD):
        show(comment, comment.shown or comment.versions.latest("number"), now)
        comment.ground = ""
    if action in (Action.HIDE, Action.REFUSE):
        comment.comment, comment.ground = "", words["ground"]
    if action in (Action.HIDE, Action.REFUSE, Action.REFUSE_EDIT):
        comment.waiting = None
    comment.approved_at = None if action in (Action.HIDE, Action.REFUSE) else now
    if action is Action.REJECT:
        comment.approved_at = None
    actor = words.pop("by")
    step = record(comment, action, Who.MODERATOR, to=to, version=version, actor=actor, now=now, **words)
    if action in _CLOSES_REPORTS:
        settle_reports(comment, step)
    return step


# --- complaints -------------------------------------------------------------------------------------------------------


def complain(comment: Comment, text: str, contact: Contact, *, now: datetime | None = None) -> Complaint:
    """The author objects to the decision that stands."""
    now = now or timezone.now()
    with transaction.atomic():
        comment = hold(comment)
        if problem := permissions.why_not_complain(contact, comment, now):
            raise Refused(problem)
        if not has_words(text):
            raise Refused(_("Bitte schreiben Sie, warum Sie die Entscheidung für falsch halten."))
        step = permissions.decision_to_complain_about(comment)
        assert step is not None  # noqa: S101 - without one it was refused
        made = Complaint.objects.create(step=step, text=clean_text(text), filed_at=now)
        comment.has_complaint = True
        record(comment, Action.COMPLAIN, Who.AUTHOR, actor=contact.user, now=now)
    return made


def decide_complaint(
    complaint: Complaint, *, uphold: bool, by: Any, reason: str, note: str = "", now: datetime | None = None
) -> CommentStep:
    """Another person decides: the comment is shown again, or the first decision stands."""
    now = now or timezone.now()
    action = Action.UPHOLD if uphold else Action.REJECT
    with transaction.atomic():
        comment = hold(complaint.step.comment)
        complaint = Complaint.objects.select_related("step__comment__contact__user").get(pk=complaint.pk)
        if problem := permissions.why_not_decide_complaint(by, complaint):
            raise Refused(problem)
        _check_reason(action, "", reason)
        comment.has_complaint = False
        step = _carry_out(comment, action, by=by, reason=reason, note=note, now=now)
        Complaint.objects.filter(pk=complaint.pk).update(decision=step, decided_by=by)
    return step


# --- blocked people ---------------------------------------------------------------------------------------------------


def block(contact: Contact, *, by: Any, reason: str, until: datetime | None = None, now: datetime | None = None) -> Block:
    """Let this person write no comments for now; they are told why and until when."""
    now = now or timezone.now()
    if problem := permissions.why_not_block(by, contact):
        raise Refused(problem)
    if not has_words(reason):
        raise Refused(_("Bitte begründen Sie die Sperre. Die Person liest die Begründung."))
    if until is not None and until <= now:
        raise Refused(_("Bitte wählen Sie ein Ende in der Zukunft."))
    with transaction.atomic():
        Contact.objects.select_for_update().get(pk=contact.pk)
        if permissions.is_blocked(contact, now):
            raise Refused(_("Diese Person ist schon gesperrt."))
        made = Block.objects.create(
            contact=contact,
            reason=clean_text(reason),
            until=until,
            blocked_at=now,
            blocked_by=by,
            address_key=contact.address_key,
        )
        comment_mails.tell_blocked(made)
    return made


def lift_block(block: Block, *, by: Any, now: datetime | None = None) -> None:
    """The person can comment again, and is told."""
    if not permissions.moderates(by):
        raise Refused(permissions.NO_RIGHT)
    with transaction.atomic():
        found = Block.objects.filter(pk=block.pk, lifted_at=None)
        if not found.update(lifted_at=now or timezone.now(), lifted_by=by):
            raise Refused(_("Diese Sperre ist schon aufgehoben."))
        comment_mails.tell_blocked(Block.objects.get(pk=block.pk))


# --- discussions ------------------------------------------------------------------------------------------------------


def close_discussion(discussion: Discussion, closed: bool, *, by: Any) -> None:
    """Take no new comments here, or take them again. Kept in Wagtail's log."""
    if not permissions.moderates(by):
        raise Refused(permissions.NO_RIGHT)
    # Of ideas that belong together, one discussion says for all whether it is open.
    root = discussion_of(discussion.idea) if discussion.idea else discussion
    with transaction.atomic():
        if not Discussion.objects.filter(pk=root.pk, is_closed=not closed).update(is_closed=closed):
            raise Refused(_("Das ist schon so."))
        log(root, f"participation.discussion.{'close' if closed else 'open'}", user=by)
