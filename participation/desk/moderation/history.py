"""What a moderator reads beside a comment: the thread above it, reports, every step so far, what its author wrote before."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Contact

from ...comment_workflow import State, Who
from ...models import Comment, CommentStep, Report
from ...models.comment import KEY_DIGITS
from .frame import person, who_wrote


@dataclass(frozen=True)
class Author:
    """`name`: what moderators call the person; the numbers are about their comments so far, this one not among them."""

    name: str
    contact: Contact | None
    is_guest: bool
    earlier: int
    approved: int
    against: int


def of_author(comment: Comment) -> Author:
    numbers = {"earlier": 0, "approved": 0, "against": 0}
    if comment.contact_id:
        others = Comment.objects.of_contact(comment.contact).exclude(pk=comment.pk)  # type: ignore[arg-type]
        numbers = others.aggregate(
            earlier=Count("pk"),
            approved=Count("pk", filter=Q(state=State.PUBLIC, approved_at__isnull=False)),
            against=Count("pk", filter=Q(state__in=(State.HIDDEN, State.REFUSED))),
        )
    return Author(who_wrote(comment), comment.contact, comment.user is None, **numbers)


def thread_above(comment: Comment) -> list[dict[str, Any]]:
    """What the comment hangs below, from the first one down, and what it answers where that stands beside it."""
    keys = {int(comment.path[place : place + KEY_DIGITS]) for place in range(0, len(comment.path), KEY_DIGITS)}
    keys |= {comment.reply_to_id} if comment.reply_to_id else set()
    rows = Comment.objects.filter(pk__in=keys - {comment.pk}).with_authors().order_by("path")
    return [{"comment": row, "who": who_wrote(row)} for row in rows]


def reports_of(comment: Comment) -> list[dict[str, Any]]:
    """Every report, the open ones first. The name is shown here and nowhere else, the address nowhere."""
    rows = Report.objects.filter(comment=comment).select_related("contact__user", "version", "decision")
    found = [
        {
            "report": row,
            "who": row.name or (person(row.contact) if row.contact else _("ohne Namen")),
            "is_told": bool(row.email or row.contact_id),
            "is_open": row.decision_id is None,
            "is_older_text": row.version_id != comment.shown_id,
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: not row["is_open"])


def steps_of(comment: Comment) -> list[dict[str, Any]]:
    """The log of the comment, the newest step first."""
    return [{"step": step, "who": who_took(step)} for step in comment.steps.select_related("actor").order_by("-position")]


def who_took(step: CommentStep) -> str:
    """Who took a step, as moderators are told: colleagues by name, authors and readers by what they are."""
    if step.who == Who.MODERATOR:
        return str(step.actor) if step.actor else _("Konto gelöscht")
    return {
        Who.AUTHOR.value: _("Absender"),
        Who.READER.value: _("Wer gelesen hat"),
        Who.RULE.value: _("Programm"),
    }[step.who]
