"""The mailed link that proves a guest's address (accounts/known.py). Opening it changes nothing: a button does."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import tokens
from common.views import quiet

from .known import masked, outcome_of, prove, remember, text_that_waits
from .models import AddressProof


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove_address(request: HttpRequest, token: str) -> HttpResponse:
    """/konto/adresse/<token>/: shows a button; pressing it proves the address and leads on to what was wanted with it."""
    asked = AddressProof.objects.valid().filter(digest=tokens.digest(token)).first()
    if asked is None:
        return quiet(render(request, "accounts/prove_address.html", {"days": AddressProof.DAYS}, status=404))
    if request.method != "POST" and asked.done_at is None:
        context = {"asked": asked, "hint": masked(asked.email), "text": text_that_waits(asked)}
        return quiet(render(request, "accounts/prove_address.html", context))
    contact = prove(asked) if request.method == "POST" else None
    outcome = outcome_of(asked)
    if contact is None:
        messages.info(request, _("Diesen Link haben Sie schon benutzt."))
    else:
        remember(request, contact)
        messages.success(request, outcome.said if outcome else _("Danke, Ihre E-Mail-Adresse ist bestätigt."))
    return quiet(redirect(outcome.url if outcome else asked.leads_to))
