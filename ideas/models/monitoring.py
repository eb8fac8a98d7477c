"""Monitoring: indicators on strategic goals and cross-cutting themes, with a path from baseline to target, dated values and a
written assessment; and when the strategy as a whole is looked at again."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from pages.words import words

from ..monitoring import next_review


def _number(label: Any, **kwargs: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=14, decimal_places=2, **kwargs)


class Indicator(ClusterableModel):
    """Its values and assessments are edited in place with it."""

    zielbild = models.ForeignKey(
        "pages.ZielbildPage",
        verbose_name=words.later("%(Zielbild)s"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    theme = models.ForeignKey(
        "pages.Theme",
        verbose_name=words.later("%(Thema)s"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    name = models.CharField(_("Indikator"), max_length=200)
    slug = models.SlugField(_("Kürzel"), max_length=80, unique=True)
    description = models.TextField(_("Was er misst"), blank=True, max_length=600)
    unit = models.CharField(_("Einheit"), max_length=40, blank=True)
    baseline = _number(_("Ausgangswert"))
    baseline_on = models.DateField(_("Ausgangswert vom"))
    target = _number(_("Zielwert"))
    target_on = models.DateField(_("Ziel bis"))
    tolerance = models.PositiveSmallIntegerField(
        _("Spielraum in Prozent"),
        default=10,
        validators=[MaxValueValidator(100)],
        help_text=_("So weit darf ein Wert hinter dem Pfad zurückbleiben, gemessen am ganzen Weg vom Ausgangswert zum Ziel."),
    )
    sort_order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Indikator")
        verbose_name_plural = _("Indikatoren")
        ordering = ("sort_order", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(zielbild__isnull=True, theme__isnull=False) | Q(zielbild__isnull=False, theme__isnull=True),
                name="an_indicator_measures_one_thing",
                violation_error_message=words.later(_("Ein Indikator misst entweder ein Ziel oder %(a_acc_thema)s.")),
            ),
            models.CheckConstraint(
                condition=Q(target_on__gt=models.F("baseline_on")),
                name="an_indicator_has_time_to_reach_its_target",
                violation_error_message=_("Das Ziel muss nach dem Ausgangswert liegen."),
            ),
            models.CheckConstraint(
                condition=~Q(target=models.F("baseline")),
                name="an_indicator_has_a_way_to_go",
                violation_error_message=_("Zielwert und Ausgangswert sind gleich. Dann gibt es nichts zu messen."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class IndicatorValue(models.Model):
    indicator = ParentalKey(Indicator, on_delete=models.CASCADE, related_name="values")
    measured_on = models.DateField(_("Datum"))
    value = _number(_("Wert"))
    note = models.CharField(_("Hinweis"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("Wert")
        verbose_name_plural = _("Werte")
        ordering = ("measured_on",)
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "measured_on"],
                name="an_indicator_has_one_value_a_day",
                violation_error_message=_("Für diesen Tag gibt es schon einen Wert."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.measured_on}: {self.value}"


class Assessment(models.Model):
    """What people say about an indicator beside its figures, and how they were asked."""

    indicator = ParentalKey(Indicator, on_delete=models.CASCADE, related_name="assessments")
    written_on = models.DateField(_("Datum"), default=timezone.localdate)
    text = models.TextField(_("Einschätzung"), max_length=2000)
    source = models.CharField(
        _("Grundlage"), max_length=200, blank=True, help_text=_("Zum Beispiel: Interviews, Umfrage, Werkstatt")
    )

    class Meta:
        verbose_name = _("Einschätzung")
        verbose_name_plural = _("Einschätzungen")
        ordering = ("-written_on", "-pk")

    def __str__(self) -> str:
        return self.text[:60]


class MonitoringForm(WagtailAdminModelForm):
    """Proposes the day of the review after the last one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance
        proposal = next_review(own.next_review_on or timezone.localdate(), own.review_years)
        self.fields["next_review_on"].help_text = _(
            "Ist die Überprüfung geschehen, tragen Sie hier die nächste ein. Vorschlag: %(day)s"
        ) % {"day": date_format(proposal, "SHORT_DATE_FORMAT")}


@register_setting(icon="history")
class MonitoringSettings(BaseGenericSetting):
    review_years = models.PositiveSmallIntegerField(
        _("Strategie überprüfen alle … Jahre"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    next_review_on = models.DateField(_("Nächste Überprüfung der Strategie"), null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(_("Erinnern … Tage vorher"), default=60)
    reminded_for = models.DateField(null=True, blank=True, editable=False)  # the review that the lead was reminded of

    panels: ClassVar[list[Any]] = [FieldPanel("review_years"), FieldPanel("next_review_on"), FieldPanel("remind_days")]
    base_form_class = MonitoringForm

    class Meta:
        verbose_name = _("Monitoring")
