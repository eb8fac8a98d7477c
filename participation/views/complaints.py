"""The author of a comment objects to a decision about it: with an account, as a guest we remember, or by a mailed link."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.known import known_contact
from accounts.models import Contact
from common.views import quiet
from ideas.actions import Refused

from .. import actions
from .. import comment_permissions as permissions
from ..comment_links import complaint_token, is_same
from ..comment_workflow import Action
from ..discussions import subject_of
from ..models import Comment, CommentStep, Complaint
from ..models.comment import CommentQuerySet
from ..report_forms import ComplaintForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, pk: int) -> HttpResponse:
    """/kommentare/<pk>/einspruch/: for the author, with an account or remembered in this session."""
    contact = known_contact(request)
    if contact is None and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    comment = get_object_or_404(_comments(), pk=pk, contact=contact, contact__isnull=False)
    return _page(request, comment, contact)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complain_by_token(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """/kommentare/<pk>/einspruch/<token>/: for who got the mail."""
    comment = _comments().filter(pk=pk).first()
    if comment is None or not is_same(complaint_token(comment), token) or comment.contact is None:
        raise Http404
    return quiet(_page(request, comment, comment.contact))


def _comments() -> CommentQuerySet:
    about = ("discussion__idea__merged_root", "discussion__measure", "discussion__page")
    return Comment.objects.with_authors().select_related("shown", *about)


def _page(request: HttpRequest, comment: Comment, contact: Contact | None) -> HttpResponse:
    problem = permissions.why_not_complain(contact, comment)
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and not problem and contact:
        if form.is_valid():
            try:
                actions.complain(comment, form.cleaned_data["text"], contact)
            except Refused as refusal:
                problem, status = str(refusal), 409
            else:
                return redirect(request.path)
        else:
            status = 422
    return render(request, "participation/complain.html", _context(comment, form, problem), status=status)


def _context(comment: Comment, form: ComplaintForm, problem: Any) -> dict[str, Any]:
    complaint = Complaint.objects.filter(step__comment=comment).select_related("step", "decision").last()
    step = complaint.step if complaint else permissions.decision_to_complain_about(comment)
    newest = permissions.decision_to_complain_about(comment)
    if newest is not None and complaint is not None and complaint.step_id != newest.pk:
        complaint, step = None, newest  # an earlier one, about an earlier decision
    return {
        "comment": comment,
        "subject": subject_of(comment.discussion),
        "step": step,
        "text": _text(step),
        "was_refused": step is not None and step.action == Action.REFUSE,
        "complaint": complaint,
        "is_upheld": bool(complaint and complaint.decision and complaint.decision.action == Action.UPHOLD),
        "problem": "" if complaint else problem,
        "form": form,
    }


def _text(step: CommentStep | None) -> str:
    """What the decision is about, as its author wrote it."""
    return step.version.text if step and step.version else ""
