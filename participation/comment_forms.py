"""The forms with which comments are written and changed. What they refuse is said beside the field, nothing typed is lost."""

import uuid
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.forms import AddressField, MailLanguageField, SentOnceForm, TextField
from common.guarding import GuardedForm
from common.text import has_words, one_line

from .models.comment import LONGEST

LONGEST_NAME = 50


class CommentTextField(TextField):
    """What somebody wants to say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Ihr Kommentar"),
                "longest": LONGEST,
                "widget": forms.Textarea(attrs={"rows": 7}),
                "help_text": format_lazy(
                    _("Höchstens {longest} Zeichen, nur Text. Adressen von Webseiten werden zu Links."), longest=LONGEST
                ),
                "error_messages": {"required": _NOTHING_WRITTEN},
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not has_words(text):
            raise forms.ValidationError(_NOTHING_WRITTEN)
        return text


_NOTHING_WRITTEN = _("Bitte schreiben Sie, was Sie sagen möchten.")


class CommentForm(SentOnceForm, GuardedForm):
    """A new comment. `is_known`: an account, or a guest whose address is proved; `has_account`: is read under its own name;
    `may_be_official`: may speak for the office."""

    purpose = "comment"

    text = CommentTextField()
    name = TextField(
        label=_("Ihr Name (öffentlich)"),
        longest=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        help_text=_("Ohne Angabe steht über Ihrem Kommentar „Ohne Namen“."),
    )
    email = AddressField(
        required_message=_("Bitte geben Sie Ihre E-Mail-Adresse ein. Wir schicken Ihnen einen Link zum Bestätigen."),
        help_text=_("Wir schicken Ihnen einen Link zum Bestätigen. Erst danach kann man Ihren Kommentar lesen."),
    )
    language = MailLanguageField()
    followup = forms.BooleanField(label=_("Bei Antworten eine E-Mail bekommen"), required=False)
    official = forms.BooleanField(label=_("Als offizielle Antwort der Stabsstelle kennzeichnen"), required=False)

    def __init__(
        self, *args: Any, is_known: bool = False, has_account: bool = False, may_be_official: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission_key", uuid.uuid4())
        unasked = {"email", "language"} if is_known else set()
        unasked |= {"name"} if has_account else set()
        unasked |= set() if may_be_official else {"official"}
        for field in unasked:
            del self.fields[field]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if "@" in name:
            raise forms.ValidationError(
                _("Das sieht aus wie eine E-Mail-Adresse. Alle könnten sie lesen. Bitte nehmen Sie einen Namen.")
            )
        return name

    def with_new_key(self) -> uuid.UUID:
        """Let what is in the form be sent as something of its own; the key that it has from now on."""
        key = uuid.uuid4()
        self.data = {**{name: self.data[name] for name in self.data}, "submission_key": str(key)}
        return key


class EditForm(forms.Form):
    text = CommentTextField()
