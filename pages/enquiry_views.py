"""Writing to the office: contact, and barriers that somebody met. Small pages of their own that nobody keeps."""

import uuid
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.limits import Answer, Limits, Most, allowed
from common.proof_of_work import Effort

from .enquiries import Enquiry, is_same, receive, received_before
from .enquiry_forms import BarrierForm, ContactForm, EnquiryForm, own_path
from .languages import active
from .models import AccessibilityPage, Message

AN_HOUR, AN_HOUR_PROVED = 10, 20  # messages from one network; the second with a proof of work
_SENT = "pages.enquiry.sent"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """/kontakt/: a question to the office."""
    return _answer(request, ContactForm, "pages/contact.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_barrier(request: HttpRequest) -> HttpResponse:
    """/barrierefreiheit/melden/?seite=…: something on this site can't be used. `seite` is the page that led here."""
    statement = AccessibilityPage.objects.live().order_by("pk").first() or AccessibilityPage()
    return _answer(
        request,
        BarrierForm,
        "pages/report_barrier.html",
        initial={"page_address": own_path(request.GET.get("seite", ""))},
        context={"answer_days": statement.answer_days},
    )


def _answer(
    request: HttpRequest,
    form_class: type[Any],
    template: str,
    *,
    initial: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    def show(form: EnquiryForm, status: int = 200) -> HttpResponse:
        months = Message.KEPT_AFTER_ANSWER.days // 30
        return render(request, template, {"form": form, "months": months, **(context or {})}, status=status)

    if request.method != "POST":
        return show(form_class(initial={"submission_key": uuid.uuid4(), **(initial or {})}))
    form = form_class(request.POST)
    if not form.is_valid():
        return show(form, 422)
    enquiry = _enquiry(form)
    if received_before(enquiry.key) is None and _too_many(request, form):
        form.add_error(
            None,
            _(
                "Von Ihrem Anschluss kamen gerade sehr viele Nachrichten. Bitte versuchen Sie es in einer Stunde noch einmal."
                " Ihr Text steht noch hier."
            ),
        )
        return show(form, 429)
    message, is_new = receive(enquiry)
    if not is_new and not is_same(message, enquiry):
        return show(_for_another(form, message), 409)
    return redirect("message_sent", sent_token(message))


def _too_many(request: HttpRequest, form: EnquiryForm) -> bool:
    """Where the count can't be kept the message is taken in: the office reads it before anybody else."""
    most = AN_HOUR_PROVED if form.effort is Effort.PROVED else AN_HOUR
    return allowed(request, Limits("enquiry", network=Most(most))) is Answer.NO


def _enquiry(form: EnquiryForm) -> Enquiry:
    data = form.cleaned_data
    return Enquiry(
        kind=form.kind,  # type: ignore[attr-defined]
        text=data["text"],
        key=data["submission_key"],
        subject=data.get("subject", ""),
        page_address=data.get("page_address", ""),
        name=data["name"],
        email=data["email"],
        language=active(),
    )


def _for_another(form: EnquiryForm, earlier: Message) -> EnquiryForm:
    """The form was sent before with another text: what is in it now can be sent as a message of its own."""
    form.data = {**form.data.dict(), "submission_key": str(uuid.uuid4())}  # type: ignore[attr-defined]
    sentence = _(
        "Mit diesem Formular haben Sie uns schon geschrieben, mit der Nummer %(ticket)s."
        " Möchten Sie uns noch etwas schreiben? Dann senden Sie es noch einmal ab."
    )
    form.add_error(None, sentence % {"ticket": earlier.ticket})
    return form


def sent_token(message: Message) -> str:
    """What stands in the address of the page that says „angekommen“."""
    return signing.dumps(message.pk, salt=_SENT)


@never_cache
@require_safe
def message_sent(request: HttpRequest, token: str) -> HttpResponse:
    """/kontakt/danke/<token>/: the number to quote, and what happens next. Shows nothing of what was written."""
    try:
        message = get_object_or_404(Message, pk=signing.loads(token, salt=_SENT))
    except signing.BadSignature as error:
        raise Http404 from error
    return render(request, "pages/message_sent.html", {"message": message})
