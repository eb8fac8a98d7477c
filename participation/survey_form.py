"""The questionnaire as a form: one field for each question, and a text field beside a choice that has „Sonstiges“. What it
refuses is said beside the field, and nothing that was typed is lost."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.forms import TextField, TrapForm

from .actions.surveys import Said
from .models import Survey, SurveyQuestion

Kind = SurveyQuestion.Kind
OTHER, NOTHING = "sonstiges", ""
LONGEST_TEXT, LONGEST_OTHER = 2000, 200


@dataclass(frozen=True)
class Row:
    """One question with its field, and the one for something else than its options. `number` is its place."""

    number: int
    question: SurveyQuestion
    field: forms.BoundField
    other: forms.BoundField | None


class SurveyForm(TrapForm):
    """After is_valid(): `said`. `key` recognises a page that is sent twice, `seen` the questions that it shows."""

    def __init__(self, survey: Survey, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="umfrage-%s", **kwargs)
        self.survey = survey
        self.questions = list(survey.questions.all())
        self.fingerprint = survey.fingerprint()
        self.seen = data.get("fragebogen", "") if data is not None else self.fingerprint
        self.key = _uuid(data.get("formular")) if data is not None else uuid.uuid4()
        self.said: list[Said] = []
        for question in self.questions:
            self.fields[name_of(question)] = _field(question)
            if question.allows_other:
                self.fields[other_name(question)] = TextField(
                    longest=LONGEST_OTHER, required=False, label=_("Sonstiges, und zwar"), widget=forms.TextInput
                )

    @property
    def rows(self) -> list[Row]:
        return [
            Row(place, each, self[name_of(each)], self[other_name(each)] if each.allows_other else None)
            for place, each in enumerate(self.questions, start=1)
        ]

    def chosen(self) -> list[tuple[SurveyQuestion, list[str]]]:
        """What was filled in, as it was typed: for a page that says that it did not count."""
        return [(row.question, _in_words(row)) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        said = [each for question in self.questions for each in self._said(question, entered)]
        if not self.errors and not said:
            raise forms.ValidationError(_("Bitte beantworten Sie mindestens eine Frage."))
        self.said = said
        return entered

    def _said(self, question: SurveyQuestion, entered: dict[str, Any]) -> list[Said]:
        name = name_of(question)
        if name not in entered:
            return []
        value = entered[name]
        if question.kind == Kind.TEXT:
            found = [Said(question.pk, text=value)] if value else []
        elif question.kind == Kind.SCALE:
            found = [Said(question.pk, value=int(value))] if value else []
        else:
            found = self._chosen(question, [value] if isinstance(value, str) else value, entered)
        if question.is_required and not found and not self._has_error(question):
            self.add_error(name, _missing(question, self.questions.index(question) + 1))
        return found

    def _chosen(self, question: SurveyQuestion, picked: list[str], entered: dict[str, Any]) -> list[Said]:
        picked = [each for each in picked if each != NOTHING]
        text = entered.get(other_name(question), "") if question.allows_other else ""
        if question.kind == Kind.CHOICE and text and picked and OTHER not in picked:
            self.add_error(
                other_name(question),
                _("Sie haben oben eine andere Antwort gewählt. Bitte wählen Sie „Sonstiges“, oder leeren Sie dieses Feld."),
            )
            return []
        if OTHER in picked and not text and not self._has_error(question):
            self.add_error(other_name(question), _("Bitte schreiben Sie, was Sie meinen, oder wählen Sie etwas anderes."))
            return []
        found = [Said(question.pk, option=int(each)) for each in picked if each != OTHER]
        found += [Said(question.pk, text=text)] if text else []
        if question.kind == Kind.MULTIPLE and question.most_choices and len(found) > question.most_choices:
            self.add_error(name_of(question), _too_many(question.most_choices, len(found)))
        return found

    def _has_error(self, question: SurveyQuestion) -> bool:
        return name_of(question) in self.errors or other_name(question) in self.errors


def name_of(question: SurveyQuestion) -> str:
    """What the field of this question is called in the page."""
    return f"frage-{question.pk}"


def other_name(question: SurveyQuestion) -> str:
    return f"{name_of(question)}-{OTHER}"


def step_label(question: SurveyQuestion, value: int) -> str:
    """A step of a scale in words: its number, at both ends with what it means."""
    label = {1: question.low_label, question.steps: question.high_label}.get(value, "")
    return f"{value} – {label}" if label else str(value)


def _field(question: SurveyQuestion) -> forms.Field:
    settings: dict[str, Any] = {"label": question.text, "help_text": question.help, "required": False}
    if question.kind == Kind.TEXT:
        return TextField(longest=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}), **settings)
    wrong = {"invalid_choice": _("Diese Antwort steht nicht zur Wahl. Bitte wählen Sie eine aus der Liste.")}
    if question.kind == Kind.SCALE:
        steps = [(str(value), step_label(question, value)) for value in range(1, question.steps + 1)]
        return forms.ChoiceField(
            choices=_with_nothing(question, steps), widget=forms.RadioSelect, error_messages=wrong, **settings
        )
    options = [(str(option.pk), option.text) for option in question.options.all()]
    if question.allows_other:
        options.append((OTHER, _("Sonstiges")))
    if question.kind == Kind.MULTIPLE:
        if question.most_choices and not question.help:
            settings["help_text"] = _most(question.most_choices)
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, error_messages=wrong, **settings)
    return forms.ChoiceField(
        choices=_with_nothing(question, options), widget=forms.RadioSelect, error_messages=wrong, **settings
    )


def _with_nothing(question: SurveyQuestion, choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A radio button can't be taken back: where one may leave a question out, there is a button for it."""
    return choices if question.is_required else [*choices, (NOTHING, _("keine Angabe"))]


def _most(most: int) -> str:
    return ngettext("Höchstens %(most)s Antwort.", "Höchstens %(most)s Antworten.", most) % {"most": most}


def _too_many(most: int, given: int) -> str:
    sentence = _("Sie haben %(given)s Antworten gewählt. Möglich sind höchstens %(most)s.")
    return sentence % {"given": given, "most": most}


def _missing(question: SurveyQuestion, number: int) -> str:
    """By its number, which every reader's language has."""
    if question.kind == Kind.TEXT:
        return _("Frage %(number)s: Bitte schreiben Sie etwas.") % {"number": number}
    return _("Frage %(number)s: Bitte wählen Sie eine Antwort.") % {"number": number}


def _in_words(row: Row) -> list[str]:
    value = row.field.value()
    values = [value] if isinstance(value, str) else list(value or [])
    if row.question.kind == Kind.TEXT:
        said = values
    else:
        labels = dict(row.field.field.choices)  # type: ignore[attr-defined]
        said = [str(labels[each]) for each in values if each in labels and each not in (OTHER, NOTHING)]
    if row.other is not None and row.other.value():
        said.append(_("Sonstiges: %(text)s") % {"text": row.other.value()})
    return [each for each in said if each.strip()]


def _uuid(text: Any) -> uuid.UUID:
    """The form's own key; a new one where the page didn't send one."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return uuid.uuid4()
