"""The small forms with which people support and follow."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import MailLanguageField

from .models import Frequency


class FrequencyForm(forms.Form):
    """For people whom we know: how often they want mail."""

    frequency = forms.ChoiceField(
        label=_("Wie oft möchten Sie Neues erfahren?"),
        choices=Frequency.choices,
        initial=Frequency.AT_ONCE,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Bitte wählen Sie, wie oft wir Ihnen schreiben sollen."),
            "invalid_choice": _("Bitte wählen Sie eine der drei Möglichkeiten."),
        },
    )


class AddressForm(forms.Form):
    """For guests: the address that they prove by a mailed link."""

    email = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Wir schicken Ihnen einen Link zum Bestätigen. Niemand sieht Ihre Adresse."),
        error_messages={
            "required": _("Bitte geben Sie Ihre E-Mail-Adresse ein. Wir schicken Ihnen einen Link zum Bestätigen."),
            "invalid": _("Diese E-Mail-Adresse ist nicht vollständig. Bitte prüfen Sie sie, zum Beispiel: name@example.org."),
            "max_length": _("Diese E-Mail-Adresse ist zu lang."),
        },
    )
    language = MailLanguageField()
    website = forms.CharField(
        label=_("Website (bitte leer lassen)"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Bitte lassen Sie dieses Feld leer. Es hält automatische Eingaben ab."))
        return ""


class FollowAddressForm(FrequencyForm, AddressForm):
    """For guests who follow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["email", "frequency", "language", "website"])
