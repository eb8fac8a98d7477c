"""Surveys in Wagtail's back office: the questionnaire is built here, with its questions in place. Once somebody has answered it
is only shown, and texts and the end can still change."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel, TabbedInterface
from wagtail.admin.telepath import register as register_telepath_adapter
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.snippets.views.snippets import CopyView, EditView, SnippetViewSet

from pages.steckbrief_form import OptionalBoundPanel

from .. import clock
from ..local_time import LocalDateTimeField, after_gap
from ..models import Survey, SurveyQuestion
from ..survey_exchange import free_slug
from ..survey_permissions import FIXED

Kind = SurveyQuestion.Kind
LOCKED = ("slug", "language", "mode", "starts_at", "results_visibility")


class QuestionForm(WagtailAdminModelForm):
    """A question with its options. What doesn't belong to its kind is refused, not dropped."""

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        kind, options = entered.get("kind"), self._options()
        is_choice = kind in (Kind.CHOICE, Kind.MULTIPLE)
        if is_choice and len(options) + bool(entered.get("allows_other")) < 2:
            self.add_error("kind", _("Eine Auswahl braucht mindestens zwei Antworten. Bitte fügen Sie unten welche hinzu."))
        if is_choice and len({option.casefold() for option in options}) < len(options):
            self.add_error("kind", _("Eine Antwort steht zweimal zur Wahl. Bitte ändern Sie eine der beiden."))
        if not is_choice and options:
            self.add_error(
                "kind",
                _("Antworten zur Auswahl gibt es nur bei einer Auswahl. Bitte löschen Sie sie, oder ändern Sie die Art."),
            )
        if not is_choice and entered.get("allows_other"):
            self.add_error("allows_other", _("„Sonstiges“ gibt es nur bei einer Auswahl."))
        if kind != Kind.MULTIPLE and entered.get("most_choices"):
            self.add_error("most_choices", _("Das gibt es nur bei mehreren Antworten."))
        return entered

    def _options(self) -> list[str]:
        """The options as they were typed, without those that are to be deleted."""
        formset = self.formsets.get("options")
        if formset is None:
            return []
        typed = [
            form.data.get(form.add_prefix("text"), "").strip()
            for form in formset.forms
            if not form.data.get(form.add_prefix("DELETE"))
        ]
        return [text for text in typed if text]


class QuestionsPanel(InlinePanel):
    """The questions, each with its options, as long as nobody has answered."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = QuestionForm
        return options

    @register_telepath_adapter
    class BoundPanel(OptionalBoundPanel):
        pass


class FixedPanel(Panel):
    """The questions to read, and why they can't change any more."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "participation/desk/survey_fixed.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.has_answers

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            survey = Survey.objects.with_questions().get(pk=self.instance.pk)
            return {**super().get_context_data(parent_context), "survey": survey, "sentence": FIXED}


class SurveyEditForm(WagtailAdminModelForm):
    starts_at = LocalDateTimeField(label=_("Beginn"))
    ends_at = LocalDateTimeField(label=_("Ende"), help_text=_("Bis kurz vor diesem Moment kann man mitmachen."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_fixed = self.instance.has_answers
        if "slug" in self.fields:
            self.fields["slug"].error_messages.update(
                unique=_("Diese Adresse ist schon vergeben. Bitte wählen Sie eine andere."),
                invalid=_("Bitte nur Kleinbuchstaben ohne Umlaute, Ziffern und Bindestriche, zum Beispiel: bus-und-rad"),
            )
        for name in LOCKED if self.is_fixed else ():
            self.fields.pop(name, None)
        if self.is_fixed:
            self.formsets.pop("questions", None)
        if self.is_fixed and self.instance.is_published:
            self.fields.pop("is_published", None)  # one that was read in with its answers begins as a draft
        if self.instance.pk and self.is_fixed and self.instance.is_over(clock.now()):
            self.fields.pop("ends_at", None)

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        begin, end = entered.get("starts_at", self.instance.starts_at), entered.get("ends_at", self.instance.ends_at)
        if begin and end and end <= begin:
            self.add_error("ends_at", _("Das Ende liegt nicht nach dem Beginn. Bitte prüfen Sie die beiden Angaben."))
        if self.is_fixed and "ends_at" in self.fields and end and end <= clock.now():
            self.add_error(
                "ends_at", _("Dieser Moment ist schon vorbei. Sofort schließen können Sie die Umfrage unter „Auswertung“.")
            )
        if entered.get("is_published") and not self.is_fixed and not self._has_questions():
            self.add_error(
                "is_published",
                ValidationError(_("Ohne Fragen lässt sich die Umfrage nicht veröffentlichen. Bitte fügen Sie eine hinzu.")),
            )
        return entered

    def _has_questions(self) -> bool:
        forms_of_questions = self.formsets["questions"].forms if "questions" in self.formsets else []
        return any(not form.data.get(form.add_prefix("DELETE")) for form in forms_of_questions)


class SurveyEditView(EditView):
    """Holds the survey while it is saved: nobody's answer comes between the look at the answers and the change."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            Survey.objects.select_for_update().get(pk=self.object.pk)
            if form.is_fixed or not self.object.has_answers:
                return super().form_valid(form)
        form.add_error(None, _("Gerade ist die erste Antwort gekommen. Ihre Änderungen an den Fragen sind nicht gespeichert."))
        self.produced_error_code, self.produced_error_message = "validation_error", self.get_error_message()
        return self.form_invalid(form)


class SurveyCopyView(CopyView):
    """A new survey starts from an earlier one: its texts and questions, with new dates, as a draft."""

    def get_initial_form_instance(self) -> Survey:
        if self.request.method == "POST":
            return Survey()
        copy: Survey = self.get_object().copy_cluster()[0]
        copy.pk, copy.slug, copy.outcome, copy.is_published = None, free_slug(copy.slug), "", False
        copy.title = _now("%(title)s (Kopie)") % {"title": copy.title[:110]}
        copy.starts_at, copy.ends_at = _in_days(7, time(8)), _in_days(28, time(18))
        return copy


def _in_days(days: int, at: time) -> datetime:
    return after_gap(timezone.localdate() + timedelta(days=days), at)


def _state(survey: Survey) -> Any:
    return survey.state(timezone.now()).label


class SurveyViewSet(SnippetViewSet):
    model = Survey
    icon = "list-ul"
    add_to_admin_menu = True
    menu_order = 53
    menu_label = _("Umfragen")
    admin_url_namespace = "surveys_admin"
    base_url_path = "umfragen"
    copy_view_enabled = True
    inspect_view_enabled = False
    list_per_page = 50
    edit_view_class = SurveyEditView
    copy_view_class = SurveyCopyView
    list_display: ClassVar[list[Any]] = [
        "title",
        Column("state", label=_("Stand"), accessor=_state),
        Column(
            "ends_at",
            label=_("Ende"),
            accessor=lambda survey: date_format(timezone.localtime(survey.ended_at), "SHORT_DATETIME_FORMAT"),
        ),
        Column("hits", label=_("Antworten"), accessor="hits"),
        TitleColumn(
            "desk",
            label=_("Auswertung"),
            accessor=lambda survey: _now("Auswertung öffnen"),
            get_url=lambda survey: reverse("surveys_desk:survey", args=[survey.pk]),
        ),
    ]
    search_fields: ClassVar[list[str]] = ["title"]
    search_backend_name = None
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FixedPanel(heading=_("Fragen")),
                    FieldPanel("title"),
                    FieldPanel("slug"),
                    FieldPanel("intro"),
                    FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                    MultiFieldPanel(
                        [
                            FieldPanel("mode", widget=forms.RadioSelect),
                            FieldPanel("results_visibility", widget=forms.RadioSelect),
                            FieldPanel("language"),
                        ],
                        heading=_("Regeln"),
                    ),
                    FieldPanel("is_published"),
                ],
                heading=_("Umfrage"),
            ),
            ObjectList(
                [
                    QuestionsPanel(
                        "questions",
                        heading=_("Fragen"),
                        label=_("Frage"),
                        help_text=_("Kurz ist gut: fünf bis zehn Fragen. Ab der ersten Antwort bleiben sie, wie sie sind."),
                        panels=[
                            FieldPanel("text"),
                            FieldPanel("kind"),
                            FieldPanel("help"),
                            FieldPanel("is_required"),
                            InlinePanel(
                                "options", heading=_("Antworten zur Auswahl"), label=_("Antwort"), panels=[FieldPanel("text")]
                            ),
                            FieldRowPanel([FieldPanel("allows_other"), FieldPanel("most_choices")]),
                            FieldRowPanel([FieldPanel("steps"), FieldPanel("low_label"), FieldPanel("high_label")]),
                        ],
                    )
                ],
                heading=_("Fragen"),
            ),
            ObjectList([FieldPanel("thanks"), FieldPanel("outcome")], heading=_("Danach")),
        ],
        base_form_class=SurveyEditForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        return Survey.objects.annotate(hits=Count("responses"))
