"""What somebody types who reports a comment, or who objects to a decision about an own one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AddressField, SentOnceForm, TextField, TrapForm
from common.text import has_words

from .comment_workflow import Ground

LONGEST = 2000


class ReportForm(SentOnceForm, TrapForm):
    """`known`: the person is signed in or proved an address, so nobody asks for one."""

    ground = forms.ChoiceField(
        label=_("Was stimmt mit dem Kommentar nicht?"),
        choices=Ground.choices,
        widget=forms.RadioSelect(attrs={"class": "kern-form-check__radio"}),
        error_messages={
            "required": _("Bitte wählen Sie einen Grund aus."),
            "invalid_choice": _("Bitte wählen Sie einen Grund aus der Liste."),
        },
    )
    text = TextField(
        longest=LONGEST,
        label=_("Was genau?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Welche Stelle ist es, und warum sollte sie nicht dastehen? Das hilft uns, schneller zu entscheiden."),
    )
    name = TextField(longest=80, label=_("Ihr Name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = AddressField(
        required_message="",
        required=False,
        help_text=_("Damit wir Ihnen schreiben, was wir entschieden haben. Auch ohne Adresse bekommen Sie gleich einen Beleg."),
    )
    good_faith = forms.BooleanField(
        label=_("Ich versichere, dass meine Angaben nach bestem Wissen richtig und vollständig sind."),
        error_messages={"required": _("Bitte bestätigen Sie, dass Ihre Angaben nach bestem Wissen richtig sind.")},
    )

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["name"], self.fields["email"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("ground") == Ground.OTHER and not has_words(data.get("text", "")) and "text" not in self.errors:
            self.add_error(
                "text", _("Bitte schreiben Sie uns, was Sie stört. Sonst wissen wir nicht, worauf wir achten sollen.")
            )
        return data


class ComplaintForm(forms.Form):
    text = TextField(
        longest=LONGEST,
        label=_("Warum halten Sie die Entscheidung für falsch?"),
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Bitte schreiben Sie, warum Sie die Entscheidung für falsch halten.")},
    )
