"""What project leads and the lead enter on the pages of reports, and when a measure gets another name."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from pages.agenda import sources
from pages.models import LoesungPage, ZielbildPage
from pages.words import words

from .. import actions, permissions
from ..models import Kpi, Measure, ProgressNote, Proposal
from .fields import GermanDecimalField, date_field
from .forms import loesung_choices


class NoteForm(forms.Form):
    happened_on = date_field(_("Wann war das?"))
    text = forms.CharField(
        label=_("Was ist geschehen?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Zwei, drei Sätze, die alle verstehen. Nennen Sie keine Namen von Personen."),
        error_messages={"required": _("Bitte schreiben Sie in ein paar Sätzen, was geschehen ist.")},
    )

    def __init__(self, measure: Measure, user: User, data: Any = None, **initial: Any) -> None:
        super().__init__(data, initial=initial, auto_id="bericht-%s")
        self.measure = measure

    def propose(self, *, by: User, office: str) -> Proposal:
        return actions.propose_note(self.measure, by=by, office=office, **self.cleaned_data)


class ValueForm(forms.Form):
    kpi: Any = forms.ModelChoiceField(
        Kpi.objects.all(), label=_("Kennzahl"), error_messages={"required": _("Bitte wählen Sie eine Kennzahl.")}
    )
    measured_on = date_field(_("Wann gemessen?"))
    value = GermanDecimalField(
        label=_("Wert"),
        help_text=_("Eine Zahl, zum Beispiel: 1.250 oder 12,5"),
        error_messages={"required": _("Bitte geben Sie eine Zahl ein.")},
    )
    note = forms.CharField(
        label=_("Hinweis"), required=False, max_length=250, help_text=_("Freiwillig, zum Beispiel: ohne Schulferien")
    )

    def __init__(self, measure: Measure, user: User, data: Any = None, **initial: Any) -> None:
        super().__init__(data, initial=initial, auto_id="wert-%s")
        own = Q(measure=measure)
        if permissions.leads(user) and measure.loesung_id:
            own |= Q(measure=None, loesung=measure.loesung_id)
        kpis = Kpi.objects.filter(own).order_by("sort_order", "pk")
        self.fields["kpi"].queryset = kpis  # type: ignore[attr-defined]
        self.fields["kpi"].choices = [("", _("Bitte wählen")), *[(kpi.pk, _with_unit(kpi)) for kpi in kpis]]  # type: ignore[attr-defined]
        self.has_kpis = len(self.fields["kpi"].choices) > 1  # type: ignore[attr-defined]

    def propose(self, *, by: User, office: str) -> Proposal:
        return actions.propose_value(by=by, office=office, **self.cleaned_data)


def _with_unit(kpi: Kpi) -> str:
    return f"{kpi.name} ({kpi.unit})" if kpi.unit else kpi.name


class DeclineForm(forms.Form):
    answer = forms.CharField(
        label=_("Was fehlt noch, was soll anders sein?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Das liest nur, wer den Bericht geschrieben hat. Es geht per E-Mail hinaus."),
        error_messages={"required": _("Bitte schreiben Sie, was noch fehlt oder anders sein soll.")},
    )

    def __init__(self, proposal: Proposal, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{'bericht' if isinstance(proposal, ProgressNote) else 'wert'}-{proposal.pk}-%s")


class RelabelForm(forms.Form):
    """Number, title, Zielbild and Lösung of a measure, and the reason that everybody reads."""

    code = forms.CharField(label=_("Nummer"), max_length=20)
    title = forms.CharField(label=_("Titel"), max_length=200)
    zielbild: Any = forms.ModelChoiceField(
        sources(ZielbildPage).order_by("path"), label=words.later("%(Zielbild)s"), empty_label=None
    )
    loesung: Any = forms.ModelChoiceField(
        sources(LoesungPage).filter(live=True).order_by("path"), label=words.later("%(Loesung)s"), required=False
    )
    reason = forms.CharField(
        label=_("Öffentliche Begründung"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=words.later(_("Bisher, künftig und Grund stehen dann im Weg %(the_gen_massnahme)s. Alle können das lesen.")),
        error_messages={"required": _("Bitte begründen Sie die Änderung. Der Grund wird veröffentlicht.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, measure: Measure, data: Any = None) -> None:
        initial = {
            "code": measure.code,
            "title": measure.title,
            "zielbild": measure.zielbild_id,
            "loesung": measure.loesung_id,
            "seen": measure.trail_length,
        }
        super().__init__(data, initial=initial)
        self.measure = measure
        self.fields["loesung"].choices = loesung_choices(_("nicht zugeordnet"))  # type: ignore[attr-defined]

    def again(self) -> "RelabelForm":
        """The same entries on the page as it is now."""
        data = {**self.data.dict(), "seen": self.measure.trail_length}  # type: ignore[attr-defined]
        return type(self)(self.measure, data)

    def relabel(self, *, by: User, office: str) -> None:
        entered = self.cleaned_data
        labels = actions.Labels(entered["code"], entered["title"], entered["zielbild"], entered["loesung"])
        decision = actions.Decision(reason=entered["reason"], office=office, seen=entered["seen"])
        actions.relabel(self.measure, labels, by=by, decision=decision)
