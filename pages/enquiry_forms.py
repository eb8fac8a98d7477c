"""The two forms by which people write to the office."""

from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from common.forms import AddressField, SentOnceForm, TextField
from common.guarding import GuardedForm
from common.log import mask

from .models import Message


def own_path(address: str) -> str:
    """The address if it is a path of this site that everybody may see, '' otherwise: no foreign address, no secret link."""
    is_path = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_path and mask(address) == address and len(address) <= 300 else ""


class EnquiryForm(SentOnceForm, GuardedForm):
    """What both forms ask."""

    purpose = "enquiry"

    text = TextField(
        longest=4000,
        label=_("Ihre Nachricht"),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Bitte schreiben Sie uns, worum es geht.")},
        validators=[MinLengthValidator(10, message=_("Bitte schreiben Sie etwas genauer, worum es geht."))],
    )
    name = TextField(longest=120, label=_("Ihr Name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = AddressField(
        required_message="",
        required=False,
        help_text=_("Nur nötig, wenn Sie eine Antwort möchten."),
    )


class ContactForm(EnquiryForm):
    kind = Message.Kind.CONTACT

    subject = TextField(longest=150, label=_("Worum geht es?"), required=False)
    field_order = ("subject", "text", "name", "email")


class BarrierForm(EnquiryForm):
    kind = Message.Kind.BARRIER

    page_address = TextField(
        longest=300,
        label=_("Auf welcher Seite?"),
        required=False,
        help_text=_("Die Adresse oder der Titel der Seite, zum Beispiel: /ideen/"),
    )
    field_order = ("text", "page_address", "name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.label = _("Was hat Sie gehindert?")
        text.help_text = _(
            "Was wollten Sie tun, und was ging nicht? Wenn Sie mögen, nennen Sie Gerät, Browser und Hilfsmittel."
        )
        text.error_messages["required"] = _("Bitte beschreiben Sie, was Sie gehindert hat.")
