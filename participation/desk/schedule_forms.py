"""What the lead types about the dates of a competition."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.text import has_words

from ..actions import Overtaken, Refused, planning
from ..local_time import LocalDateTimeField
from ..models import Competition
from ..phase_line import span_in_words
from ..phases import Phase, Span

LONGEST_NOTE = 2_000
EXPLAINED = {
    Phase.ANNOUNCED: _("Die Seite steht da, mitmachen kann man noch nicht."),
    Phase.SUBMISSION: _("Ideen einreichen und vorschlagen."),
    Phase.REVIEW: _("Sie entscheiden, welche Ideen teilnehmen."),
    Phase.VOTING: _("Abstimmen und die Stimme ändern."),
    Phase.JURY: _("Die Jury bewertet."),
    Phase.RESULT: _("Das Ergebnis steht vorn. Ein Ende braucht diese Phase nicht."),
}


def note_field(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Öffentlicher Hinweis"),
        help_text=help_text,
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True)
class Row:
    """One phase in the form. Without fields it only says when it is: what has begun doesn't change here."""

    phase: Phase
    begin: BoundField | None
    end: BoundField | None
    fixed: str
    problem: str
    is_running: bool

    @property
    def explained(self) -> Any:
        return EXPLAINED[self.phase]


class ScheduleForm(forms.Form):
    """A begin and an end for each phase; both left empty leave the phase out."""

    def __init__(self, data: Any, *, competition: Competition, now: datetime) -> None:
        self.competition, self.now = competition, now
        self.fixed = [phase for phase in Phase if self._is_fixed(phase, data)]
        self.problems: dict[Phase, str] = {}
        self.spans: list[Span] = []
        initial: dict[str, Any] = {}
        for span in competition.spans:
            initial |= {f"{span.phase.value}_begin": span.starts_at, f"{span.phase.value}_end": span.ends_at}
        super().__init__(data, initial=initial)
        for phase in Phase:
            if phase not in self.fixed:
                self.fields[f"{phase.value}_begin"] = LocalDateTimeField(label=_("Beginn"), required=False)
                self.fields[f"{phase.value}_end"] = LocalDateTimeField(label=_("Ende"), required=False)
        self.fields["note"] = note_field(_("Warum ändert sich, was schon angekündigt ist? Das lesen alle auf der Seite."))

    def _is_fixed(self, phase: Phase, data: Any) -> bool:
        """Whether the phase has begun before people's eyes. One that began while somebody was typing keeps their fields."""
        span = self.competition.span(phase)
        is_typed = data is not None and f"{phase.value}_begin_day" in data
        return bool(self.competition.was_public and span and span.has_begun(self.now) and not is_typed)

    @property
    def rows(self) -> list[Row]:
        return [self._row(phase) for phase in Phase]

    def _row(self, phase: Phase) -> Row:
        span, fixed = self.competition.span(phase), phase in self.fixed
        return Row(
            phase=phase,
            begin=None if fixed else self[f"{phase.value}_begin"],
            end=None if fixed else self[f"{phase.value}_end"],
            fixed=span_in_words(span) if span and fixed else "",
            problem=self.problems.get(phase, ""),
            is_running=bool(fixed and span and span.holds(self.now)),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for phase in Phase:
            if span := self._span(phase, data):
                self.spans.append(span)
        # What stands beside a field already isn't said twice.
        typed_wrong = {phase for phase in Phase if {f"{phase.value}_begin", f"{phase.value}_end"} & set(self.errors)}
        found = planning.problems_of_plan(self.competition, self.spans, self.now)
        self.refuse({phase: sentence for phase, sentence in found.items() if phase not in typed_wrong})
        if not self.errors and planning.needs_note(self.competition, self.spans) and not has_words(data.get("note", "")):
            self.add_error("note", str(planning.NO_NOTE))
        return data

    def _span(self, phase: Phase, data: dict[str, Any]) -> Span | None:
        if phase in self.fixed:
            return self.competition.span(phase)
        begin, end = data.get(f"{phase.value}_begin"), data.get(f"{phase.value}_end")
        if begin:
            old = self.competition.span(phase)
            if old is None:
                return Span(phase, begin, end)
            return Span(phase, _exact(begin, old.starts_at), _exact(end, old.ends_at))
        if end and f"{phase.value}_begin" not in self.errors:
            self.add_error(f"{phase.value}_begin", _now("Bitte geben Sie auch an, wann diese Phase beginnt."))
        return None

    def refuse(self, problems: dict[Phase, str]) -> None:
        """Show these sentences beside their phases, and say on top that there are some."""
        self.problems |= problems
        if problems:
            self.add_error(None, _now("So passt der Ablauf noch nicht. Was zu ändern ist, steht bei jeder Phase."))


class ExtendForm(forms.Form):
    new_end = LocalDateTimeField(label=_("Neues Ende"))
    note = note_field(_("Warum dauert die Phase länger? Das lesen alle auf der Seite."))

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if not has_words(note):
            raise forms.ValidationError(str(planning.NO_NOTE))
        return note

    def refuse(self, problem: Refused) -> None:
        """Show why the phase can't be extended like this: beside the end, unless somebody else was faster."""
        before = _now("Die späteren Phasen passen dann nicht mehr.") + " " if isinstance(problem, planning.Unfit) else ""
        self.add_error(None if isinstance(problem, Overtaken) else "new_end", before + str(problem))


def _exact(typed: Any, old: datetime | None) -> Any:
    """The old moment where the form, which has no seconds, says the same."""
    return old if old and old.replace(second=0, microsecond=0) == typed else typed
