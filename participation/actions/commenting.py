"""What authors do with comments: write, confirm, edit, delete. The one way into a comment's log is `record`.

Whoever writes holds the row of the rules until the end, so that of texts that come at once no more get through the brakes than
one after the other. Whoever changes a comment holds its row. Locks are taken in this order: rules, comment, discussion.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import known
from accounts.models import AddressProof, Contact
from common.text import clean_text
from ideas.actions import Refused

from .. import brakes, comment_mails
from .. import comment_permissions as permissions
from ..comment_workflow import Action, HoldReason, State, Who
from ..discussions import Subject, discussion_of, subject_of
from ..models import Comment, CommentRules, CommentStep, CommentVersion, Discussion


@dataclass(frozen=True)
class Author:
    """Who writes: somebody known (`contact`, with `user` where there is an account), or an address that is still to be proved
    (`email`, mailed in `language`). `name` is what a guest wants to be called."""

    contact: Contact | None = None
    user: Any = None
    name: str = ""
    email: str = ""
    language: str = "de"


@dataclass(frozen=True)
class Circumstances:
    """How a text came: with its proof of work, counted by the rate limits, from which network (a digest)."""

    proved: bool = True
    counted: bool = True
    network: str = ""


def write(
    target: Any,
    text: str,
    author: Author,
    *,
    reply_to: Comment | None = None,
    followup: bool = False,
    official: bool = False,
    key: uuid.UUID | None = None,
    came: Circumstances = Circumstances(),
    now: datetime | None = None,
) -> Comment | None:
    """A new comment on an idea, a measure or a page. With the `key` of a form that was sent before it is the comment that it
    became then.

    None, where a guest's address got too many mails lately: whoever writes is told the same as if one was on its way. Raises
    Refused with the sentence that says why not.
    """
    now = now or timezone.now()
    with transaction.atomic():
        rules = hold_rules()
        if key and (there := Comment.objects.filter(submission_key=key).first()):
            return there
        if reply_to is not None:
            reply_to = hold(reply_to)  # hidden at this moment, it takes no answer
        discussion = discussion_of(target)
        _check(target, rules, discussion, author, reply_to, now)
        proof = None
        if author.contact is None and (proof := _ask_to_prove(target, rules, author, now)) is None:
            return None
        comment = Comment.objects.create(
            # An answer stays with what it answers, also where an idea is shown on the page of another one.
            discussion=reply_to.discussion if reply_to else discussion,
            content_object=target,
            site_id=1,
            user=author.user,
            user_name="" if author.user else author.name,
            contact=author.contact,
            proof=proof,
            reply_to=reply_to,
            followup=followup,
            is_official=official and permissions.answers_officially(author.user),
            state=State.UNCONFIRMED if proof else State.HELD,
            submission_key=key or uuid.uuid4(),
            network=came.network,
            submit_date=now,
        )
        _first_version(comment, text, author, rules, came, now)
    return comment


def _check(
    target: Any, rules: CommentRules, discussion: Discussion, author: Author, reply_to: Comment | None, now: datetime
) -> None:
    if problem := permissions.why_not_comment(target, rules, discussion, contact=author.contact, now=now):
        raise Refused(problem)
    if reply_to is not None and (problem := permissions.why_not_reply(reply_to)):
        raise Refused(problem)
    if author.contact and not is_staff(author.user) and brakes.is_limited(author.contact, rules, now):
        raise Refused(
            _("Wer hier neu ist, kann am Tag %(number)s Kommentare schreiben. Bitte kommen Sie morgen wieder.")
            % {"number": rules.new_per_day}
        )


def _ask_to_prove(target: Any, rules: CommentRules, author: Author, now: datetime) -> AddressProof | None:
    """Mail a link that proves the guest's address and leads to the comments; None where it got too many lately."""
    if not rules.guests or not author.email:
        raise Refused(_("Zum Kommentieren brauchen Sie hier ein Konto."))
    return known.ask_to_prove(author.email, Subject(target).comments_url, language=author.language, now=now)


def _first_version(
    comment: Comment, text: str, author: Author, rules: CommentRules, came: Circumstances, now: datetime
) -> None:
    """The text, and the first row of the log. A guest's text is weighed when the address is proved; what was wrong with how it
    came is kept until then."""
    reasons = brakes.reasons_to_hold(
        text,
        author.contact,
        rules,
        name=comment.user_name,
        is_staff=is_staff(author.user),
        proved=came.proved,
        counted=came.counted,
    )
    version = add_version(comment, text, reasons, now)
    public = comment.state != State.UNCONFIRMED and not reasons
    if public:
        show(comment, version, now)
        comment.approved_at = now if is_staff(author.user) else None  # the team looks at its own
    elif comment.state == State.UNCONFIRMED:
        comment.waiting = None  # nobody moderates what nobody has confirmed
    record(comment, Action.WRITE, Who.AUTHOR, to=State.PUBLIC if public else None, version=version, actor=author.user, now=now)


def confirm(comment: Comment, contact: Contact, *, now: datetime | None = None) -> Comment:
    """The guest's address is proved: the comment is theirs, and shown or held as any other."""
    now = now or timezone.now()
    with transaction.atomic():
        rules = hold_rules()
        comment = hold(comment)
        if comment.state != State.UNCONFIRMED:
            return comment
        version = comment.versions.get(number=1)
        came_with = version.hold_reasons.split()
        reasons = brakes.reasons_to_hold(
            version.text,
            contact,
            rules,
            name=comment.user_name,
            proved=HoldReason.NO_PROOF not in came_with,
            counted=HoldReason.LIMITER not in came_with,
        )
        comment.contact, comment.user, comment.submit_date = contact, contact.user, now
        comment.user_name = "" if contact.user else comment.user_name
        if _is_closed_by_now(comment, contact, rules, now):
            reasons.append(HoldReason.NOT_ANY_MORE)
        CommentVersion.objects.filter(pk=version.pk).update(hold_reasons=" ".join(reasons))
        if not reasons:
            show(comment, version, now)
            record(comment, Action.CONFIRM, Who.AUTHOR, to=State.PUBLIC, version=version, now=now)
        else:
            comment.waiting = version
            record(comment, Action.CONFIRM, Who.AUTHOR, to=State.HELD, version=version, now=now)
    return comment


def _is_closed_by_now(comment: Comment, contact: Contact, rules: CommentRules, now: datetime) -> bool:
    """Whether what could be written when the form was sent can't be any more: then a moderator looks at it first."""
    target = subject_of(comment.discussion).target
    return bool(
        permissions.why_not_comment(target, rules, discussion_of(target), contact=contact, now=now)
        or (comment.reply_to and permissions.why_not_reply(comment.reply_to))
        or not (rules.guests or contact.user)
        or brakes.is_limited(contact, rules, now)
    )


def edit(
    comment: Comment,
    text: str,
    contact: Contact,
    *,
    came: Circumstances = Circumstances(),
    now: datetime | None = None,
) -> Comment:
    """A new text. It is shown at once, or waits for the moderation while the old one can still be read. The same text once more
    changes nothing."""
    now = now or timezone.now()
    with transaction.atomic():
        rules = hold_rules()
        comment = hold(comment)
        if problem := permissions.why_not_edit(contact, comment, now):
            raise Refused(problem)
        if permissions.is_blocked(contact, now):
            raise Refused(permissions.BLOCKED)
        if comment.versions.latest("number").text == clean_text(text):
            return comment
        reasons = brakes.reasons_to_hold(
            text,
            contact,
            rules,
            is_staff=is_staff(contact.user),
            proved=came.proved,
            counted=came.counted,
            approved_before=comment.approved_at is not None,
        )
        version = add_version(comment, text, reasons, now)
        if comment.state == State.PUBLIC and not reasons:
            comment.edited_at = now
            show(comment, version, now)
        record(comment, Action.EDIT, Who.AUTHOR, version=version, actor=contact.user, now=now)
    return comment


def delete_own(comment: Comment, contact: Contact, *, now: datetime | None = None) -> Comment:
    """The author takes the comment away: its texts are emptied, its place and what others answered stay. Reports about it are
    settled by that."""
    now = now or timezone.now()
    with transaction.atomic():
        comment = hold(comment)
        if problem := permissions.why_not_delete(contact, comment):
            raise Refused(problem)
        comment.waiting = None
        comment.comment, comment.user_name, comment.ground, comment.has_complaint = "", "", "", False
        step = record(comment, Action.DELETE, Who.AUTHOR, to=State.DELETED, actor=contact.user, now=now)
        comment.versions.exclude(text="").update(text="")
        settle_reports(comment, step)
    return comment


def stop_followup(comment: Comment) -> None:
    """No more mails about answers to this comment."""
    Comment.objects.filter(pk=comment.pk, followup=True).update(followup=False)


# --- the pieces -------------------------------------------------------------------------------------------------------


def hold_rules() -> CommentRules:
    """The house's rules; their row is locked until the end of the transaction."""
    return CommentRules.objects.select_for_update(of=("self",), no_key=True).get(pk=CommentRules.load().pk)


def hold(comment: Comment) -> Comment:
    """The comment as it stands now; its rows are locked until the end of the transaction.

    Those of its base, too: whoever waited here would otherwise read the old text beside the new state, and save it. `no_key`:
    rows that point at it can still be written. Their check at the end of a transaction would otherwise wait for this lock, and
    both for ever.
    """
    rows = Comment.objects.select_for_update(of=("self", "base", "base__comment_ptr"), no_key=True)
    found: Comment = rows.order_by().get(pk=comment.pk)
    return found


def is_staff(user: Any) -> bool:
    """The office and the moderators wait for nobody."""
    return bool(user) and (permissions.moderates(user) or permissions.answers_officially(user))


def add_version(comment: Comment, text: str, reasons: Any, now: datetime) -> CommentVersion:
    """The next version; it waits where there are reasons, or where the comment itself is held."""
    version = CommentVersion.objects.create(
        comment=comment,
        number=comment.versions.count() + 1,
        text=clean_text(text),
        hold_reasons=" ".join(reasons),
        written_at=now,
    )
    if reasons or comment.state == State.HELD:
        comment.waiting = version  # saved with the step that follows
    return version


def show(comment: Comment, version: CommentVersion, now: datetime) -> None:
    """Make this the text that is read. Saved with the step that follows."""
    comment.comment, comment.shown, comment.waiting = version.text, version, None
    comment.shown_at = comment.shown_at or now


def record(
    comment: Comment,
    action: Action,
    who: Who,
    *,
    to: State | None = None,
    version: CommentVersion | None = None,
    actor: Any = None,
    ground: str = "",
    reason: str = "",
    note: str = "",
    now: datetime | None = None,
) -> CommentStep:
    """Write the step and, with it, everything that changed on the comment: its state, its place in the count, who is told."""
    now = now or timezone.now()
    before, first_shown = comment.state, comment.shown_at == now
    step = CommentStep.objects.create(
        comment=comment,
        position=comment.step_count + 1,
        action=action,
        who=who,
        from_state="" if action is Action.WRITE else before,
        to_state=to or before,
        version=version or comment.waiting or comment.shown,
        ground=ground,
        reason=clean_text(reason),
        note=clean_text(note),
        actor=actor,
        happened_at=now,
    )
    comment.step_count, comment.state = step.position, to or State(before)
    comment.save()
    if State.PUBLIC in (before, comment.state) and before != comment.state:
        recount(comment.discussion_id)
        if first_shown and comment.state == State.PUBLIC:
            comment_mails.tell_thread(comment)
    comment_mails.tell_author(step)
    return step


def recount(discussion_pk: int) -> None:
    """Count anew what can be read in this discussion."""
    Discussion.objects.select_for_update(no_key=True).get(pk=discussion_pk)
    Discussion.objects.filter(pk=discussion_pk).update(
        comment_count=Comment.objects.shown().filter(discussion=discussion_pk).count()
    )


def settle_reports(comment: Comment, step: CommentStep) -> None:
    """This step is the answer to every report that is open."""
    comment.reports.filter(decision=None).update(decision=step)
    Comment.objects.filter(pk=comment.pk).update(open_reports=0)
    comment.open_reports = 0
    comment_mails.tell_reporters(step)
