"""Form fields that lose nothing: text is cleaned instead of refused, and no field cuts off what was pasted into it."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .text import clean_text


class TextField(forms.CharField):
    """Plain text. No maxlength in the page: a browser would cut off silently what is too long; we say it beside the field."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        message = _("Das ist zu lang: %(show_value)d Zeichen. Bitte kürzen Sie auf höchstens %(limit_value)d Zeichen.")
        self.validators.append(MaxLengthValidator(longest, message=message))

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class MailLanguageField(forms.ChoiceField):
    """The language in which a guest wants our mails; German where none is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Sprache unserer E-Mails"),
                "choices": settings.LANGUAGES,
                "initial": settings.LANGUAGE_CODE,
                "required": False,
                "error_messages": {"invalid_choice": _("Bitte wählen Sie Deutsch oder Englisch.")},
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value) or settings.LANGUAGE_CODE)


class AddressField(forms.EmailField):
    """A guest's e-mail address. `required_message` says what we need it for."""

    def __init__(self, *, required_message: Any, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Ihre E-Mail-Adresse"),
                "max_length": 254,
                "widget": forms.EmailInput(attrs={"autocomplete": "email"}),
                "error_messages": {
                    "required": required_message,
                    "invalid": _(
                        "Diese E-Mail-Adresse ist nicht vollständig. Bitte prüfen Sie sie, zum Beispiel: name@example.org."
                    ),
                    "max_length": _("Diese E-Mail-Adresse ist zu lang."),
                },
                **kwargs,
            }
        )


TRAPPED = _("Bitte lassen Sie dieses Feld leer. Es hält automatische Eingaben ab.")


class SentOnceForm(forms.Form):
    """A form that counts once, however often it is sent: `submission_key` tells one filling from the next. A view gives it as
    an initial value; what is made of the form keeps it under a unique constraint."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_submission_key(self) -> uuid.UUID:
        return self.cleaned_data["submission_key"] or uuid.uuid4()


class TrapForm(forms.Form):
    """A form with a field that people don't see and leave empty; programmes fill it in."""

    website = forms.CharField(
        label=_("Website (bitte leer lassen)"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(TRAPPED)
        return ""


class AddressForm(TrapForm):
    """For guests: the address that they prove by a mailed link."""

    email = AddressField(
        required_message=_("Bitte geben Sie Ihre E-Mail-Adresse ein. Wir schicken Ihnen einen Link zum Bestätigen."),
        help_text=_("Wir schicken Ihnen einen Link zum Bestätigen. Niemand sieht Ihre Adresse."),
    )
    language = MailLanguageField()
