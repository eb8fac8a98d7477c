"""Forms of the jury: a member's scores of one entry, a conflict of interest, and whom the lead appoints."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import TextField
from ideas.models import Criterion
from pages.languages import in_its_language

from .actions.jury import LONGEST
from .models import JurySheet


class SheetForm(forms.Form):
    """The criteria in their order. A draft may leave answers out; what is handed in may not (actions/jury.py sees to it)."""

    comment = TextField(
        label=_("Bemerkung"),
        longest=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Für die Jury und die Leitung, nie öffentlich."),
    )

    def __init__(self, sheet: JurySheet, criteria: list[Criterion], data: Any = None) -> None:
        super().__init__(data, initial=self._saved(sheet))
        self.sheet, self.criteria = sheet, criteria
        for criterion in criteria:
            self.fields[f"c{criterion.pk}"] = forms.ChoiceField(
                label=criterion.name,
                choices=[(choice["value"], choice["label"]) for choice in criterion.choices],
                required=False,
                error_messages={"invalid_choice": _("Bitte wählen Sie eine der Stufen.")},
            )
        self.order_fields([f"c{criterion.pk}" for criterion in criteria])

    @staticmethod
    def _saved(sheet: JurySheet) -> dict[str, Any]:
        saved = sheet.answers.all() if sheet.pk else []
        return {"comment": sheet.comment, **{f"c{answer.criterion_id}": answer.answer for answer in saved}}

    @property
    def questions(self) -> list[dict[str, Any]]:
        """For the template: each criterion with its steps, which one is chosen, and its errors."""
        found = []
        for criterion in self.criteria:
            bound = self[f"c{criterion.pk}"]
            chosen = str(bound.value() or "")
            choices = [{**choice, "chosen": choice["value"] == chosen} for choice in criterion.choices]
            found.append({"criterion": criterion, "field": bound, "choices": choices})
        return found

    def answers(self) -> dict[int, str]:
        return {criterion.pk: self.cleaned_data[f"c{criterion.pk}"] for criterion in self.criteria}

    def say_what_is_missing(self, sentence: str, missing: Iterable[int]) -> None:
        """Beside each criterion without an answer, and above all of them."""
        self.add_error(None, sentence)
        for key in missing:
            field = f"c{key}"
            sentence = gettext("Bitte wählen Sie bei „{criterion}“ eine Stufe.")
            self.add_error(field, format_html(sentence, criterion=in_its_language(self.fields[field].label)))


class ConflictForm(forms.Form):
    reason = TextField(
        label=_("Warum sind Sie befangen?"),
        longest=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ein Satz genügt, zum Beispiel: „Ich bin Mitglied des Vereins.“ Das liest nur die Leitung."),
        error_messages={"required": _("Bitte schreiben Sie in einem Satz, warum Sie befangen sind.")},
    )


class AppointForm(forms.Form):
    """Whom the lead gives a seat: somebody with the role who has none yet."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Person"),
        empty_label=_("Bitte wählen"),
        error_messages={
            "required": _("Bitte wählen Sie eine Person."),
            "invalid_choice": _("Diese Person kann nicht in die Jury: Sie ist es schon, oder ihr fehlt die Rolle „Jury“."),
        },
    )

    def __init__(self, people: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
