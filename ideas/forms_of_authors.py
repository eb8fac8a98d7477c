"""The forms of authors: answer, change, withdraw, find a lost receipt."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AddressField, TextField

from .forms import SubmitForm
from .models import Idea


class AnswerForm(forms.Form):
    text = TextField(
        label=_("Ihre Antwort"),
        longest=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Ein, zwei Sätze reichen. Bitte nennen Sie keine Namen und Telefonnummern."),
        error_messages={"required": _("Bitte schreiben Sie Ihre Antwort.")},
    )


class EditForm(forms.Form):
    """The same questions as when the idea was handed in. `seen`: the number of the version on the page."""

    title = SubmitForm.base_fields["title"]
    text = SubmitForm.base_fields["text"]
    picture_remove = forms.BooleanField(label=_("Bild nicht mehr zeigen"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)

    def __init__(self, idea: Idea, data: Any = None) -> None:
        newest = idea.latest_version
        super().__init__(data, initial={"title": newest.title, "text": newest.text, "seen": newest.version})
        if not newest.pictures.exists():
            del self.fields["picture_remove"]


class WithdrawForm(forms.Form):
    with_text = forms.BooleanField(
        label=_("Auch Titel und Beschreibung löschen"),
        required=False,
        help_text=_("Dann bleiben nur die Nummer und der Weg der Idee stehen."),
    )

    def __init__(self, idea: Idea, data: Any = None) -> None:
        super().__init__(data)
        if idea.needs_release:
            del self.fields["with_text"]  # what nobody has seen is deleted anyway


class LostReceiptForm(forms.Form):
    email = AddressField(
        required_message=_("Bitte geben Sie Ihre E-Mail-Adresse ein."),
        help_text=_("Die Adresse, mit der Sie Ihre Idee eingereicht haben."),
    )
