"""Who may do what with a comment now. What can happen to one at all stands in comment_workflow.py; every function gives the
sentence that tells the person why not, '' if they may."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from accounts.roles import Role
from ideas.models import Idea, Measure
from ideas.permissions import has_role
from ideas.workflow import Status
from pages.models import LoesungPage, NewsPage

from .comment_workflow import COMPLAINABLE, EDIT_MINUTES, MOVE, Action, State
from .models import Block, Comment, CommentRules, CommentStep, Complaint, Discussion

BLOCKED = _("Sie können zurzeit keine Kommentare schreiben. Den Grund haben wir Ihnen per E-Mail geschrieben.")
NO_RIGHT = _("Für diesen Schritt fehlt Ihnen die Berechtigung.")
_SILENT = frozenset({Status.WITHDRAWN})


def moderates(user: Any) -> bool:
    """Has the queue: reads what waits, hides, restores, decides complaints, blocks."""
    return has_role(user, Role.MODERATOR, Role.LEAD)


def answers_officially(user: Any) -> bool:
    """May mark a comment as the answer of the office."""
    return has_role(user, Role.REVIEWER, Role.LEAD)


def is_open_for_comments(target: Any, rules: CommentRules) -> bool:
    """Whether this kind of thing takes comments at all, and this one is public and stands."""
    if isinstance(target, Idea):
        return rules.on_ideas and target.is_public and target.status not in _SILENT
    if isinstance(target, Measure):
        return rules.on_measures
    if isinstance(target, NewsPage):
        return rules.on_news and bool(target.live)
    return isinstance(target, LoesungPage) and rules.on_loesungen and bool(target.live)


def why_not_comment(
    target: Any,
    rules: CommentRules,
    discussion: Discussion | None,
    *,
    contact: Contact | None = None,
    now: datetime | None = None,
) -> Any:
    """Why nobody, or not this person, can comment here now."""
    if not is_open_for_comments(target, rules):
        return _("Hier lässt sich nicht kommentieren.")
    if discussion and discussion.is_closed:
        return _("Hier sind keine neuen Kommentare mehr möglich. Lesen können Sie alle.")
    if contact and is_blocked(contact, now):
        return BLOCKED
    return ""


def is_blocked(contact: Contact, now: datetime | None = None) -> bool:
    return Block.objects.in_force(now).of(contact).exists()


def why_not_reply(comment: Comment) -> Any:
    """Why nobody can answer this comment. Answers to the deepest level stand beside what they answer."""
    return "" if comment.state == State.PUBLIC else _("Auf diesen Kommentar lässt sich nicht mehr antworten.")


def is_own(contact: Contact | None, comment: Comment) -> bool:
    return contact is not None and comment.contact_id == contact.pk


def is_own_of(user: Any, comment: Comment) -> bool:
    """Whether this account wrote it; for a moderator, who reads comments of their own at the desk as well."""
    return comment.contact_id is not None and comment.contact is not None and comment.contact.user_id == user.pk


def why_not_edit(contact: Contact | None, comment: Comment, now: datetime | None = None) -> Any:
    if not is_own(contact, comment):
        return NO_RIGHT
    if comment.state not in MOVE[Action.EDIT].sources:
        return _("Dieser Kommentar lässt sich nicht mehr ändern.")
    if (now or timezone.now()) >= comment.submit_date + timedelta(minutes=EDIT_MINUTES):
        return _("Ändern lässt sich ein Kommentar nur in den ersten 15 Minuten. Löschen können Sie ihn jederzeit.")
    return ""


def why_not_delete(contact: Contact | None, comment: Comment) -> Any:
    if not is_own(contact, comment):
        return NO_RIGHT
    return "" if comment.state in MOVE[Action.DELETE].sources else _("Dieser Kommentar ist schon gelöscht.")


def why_not_report(comment: Comment) -> Any:
    """Anybody may report what can be read."""
    if comment.state in MOVE[Action.REPORT].sources:
        return ""
    return _("Dieser Kommentar ist nicht mehr zu lesen. Sie müssen nichts mehr tun.")


def why_not_decide(user: Any, action: Action, comment: Comment) -> Any:
    """Why this person can't take this decision about the comment now."""
    if not moderates(user):
        return NO_RIGHT
    if is_own_of(user, comment):
        return _("Über den eigenen Kommentar entscheidet jemand anderes.")
    if comment.state not in MOVE[action].sources or not _fits(action, comment):
        return _("Dieser Schritt passt nicht zum Stand „%(state)s“.") % {"state": comment.get_state_display()}
    return ""


def _fits(action: Action, comment: Comment) -> bool:
    was_shown = comment.shown_at is not None
    return {
        Action.REFUSE: not was_shown,
        Action.HIDE: was_shown,
        Action.KEEP: comment.open_reports > 0 or comment.approved_at is None,
        Action.RESTORE: not comment.has_complaint,
        Action.APPROVE_EDIT: comment.waiting_id is not None,
        Action.REFUSE_EDIT: comment.waiting_id is not None,
    }.get(action, True)


def decision_to_complain_about(comment: Comment) -> CommentStep | None:
    """The decision against the author that stands."""
    steps = comment.steps.filter(action__in=COMPLAINABLE)
    found: CommentStep | None = steps.order_by("-position").first()
    return found


def why_not_complain(contact: Contact | None, comment: Comment, now: datetime | None = None) -> Any:
    if not is_own(contact, comment):
        return NO_RIGHT
    step = decision_to_complain_about(comment) if comment.state in MOVE[Action.COMPLAIN].sources else None
    if step is None:
        return _("Gegen diesen Kommentar gibt es keine Entscheidung, gegen die Sie Einspruch einlegen könnten.")
    if Complaint.objects.filter(step=step).exists():
        return _("Gegen diese Entscheidung haben Sie schon Einspruch eingelegt.")
    if (now or timezone.now()) > step.happened_at + timedelta(days=Complaint.DAYS):
        return _("Einspruch war sechs Monate lang möglich. Diese Zeit ist vorbei.")
    return ""


def why_not_decide_complaint(user: Any, complaint: Complaint) -> Any:
    """Why this person can't decide about the complaint: it takes another one than who decided first."""
    if not moderates(user):
        return NO_RIGHT
    comment = complaint.step.comment
    if is_own_of(user, comment):
        return _("Über den eigenen Kommentar entscheidet jemand anderes.")
    if complaint.step.actor_id == user.pk:
        return _("Sie haben zuerst entschieden. Über den Einspruch entscheidet jemand anderes.")
    if complaint.decision_id or not comment.has_complaint:
        return _("Über diesen Einspruch ist schon entschieden.")
    return ""


def why_not_block(user: Any, contact: Contact) -> Any:
    if not moderates(user):
        return NO_RIGHT
    if contact.user_id is not None and contact.user and (contact.user_id == user.pk or has_role(contact.user, *_PROTECTED)):
        return _("Mitglieder des Teams lassen sich nicht sperren.")
    return ""


_PROTECTED = (Role.REVIEWER, Role.LEAD, Role.EDITOR, Role.MODERATOR, Role.ADMIN)
