"""Form fields that lose nothing: text is cleaned instead of refused, and no field cuts off what was pasted into it."""

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
