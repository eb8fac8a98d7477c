"""Mails about comments, written into the outbox as keys of rows and put into words at delivery: what is no longer so by then is
not said. Authors never learn who reported, reporters never who wrote.

What a stranger typed goes only to addresses that are proved, each line of it marked, so that nothing in it looks like ours.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.contacts import address_key
from accounts.models import Contact
from common import outbox, tokens
from common.models import OutboxMessage
from ideas.notifications import send_signed

from .comment_links import complaint_token, receipt_token
from .comment_workflow import COMPLAINABLE, Action, State
from .discussions import subject_of
from .local_time import local, moment_in_words
from .models import Block, Comment, CommentStep, Complaint, Report

# Steps of which an author is told. What they did themselves they know.
TOLD = frozenset(
    {
        Action.APPROVE,
        Action.REFUSE,
        Action.HIDE,
        Action.RESTORE,
        Action.APPROVE_EDIT,
        Action.REFUSE_EDIT,
        Action.UPHOLD,
        Action.REJECT,
    }
)
REPORTS_AN_HOUR = 3  # mails about reports to one address that nobody has proved


# --- what is to be said -----------------------------------------------------------------------------------------------


def tell_author(step: CommentStep) -> None:
    """Tell the author what was decided, with the reason and how to complain. Nobody without an address."""
    if step.action in TOLD and step.comment.contact_id:
        outbox.put("participation.comment_decision", step=step.pk)


def acknowledge(report: Report) -> None:
    """Tell the reporter that the report has arrived; nothing that a stranger typed goes into this mail."""
    if _gets_mail(report):
        outbox.put("participation.report_received", report=report.pk)


def tell_reporters(step: CommentStep) -> None:
    """Tell everybody whose report this step decides. Call it after the reports point at it."""
    reached = [report for report in Report.objects.filter(decision=step).select_related("contact__user") if _gets_mail(report)]
    outbox.put_many("participation.report_decided", [{"report": report.pk} for report in reached])


def _gets_mail(report: Report) -> bool:
    """Whether we write to this reporter. To an address that nobody proved, only about the first few reports of an hour: else
    anybody could fill a stranger's mailbox through us. The others have the receipt's link from the page."""
    if report.contact_id:
        return True
    if not report.email:
        return False
    # Of one host; which spellings are one address, address_key knows.
    host = report.email.rpartition("@")[2]
    earlier = Report.objects.filter(
        contact=None,
        email__iendswith=f"@{host}",
        reported_at__gt=report.reported_at - timedelta(hours=1),
        reported_at__lte=report.reported_at,
        pk__lt=report.pk,
    ).values_list("email", flat=True)
    own = address_key(report.email)
    return sum(address_key(email) == own for email in earlier) < REPORTS_AN_HOUR


def tell_thread(comment: Comment) -> None:
    """Tell the authors above who asked for it that somebody has answered. Call it when the comment is first shown."""
    if comment.reply_to_id:
        outbox.put("participation.comment_reply", comment=comment.pk)


def tell_blocked(block: Block) -> None:
    """Tell the person that they are blocked, until when and why, or that it is over."""
    outbox.put("participation.comment_block", block=block.pk, lifted=block.lifted_at is not None)


# --- decisions, to the author -----------------------------------------------------------------------------------------

_STEP = ("comment__contact__user", "comment__discussion", "comment__user", "version")


@outbox.handler("participation.comment_decision")
def _deliver_decision(message: OutboxMessage) -> None:
    step = CommentStep.objects.select_related(*_STEP).filter(pk=message.payload["step"]).first()
    if step is None or step.comment.contact is None or _is_overtaken(step):
        return
    contact = step.comment.contact
    with override(contact.mail_language):
        context = decision_context(step)
    send_signed("participation/comment_decision", contact.address, message, context, language=contact.mail_language)


def _is_overtaken(step: CommentStep) -> bool:
    """Whether the comment stands otherwise by now: its author has deleted it, or somebody has decided again."""
    later = CommentStep.objects.filter(comment=step.comment_id, position__gt=step.position, action__in=TOLD)
    return step.comment.state != step.to_state or later.exists()


def decision_context(step: CommentStep) -> dict[str, Any]:
    """What the mail says, in the language that is active."""
    comment, action = step.comment, Action(step.action)
    last_day = local(step.happened_at + timedelta(days=Complaint.DAYS))
    return {
        **_about(comment),
        "action": action.value,
        "text": quoted(step.version.text if step.version else comment.comment),
        "ground": step.get_ground_display() if step.ground else "",
        "reason": step.reason,
        "complain_url": settings.BASE_URL + complain_path(comment) if action in COMPLAINABLE else "",
        "until": date_format(last_day) if action in COMPLAINABLE else "",
    }


def _about(comment: Comment) -> dict[str, Any]:
    subject = subject_of(comment.discussion)
    return {"label": subject.label, "title": subject.title, "url": settings.BASE_URL + comment.get_absolute_url()}


def quoted(text: str) -> str:
    """Somebody's words in a mail, each line marked as such."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def complain_path(comment: Comment) -> str:
    """Where its author complains: with an account there, without one by a secret link."""
    if comment.contact and comment.contact.user_id:
        return reverse("comment_complain", args=[comment.pk])
    return reverse("comment_complain_by_token", args=[comment.pk, complaint_token(comment)])


# --- reports, to whoever reported -------------------------------------------------------------------------------------


@outbox.handler("participation.report_received")
def _deliver_receipt(message: OutboxMessage) -> None:
    report = Report.objects.select_related("contact__user").filter(pk=message.payload["report"]).first()
    if report is None or report.decision_id or not (to := _address(report)):
        return
    language = _language(report)
    with override(language):
        context = {"number": report.pk, "url": receipt_url(report)}
    send_signed("participation/report_received", to, message, context, language=language)


@outbox.handler("participation.report_decided")
def _deliver_report(message: OutboxMessage) -> None:
    reports = Report.objects.select_related("contact__user", "decision")
    report = reports.filter(pk=message.payload["report"], decision__isnull=False).first()
    if report is None or report.decision is None or not (to := _address(report)):
        return
    language = _language(report)
    with override(language):
        context = report_context(report, report.decision)
    send_signed("participation/report_decided", to, message, context, language=language)


def report_context(report: Report, decision: CommentStep) -> dict[str, Any]:
    """What the mail says of the decision. The words of an author who deleted the comment are none of the house's."""
    return {
        "number": report.pk,
        "action": decision.action,
        "ground": decision.get_ground_display() if decision.ground else "",
        "reason": decision.reason,
        "url": receipt_url(report),
    }


def receipt_url(report: Report) -> str:
    return settings.BASE_URL + reverse("report_receipt", args=[report.pk, receipt_token(report)])


def _address(report: Report) -> str:
    return report.contact.address if report.contact else report.email


def _language(report: Report) -> str:
    return report.contact.mail_language if report.contact else report.language


# --- answers, to the authors above ------------------------------------------------------------------------------------


@outbox.handler("participation.comment_reply")
def _fan_out(message: OutboxMessage) -> None:
    """One message for each person above who asked for it; the nearest of their comments counts."""
    comment = Comment.objects.filter(pk=message.payload["comment"], state=State.PUBLIC).first()
    if comment is None:
        return
    chosen: dict[int, Comment] = {}
    for above in _above(comment):
        if above.contact_id and above.contact_id != comment.contact_id:
            chosen.setdefault(above.contact_id, above)
    with transaction.atomic():
        told = [{"comment": comment.pk, "above": above.pk} for above in chosen.values()]
        outbox.put_many("participation.comment_reply_to", told)


def _above(comment: Comment) -> list[Comment]:
    """What it answers and everything above that, nearest first, as far as answers are wanted there."""
    wanted = Comment.objects.filter(followup=True, state=State.PUBLIC)
    above = wanted.filter(pk__in={*comment.ancestor_keys, comment.reply_to_id})
    return sorted(above, key=lambda each: (each.pk == comment.reply_to_id, each.level), reverse=True)


@outbox.handler("participation.comment_reply_to")
def _deliver_reply(message: OutboxMessage) -> None:
    readable = Comment.objects.filter(state=State.PUBLIC).select_related("contact__user", "user", "discussion")
    comment = readable.filter(pk=message.payload["comment"]).first()
    above = readable.filter(pk=message.payload["above"], followup=True).first()
    if comment is None or above is None or above.contact is None:
        return
    contact: Contact = above.contact
    with override(contact.mail_language):
        stop_url = settings.BASE_URL + stop_path(above)
        context = {**_about(comment), **reply_context(comment), "stop_url": stop_url}
    send_signed(
        "participation/comment_reply", contact.address, message, context, language=contact.mail_language, stop_url=stop_url
    )


def reply_context(comment: Comment) -> dict[str, Any]:
    return {"name": comment.author_name, "official": comment.is_official, "text": quoted(comment.comment)}


def stop_token(comment: Comment) -> str:
    """The secret of the link that ends mails about answers to this comment."""
    return tokens.derive("comment.stop", str(comment.key))


def stop_path(comment: Comment) -> str:
    return reverse("comment_stop", args=[comment.pk, stop_token(comment)])


# --- blocked people ---------------------------------------------------------------------------------------------------


@outbox.handler("participation.comment_block")
def _deliver_block(message: OutboxMessage) -> None:
    block = Block.objects.select_related("contact__user").filter(pk=message.payload["block"]).first()
    lifted = message.payload["lifted"]
    if block is None or (not lifted and (block.lifted_at or _is_past(block.until))):
        return
    contact = block.contact
    if contact is None:  # the account is gone
        return
    with override(contact.mail_language):
        context = {
            "lifted": lifted,
            "reason": block.reason,
            "until": moment_in_words(block.until) if block.until else "",
        }
    send_signed("participation/comment_block", contact.address, message, context, language=contact.mail_language)


def _is_past(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()
