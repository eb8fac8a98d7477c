"""The monitoring in the back office: indicators with their values and assessments in one form, and what the lead is told of on
the start page."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from pages.models import Theme, ZielbildPage
from pages.words import words

from .. import indicators, permissions
from ..models import Indicator, MonitoringSettings
from .fields import GermanDecimalField


class ValueForm(WagtailAdminModelForm):
    value = GermanDecimalField(label=_("Wert"))


class ValuesPanel(InlinePanel):
    """The rows of values, each read as people write numbers here."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = ValueForm
        return options


class IndicatorForm(WagtailAdminModelForm):
    zielbild = forms.ModelChoiceField(
        ZielbildPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).order_by("path"),
        label=words.later(_("Misst: %(ziel)s")),
        required=False,
        empty_label=_("nichts gewählt"),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.order_by("number"),
        label=words.later(_("Oder: %(thema)s")),
        required=False,
        empty_label=_("nichts gewählt"),
    )
    baseline = GermanDecimalField(label=_("Ausgangswert"))
    target = GermanDecimalField(label=_("Zielwert"))

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if bool(entered.get("zielbild")) == bool(entered.get("theme")):
            self.add_error(
                "zielbild", ValidationError(_("Ein Indikator misst eines von beiden. Bitte wählen Sie genau eines."))
            )
        begin, end = entered.get("baseline_on"), entered.get("target_on")
        if begin and end and end <= begin:
            self.add_error("target_on", ValidationError(_("Das Ziel muss nach dem Ausgangswert liegen.")))
        start, target = entered.get("baseline"), entered.get("target")
        if start is not None and start == target:
            self.add_error(
                "target", ValidationError(_("Zielwert und Ausgangswert sind gleich. Dann gibt es nichts zu messen."))
            )
        return entered


class IndicatorViewSet(SnippetViewSet):
    model = Indicator
    icon = "crosshairs"
    add_to_admin_menu = True
    menu_order = 62
    admin_url_namespace = "indicators_admin"
    base_url_path = "indikatoren"
    copy_view_enabled = False
    inspect_view_enabled = False
    list_per_page = 50
    list_display: ClassVar[list[Any]] = [
        "name",
        Column("measures", label=_("Misst"), accessor=lambda row: row.zielbild.title if row.zielbild else row.theme),
        Column("standing", label=_("Stand"), accessor=lambda row: indicators.placed([row])[0].state.label),
        Column(
            "latest",
            label=_("Letzter Wert vom"),
            accessor=lambda row: row.latest.measured_on.strftime("%d.%m.%Y") if row.latest else "–",
        ),
    ]
    search_fields: ClassVar[list[str]] = ["name"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("slug"),
                    FieldRowPanel([FieldPanel("zielbild"), FieldPanel("theme")]),
                    FieldPanel("description"),
                    FieldPanel("unit"),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("baseline"), FieldPanel("baseline_on")]),
                            FieldRowPanel([FieldPanel("target"), FieldPanel("target_on")]),
                            FieldPanel("tolerance"),
                        ],
                        heading=_("Pfad"),
                    ),
                    FieldPanel("sort_order"),
                ],
                heading=_("Indikator"),
            ),
            ObjectList(
                [
                    ValuesPanel(
                        "values",
                        panels=[FieldPanel("measured_on"), FieldPanel("value"), FieldPanel("note")],
                        heading=_("Gemessene Werte"),
                        label=_("Wert"),
                        help_text=_("Ein Wert je Tag. Er ist sofort öffentlich."),
                    )
                ],
                heading=_("Werte"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "assessments",
                        panels=[FieldPanel("written_on"), FieldPanel("text"), FieldPanel("source")],
                        heading=_("Einschätzungen"),
                        label=_("Einschätzung"),
                        help_text=_("Die neueste steht öffentlich beim Indikator, mit Datum und Grundlage."),
                    )
                ],
                heading=_("Einschätzungen"),
            ),
        ],
        base_form_class=IndicatorForm,
    )

    def get_queryset(self, request: Any) -> QuerySet[Indicator]:
        return Indicator.objects.select_related("zielbild", "theme").prefetch_related("values")


class MonitoringSummary(SummaryItem):
    """On the lead's start page: indicators that need a look, and the review of the strategy when it is near."""

    order = 12
    template_name = "ideas/desk/monitoring_summary.html"

    def is_shown(self) -> bool:
        return permissions.leads(self.request.user)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        own = MonitoringSettings.objects.first() or MonitoringSettings()
        near = indicators.review_is_near(own, timezone.localdate())
        return {
            "count": len(indicators.warning_indicators()),
            "review_on": own.next_review_on if near else None,
            "settings_url": indicators.settings_url(),
        }
