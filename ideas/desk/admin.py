"""Measures, figures and tags in the back office. A measure's status is changed through actions alone: ideas take their
progress from it, and their authors are told."""

import json
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_serializable_data_for_fields
from taggit.models import Tag
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, Panel, TabbedInterface
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from accounts.models import User
from accounts.roles import Role
from pages import site
from pages.agenda import sources
from pages.models import LoesungPage, ZielbildPage
from pages.words import words
from search import sync

from .. import actions, permissions
from ..models import Idea, Kpi, Measure, PriorityReason
from ..workflow import MeasureStatus, measure_status_choices
from .fields import GermanDecimalField

# What a measure is found by. A new measure sets it freely; later it changes on a page of its own, with a public reason.
LABELS = ("code", "title", "zielbild", "loesung")


class MeasureForm(WagtailAdminModelForm):
    # Not the model's own field: saving the form must not change the status by itself.
    new_status = forms.ChoiceField(label=_("Status"), choices=measure_status_choices)
    status_reason = forms.CharField(
        label=_("Warum ändert sich der Status?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=words.later(_("Freiwillig. Steht öffentlich im Weg %(the_gen_massnahme)s, wenn Sie den Status ändern.")),
    )
    priority_reasons = forms.MultipleChoiceField(
        label=_("Warum zuerst?"), choices=PriorityReason.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    project_leads = forms.ModelMultipleChoiceField(
        User.objects.filter(groups__name=Role.PROJECT_LEAD.value, is_active=True).order_by("last_name", "first_name", "email"),
        label=_("Projektverantwortliche"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sie schreiben Berichte und tragen Werte ein. Zur Wahl steht, wer die Rolle Projektverantwortung hat."),
    )
    budget_amount = GermanDecimalField(
        label=_("Budget in Euro"), required=False, max_digits=12, help_text=_("Zum Beispiel: 889.824")
    )
    zielbild = forms.ModelChoiceField(sources(ZielbildPage).order_by("path"), label=words.later("%(Zielbild)s"))
    loesung = forms.ModelChoiceField(
        sources(LoesungPage).order_by("path"),
        label=words.later("%(Loesung)s"),
        required=False,
        empty_label=_("nicht zugeordnet"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_status"].initial = self.instance.status
        self.fields["slug"].error_messages.update(
            unique=_("Diese Adresse ist schon vergeben. Bitte wählen Sie ein anderes Kürzel."),
            invalid=_("Bitte nur Kleinbuchstaben ohne Umlaute, Ziffern und Bindestriche, zum Beispiel: mobile-tafel"),
        )
        if self.instance.pk:
            for name in LABELS:
                self.fields.pop(name, None)
            return
        self.fields["code"].error_messages["unique"] = _("Diese Nummer ist schon vergeben. Bitte wählen Sie eine andere.")

    def clean_code(self) -> str:
        return " ".join(self.cleaned_data["code"].split())

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        zielbild, loesung = entered.get("zielbild"), entered.get("loesung")
        if zielbild and loesung and not loesung.path.startswith(zielbild.path):
            self.add_error(
                "loesung",
                ValidationError(
                    _("%(This_loesung)s gehört nicht zu %(this_dat_zielbild)s. Bitte ändern Sie eine der beiden Angaben.")
                    % words
                ),
            )
        return entered

    def save(self, commit: bool = True) -> Measure:
        with transaction.atomic():
            if self.instance.pk:
                # All columns are written: status and labels as they stand by now, so that the step below is taken from there.
                self.instance.refresh_from_db(
                    fields=["status", "trail_length", *LABELS], from_queryset=Measure.objects.select_for_update(no_key=True)
                )
            measure: Measure = super().save(commit)
            if commit:
                status = MeasureStatus(self.cleaned_data["new_status"])
                office = site.current().office
                decision = actions.Decision(reason=self.cleaned_data["status_reason"], office=office)
                actions.change_measure_status(measure, status, by=self.for_user, decision=decision)
                sync.later(measure)
        return measure


class LabelsPanel(Panel):
    """What the measure is found by, to read, and the ways to change it and to report on it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "ideas/desk/measure_labels.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            user = self.request.user
            return {
                **super().get_context_data(parent_context),
                "measure": self.instance,
                "may_relabel": permissions.relabels(user),
                "may_report": permissions.reports_on(user, self.instance),
            }


class SourcePanel(Panel):
    """The words of the source, to read."""

    FIELDS = (
        "status_as_imported",
        "responsible_as_imported",
        "time_frame_as_imported",
        "ideas_as_imported",
        "note_as_imported",
    )

    class BoundPanel(Panel.BoundPanel):
        template_name = "ideas/desk/measure_source.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self._texts())

        def _texts(self) -> list[dict[str, Any]]:
            names = {name: Measure._meta.get_field(name).verbose_name for name in SourcePanel.FIELDS}  # type: ignore[union-attr]
            return [{"label": label, "text": text} for name, label in names.items() if (text := getattr(self.instance, name))]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "texts": self._texts()}


class LinkedIdeasPanel(Panel):
    """The ideas in this measure, to read and to open. They are linked at the idea, with a row in its trail."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "ideas/desk/linked_ideas.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            links = self.instance.idea_links.select_related("idea__released_version")
            may_review = self.request.user.has_perm("ideas.review_idea")
            return {**context, "links": links, "may_review": may_review}


class MeasureFilters(WagtailFilterSet):
    """By status, with the names that the region gives them."""

    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=measure_status_choices, empty_label=_("Alle"), widget=forms.RadioSelect
    )

    class Meta:
        model = Measure
        fields = ("status",)


class MeasureViewSet(SnippetViewSet):
    model = Measure
    icon = "clipboard-list"
    add_to_admin_menu = True
    menu_order = 60
    admin_url_namespace = "measures"
    base_url_path = "massnahmen"
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50
    ordering = ("sort_order", "code")
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("status", label=_("Status"), accessor="get_status_display", sort_key="status"),
        Column("zielbild", label=words.later("%(Zielbild)s"), accessor="zielbild.title"),
        Column(
            "loesung",
            label=words.later("%(Loesung)s"),
            accessor=lambda measure: measure.loesung.title if measure.loesung else "–",
        ),
        DateColumn("updated_on", label=_("Stand"), sort_key="updated_on"),
    ]
    filterset_class = MeasureFilters
    search_fields: ClassVar[list[str]] = ["title", "code"]
    search_backend_name = None  # few rows: the database answers, and finds a code like 3.1 as well
    inspect_view_fields: ClassVar[list[str]] = [
        "code",
        "title",
        "status",
        "zielbild",
        "loesung",
        "summary",
        "text",
        "location_text",
        "responsible",
        "partners",
        "time_frame",
        "budget_text",
        "note",
        "updated_on",
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    LabelsPanel(heading=_("Bezeichnung")),
                    FieldPanel("title"),
                    FieldRowPanel([FieldPanel("code"), FieldPanel("slug")]),
                    FieldRowPanel([FieldPanel("zielbild"), FieldPanel("loesung")]),
                    FieldPanel("new_status"),
                    FieldPanel("status_reason"),
                    FieldPanel("summary"),
                    FieldPanel("text"),
                    FieldPanel("tags"),
                ],
                heading=words.later("%(Massnahme)s"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [FieldPanel("places", widget=forms.CheckboxSelectMultiple), FieldPanel("location_text")],
                        heading=_("Wo?"),
                    ),
                    MultiFieldPanel(
                        [FieldPanel("responsible"), FieldPanel("partners"), FieldPanel("project_leads")], heading=_("Wer?")
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("time_frame"),
                            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                            FieldPanel("budget_text"),
                            FieldPanel("budget_amount"),
                            FieldPanel("outside_programme"),
                        ],
                        heading=_("Rahmen"),
                    ),
                    FieldPanel("priority_reasons"),
                    FieldPanel(
                        "interfaces",
                        widget=forms.CheckboxSelectMultiple,
                        heading=words.later(_("Schnittstellen zu anderen %(dat_pl_zielbild)s")),
                    ),
                    FieldPanel("note"),
                    FieldPanel("sort_order"),
                    SourcePanel(heading=_("Im Wortlaut der Quelle")),
                ],
                heading=_("Angaben"),
            ),
            ObjectList([LinkedIdeasPanel()], heading=_("Ideen")),
        ],
        base_form_class=MeasureForm,
    )

    def get_queryset(self, request: Any) -> QuerySet[Measure]:
        return Measure.objects.select_related("zielbild", "loesung")


class KpiForm(WagtailAdminModelForm):
    """A figure is edited on the page of its Lösung, or here. What is saved here goes into the page's waiting drafts too:
    publishing one of them must not take it back."""

    loesung = forms.ModelChoiceField(sources(LoesungPage).order_by("path"), label=words.later("%(Loesung)s"))
    measure: Any = forms.ModelChoiceField(
        Measure.objects.order_by("sort_order", "code"), label=words.later("%(Massnahme)s"), required=False
    )
    target_value = GermanDecimalField(label=_("Zielwert als Zahl"), required=False)
    baseline = GermanDecimalField(label=_("Ausgangswert"), required=False)

    def save(self, commit: bool = True) -> Kpi:
        with transaction.atomic():
            kpi: Kpi = super().save(commit)
            if commit:
                _carry_into_drafts(kpi)
        return kpi


def _carry_into_drafts(kpi: Kpi) -> None:
    """In every revision newer than the published one the figure is as it is now, and stands on no other page."""
    own = json.loads(json.dumps(get_serializable_data_for_fields(kpi), cls=DjangoJSONEncoder))
    pages = sources(LoesungPage).filter(Q(pk=kpi.loesung_id) | Q(has_unpublished_changes=True))
    for page in pages:
        for revision in page.revisions.filter(pk__gte=page.live_revision_id or 0):
            rows = [row for row in revision.content.get("kpis", []) if row["pk"] != kpi.pk]
            changed = [*rows, own] if page.pk == kpi.loesung_id else rows
            if changed != revision.content.get("kpis", []):
                revision.content["kpis"] = changed
                revision.save(update_fields=["content"])


class KpiViewSet(SnippetViewSet):
    model = Kpi
    icon = "crosshairs"
    add_to_admin_menu = True
    menu_order = 61
    admin_url_namespace = "kpis"
    base_url_path = "kennzahlen"
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    list_display: ClassVar[list[Any]] = [
        "name",
        Column("target", label=_("Zielwert")),
        Column("loesung", label=words.later("%(Loesung)s"), accessor="loesung.title"),
        Column("measure", label=words.later("%(Massnahme)s"), accessor=lambda kpi: kpi.measure or "–"),
    ]
    search_fields: ClassVar[list[str]] = ["name", "target"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("loesung"),
            FieldPanel("measure"),
            FieldPanel("unit"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("target"), FieldPanel("defined")]),
                    FieldRowPanel([FieldPanel("target_value"), FieldPanel("target_on")]),
                ],
                heading=_("Ziel"),
            ),
            FieldRowPanel([FieldPanel("baseline"), FieldPanel("baseline_on")]),
            FieldPanel("note"),
            FieldPanel("sort_order"),
        ],
        base_form_class=KpiForm,
    )

    def get_queryset(self, request: Any) -> QuerySet[Kpi]:
        return Kpi.objects.select_related("loesung", "measure").order_by("loesung__path", "sort_order", "pk")


class TagForm(WagtailAdminModelForm):
    """Renames a tag. Its address stays, so links to its page keep working."""

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Dieses Stichwort gibt es schon."))
        return name

    def save(self, commit: bool = True) -> Tag:
        with transaction.atomic():
            tag: Tag = super().save(commit)
            if commit:
                for thing in [*Idea.objects.filter(tags=tag), *Measure.objects.filter(tags=tag)]:
                    sync.later(thing)
        return tag


class TagViewSet(SnippetViewSet):
    model = Tag
    icon = "tag"
    admin_url_namespace = "tags_admin"
    base_url_path = "stichwoerter"
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar[list[str]] = ["name", "slug"]
    search_fields: ClassVar[list[str]] = ["name"]
    ordering = ("name",)
    edit_handler = ObjectList([FieldPanel("name")], base_form_class=TagForm)
