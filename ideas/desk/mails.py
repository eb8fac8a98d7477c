"""The preview of our mails: each kind with invented contents, in both languages, as text and as HTML."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from .. import mail_samples
from ..notifications import signature
from .frame import header, review_staff
from .navigation import tabs


@review_staff
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """/admin/ideen/e-mails/?art=…&sprache=…"""
    chosen, language = mail_samples.sample(request.GET.get("art")), _language(request)
    context = {
        "tabs": tabs(request.user, "mails"),
        "samples": mail_samples.SAMPLES,
        "chosen": chosen,
        "language": language,
        "languages": settings.LANGUAGES,
        "letter": chosen.letter(language, signature()),
        **header(_("E-Mails"), icon="mail"),
    }
    return render(request, "ideas/desk/mails.html", context)


@review_staff
@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest) -> HttpResponse:
    """The HTML of the mail alone, for the frame of the preview. Nothing in it runs or loads."""
    chosen, language = mail_samples.sample(request.GET.get("art")), _language(request)
    response = HttpResponse(chosen.letter(language, signature()).html)
    response._csp_replace = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": True}  # type: ignore[attr-defined]
    return response


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("sprache", "")
    return asked if asked in mail_samples.WORDS else "de"
