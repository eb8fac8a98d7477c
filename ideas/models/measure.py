"""Measures, their links with ideas, and KPIs."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from ..workflow import MEASURE_STATES, Contribution, MeasureStatus, PublicState, stepper
from .tags import MeasureTag


class MeasureQuerySet(SearchableQuerySetMixin, models.QuerySet["Measure"]):
    def visible_to(self, user: Any) -> Self:
        """Measures are public from the start; the name keeps views from asking for all of them."""
        return self

    def in_progress_order(self) -> Self:
        """The furthest first, then by number."""
        rank = models.Case(
            *[models.When(status=status, then=models.Value(place)) for place, status in enumerate(reversed(MeasureStatus))]
        )
        return self.order_by(rank, "sort_order")


class Measure(index.Indexed, models.Model):  # type: ignore[django-manager-missing]  # of taggit
    code = models.CharField(
        _("Nummer"), max_length=20, unique=True, help_text=_("So, wie die Agenda sie zählt, zum Beispiel 3.1")
    )
    sort_order = models.PositiveIntegerField(_("Reihenfolge"), default=0, db_index=True)
    slug = models.SlugField(_("Kürzel in der Adresse"), max_length=120, unique=True)
    title = models.CharField(_("Titel"), max_length=200)
    summary = models.CharField(_("Kurzbeschreibung"), max_length=300, blank=True)
    text = models.TextField(_("Beschreibung"), blank=True)
    status = models.CharField(_("Status"), max_length=15, choices=MeasureStatus, default=MeasureStatus.IDEA)
    status_as_imported = models.CharField(_("Status im Wortlaut der Quelle"), max_length=60, blank=True)
    zielbild = models.ForeignKey(
        "pages.ZielbildPage", verbose_name=_("Zielbild"), on_delete=models.PROTECT, related_name="measures"
    )
    loesung = models.ForeignKey(
        "pages.LoesungPage", verbose_name=_("Lösung"), null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    interfaces = models.ManyToManyField(
        "pages.ZielbildPage",
        verbose_name=_("Schnittstellen zu anderen Zielbildern"),
        blank=True,
        related_name="interface_measures",
    )
    ideas = models.ManyToManyField("ideas.Idea", through="ideas.MeasureIdea", related_name="measures")
    ideas_as_imported = models.CharField(_("Ideen-IDs im Wortlaut der Quelle"), max_length=120, blank=True)
    places = models.ManyToManyField("ideas.Place", verbose_name=_("Orte"), blank=True, related_name="measures")
    location_text = models.CharField(_("Räumliche Verortung"), max_length=250, blank=True)
    responsible = models.CharField(_("Zuständig"), max_length=250, blank=True)
    partners = models.CharField(_("Partner"), max_length=250, blank=True)
    time_frame = models.CharField(_("Zeitraum"), max_length=120, blank=True)
    budget_text = models.CharField(_("Budget"), max_length=120, blank=True)
    outside_programme = models.BooleanField(_("Außerhalb des Förderprogramms"), default=False)
    note = models.TextField(_("Hinweis"), blank=True)
    updated_on = models.DateField(_("Stand"), null=True, blank=True)
    tags = TaggableManager(through=MeasureTag, blank=True, verbose_name=_("Stichwörter"))

    objects: ClassVar[MeasureQuerySet] = MeasureQuerySet.as_manager()  # type: ignore[assignment]

    search_auto_update = False  # search/sync.py
    search_fields: ClassVar[list[Any]] = [
        index.SearchField("title", boost=3),
        index.SearchField("summary"),
        index.SearchField("text"),
        index.SearchField("location_text"),
        index.RelatedFields("tags", [index.SearchField("name")]),
        index.FilterField("status"),
    ]

    class Meta:
        verbose_name = _("Maßnahme")
        verbose_name_plural = _("Maßnahmen")
        ordering = ("sort_order", "code")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=MeasureStatus.values), name="a_measure_has_a_known_status"),
        )
        indexes = (models.Index(fields=["status", "sort_order"], name="measure_status_order"),)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("measure_detail", args=[self.slug])

    @property
    def state(self) -> PublicState:
        return MEASURE_STATES[self.status]

    @property
    def steps(self) -> list[dict[str, Any]]:
        return stepper(self.status)


class MeasureIdea(models.Model):
    """An idea in a measure, and how far it goes into it. Written only by actions."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="idea_links")
    idea = models.ForeignKey("ideas.Idea", on_delete=models.PROTECT, related_name="measure_links")
    contribution = models.CharField(_("Beitrag"), max_length=10, choices=Contribution, default=Contribution.FULL)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("Idee in einer Maßnahme")
        ordering = ("sort_order", "pk")
        constraints = (models.UniqueConstraint(fields=["measure", "idea"], name="an_idea_is_in_a_measure_once"),)

    def __str__(self) -> str:
        return f"{self.measure.code} ← {self.idea}"


class Kpi(models.Model):
    """A figure by which the success of a Lösung is measured. Values over time come with the progress reports."""

    loesung = models.ForeignKey("pages.LoesungPage", verbose_name=_("Lösung"), on_delete=models.CASCADE, related_name="kpis")
    measure = models.ForeignKey(
        Measure, verbose_name=_("Maßnahme"), null=True, blank=True, on_delete=models.SET_NULL, related_name="kpis"
    )
    name = models.CharField(_("Kennzahl"), max_length=200)
    target = models.CharField(_("Zielwert"), max_length=250, blank=True)
    defined = models.BooleanField(_("Zielwert steht fest"), default=True)
    note = models.CharField(_("Hinweis"), max_length=250, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Kennzahl")
        verbose_name_plural = _("Kennzahlen")
        ordering = ("loesung", "sort_order", "pk")

    def __str__(self) -> str:
        return self.name
