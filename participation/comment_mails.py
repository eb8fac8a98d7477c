"""Mails about comments, written into the outbox as keys of rows and put into words at delivery."""

from common import outbox
from common.models import OutboxMessage

from .comment_workflow import Action
from .models import Block, Comment, CommentStep, Report

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


def tell_author(step: CommentStep) -> None:
    """Tell the author what was decided, with the reason and how to complain. Nobody without an address."""
    if step.action in TOLD and step.comment.contact_id:
        outbox.put("participation.comment_decision", step=step.pk)


def acknowledge(report: Report) -> None:
    """Tell the reporter that the report has arrived; nothing that a stranger typed goes into this mail."""
    if report.email or report.contact_id:
        outbox.put("participation.report_received", report=report.pk)


def tell_reporters(step: CommentStep) -> None:
    """Tell everybody whose report this step decides. Call it after the reports point at it."""
    reached = [report for report in Report.objects.filter(decision=step) if report.email or report.contact_id]
    outbox.put_many("participation.report_decided", [{"report": report.pk} for report in reached])


def tell_thread(comment: Comment) -> None:
    """Tell the authors above who asked for it that somebody has answered. Call it when the comment is first shown."""
    if comment.reply_to_id:
        outbox.put("participation.comment_reply", comment=comment.pk)


def tell_blocked(block: Block) -> None:
    """Tell the person that they are blocked, until when and why, or that it is over."""
    outbox.put("participation.comment_block", block=block.pk, lifted=block.lifted_at is not None)


@outbox.handler("participation.comment_decision")
def _deliver_decision(message: OutboxMessage) -> None:
    raise NotImplementedError


@outbox.handler("participation.report_received")
def _deliver_receipt(message: OutboxMessage) -> None:
    raise NotImplementedError


@outbox.handler("participation.report_decided")
def _deliver_report(message: OutboxMessage) -> None:
    raise NotImplementedError


@outbox.handler("participation.comment_reply")
def _deliver_reply(message: OutboxMessage) -> None:
    raise NotImplementedError


@outbox.handler("participation.comment_block")
def _deliver_block(message: OutboxMessage) -> None:
    raise NotImplementedError
