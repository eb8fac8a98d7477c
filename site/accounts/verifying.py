"""The page of the back office on which the lead enters that somebody has shown who they are."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import user_passes_test

from common.forms import TextField
from common.text import clean_text

from . import verification
from .models import User

NEWEST = 20


class VerifyForm(forms.Form):
    email = forms.EmailField(
        label=_("E-Mail-Adresse des Kontos"),
        error_messages={
            "required": _("Bitte geben Sie die E-Mail-Adresse an, mit der sich die Person anmeldet."),
            "invalid": _("Diese E-Mail-Adresse ist nicht vollständig. Bitte prüfen Sie sie, zum Beispiel: name@example.org."),
        },
    )
    how = TextField(
        label=_("Wie geprüft"),
        longest=80,
        initial=_("Ausweis vorgelegt im Rathaus"),
        help_text=_("Ein paar Worte genügen. Bitte keine Ausweisnummer, kein Geburtsdatum."),
        error_messages={"required": _("Bitte schreiben Sie, wie Sie die Person geprüft haben.")},
    )

    def clean_email(self) -> User:
        """The account."""
        account = User.objects.filter(email__iexact=self.cleaned_data["email"].strip(), is_active=True).first()
        if account is None:
            raise forms.ValidationError(_now("Zu dieser E-Mail-Adresse gibt es kein Konto. Die Person legt es selbst an."))
        return account


@user_passes_test(verification.may_verify)
def verify_accounts(request: HttpRequest) -> HttpResponse:
    """/admin/personen/: enter a check, or take one back; below the newest ones."""
    if request.method == "POST" and request.POST.get("action") == "unverify":
        return _unverify(request)
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["email"]
        verification.verify(account, form.cleaned_data["how"], by=request.user)  # type: ignore[arg-type]
        messages.success(request, _now("Eingetragen: Die Person hinter %(email)s ist geprüft.") % {"email": account.email})
        return redirect("verify_accounts")
    title = _now("Personen prüfen")
    context: dict[str, Any] = {
        "form": form,
        "newest": User.objects.filter(verified_at__isnull=False).order_by("-verified_at", "-pk")[:NEWEST],
        "header_title": title,
        "header_icon": "user",
        "breadcrumbs_items": [{"url": reverse("wagtailadmin_home"), "label": _now("Start")}, {"url": "", "label": title}],
    }
    return render(request, "accounts/desk/verify.html", context, status=422 if form.errors else 200)


def _unverify(request: HttpRequest) -> HttpResponse:
    email = clean_text(request.POST.get("email", ""))[:254]
    account = User.objects.filter(email__iexact=email, verified_at__isnull=False).first()
    if account is not None:
        verification.unverify(account, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _now("Zurückgenommen: %(email)s gilt nicht mehr als geprüft.") % {"email": account.email})
    return redirect("verify_accounts")
