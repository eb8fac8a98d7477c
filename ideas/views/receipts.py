"""The receipt: what somebody sees and does with an idea of their own, with its secret link or with an account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.pdf import Unavailable
from pages import site

from .. import actions, lost_receipts, offers, permissions, receipts
from ..forms_of_authors import AnswerForm, EditForm, LostReceiptForm, WithdrawForm
from ..models import Idea
from ..notifications import receipt_url
from ..receipt_pdf import receipt_pdf
from ..workflow import IDEA_STATES, NOT_YET_SUBMITTED, Action, Status
from .details import similar_ideas

OwnView = Callable[[HttpRequest, Idea], HttpResponse]


def with_own_idea(view: OwnView) -> Callable[[HttpRequest, int], HttpResponse]:
    """The view gets the reader's own idea of this number; everybody else a page that says how to find a lost receipt."""

    @never_cache
    @wraps(view)
    def fetch(request: HttpRequest, number: int) -> HttpResponse:
        try:
            idea = receipts.own_idea_or_404(request, number)
        except Http404:
            return no_receipt(request)
        return view(request, idea)

    return fetch


@never_cache
@require_safe
def idea_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """/ideen/verfolgen/<token>/: the secret link. Leads on at once, to an address without the secret."""
    idea = receipts.idea_of_token(token)
    if idea is None:
        return no_receipt(request)
    return open_receipt(request, idea)


def open_receipt(request: HttpRequest, idea: Idea) -> HttpResponse:
    """Keep the idea's receipt in this browser and show it."""
    receipts.keep(request, idea)
    response = redirect(_address(idea) + ("" if permissions.why_author_cannot(Action.ANSWER, idea) else "#antwort"))
    response["Referrer-Policy"] = "no-referrer"
    return response


def _address(idea: Idea) -> str:
    return reverse("receipt", args=[idea.number])


@require_http_methods(["GET", "HEAD", "POST"])
@with_own_idea
def receipt(request: HttpRequest, idea: Idea) -> HttpResponse:
    """/ideen/verfolgen/<number>/: number, state, way, what happens next, and what the author can do now. Takes the answer to an
    open question."""
    form = AnswerForm(_sent(request)) if request.method == "POST" else None
    if form and form.is_valid():
        try:
            actions.answer(idea, form.cleaned_data["text"])
        except actions.Refused as problem:
            form.add_error(None, str(problem))
            idea.refresh_from_db()
        else:
            thanks = _("Danke. Ihre Antwort ist bei uns. Sobald wir sie gelesen haben, steht sie öffentlich bei Ihrer Idee.")
            messages.success(request, thanks)
            return redirect(_address(idea))
    return _page(request, idea, form, status=422 if form else 200)


def _page(request: HttpRequest, idea: Idea, answer_form: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    waiting = idea.status in NOT_YET_SUBMITTED
    asked = not permissions.why_author_cannot(Action.ANSWER, idea)
    url = receipt_url(idea) if idea.author.receipt_digest else ""
    context = {
        "idea": idea,
        "is_new": idea.needs_release and (waiting or idea.status == Status.SUBMITTED),
        "state": idea.state,
        "trail": [] if waiting else idea.public_trail(),
        "next_steps": _next_steps(idea),
        "answer_due": idea.answer_due,
        "confirm_needed": waiting,
        "confirm_days": Idea.DAYS_TO_CONFIRM,
        "email_hint": _masked(idea.author.email) if waiting else "",
        "question": idea.trail.select_related("text").filter(action=Action.ASK_BACK).last() if asked else None,
        "answer_form": answer_form or (AnswerForm() if asked else None),
        "can_edit": not permissions.why_author_cannot(Action.EDIT, idea),
        "can_withdraw": not waiting,
        "can_claim": idea.author.user_id is None and not waiting,
        "is_in_account": idea.author.user_id is not None,
        "newest": idea.latest_version,
        "receipt_url": url,
        "qr_code": receipts.qr_code(url) if url else "",
        "similar": similar_ideas(idea.title, but=idea),
        "parts": offers.taking_part(idea),
        "offers": [] if waiting else offers.offers_for_idea(idea),
    }
    return render(request, "ideas/idea_receipt.html", context, status=status)


def no_receipt(request: HttpRequest) -> HttpResponse:
    text = _(
        "Vielleicht fehlt ein Stück des Links, oder dieses Gerät kennt Ihren Beleg nicht mehr. Wir schicken Ihnen den Link gern"
        " noch einmal. Wurde die Idee zurückgezogen oder nicht rechtzeitig bestätigt, gibt es keinen Beleg mehr."
    )
    context = {
        "heading": _("Diesen Beleg finden wir nicht"),
        "text": text,
        "action_url": reverse("receipts"),
        "action_label": _("Link noch einmal schicken"),
    }
    return render(request, "ideas/link_problem.html", context, status=404)


@require_http_methods(["GET", "HEAD", "POST"])
@with_own_idea
def edit(request: HttpRequest, idea: Idea) -> HttpResponse:
    """Another wording."""
    problem = permissions.why_author_cannot(Action.EDIT, idea)
    form = None if problem and request.method != "POST" else EditForm(idea, _sent(request))
    if form and request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        try:
            actions.edit(
                idea, entered["title"], entered["text"], seen=entered["seen"], keep_pictures=not entered.get("picture_remove")
            )
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Ihre neue Fassung ist bei uns. Wir lesen sie, dann veröffentlichen wir sie."))
            return redirect(_address(idea))
    context = {"idea": idea, "form": form, "problem": problem, "newest": idea.latest_version}
    return render(request, "ideas/idea_edit.html", context, status=422 if form and form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@with_own_idea
def withdraw(request: HttpRequest, idea: Idea) -> HttpResponse:
    """Says what withdrawing means, and does it when the button is pressed."""
    problem = permissions.why_author_cannot(Action.WITHDRAW, idea)
    form = WithdrawForm(idea, _sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(idea, with_text=form.cleaned_data.get("with_text", False))
        except actions.Refused as refusal:
            problem = problem or str(refusal)
        else:
            done = _("Die Idee %(number)s ist zurückgezogen. Wir haben Ihre Angaben gelöscht.") % {"number": idea.number}
            messages.success(request, done)
            return redirect("receipts")
    context = {"idea": idea, "form": form, "problem": problem, "house": site.current()}
    context["state_then"] = IDEA_STATES[Status.WITHDRAWN]
    return render(request, "ideas/idea_withdraw.html", context, status=409 if problem and request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@with_own_idea
def claim(request: HttpRequest, idea: Idea) -> HttpResponse:
    """A guest's idea becomes the account's. Signing in comes back here."""
    problem = permissions.why_not_claim(request.user, idea) if request.user.is_authenticated else ""
    if request.method == "POST" and isinstance(request.user, User):
        try:
            actions.claim(idea, by=request.user)
        except actions.Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Diese Idee gehört jetzt zu Ihrem Konto. Ihr Beleg gilt weiter."))
            return redirect(_address(idea))
    if idea.author.user_id is not None and idea.author.user_id == request.user.pk:
        return redirect(_address(idea))
    context = {"idea": idea, "problem": problem, "needs_sign_in": not request.user.is_authenticated, "here": request.path}
    return render(request, "ideas/idea_claim.html", context, status=409 if problem and request.method == "POST" else 200)


@require_safe
@with_own_idea
def pdf(request: HttpRequest, idea: Idea) -> HttpResponse:
    """The receipt to keep: number, secret link, QR code."""
    if not idea.author.receipt_digest:
        return no_receipt(request)
    try:
        data = receipt_pdf(idea, site.current())
    except Unavailable:
        messages.error(request, _("PDF-Dateien gibt es hier gerade nicht. Bitte drucken Sie diese Seite, sie sagt dasselbe."))
        return redirect(_address(idea))
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="Beleg-Idee-{idea.number}.pdf"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipts_here(request: HttpRequest) -> HttpResponse:
    """/ideen/verfolgen/: the receipts of this browser, and the way to one that was lost."""
    if request.POST.get("action") == "forget":
        receipts.forget_all(request)
        messages.success(request, _("Dieses Gerät kennt Ihre Belege nicht mehr. Die Links in Ihren E-Mails gelten weiter."))
        return redirect("receipts")
    form = LostReceiptForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        lost_receipts.ask_for(form.cleaned_data["email"])
        return redirect("receipts_sent")
    held = receipts.ideas_held(request).select_related("released_version").prefetch_related("versions").order_by("-number")
    context: dict[str, Any] = {"form": form, "ideas": list(held)}
    return render(request, "ideas/receipts.html", context, status=422 if form.errors else 200)


@require_safe
def receipts_sent(request: HttpRequest) -> HttpResponse:
    """/ideen/verfolgen/verschickt/: the same sentence, whether we know the address or not."""
    return render(request, "ideas/receipts_sent.html")


@login_required
def my_idea(request: HttpRequest, number: int) -> HttpResponse:
    """/konto/ideen/<number>/: the way from a mail to one's own idea, past the door."""
    return redirect("receipt", number=number)


def _sent(request: HttpRequest) -> Any:
    """What a form was sent with; None where the page was only opened."""
    return request.POST if request.method == "POST" else None


def _next_steps(idea: Idea) -> list[str]:
    steps = {
        Status.UNCONFIRMED: [
            _("Öffnen Sie die E-Mail, die wir Ihnen gerade geschickt haben, und bestätigen Sie Ihre Adresse."),
            _("Wir lesen Ihre Idee und veröffentlichen sie, wenn alles in Ordnung ist."),
            _("Wir prüfen sie nach Kriterien, die alle nachlesen können."),
            _("Sie bekommen eine E-Mail, sobald wir entschieden haben."),
        ],
        Status.SUBMITTED: [
            _("Wir lesen Ihre Idee und veröffentlichen sie, wenn alles in Ordnung ist."),
            _("Wir prüfen sie nach Kriterien, die alle nachlesen können."),
            _("Sie bekommen eine E-Mail, sobald wir entschieden haben."),
        ],
        Status.IN_REVIEW: [_("Wir prüfen Ihre Idee gerade."), _("Sie bekommen eine E-Mail, sobald wir entschieden haben.")],
        Status.QUESTION: [_("Wir haben eine Frage an Sie. Bitte beantworten Sie sie hier."), _("Danach prüfen wir weiter.")],
    }
    still_ahead = steps.get(Status(idea.status), [])
    return still_ahead[1:] if idea.status == Status.SUBMITTED and idea.is_public else still_ahead


def _masked(email: str) -> str:
    """Enough of the address to recognise a typing error, not enough to learn it."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}" if host else ""
