"""The small forms with which people support and follow."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AddressField, MailLanguageField, TrapForm

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


class AddressForm(TrapForm):
    """For guests: the address that they prove by a mailed link."""

    email = AddressField(
        required_message=_("Bitte geben Sie Ihre E-Mail-Adresse ein. Wir schicken Ihnen einen Link zum Bestätigen."),
        help_text=_("Wir schicken Ihnen einen Link zum Bestätigen. Niemand sieht Ihre Adresse."),
    )
    language = MailLanguageField()


class FollowAddressForm(FrequencyForm, AddressForm):
    """For guests who follow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["email", "frequency", "language", "website"])
