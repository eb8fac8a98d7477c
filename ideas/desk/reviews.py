"""What a reviewer does: own list, one review, stepping back."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from accounts.models import User

from .. import actions, permissions
from ..models import Review
from .frame import header, idea_crumb, review_staff
from .navigation import tabs
from .review_forms import ConflictForm, ReviewForm

SHOWN_HANDED_IN = 20


@review_staff
@require_safe
def my_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for this person, the earliest due date first, and what they handed in last."""
    rows = Review.objects.select_related("round__idea__released_version", "round__idea__loesung")
    context = {
        "tabs": tabs(request.user, "reviews"),
        "waiting": rows.waiting_for(request.user),
        "handed_in": rows.handed_in_by(request.user)[:SHOWN_HANDED_IN],
        **header(_("Meine Prüfungen")),
    }
    return render(request, "ideas/desk/my_reviews.html", context)


def _own_or_404(request: HttpRequest, pk: int) -> Review:
    reviews = Review.objects.visible_to(request.user).filter(reviewer=cast(User, request.user))
    reviews = reviews.select_related("round__idea__released_version", "round__idea__author", "round__idea__loesung")
    return get_object_or_404(
        reviews.select_related("round__scheme_version__scheme").prefetch_related("scores", "round__scheme_version__criteria"),
        pk=pk,
    )


@review_staff
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the criteria: keep a draft or hand in. What stops it is said on the same page, what was typed is still there."""
    own = _own_or_404(request, pk)
    form = ReviewForm(own, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and (done := _take(request, form)):
            messages.success(request, done)
            return redirect("ideas_desk:reviews")
        status = 409 if own.pk and not _own_or_404(request, pk).is_writable else 422
    return _render(request, own, form, status)


def _take(request: HttpRequest, form: ReviewForm) -> str:
    """What was done, to say on the next page; '' if nothing was or answers are missing."""
    by, number = cast(User, request.user), form.review.round.idea.number
    try:
        if request.POST.get("action") == "hand_in":
            return (_("Ihre Prüfung von Idee %s ist abgegeben. Danke!") % number) if form.hand_in(by=by) else ""
        form.save_draft(by=by)
    except actions.Refused as problem:
        form.add_error(None, str(problem))
        return ""
    return _("Ihr Entwurf zu Idee %s ist gespeichert.") % number


def _render(request: HttpRequest, own: Review, form: ReviewForm, status: int) -> HttpResponse:
    idea = own.round.idea
    context = {
        "review": own,
        "idea": idea,
        "form": form,
        "is_writable": not permissions.why_not_write_review(request.user, own),
        "why_not": permissions.why_not_write_review(request.user, own),
        **header(_("Prüfung von Idee %s") % idea.number, (reverse("ideas_desk:reviews"), _("Meine Prüfungen"))),
    }
    return render(request, "ideas/desk/review.html", context, status=status)


@review_staff
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Step back for being biased."""
    own = _own_or_404(request, pk)
    form = ConflictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare_conflict(own, form.cleaned_data["reason"], by=cast(User, request.user))
        except actions.Refused as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(
                request, _("Idee %s steht nicht mehr auf Ihrer Liste. Die Leitung weiß Bescheid.") % own.round.idea.number
            )
            return redirect("ideas_desk:reviews")
    context: dict[str, Any] = {
        "review": own,
        "idea": own.round.idea,
        "form": form,
        **header(_("Ich bin befangen"), (reverse("ideas_desk:reviews"), _("Meine Prüfungen")), idea_crumb(own.round.idea)),
    }
    return render(request, "ideas/desk/review_conflict.html", context, status=422 if form.is_bound else 200)
