"""The small forms with which people support and follow."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AddressForm

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


class FollowAddressForm(FrequencyForm, AddressForm):
    """For guests who follow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["email", "frequency", "language", "website"])
