"""The ballot as a form: one field for each entry, named by the idea's public number. What it refuses, actions.cast would refuse
too; here it is said beside the field, and nothing that was typed is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Competition, Entry

Voting = Competition.Voting
# A list of places to choose from is handy up to here; among more entries a number is typed.
LONGEST_LIST_OF_PLACES = 40


@dataclass(frozen=True)
class Row:
    """One entry of the ballot with its field."""

    entry: Entry
    field: forms.BoundField


class BallotForm(forms.Form):
    """`marks` is what the ballot says now: votes or place by the entry's key. After is_valid(): `points` or `ranking`."""

    def __init__(
        self, competition: Competition, entries: Sequence[Entry], marks: Mapping[int, int], data: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(data, auto_id="stimme-%s", **kwargs)
        self.competition = competition
        self.entries = {field_name(entry): entry for entry in entries}
        for name, entry in self.entries.items():
            self.fields[name] = self._field(entry, marks.get(entry.pk))

    @property
    def rows(self) -> list[Row]:
        return [Row(entry, self[name]) for name, entry in self.entries.items()]

    @property
    def points(self) -> dict[int, int]:
        """Votes by the entry's key, for support and budget."""
        return {entry.pk: int(self.cleaned_data[name] or 0) for name, entry in self.entries.items()}

    @property
    def ranking(self) -> list[int]:
        """The entries' keys from the first place on; places that were left out close up."""
        places = {name: self.cleaned_data[name] for name in self.entries if self.cleaned_data[name]}
        return [self.entries[name].pk for name in sorted(places, key=lambda name: places[name])]

    def chosen(self) -> list[tuple[Entry, str]]:
        """What was chosen, as it was typed or as the ballot says: for paper, and for a page that says that it did not count."""
        self.is_valid()
        typed = [(row.entry, row.field.value()) for row in self.rows]
        if self.competition.is_ranked:
            typed.sort(key=lambda pair: int(pair[1]) if str(pair[1]).isdecimal() else len(typed))
        return [(entry, self._in_words(value)) for entry, value in typed if value and str(value).strip(" 0")]

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        names = [name for name in self.entries if entered.get(name)]
        if any(name.startswith(PREFIX) and name not in self.entries and self.data[name].strip(" 0") for name in self.data):
            raise forms.ValidationError(
                _("Eine der Ideen nimmt nicht (mehr) am Wettbewerb teil. Bitte sehen Sie Ihren Stimmzettel noch einmal an.")
            )
        if not names and not self.errors:
            raise forms.ValidationError(self._nothing_chosen())
        if self.competition.voting == Voting.RANKING:
            self._refuse_shared_places(entered, names)
        elif self.competition.budget is not None:
            self._refuse_too_many(sum(entered[name] for name in names), self.competition.budget)
        return entered

    # --- fields -------------------------------------------------------------------------------------------------------

    def _field(self, entry: Entry, mark: int | None) -> forms.Field:
        kind = self.competition.voting
        settings: dict[str, Any] = {"label": entry.idea.title, "required": False, "initial": mark}
        if kind == Voting.SUPPORT:
            return forms.BooleanField(**{**settings, "initial": bool(mark)})
        if kind == Voting.BUDGET:
            return _number(0, self.competition.most_per_entry, self._too_many_for_one(), **{**settings, "initial": mark or 0})
        last = len(self.entries)
        wrong = _("Bitte wählen Sie einen Platz von 1 bis %(last)s.") % {"last": last}
        if last > LONGEST_LIST_OF_PLACES:
            return _number(1, last, wrong, **settings)
        places = [("", _("kein Platz")), *((place, _("Platz %(place)s") % {"place": place}) for place in range(1, last + 1))]
        return forms.TypedChoiceField(
            choices=places, coerce=int, empty_value=None, error_messages={"invalid_choice": wrong}, **settings
        )

    # --- what is refused ----------------------------------------------------------------------------------------------

    def _refuse_shared_places(self, entered: dict[str, Any], names: list[str]) -> None:
        places = {name: entered[name] for name in names}  # a refused field leaves what was entered
        for name, place in places.items():
            other = next((each for each in names if each != name and places[each] == place), None)
            if other:
                sentence = _("Platz %(place)s haben Sie auch „%(title)s“ gegeben. Bitte geben Sie jeden Platz nur einmal.")
                self.add_error(name, sentence % {"place": place, "title": self.entries[other].idea.title})

    def _refuse_too_many(self, given: int, votes: int) -> None:
        if given > votes:
            sentence = ngettext(
                "Sie haben %(votes)s Stimme und vergeben hier %(given)s. Bitte nehmen Sie %(over)s zurück.",
                "Sie haben %(votes)s Stimmen und vergeben hier %(given)s. Bitte nehmen Sie %(over)s zurück.",
                votes,
            )
            raise forms.ValidationError(sentence % {"votes": votes, "given": given, "over": given - votes})

    def _too_many_for_one(self) -> str:
        most = self.competition.most_per_entry
        sentence = ngettext(
            "Für eine Idee können Sie höchstens %(most)s Stimme abgeben.",
            "Für eine Idee können Sie höchstens %(most)s Stimmen abgeben.",
            most,
        )
        return sentence % {"most": most}

    def _nothing_chosen(self) -> str:
        if self.competition.voting == Voting.RANKING:
            return _("Bitte geben Sie mindestens einer Idee einen Platz.")
        return _("Bitte wählen Sie mindestens eine Idee.")

    def _in_words(self, value: Any) -> str:
        if self.competition.voting == Voting.SUPPORT:
            return _("unterstützt")
        if self.competition.voting == Voting.RANKING:
            return _("Platz %(place)s") % {"place": value}
        return _("Stimmen: %(votes)s") % {"votes": value}


PREFIX = "idee-"


def field_name(entry: Entry) -> str:
    """What the field of this entry is called in the page."""
    return f"{PREFIX}{entry.idea.number}"


def _number(lowest: int, highest: int, too_high: str, **settings: Any) -> forms.IntegerField:
    """A whole number within limits. Nothing typed counts as none."""
    return forms.IntegerField(
        min_value=lowest,
        max_value=highest,
        error_messages={
            "invalid": _("Bitte geben Sie eine ganze Zahl ein, zum Beispiel: 1."),
            "min_value": _("Weniger als %(lowest)s geht nicht.") % {"lowest": lowest},
            "max_value": too_high,
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **settings,
    )
