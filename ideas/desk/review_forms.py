"""Forms of the review by criteria: a reviewer's answers, a conflict of interest, an internal note, who reviews, a scheme."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .. import actions
from ..models import Criterion, Review, ReviewScheme

LENGTH = 5000


class ReviewForm(forms.Form):
    """The criteria of a stage in their order. A draft may leave answers out; what is handed in may not."""

    comment = forms.CharField(
        label=_("Bemerkung"),
        required=False,
        max_length=LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Freiwillig. Nur für das Prüfteam: Andere lesen sie erst, wenn sie selbst abgegeben haben."),
    )

    def __init__(self, review: Review, data: Any = None) -> None:
        super().__init__(data, initial=self._saved(review))
        self.review, self.criteria = review, review.criteria
        for criterion in self.criteria:
            choices = [(choice["value"], choice["label"]) for choice in criterion.choices]
            self.fields[f"c{criterion.pk}"] = forms.ChoiceField(
                label=criterion.name,
                choices=choices,
                required=False,
                error_messages={"invalid_choice": _("Bitte wählen Sie eine der Antworten.")},
            )
            self.fields[f"n{criterion.pk}"] = forms.CharField(
                label=_("Anmerkung dazu"), required=False, max_length=LENGTH, widget=forms.Textarea(attrs={"rows": 2})
            )

    @staticmethod
    def _saved(review: Review) -> dict[str, Any]:
        initial: dict[str, Any] = {"comment": review.comment}
        for score in review.scores.all():
            initial[f"c{score.criterion_id}"], initial[f"n{score.criterion_id}"] = score.answer, score.note
        return initial

    @property
    def questions(self) -> list[dict[str, Any]]:
        """For the template: each criterion with its choices, what is chosen, its note and its errors."""
        return [
            {
                "criterion": criterion,
                "field": self[f"c{criterion.pk}"],
                "note": self[f"n{criterion.pk}"],
                "choices": [
                    {**choice, "chosen": str(self[f"c{criterion.pk}"].value() or "") == choice["value"]}
                    for choice in criterion.choices
                ],
            }
            for criterion in self.criteria
        ]

    def answers(self) -> dict[int, actions.Answer]:
        return {
            criterion.pk: actions.Answer(self.cleaned_data[f"c{criterion.pk}"], self.cleaned_data[f"n{criterion.pk}"])
            for criterion in self.criteria
        }

    def save_draft(self, *, by: User) -> None:
        """Keep what is there. Raises actions.Refused."""
        actions.save_draft(self.review, self.answers(), self.cleaned_data["comment"], by=by)

    def hand_in(self, *, by: User) -> bool:
        """Keep everything and hand it in; False if answers are missing, said beside each criterion. Raises actions.Refused."""
        self.save_draft(by=by)
        try:
            actions.hand_in(self.review, by=by)
        except actions.Incomplete as problem:
            self.add_error(None, str(problem))
            for key in problem.missing:
                self.add_error(f"c{key}", _("Bitte beantworten Sie dieses Kriterium."))
            return False
        return True


class ConflictForm(forms.Form):
    reason = forms.CharField(
        label=_("Warum sind Sie befangen?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ein Satz genügt, zum Beispiel: „Ich bin Mitglied des Vereins.“ Das liest nur die Leitung."),
        error_messages={"required": _("Bitte schreiben Sie in einem Satz, warum Sie befangen sind.")},
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Notiz"),
        max_length=LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Bitte schreiben Sie etwas in die Notiz.")},
    )
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class AssignForm(forms.Form):
    """Who reviews one idea, and by which scheme where no round runs yet."""

    scheme = forms.ModelChoiceField(
        ReviewScheme.objects.filter(is_active=True), label=_("Prüfbogen"), required=False, empty_label=None
    )
    reviewers = forms.MultipleChoiceField(
        label=_("Wer prüft?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens eine Person.")},
    )

    def __init__(self, people: Iterable[tuple[User, str]], data: Any = None, *, with_scheme: bool, **initial: Any) -> None:
        super().__init__(data, initial=initial, prefix="zuweisung")
        self.people = {str(person.pk): person for person, _label in people}
        self.fields["reviewers"].choices = [(str(person.pk), label) for person, label in people]  # type: ignore[attr-defined]
        if not with_scheme:
            del self.fields["scheme"]

    def chosen(self) -> list[User]:
        return [self.people[key] for key in self.cleaned_data["reviewers"]]


def steps_from_lines(text: str) -> list[dict[str, Any]]:
    """The steps of a scale, one a line, lowest first: a word, then „:“ and what it means. Raises ValidationError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not 2 <= len(lines) <= 10:
        raise forms.ValidationError(_("Bitte geben Sie zwei bis zehn Stufen ein, jede in einer eigenen Zeile."))
    steps = []
    for value, line in enumerate(lines):
        label, _colon, description = (part.strip() for part in line.partition(":"))
        if not label or len(label) > 40:
            raise forms.ValidationError(
                _("Bitte beginnen Sie jede Zeile mit einem kurzen Wort, zum Beispiel: hoch: Hilft vielen")
            )
        steps.append({"value": value, "label": label, "description": description})
    if len({step["label"] for step in steps}) < len(steps):
        raise forms.ValidationError(_("Bitte geben Sie jeder Stufe ein anderes Wort."))
    return steps


def lines_of(criterion: Criterion) -> str:
    return "\n".join(
        f"{choice['label']}: {choice['description']}" if choice["description"] else choice["label"]
        for choice in (criterion.choices if criterion.is_scale else [])
    )


class CriterionForm(forms.Form):
    key = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Kriterium"), max_length=100)
    question = forms.CharField(
        label=_("Frage"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Öffentlich.")
    )
    stage = forms.TypedChoiceField(
        label=_("Stufe der Prüfung"), coerce=int, initial=1, choices=[(1, _("1. Stufe")), (2, _("2. Stufe"))]
    )
    kind = forms.ChoiceField(label=_("Antwort"), choices=Criterion.Kind.choices, initial=Criterion.Kind.YES_NO)
    steps = forms.CharField(
        label=_("Stufen"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Nur wenn die Antwort Stufen hat: eine Stufe je Zeile, die niedrigste zuerst. Zum Beispiel: hoch: Hilft vielen"
        ),
    )
    weight = forms.IntegerField(label=_("Gewicht"), min_value=1, max_value=100, initial=1)

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if entered.get("kind") == Criterion.Kind.SCALE and not self.errors and not entered.get("DELETE"):
            try:
                entered["parsed_steps"] = steps_from_lines(entered.get("steps", ""))
            except forms.ValidationError as problem:
                self.add_error("steps", problem)
        if entered.get("kind") == Criterion.Kind.SCALE and entered.get("stage") == 1:
            self.add_error("kind", _("Die 1. Stufe fragt nach ja, nein oder unklar. Stufen gehören in die 2. Stufe."))
        return entered

    def entered(self) -> actions.Question:
        given = self.cleaned_data
        return actions.Question(
            name=given["name"],
            stage=given["stage"],
            question=given["question"],
            kind=given["kind"],
            weight=given["weight"],
            steps=given.get("parsed_steps", []),
            key=given["key"],
        )


CriterionFormSet = forms.formset_factory(CriterionForm, extra=0, can_delete=True, can_order=True, max_num=30, validate_max=True)


class SchemeForm(forms.ModelForm):  # type: ignore[type-arg]
    is_default = forms.BooleanField(label=_("Neue Prüfungen beginnen mit diesem Prüfbogen"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**15)

    class Meta:
        model = ReviewScheme
        fields = ("name", "slug", "description", "result_name", "is_active")
        widgets: ClassVar[dict[str, Any]] = {"description": forms.Textarea(attrs={"rows": 3})}
