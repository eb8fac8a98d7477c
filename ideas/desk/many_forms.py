"""Forms for steps with several ideas at once: what is decided, and how the ideas stood on the page it was decided from."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from pages.agenda import sources
from pages.models import LoesungPage
from pages.words import words

from .. import actions, permissions
from ..models import Idea, IdeaVersion
from ..workflow import IDEA_STATES, STEPS, Action, Reason, Step
from .forms import WordsForm, loesung_choices

MOST = 200  # ideas in one step


def numbers_in(texts: Iterable[str]) -> list[int]:
    """The numbers in what was typed or sent: „12, #70; 81“. Each once, in this order; words are left out."""
    words = " ".join(texts).replace(",", " ").replace(";", " ").replace("/", " ").replace("#", " ").split()
    return list(dict.fromkeys(int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= 9))[:MOST]


def words_in(text: str) -> list[str]:
    """What of a list of numbers is none."""
    parts = text.replace(",", " ").replace(";", " ").replace("/", " ").replace("#", " ").split()
    return [part for part in parts if not (part.isascii() and part.isdecimal() and len(part) <= 9)]


def step_of(action: Action) -> Step:
    return next(step for step in STEPS if step.action is action)


class ManyForm(WordsForm):
    """One public reason for several ideas, a note, and the state of the page: number and length of trail of each idea."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=MOST * 25)

    def __init__(self, step: Step, ideas: Sequence[Idea], data: Any = None, **initial: Any) -> None:
        super().__init__(data, initial={"seen": as_seen(ideas), **initial})
        self.step, self.ideas = step, ideas
        reason = self.fields["reason"]
        reason.required = step.reason is Reason.REQUIRED
        reason.help_text = _("Alle können das lesen, bei jeder dieser Ideen. Schreiben Sie an einen Menschen.")
        self.order_fields([name for name in self.fields if name not in {"reason", "note", "seen"}] + ["reason", "note", "seen"])

    def clean_seen(self) -> dict[int, int]:
        """How long the trails were on the page, by number."""
        try:
            pairs = [part.split(":") for part in self.cleaned_data["seen"].split(",")]
            return {int(number): int(length) for number, length in pairs}
        except ValueError:
            raise forms.ValidationError(_("Diese Seite ist nicht mehr aktuell. Bitte laden Sie sie neu.")) from None

    def seen_by_key(self) -> dict[int, int]:
        """The same, as actions ask for it."""
        seen: dict[int, int] = self.cleaned_data["seen"]
        return {idea.pk: seen.get(idea.number or 0, -1) for idea in self.ideas}

    def decision(self, office: str) -> actions.Decision:
        return actions.Decision(reason=self.cleaned_data["reason"], note=self.cleaned_data["note"], office=office)

    def again(self, ideas: Sequence[Idea]) -> Self:
        """The same entries on the page as it is now, to look at and to send once more."""
        data = self.data.copy()  # type: ignore[attr-defined]  # what a browser sends is a QueryDict
        data["seen"] = as_seen(ideas)
        return type(self)(self.step, ideas, data)


def as_seen(ideas: Iterable[Idea]) -> str:
    return ",".join(f"{idea.number}:{idea.trail_length}" for idea in ideas)


class UnmergeForm(ManyForm):
    """`ideas` are those that may leave; chosen are their numbers."""

    chosen = forms.MultipleChoiceField(
        label=_("Welche Ideen sollen wieder für sich stehen?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens eine Idee, die wieder für sich stehen soll.")},
    )

    def __init__(self, step: Step, ideas: Sequence[Idea], data: Any = None, **initial: Any) -> None:
        super().__init__(step, ideas, data, **initial)
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (str(idea.number), f"{_('Idee')} {idea.number}: {idea.title} → {self._state_afterwards(idea)}") for idea in ideas
        ]

    @staticmethod
    def _state_afterwards(idea: Idea) -> str:
        before = permissions.status_before_merge(idea)
        return str(IDEA_STATES[before].label) if before else ""

    def chosen_ideas(self) -> list[Idea]:
        return [idea for idea in self.ideas if str(idea.number) in self.cleaned_data["chosen"]]


class PartForm(forms.Form):
    """One of the ideas that another one is split into. An empty one is left out."""

    title = forms.CharField(
        label=_("Titel"),
        max_length=IdeaVersion.TITLE_LENGTH,
        error_messages={"required": _("Bitte geben Sie diesem Teil einen Titel, zum Beispiel: Ladesäule am Marktplatz.")},
    )
    text = forms.CharField(
        label=_("Beschreibung"),
        max_length=IdeaVersion.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Bitte beschreiben Sie diesen Teil, am besten mit den Worten der Idee.")},
    )
    loesung = forms.ModelChoiceField(
        sources(LoesungPage).filter(live=True).order_by("path"), label=words.later("%(Loesung)s"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loesung"].choices = loesung_choices(_("nicht zugeordnet"))  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """Whether anything was written; the Lösung is filled in before."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("title", "text"))

    def part(self) -> actions.Part:
        return actions.Part(self.cleaned_data["title"], self.cleaned_data["text"], self.cleaned_data["loesung"])
