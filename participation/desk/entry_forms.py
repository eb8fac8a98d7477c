"""The forms beside the entries of a competition."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.forms import TextField
from ideas.desk.many_forms import numbers_in, words_in

from ..models import Entry
from ..phases import Deed

LONGEST = 1000


@dataclass(frozen=True)
class Step:
    """What the lead does with one entry: `done` is said afterwards, `reason` says whether a public reason is needed."""

    key: str
    deed: Deed
    button: Any
    done: Any
    needs_reason: bool
    icon: str


TAKE_IN = Step("take_in", Deed.TAKE_IN, _("Aufnehmen"), _("Idee %(number)s nimmt am Wettbewerb teil."), False, "check")
AGAIN = Step("take_in", Deed.TAKE_IN, _("Wieder aufnehmen"), _("Idee %(number)s nimmt am Wettbewerb teil."), False, "check")
DECLINE = Step("decline", Deed.TAKE_OUT, _("Nicht aufnehmen"), _("Idee %(number)s ist nicht aufgenommen."), True, "cross")
TAKE_OUT = Step("take_out", Deed.TAKE_OUT, _("Herausnehmen"), _("Idee %(number)s nimmt nicht mehr teil."), True, "cross")
STEPS = {step.key: step for step in (TAKE_IN, DECLINE, TAKE_OUT)}


def steps_of(entry: Entry) -> list[Step]:
    """What can be done with an entry in its state."""
    if entry.awaits_decision:
        return [TAKE_IN, DECLINE]
    return [TAKE_OUT] if entry.is_in else [AGAIN]


class StepForm(forms.Form):
    """One step with one entry, as it was on the page (`seen`: how many steps it had)."""

    entry = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = TextField(
        label=_("Öffentlicher Grund"),
        longest=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Alle können das lesen. Schreiben Sie an einen Menschen."),
        error_messages={"required": _("Bitte geben Sie einen Grund an. Er ist öffentlich.")},
    )

    def __init__(self, step: Step, entry: Entry, data: Any = None) -> None:
        initial = {"entry": entry.pk, "seen": entry.step_count}
        super().__init__(data, initial=initial, auto_id=f"{step.key}-{entry.pk}-%s")
        self.step = step
        self.fields["reason"].required = step.needs_reason
        if not step.needs_reason:
            self.fields["reason"].label = _now("Öffentlicher Hinweis (freiwillig)")


class AddForm(forms.Form):
    """Ideas that the lead takes in by their numbers."""

    numbers = forms.CharField(
        label=_("Nummern der Ideen"),
        max_length=1000,
        help_text=_("Mit Komma getrennt, zum Beispiel: 70, 81"),
        error_messages={"required": _("Bitte geben Sie die Nummer einer Idee ein, zum Beispiel: 70.")},
    )
    reason = TextField(
        label=_("Öffentlicher Hinweis (freiwillig)"),
        longest=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="add-%s")

    def clean_numbers(self) -> list[int]:
        typed = self.cleaned_data["numbers"]
        wrong = words_in(typed)
        if wrong:
            raise forms.ValidationError(_now("Das ist keine Nummer einer Idee: %(words)s.") % {"words": ", ".join(wrong)})
        return numbers_in([typed])
