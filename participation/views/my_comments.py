"""One's own comments: what became of them, and no more mails about answers."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.known import known_contact
from common.pagination import page_urls
from common.views import quiet

from .. import actions, comment_mails, comment_permissions, discussions
from ..comment_workflow import COMPLAINABLE, MOVE, Action
from ..discussions import Subject
from ..models import Comment, CommentStep, Complaint

PER_PAGE = 20


# --- all of them ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One comment as its author sees it. `decision`: the one against it that stands."""

    comment: Comment
    subject: Subject
    decision: CommentStep | None

    @property
    def newest(self) -> Any:
        """The text as it was last written; of what can be read, what is read or waits: not a change that was refused."""
        if self.comment.is_readable:
            return self.comment.waiting or self.comment.shown
        return list(self.comment.versions.all())[-1]

    @property
    def why_held(self) -> list[Any]:
        waiting = self.comment.waiting
        return waiting.why_held if waiting else []

    @property
    def complaint(self) -> Complaint | None:
        return getattr(self.decision, "complaint", None)

    @property
    def may_complain(self) -> bool:
        if self.decision is None or self.complaint:
            return False
        return timezone.now() <= self.decision.happened_at + timedelta(days=Complaint.DAYS)

    @property
    def stop_url(self) -> str:
        return comment_mails.stop_path(self.comment)

    @property
    def may_edit(self) -> bool:
        return not comment_permissions.why_not_edit(self.comment.contact, self.comment)

    @property
    def may_delete(self) -> bool:
        return not comment_permissions.why_not_delete(self.comment.contact, self.comment)


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """/konto/kommentare/: what this person wrote, newest first."""
    contact = known_contact(request)
    own = Comment.objects.of_contact(contact) if contact else Comment.objects.none()
    decisions = CommentStep.objects.filter(action__in=COMPLAINABLE).select_related("complaint__decision").order_by("position")
    page = Paginator(
        own.select_related(
            "contact__user",
            "waiting",
            "shown",
            "discussion__idea__released_version",
            "discussion__idea__merged_root__released_version",
            "discussion__measure",
        )
        .prefetch_related("versions", Prefetch("steps", decisions, to_attr="decisions"))
        .order_by("-submit_date", "-pk"),
        PER_PAGE,
    ).get_page(request.GET.get("seite"))
    subjects = discussions.subjects_of(comment.discussion for comment in page)
    rows = [Row(comment, subjects[comment.discussion_id], _standing_decision(comment)) for comment in page]
    return render(request, "participation/my_comments.html", {"rows": rows, "page_urls": page_urls(request, page)})


def _standing_decision(comment: Any) -> CommentStep | None:
    if comment.state not in MOVE[Action.COMPLAIN].sources or not comment.decisions:
        return None
    step: CommentStep = comment.decisions[-1]
    return step


# --- mails about answers ----------------------------------------------------------------------------------------------


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """/kommentare/<pk>/abbestellen/<token>/: a page with a button. A POST stops at once, from wherever it comes: mail programs
    send it (RFC 8058), and whoever knows the secret address may."""
    comment = Comment.objects.filter(pk=pk).first()
    if comment is None or not secrets.compare_digest(token.encode(), comment_mails.stop_token(comment).encode()):
        return quiet(render(request, "participation/comment_stop.html", {"is_wrong": True}, status=404))
    if request.method == "POST":
        actions.stop_followup(comment)
    is_stopped = request.method == "POST" or not comment.followup
    context = {"is_stopped": is_stopped, "subject": discussions.subject_of(comment.discussion)}
    return quiet(render(request, "participation/comment_stop.html", context))
