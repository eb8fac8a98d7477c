"""What people change about their own account. E-mail addresses and the password are allauth's."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import one_line

from .models import User


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["display_name", "language"]
        # Nothing public names an author yet; the field's own hint speaks of the time when something does.
        help_texts: ClassVar[dict[str, object]] = {
            "display_name": _("So sprechen wir Sie an. Ihre E-Mail-Adresse bleibt privat.")
        }
        error_messages: ClassVar[dict[str, dict[str, object]]] = {
            "display_name": {"max_length": _("Bitte kürzen Sie den Namen auf höchstens %(limit_value)d Zeichen.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].required = False  # left out, it stays as it is

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.instance.language

    def clean_display_name(self) -> str:
        name = one_line(self.cleaned_data["display_name"])
        # Others read this name. An address in it would make public what we promise to keep private.
        if "@" in name:
            raise forms.ValidationError(_("Bitte wählen Sie einen Namen ohne @. Ihre E-Mail-Adresse bleibt so privat."))
        return name
