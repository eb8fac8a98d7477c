"""One form per step of the table. Each knows what staff enter for its step and hands it to actions."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left, Length
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.models import Page

from accounts.models import User
from pages.agenda import sources
from pages.models import EventPage, LoesungPage
from pages.words import words

from .. import actions, families
from ..models import Idea, IdeaVersion, Measure, Place
from ..workflow import Action, Contribution, Reason, Step

REASON_LENGTH = 5000


class WordsForm(forms.Form):
    """What is written with a decision: the public reason and the internal note."""

    reason = forms.CharField(
        label=_("Öffentliche Begründung"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Bitte begründen Sie diese Entscheidung. Der Grund wird veröffentlicht.")},
    )
    note = forms.CharField(
        label=_("Interne Notiz"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Freiwillig. Nur für das Prüfteam."),
    )


class StepForm(WordsForm):
    """The words that every step has, and the guard against a page that is out of date."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    fields_before_reason: ClassVar[list[str]] = []

    def __init__(self, step: Step, idea: Idea, data: Any = None, **initial: Any) -> None:
        # Several forms of one step stand on a page where an idea is in several measures.
        super().__init__(
            data, initial={**self.state_of_the_page(idea), **initial}, auto_id=f"{step.action}-{initial.get('measure', '')}-%s"
        )
        self.step, self.idea = step, idea
        reason = self.fields["reason"]
        reason.required = step.reason is Reason.REQUIRED
        reason.help_text = self._reason_hint()
        if step.action is Action.ASK_BACK:
            reason.label = _("Ihre öffentliche Frage")
            reason.error_messages["required"] = _("Bitte schreiben Sie Ihre Frage. Sie wird veröffentlicht.")
        if step.reason is Reason.NONE:
            del self.fields["reason"]
        self.order_fields([*self.fields_before_reason, "reason", "note", "seen"])

    def _reason_hint(self) -> Any:
        if self.step.action is Action.ASK_BACK:
            return _("Alle können das lesen. Fragen Sie so, dass man in ein, zwei Sätzen antworten kann.")
        if self.step.reason is Reason.REQUIRED:
            return _("Alle können das lesen. Schreiben Sie an einen Menschen: „Sie schlagen vor, …“")
        return _("Freiwillig. Alle können das lesen. Schreiben Sie an einen Menschen: „Sie schlagen vor, …“")

    def decision(self, office: str) -> actions.Decision:
        entered = self.cleaned_data
        return actions.Decision(reason=entered.get("reason", ""), note=entered["note"], office=office, seen=entered["seen"])

    def take(self, *, by: User, office: str) -> None:
        """Take the step. Raises actions.Refused with a sentence for the person."""
        actions.take(self.idea, self.step.action, by=by, decision=self.decision(office))

    def is_twin_of(self, other: "StepForm") -> bool:
        """Whether both are the form of one and the same thing; matters where a step has several forms on a page."""
        return True

    def again(self, step: Step, idea: Idea) -> "StepForm":
        """The same entries on the page as it is now, to look at and to send once more."""
        return type(self)(step, idea, {**self.data.dict(), **self.state_of_the_page(idea)})  # type: ignore[attr-defined]

    def state_of_the_page(self, idea: Idea) -> dict[str, Any]:
        """What the form remembers of the page that it stands on."""
        return {"seen": idea.trail_length}


class ReleaseForm(StepForm):
    version = forms.ModelChoiceField(IdeaVersion.objects.none(), widget=forms.HiddenInput)

    def __init__(self, step: Step, idea: Idea, data: Any = None, **initial: Any) -> None:
        super().__init__(step, idea, data, **initial)
        self.fields["version"].queryset = idea.versions.all()  # type: ignore[attr-defined]

    def take(self, *, by: User, office: str) -> None:
        actions.release(self.idea, self.cleaned_data["version"], by=by, decision=self.decision(office))

    def state_of_the_page(self, idea: Idea) -> dict[str, Any]:
        return {**super().state_of_the_page(idea), "version": idea.latest_version.pk}


class ReclassifyForm(StepForm):
    loesung = forms.ModelChoiceField(
        sources(LoesungPage).filter(live=True).order_by("path"),
        label=words.later(_("%(Loesung)s, künftig")),
        required=False,
        empty_label=_("nicht zugeordnet"),
    )
    places = forms.ModelMultipleChoiceField(
        Place.objects.all(), label=_("Orte"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.CharField(
        label=_("Stichwörter"),
        required=False,
        max_length=500,
        help_text=_("Mit Komma getrennt, zum Beispiel: Mobilität, Ehrenamt"),
    )
    event = forms.ModelChoiceField(
        EventPage.objects.none(),
        label=_("Entstanden bei diesem Termin"),
        required=False,
        empty_label=_("bei keinem Termin"),
    )
    fields_before_reason: ClassVar[list[str]] = ["loesung", "places", "tags", "event"]

    def __init__(self, step: Step, idea: Idea, data: Any = None, **initial: Any) -> None:
        now = {
            "loesung": idea.loesung_id,
            "places": list(idea.places.all()),
            "tags": ", ".join(sorted(map(str, idea.tags.all()))),
            "event": idea.event_id,
        }
        super().__init__(step, idea, data, **{**now, **initial})
        # Ideas point at the page in the default language; an event that was taken off stays with the ideas that have it.
        here = Q(live=True, locale__language_code=settings.LANGUAGE_CODE) | Q(pk=idea.event_id)
        self.fields["event"].queryset = EventPage.objects.filter(here).order_by("-starts_at")  # type: ignore[attr-defined]
        self.fields["loesung"].choices = loesung_choices(_("nicht zugeordnet"))  # type: ignore[attr-defined]

    def take(self, *, by: User, office: str) -> None:
        entered = self.cleaned_data
        tags = entered["tags"] if "tags" in self.data else None  # not asked for: stays as it is
        places = entered["places"] if "tags" in self.data else None
        events = list(filter(None, [entered["event"]])) if "event" in self.data else None
        actions.reclassify(
            self.idea, entered["loesung"], by=by, decision=self.decision(office), places=places, tags=tags, events=events
        )

    def clean_tags(self) -> list[str]:
        """The names, each once; one that is known already is written as it is known."""
        names = {" ".join(name.split()).casefold(): " ".join(name.split()) for name in self.cleaned_data["tags"].split(",")}
        if any(len(name) > 50 for name in names):
            raise forms.ValidationError(_("Bitte höchstens 50 Zeichen je Stichwort. Trennen Sie Stichwörter mit einem Komma."))
        known = {tag.name.casefold(): tag.name for tag in Tag.objects.all()} if names else {}
        return [known.get(key, name) for key, name in names.items() if name]


class LinkForm(StepForm):
    measure: Any = forms.ModelChoiceField(
        Measure.objects.all(),
        label=words.later("%(Massnahme)s"),
        error_messages={"required": words.later(_("Bitte wählen Sie %(a_acc_massnahme)s."))},
    )
    contribution = forms.ChoiceField(
        label=words.later(_("Wie weit geht die Idee in %(the_acc_massnahme)s ein?")), choices=Contribution.choices
    )
    fields_before_reason: ClassVar[list[str]] = ["measure", "contribution"]

    def __init__(self, step: Step, idea: Idea, data: Any = None, **initial: Any) -> None:
        super().__init__(step, idea, data, **initial)
        measures = (
            Measure.objects.exclude(idea_links__in=families.measure_links(idea))
            .select_related("zielbild")
            .order_by("zielbild__path", "sort_order")
        )
        groups = groupby(measures, key=lambda measure: measure.zielbild)
        choices = [(zielbild.title, [(measure.pk, str(measure)) for measure in group]) for zielbild, group in groups]
        self.fields["measure"].choices = [("", _("Bitte wählen")), *choices]  # type: ignore[attr-defined]

    def take(self, *, by: User, office: str) -> None:
        entered = self.cleaned_data
        contribution = Contribution(entered["contribution"])
        actions.link_measure(self.idea, entered["measure"], contribution, by=by, decision=self.decision(office))


class UnlinkForm(StepForm):
    measure: Any = forms.ModelChoiceField(Measure.objects.all(), widget=forms.HiddenInput)

    def is_twin_of(self, other: StepForm) -> bool:
        return str(self["measure"].value()) == str(other["measure"].value())

    @property
    def measure_title(self) -> str:
        return self.initial.get("title") or str(Measure.objects.filter(pk=self["measure"].value()).first() or "")

    def take(self, *, by: User, office: str) -> None:
        actions.unlink_measure(self.idea, self.cleaned_data["measure"], by=by, decision=self.decision(office))


class PublishForm(StepForm):
    criteria = forms.MultipleChoiceField(
        label=_("Welche Ergebnisse wollen Sie veröffentlichen?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Öffentlich werden das Kriterium, die Frage und das Ergebnis. Nie ein Name, nie eine einzelne Antwort."),
        error_messages={"required": _("Bitte wählen Sie mindestens ein Kriterium.")},
    )
    fields_before_reason: ClassVar[list[str]] = ["criteria"]

    def __init__(self, step: Step, idea: Idea, data: Any = None, **initial: Any) -> None:
        _round, rows = actions.results_to_publish(idea)
        choices = [(row["key"], f"{row['name']}: {row['label']}") for row in rows if "key" in row]
        super().__init__(step, idea, data, **{"criteria": [key for key, _label in choices], **initial})
        self.fields["criteria"].choices = choices  # type: ignore[attr-defined]

    def take(self, *, by: User, office: str) -> None:
        actions.publish_review(self.idea, by=by, decision=self.decision(office), criteria=self.cleaned_data["criteria"])

    def again(self, step: Step, idea: Idea) -> StepForm:
        data = {**self.data.dict(), "criteria": self.data.getlist("criteria")}  # type: ignore[attr-defined]
        return type(self)(step, idea, {**data, **self.state_of_the_page(idea)})


_FORMS: dict[Action, type[StepForm]] = {
    Action.RELEASE: ReleaseForm,
    Action.RECLASSIFY: ReclassifyForm,
    Action.LINK_MEASURE: LinkForm,
    Action.UNLINK_MEASURE: UnlinkForm,
    Action.PUBLISH_REVIEW: PublishForm,
}


# Steps that are taken on a page of their own, not beside the idea.
ELSEWHERE = {Action.REDACT, Action.MERGE, Action.UNMERGE, Action.SPLIT}


def form_class(step: Step) -> type[StepForm]:
    return _FORMS.get(step.action, StepForm)


def forms_of(step: Step, idea: Idea, links: Sequence[families.Link]) -> list[StepForm]:
    """The empty forms of a step: one, but for taking an idea out of measures one per measure (`links`)."""
    if step.action is Action.UNLINK_MEASURE:
        return [UnlinkForm(step, idea, measure=link.measure_id, title=str(link.measure)) for link in links]
    return [form_class(step)(step, idea)]


def loesung_choices(empty: Any) -> list[tuple[Any, Any]]:
    """All Lösungen grouped by their Zielbild, after a first choice for none, in one query."""
    zielbild = Page.objects.filter(path=Left(OuterRef("path"), Length(OuterRef("path")) - LoesungPage.steplen))
    loesungen = sources(LoesungPage).filter(live=True).annotate(zielbild_title=Subquery(zielbild.values("title")))
    groups = groupby(loesungen.order_by("path").only("pk", "path", "title"), key=lambda page: page.zielbild_title)
    return [("", empty), *[(title, [(page.pk, page.title) for page in group]) for title, group in groups]]
