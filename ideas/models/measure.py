"""Measures, their way, what project leads write about them, their links with ideas, and KPIs."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.managers import TaggableManager
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin
from wagtail.snippets.models import register_snippet

from pages.words import words

from ..charts import figure
from ..kpi_form import KpiOnPageForm
from ..workflow import MEASURE_STATES, Contribution, MeasureStatus, PublicState, stepper
from .tags import MeasureTag


class MeasureQuerySet(SearchableQuerySetMixin, models.QuerySet["Measure"]):
    def visible_to(self, user: Any) -> Self:
        """Measures are public from the start; the name keeps views from asking for all of them."""
        return self

    def reported_by(self, user: Any) -> Self:
        """Those of this project lead; permissions.reports_on says the same of one measure."""
        return self.filter(project_leads=user)

    def in_progress_order(self) -> Self:
        """The furthest first, then by number."""
        rank = models.Case(
            *[models.When(status=status, then=models.Value(place)) for place, status in enumerate(reversed(MeasureStatus))]
        )
        return self.order_by(rank, "sort_order")


@register_snippet
class MeasureKind(models.Model):
    """A kind of measure where a region has some, such as Leuchtturmprojekt and Schnellboot."""

    name = models.CharField(_("Name"), max_length=60, unique=True)
    plural = models.CharField(_("Mehrzahl"), max_length=60)
    slug = models.SlugField(_("Kürzel"), max_length=60, unique=True)
    explanation = models.CharField(_("Erklärung"), max_length=250, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("plural"),
        FieldPanel("slug"),
        FieldPanel("explanation"),
        FieldPanel("sort_order"),
    ]

    class Meta:
        verbose_name = _("Art von Maßnahmen")
        verbose_name_plural = _("Arten von Maßnahmen")
        ordering = ("sort_order", "pk")

    def __str__(self) -> str:
        return self.name


class Measure(index.Indexed, models.Model):  # type: ignore[django-manager-missing]  # of taggit
    code = models.CharField(
        _("Nummer"), max_length=20, unique=True, help_text=_("So, wie die Agenda sie zählt, zum Beispiel 3.1")
    )
    sort_order = models.PositiveIntegerField(_("Reihenfolge"), default=0, db_index=True)
    slug = models.SlugField(_("Kürzel in der Adresse"), max_length=120, unique=True)
    title = models.CharField(_("Titel"), max_length=200)
    summary = models.CharField(_("Kurzbeschreibung"), max_length=300, blank=True)
    text = models.TextField(_("Beschreibung"), blank=True)
    kind = models.ForeignKey(
        MeasureKind, verbose_name=_("Art"), null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    status = models.CharField(_("Status"), max_length=15, choices=MeasureStatus, default=MeasureStatus.IDEA)
    status_as_imported = models.CharField(_("Status im Wortlaut der Quelle"), max_length=60, blank=True)
    zielbild = models.ForeignKey(
        "pages.ZielbildPage", verbose_name=words.later("%(Zielbild)s"), on_delete=models.PROTECT, related_name="measures"
    )
    loesung = models.ForeignKey(
        "pages.LoesungPage",
        verbose_name=words.later("%(Loesung)s"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="measures",
    )
    interfaces = models.ManyToManyField(
        "pages.ZielbildPage",
        verbose_name=words.later(_("Schnittstellen zu anderen %(dat_pl_zielbild)s")),
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
    # Beside the words of the source stands what a programme can reckon with.
    starts_on = models.DateField(_("Beginn"), null=True, blank=True)
    ends_on = models.DateField(_("Ende"), null=True, blank=True)
    responsible_as_imported = models.CharField(_("Zuständig im Wortlaut der Quelle"), max_length=250, blank=True)
    time_frame_as_imported = models.CharField(_("Zeitraum im Wortlaut der Quelle"), max_length=120, blank=True)
    note_as_imported = models.TextField(_("Hinweis im Wortlaut der Quelle"), blank=True)
    priority_reasons = models.JSONField(_("Warum zuerst?"), default=list, blank=True)  # values of PriorityReason
    project_leads = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("Projektverantwortliche"), blank=True, related_name="led_measures"
    )
    budget_text = models.CharField(_("Budget"), max_length=120, blank=True)
    budget_amount = models.DecimalField(_("Budget in Euro"), max_digits=12, decimal_places=2, null=True, blank=True)
    outside_programme = models.BooleanField(_("Außerhalb des Förderprogramms"), default=False)
    note = models.TextField(_("Hinweis"), blank=True)
    updated_on = models.DateField(_("Stand"), null=True, blank=True)
    # How many rows the measure's way has. Every step raises it by one.
    trail_length = models.PositiveIntegerField(default=0, editable=False)
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
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="a_measure_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Beginn. Bitte prüfen Sie die beiden Daten."),
            ),
        )
        indexes = (models.Index(fields=["status", "sort_order"], name="measure_status_order"),)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("measure_detail", args=[self.slug])

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # over Django's own
        """The status by the name that the region gives it, also where Django and Wagtail ask for it."""
        return str(self.state.label)

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


class PriorityReason(models.TextChoices):
    """Why a measure comes first (agenda, reasons R1 to R3)."""

    QUICK_WIN = "quick_win", _("schnell umsetzbar (Quick-Win)")
    GROUNDWORK = "groundwork", _("schafft Grundlagen für Späteres")
    URGENT = "urgent", _("ist besonders dringend")


class MeasureEntry(models.Model):
    """One step in the way of a measure. Never changes and never goes (database_rules.py); its words stand in a TrailText."""

    class Kind(models.TextChoices):
        STATUS = "status", _("Neuer Stand")
        RELABEL = "relabel", _("Neu bezeichnet")
        NOTE = "note", _("Bericht")
        KPI = "kpi", _("Neuer Wert")

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="trail")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    from_status = models.CharField(max_length=15, choices=MeasureStatus)
    to_status = models.CharField(max_length=15, choices=MeasureStatus)
    office = models.CharField(max_length=120, blank=True)
    happened_at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(auto_now_add=True)
    reason_hash = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=list, blank=True)  # as in TrailEntry
    text = models.OneToOneField("ideas.TrailText", on_delete=models.PROTECT, related_name="measure_entry")

    class Meta:
        verbose_name = _("Schritt einer Maßnahme")
        ordering = ("measure", "position")
        constraints = (
            models.UniqueConstraint(fields=["measure", "position"], name="steps_of_a_measure_are_numbered"),
            models.CheckConstraint(
                condition=~Q(kind__in=["relabel", "note"]) | ~Q(reason_hash=""), name="such_a_step_of_a_measure_needs_words"
            ),
            models.CheckConstraint(condition=Q(to_status__in=MeasureStatus.values), name="a_measure_goes_to_a_known_status"),
        )
        indexes = (models.Index(fields=["-happened_at"], name="measure_entry_happened_at"),)

    def __str__(self) -> str:
        return f"{self.position}. {self.kind}"

    @property
    def happened_on(self) -> date:
        return timezone.localdate(self.happened_at)

    @property
    def label(self) -> str:
        return str(self.get_kind_display())

    @property
    def reason_label(self) -> Any:
        """What the words of the step are called."""
        names = {self.Kind.NOTE: _("Was geschehen ist"), self.Kind.KPI: _("Hinweis")}
        return names.get(self.Kind(self.kind), _("Begründung"))

    @property
    def public_reason(self) -> str:
        if self.text.redacted_at:
            return str(_("Dieser Text wurde entfernt, weil er Angaben über eine Person enthielt."))
        return self.text.reason

    @property
    def state(self) -> PublicState | None:
        """The state that this step led to; None where it left the state as it was."""
        return MEASURE_STATES[self.to_status] if self.kind == self.Kind.STATUS else None


class ProposalQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """What the lead has not decided on, longest first."""
        return self.filter(state=Proposal.State.WAITING).order_by("created_at", "pk")

    def standing(self) -> Self:
        """What is public or may become so."""
        return self.exclude(state=Proposal.State.DECLINED)

    def released(self) -> Self:
        return self.filter(state=Proposal.State.RELEASED)


class Proposal(models.Model):
    """What project leads write is public once the lead has released it: the shared part of reports and values."""

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet auf Freigabe")
        RELEASED = "released", _("freigegeben")
        DECLINED = "declined", _("zurückgegeben")

    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("Antwort an die Projektverantwortlichen"), blank=True)
    entry = models.OneToOneField(
        MeasureEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)s", editable=False
    )

    objects: ClassVar[ProposalQuerySet] = ProposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    @property
    def tone(self) -> str:
        return {self.State.WAITING: "info", self.State.RELEASED: "success", self.State.DECLINED: "warn"}[self.State(self.state)]

    @property
    def icon(self) -> str:
        """Wagtail's sign for the state, beside its word."""
        names = {self.State.WAITING: "time", self.State.RELEASED: "success", self.State.DECLINED: "resubmit"}
        return names[self.State(self.state)]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_released(self) -> bool:
        return self.state == self.State.RELEASED


class ProgressNote(Proposal):
    """A dated report on a measure. Released, its words stand in the measure's way."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="notes")
    happened_on = models.DateField(_("Datum"))
    text = models.TextField(_("Was ist geschehen?"))

    class Meta:
        verbose_name = _("Bericht")
        verbose_name_plural = _("Berichte")
        ordering = ("-happened_on", "-pk")
        indexes = (models.Index(fields=["state"], name="progress_note_state"),)

    def __str__(self) -> str:
        return f"{self.measure}: {self.happened_on}"

    kind, public_label = "bericht", MeasureEntry.Kind.NOTE.label

    @property
    def measure_pk(self) -> int:
        return self.measure_id

    @property
    def subject(self) -> str:
        return str(self.measure)

    @property
    def day(self) -> date:
        return self.happened_on

    @property
    def words(self) -> str:
        return self.text

    @property
    def public_url(self) -> str:
        return self.measure.get_absolute_url()


class KpiQuerySet(models.QuerySet["Kpi"]):
    def with_value_flag(self) -> Self:
        """Each figure with `has_values`: whether anybody has entered one, released or not."""
        return self.annotate(has_values=models.Exists(KpiValue.objects.filter(kpi=models.OuterRef("pk"))))

    def with_public_values(self) -> list["Kpi"]:
        """The figures in their order, each with `public_values`, oldest first: what its chart shows. One query for both."""
        released = models.FilteredRelation("values", condition=Q(values__state=Proposal.State.RELEASED))
        fields = ("measured_on", "value", "note")
        rows = (
            self.annotate(released=released)
            .annotate(**{f"released_{name}": models.F(f"released__{name}") for name in fields})
            .order_by("sort_order", "pk", "released__measured_on")
        )
        figures: dict[int, Kpi] = {}
        for row in rows:
            figure = figures.setdefault(row.pk, row)
            figure.public_values = [] if figure is row else figure.public_values
            if row.released_measured_on is not None:  # type: ignore[attr-defined]
                figure.public_values.append(KpiValue(kpi=figure, **{name: getattr(row, f"released_{name}") for name in fields}))
        return list(figures.values())


class Kpi(models.Model):
    """A figure by which the success of a Lösung is measured, optionally one of a measure. Edited in place on its page."""

    loesung = ParentalKey(
        "pages.LoesungPage", verbose_name=words.later("%(Loesung)s"), on_delete=models.CASCADE, related_name="kpis"
    )
    measure = models.ForeignKey(
        Measure,
        verbose_name=words.later("%(Massnahme)s"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="kpis",
    )
    name = models.CharField(_("Kennzahl"), max_length=200)
    target = models.CharField(_("Zielwert"), max_length=250, blank=True)
    defined = models.BooleanField(_("Zielwert steht fest"), default=True)
    unit = models.CharField(
        _("Einheit"), max_length=40, blank=True, help_text=_("Zum Beispiel: Stück, Prozent, Fahrten im Monat")
    )
    target_value = models.DecimalField(_("Zielwert als Zahl"), max_digits=14, decimal_places=2, null=True, blank=True)
    target_on = models.DateField(_("Ziel bis"), null=True, blank=True)
    baseline = models.DecimalField(_("Ausgangswert"), max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_on = models.DateField(_("Ausgangswert vom"), null=True, blank=True)
    note = models.CharField(_("Hinweis"), max_length=250, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    # How it is edited on the page of its Lösung.
    sort_order_field = "sort_order"
    base_form_class = KpiOnPageForm
    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("target"), FieldPanel("defined")]),
        FieldRowPanel([FieldPanel("target_value"), FieldPanel("unit"), FieldPanel("target_on")]),
        FieldRowPanel([FieldPanel("baseline"), FieldPanel("baseline_on")]),
        FieldPanel("measure"),
        FieldPanel("note"),
    ]

    has_values: bool  # where with_value_flag has asked
    public_values: list["KpiValue"]  # where with_public_values has asked for them
    objects: ClassVar[KpiQuerySet] = KpiQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Kennzahl")
        verbose_name_plural = _("Kennzahlen")
        ordering = ("loesung", "sort_order", "pk")

    def __str__(self) -> str:
        return self.name


class KpiValue(Proposal):
    """A measured value of a KPI on a day."""

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="values")
    measured_on = models.DateField(_("Datum"))
    value = models.DecimalField(_("Wert"), max_digits=14, decimal_places=2)
    note = models.CharField(_("Hinweis"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("Wert")
        verbose_name_plural = _("Werte")
        ordering = ("measured_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["kpi", "measured_on"], condition=~Q(state="declined"), name="a_kpi_has_one_value_a_day"
            ),
        )
        indexes = (models.Index(fields=["state"], name="kpi_value_state"),)

    def __str__(self) -> str:
        return f"{self.kpi}: {self.value}"

    kind, public_label = "wert", MeasureEntry.Kind.KPI.label

    @property
    def measure_pk(self) -> int | None:
        return self.kpi.measure_id

    @property
    def subject(self) -> str:
        return str(self.kpi.measure or self.kpi.loesung.title)

    @property
    def day(self) -> date:
        return self.measured_on

    @property
    def words(self) -> str:
        """The figure, its value with the unit, and the note."""
        value = f"{self.kpi.name}: {figure(self.value, self.kpi.unit)}"
        return f"{value}\n{self.note}" if self.note else value

    @property
    def public_url(self) -> str:
        return self.kpi.measure.get_absolute_url() if self.kpi.measure else self.kpi.loesung.url or "/"
