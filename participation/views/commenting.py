"""Writing, changing and deleting comments: small pages with one form each. Nothing is changed by opening them, and nothing that
somebody typed is lost, whatever has happened meanwhile."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.known import acting_contact, ask_to_prove, forget, known_contact, masked
from accounts.models import Contact
from common.forms import AddressForm
from common.limits import Answer, Limits, Most, allowed
from common.proof_of_work import Effort
from common.text import clean_text

from .. import actions, comment_permissions, confirming, discussions, local_time
from ..actions.commenting import Author, Circumstances, is_staff
from ..comment_forms import CommentForm, EditForm
from ..comment_workflow import EDIT_MINUTES, State
from ..discussions import Subject
from ..models import Comment, CommentRules, Discussion
from ..voters import network_digest

form_page = require_http_methods(["GET", "HEAD", "POST"])
AN_HOUR = 20
WRITING = Limits("comment", network=Most(AN_HOUR), contact=Most(AN_HOUR))
# Links to addresses that nobody has proved; one address has a limit of its own (accounts/known.py).
MAILED_LINKS = Limits("comment-link", network=Most(AN_HOUR), mail=True)
TOO_MANY = gettext_lazy(
    "Von Ihrem Anschluss kam gerade sehr viel. Bitte warten Sie etwas und senden Sie dann noch einmal ab."
    " Ihr Text steht noch hier."
)


@dataclass
class Writing:
    """Somebody on the page for a new comment on `subject`, an answer to `reply_to` where there is one."""

    request: HttpRequest
    subject: Subject
    reply_to: Comment | None
    rules: CommentRules
    contact: Contact | None
    may_be_official: bool

    @property
    def url(self) -> str:
        return reverse("comment_reply", args=[self.reply_to.pk]) if self.reply_to else self.subject.write_url

    @property
    def has_account(self) -> bool:
        return bool(self.request.user.is_authenticated)

    @property
    def is_known(self) -> bool:
        return self.has_account or self.contact is not None

    @property
    def closed(self) -> str:
        """Why nobody, or not this person, can write here; '' where they can."""
        target = self.subject.target
        found = Discussion.objects.filter(**{_field_of(self.subject): target.pk}).first()
        problem = comment_permissions.why_not_comment(target, self.rules, found, contact=self.contact)
        if not problem and self.reply_to:
            problem = comment_permissions.why_not_reply(self.reply_to)
        return str(problem)

    @property
    def needs_account(self) -> bool:
        return not self.is_known and not self.rules.guests

    def form(self, data: Any = None, **initial: Any) -> CommentForm:
        return CommentForm(
            data, initial=initial, is_known=self.is_known, has_account=self.has_account, may_be_official=self.may_be_official
        )

    def author(self, entered: dict[str, Any]) -> Author:
        if self.has_account:
            return Author(contact=acting_contact(self.request), user=self.request.user)
        if self.contact:
            return Author(contact=self.contact, name=entered["name"])
        return Author(name=entered["name"], email=entered["email"], language=entered["language"])


def _field_of(subject: Subject) -> str:
    return {discussions.IDEA: "idea", discussions.MEASURE: "measure"}.get(subject.kind, "page")


@never_cache
@form_page
def write(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """/kommentare/<kind>/<key>/schreiben/"""
    return _page(_writing(request, discussions.find(request.user, kind, key)))


@never_cache
@form_page
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """/kommentare/<pk>/antworten/"""
    comments = Comment.objects.listed().with_authors().select_related("discussion")
    answered = comments.filter(pk=pk).first()
    if answered is None:
        raise Http404
    about = discussions.subject_of(answered.discussion)
    # Of what this reader may not see there is nothing to answer.
    return _page(_writing(request, discussions.find(request.user, about.kind, about.key), answered))


def _writing(request: HttpRequest, subject: Subject, reply_to: Comment | None = None) -> Writing:
    official = comment_permissions.answers_officially(request.user)
    return Writing(request, subject, reply_to, CommentRules.load(), known_contact(request), official)


def _page(writing: Writing) -> HttpResponse:
    request = writing.request
    if request.method != "POST":
        return _show(writing, writing.form())
    if request.POST.get("action") == "forget":
        # What was typed stays; only who writes it is open again.
        forget(request)
        writing.contact = None
        return _show(writing, writing.form(**{name: request.POST.get(name, "") for name in ("text", "name", "followup")}))
    form = writing.form(request.POST)
    if writing.closed or writing.needs_account:
        return _show(writing, form, status=409)
    if not form.is_valid():
        return _show(writing, form, status=422)
    if earlier := Comment.objects.filter(submission_key=form.cleaned_data["submission_key"]).first():
        return _again(writing, form, earlier)
    counted = allowed(request, WRITING, contact=writing.contact and writing.contact.pk)
    if counted is Answer.NO or not (writing.is_known or allowed(request, MAILED_LINKS).lets_mail):
        form.add_error(None, TOO_MANY)
        return _show(writing, form, status=429)
    return _send(writing, form, counted)


def _send(writing: Writing, form: CommentForm, counted: Answer) -> HttpResponse:
    entered = form.cleaned_data
    try:
        with transaction.atomic():
            came = Circumstances(
                proved=form.effort is Effort.PROVED,
                counted=not counted.needs_a_look,
                network=network_digest(writing.request, "comments"),
            )
            comment = actions.write(
                writing.subject.target,
                entered["text"],
                writing.author(entered),
                reply_to=writing.reply_to,
                followup=entered["followup"],
                official=entered.get("official", False),
                key=entered["submission_key"],
                came=came,
            )
    except actions.Refused as problem:
        form.add_error(None, str(problem))
        return _show(writing, form, status=409)
    return _sent(writing, comment)


def _sent(writing: Writing, comment: Comment | None) -> HttpResponse:
    """Where the sender of a comment is led. Guests whose address isn't proved are told the same whatever became of it."""
    if comment is None or not writing.is_known or comment.contact_id is None:
        return redirect(f"{writing.url}?gesendet")
    outcome = confirming.became(comment)
    messages.success(writing.request, outcome.said)
    return redirect(outcome.url)


def _again(writing: Writing, form: CommentForm, earlier: Comment) -> HttpResponse:
    """The form was sent before: by a second press, or with another text after going back."""
    first = earlier.versions.order_by("number").first()
    if first is not None and first.text in ("", form.cleaned_data["text"]):
        return _sent(writing, earlier)
    form.with_new_key()
    form.add_error(
        None,
        _(
            "Mit diesem Formular haben Sie schon einen Kommentar gesendet."
            " Ist das ein weiterer? Dann senden Sie noch einmal ab."
        ),
    )
    return _show(writing, form, status=409)


def _show(writing: Writing, form: CommentForm, status: int = 200) -> HttpResponse:
    user: Any = writing.request.user
    context = {
        "subject": writing.subject,
        "reply_to": writing.reply_to,
        "url": writing.url,
        "form": form,
        "closed": writing.closed,
        "needs_account": writing.needs_account,
        "typed": clean_text(str(form["text"].value() or "")) if status == 409 else "",
        "before": writing.rules.moderation == CommentRules.Moderation.BEFORE,
        "mail_sent": "gesendet" in writing.request.GET,
        "guest_hint": masked(writing.contact.address) if writing.contact and not writing.has_account else "",
        "shown_name": user.display_name if writing.has_account else "",
        "sign_in_url": f"{reverse('account_login')}?next={writing.url}",
    }
    return render(writing.request, "participation/comment_write.html", context, status=status)


# --- one's own comment ------------------------------------------------------------------------------------------------


@never_cache
@form_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """/kommentare/<pk>/bearbeiten/"""
    comment, contact = _comment_or_404(pk), known_contact(request)
    if answer := _not_own(request, comment, contact):
        return answer
    assert contact is not None  # noqa: S101 - whose comment it is, is known
    newest = comment.versions.latest("number")
    form = EditForm(request.POST if request.method == "POST" else None, initial={"text": newest.text})
    problem = str(comment_permissions.why_not_edit(contact, comment))
    status = 200
    if request.method == "POST":
        status = 409 if problem else 422
        if not problem and form.is_valid():
            counted = allowed(request, WRITING, contact=contact.pk)
            if counted is not Answer.NO:
                return _change(request, comment, contact, form, counted)
            form.add_error(None, TOO_MANY)
            status = 429
    return _show_edit(request, comment, form, problem, status)


def _change(request: HttpRequest, comment: Comment, contact: Contact, form: EditForm, counted: Answer) -> HttpResponse:
    came = Circumstances(counted=not counted.needs_a_look, network=network_digest(request, "comments"))
    try:
        changed = actions.edit(comment, form.cleaned_data["text"], contact, came=came)
    except actions.Refused as problem:
        return _show_edit(request, comment, form, str(problem), 409)
    if changed.waiting_id is None:
        messages.success(request, _("Ihr Kommentar ist geändert."))
        return redirect(changed)
    if changed.is_readable:
        messages.success(request, _("Ihre Änderung wird geprüft. Bis dahin steht der bisherige Text da."))
        return redirect(changed)
    messages.success(request, _("Ihr Kommentar ist geändert. Er wird noch geprüft."))
    return redirect(discussions.subject_of(changed.discussion).comments_url)


def _show_edit(request: HttpRequest, comment: Comment, form: EditForm, problem: str, status: int) -> HttpResponse:
    context = {
        "comment": comment,
        "subject": discussions.subject_of(comment.discussion),
        "form": form,
        "closed": problem,
        "typed": clean_text(str(form["text"].value() or "")) if status == 409 else "",
        "until": local_time.local(comment.submit_date + timedelta(minutes=EDIT_MINUTES)),
    }
    return render(request, "participation/comment_edit.html", context, status=status)


@never_cache
@form_page
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """/kommentare/<pk>/loeschen/"""
    comment, contact = _comment_or_404(pk), known_contact(request)
    if answer := _not_own(request, comment, contact):
        return answer
    assert contact is not None  # noqa: S101 - whose comment it is, is known
    subject = discussions.subject_of(comment.discussion)
    if problem := str(comment_permissions.why_not_delete(contact, comment)):
        messages.info(request, problem)
        return redirect(subject.comments_url)
    if request.method == "POST":
        with suppress(actions.Refused):  # deleted meanwhile, by a second press
            actions.delete_own(comment, contact)
        messages.success(request, _("Ihr Kommentar ist gelöscht."))
        return redirect(subject.comments_url)
    context = {"comment": comment, "subject": subject, "text": comment.versions.latest("number").text}
    return render(request, "participation/comment_delete.html", context)


def _comment_or_404(pk: int) -> Comment:
    comments = Comment.objects.exclude(state=State.UNCONFIRMED).select_related("contact__user", "user", "discussion")
    comment: Comment = get_object_or_404(comments, pk=pk)
    return comment


def _not_own(request: HttpRequest, comment: Comment, contact: Contact | None) -> HttpResponse | None:
    """The answer to whoever didn't write this comment, or whom we don't know yet; None for its author."""
    # What stands there for the office is changed by whoever is signed in, never by a mailed link alone.
    must_sign_in = not request.user.is_authenticated and is_staff(comment.user)
    if comment_permissions.is_own(contact, comment) and not must_sign_in:
        return None
    if must_sign_in or (contact is None and not request.user.is_authenticated):
        return _door(request, must_sign_in)
    if comment.shown_at is None:
        raise Http404
    return render(request, "participation/comment_not_yours.html", {"comment": comment}, status=403)


def _door(request: HttpRequest, must_sign_in: bool) -> HttpResponse:
    """Guests prove once more that the address is theirs. The same answer whether anybody commented with it or not."""
    form = AddressForm(request.POST if request.method == "POST" and "email" in request.POST else None)
    status = 422 if form.errors else 200
    if not must_sign_in and form.is_valid():
        if allowed(request, MAILED_LINKS).lets_mail:
            with transaction.atomic():
                ask_to_prove(form.cleaned_data["email"], request.path, language=form.cleaned_data["language"])
            return redirect(f"{request.path}?gesendet")
        form.add_error(None, TOO_MANY)
        status = 429
    context = {
        "form": None if must_sign_in else form,
        "mail_sent": "gesendet" in request.GET,
        "sign_in_url": f"{reverse('account_login')}?next={request.path}",
    }
    return render(request, "participation/comment_door.html", context, status=status)
