"""The accessibility statement, and what people write to the office: barriers they met, questions."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, F, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from common.text import one_line

from ..blocks import BARRIER_REASONS, RICH_TEXT, BarrierBlock
from .base import BasePage


class AccessibilityPage(BasePage):
    """The accessibility statement with the fields of the EU's model ((EU) 2018/1523). Contact and enforcement body come from
    the site's settings."""

    class Conformance(models.TextChoices):
        FULL = "voll", _("vollständig vereinbar")
        PARTIAL = "teilweise", _("teilweise vereinbar")
        NONE = "nicht", _("nicht vereinbar")

    class Method(models.TextChoices):
        SELF = "selbst", _("Selbstbewertung")
        EXTERNAL = "extern", _("Bewertung durch Dritte")

    law = models.CharField(
        _("Rechtsgrundlage"), max_length=250, help_text=_("Das Gesetz Ihres Landes, das die Richtlinie (EU) 2016/2102 umsetzt")
    )
    conformance = models.CharField(
        _("Stand der Vereinbarkeit"), max_length=10, choices=Conformance, default=Conformance.PARTIAL
    )
    standard = models.CharField(_("Maßstab"), max_length=120, default="EN 301 549, WCAG 2.2 AA")
    barriers = StreamField(
        [("barrier", BarrierBlock())],
        verbose_name=_("Inhalte, die nicht barrierefrei sind"),
        blank=True,
        help_text=_("Was, warum, und wie man trotzdem an den Inhalt kommt"),
    )
    method = models.CharField(_("Methode der Bewertung"), max_length=10, choices=Method, default=Method.SELF)
    method_text = models.CharField(
        _("Wie bewertet wurde"), max_length=250, blank=True, help_text=_("Zum Beispiel: mit welchen Programmen, von wem")
    )
    created_on = models.DateField(_("Erstellt am"), default=timezone.localdate)
    reviewed_on = models.DateField(_("Zuletzt überprüft am"), default=timezone.localdate)
    answer_days = models.PositiveSmallIntegerField(_("Wir antworten innerhalb von … Tagen"), default=28)
    report = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("Prüfbericht"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    more = RichTextField(_("Weitere Angaben"), blank=True, features=RICH_TEXT)

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    template = "pages/accessibility_page.html"
    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("law"), FieldPanel("standard"), FieldPanel("conformance")], heading=_("Stand")),
        FieldPanel("barriers"),
        MultiFieldPanel(
            [
                FieldPanel("created_on"),
                FieldPanel("reviewed_on"),
                FieldPanel("method"),
                FieldPanel("method_text"),
                FieldPanel("report"),
            ],
            heading=_("Erstellung"),
        ),
        FieldPanel("answer_days"),
        FieldPanel("more"),
    ]

    class Meta:
        verbose_name = _("Erklärung zur Barrierefreiheit")

    @property
    def holds_until(self) -> date:
        """The last day of the year for which the latest review holds ((EU) 2018/1523, annex, asks for a look every year)."""
        try:
            return self.reviewed_on.replace(year=self.reviewed_on.year + 1)
        except ValueError:  # the 29th of February
            return self.reviewed_on.replace(year=self.reviewed_on.year + 1, day=28)

    def is_old(self, today: date | None = None) -> bool:
        """Whether nobody has looked at the statement for more than a year."""
        return (today or timezone.localdate()) > self.holds_until

    @property
    def barriers_by_reason(self) -> list[dict[str, Any]]:
        """What isn't accessible, in the order of the model statement: [{label, barriers}], each barrier with the fields of
        BarrierBlock. Reasons without a barrier are left out."""
        groups = {key: [block.value for block in self.barriers if block.value["reason"] == key] for key in BARRIER_REASONS}
        return [{"label": BARRIER_REASONS[key], "barriers": found} for key, found in groups.items() if found]

    def clean(self) -> None:
        super().clean()
        if self.reviewed_on and self.created_on and self.reviewed_on < self.created_on:
            raise ValidationError({"reviewed_on": _("Die Überprüfung kann nicht vor der Erstellung liegen.")})


class MessageQuerySet(models.QuerySet["Message"]):
    def open(self) -> "MessageQuerySet":
        return self.filter(state=Message.State.OPEN)

    def open_count(self) -> Coalesce:
        """How many wait for an answer, to come along with another query."""
        rows = self.open().order_by().values("state").annotate(number=Count("pk"))
        return Coalesce(Subquery(rows.values("number")), 0)

    def in_working_order(self) -> "MessageQuerySet":
        """What waits for an answer first, of that what is due soonest; then the rest, the newest first."""
        waits = Case(When(state=Message.State.OPEN, then=0), default=1)
        return self.order_by(waits, F("answer_due").asc(nulls_last=True), "-received_at", "-pk")

    def forgotten(self, now: datetime | None = None) -> "MessageQuerySet":
        """Answered so long ago that nobody needs them any more."""
        limit = (now or timezone.now()) - Message.KEPT_AFTER_ANSWER
        return self.filter(state=Message.State.ANSWERED, answered_at__lt=limit)


class Message(models.Model):
    """What somebody wrote to the office by a form, with a ticket number to quote."""

    class Kind(models.TextChoices):
        BARRIER = "barriere", _("Barriere gemeldet")
        CONTACT = "kontakt", _("Anfrage")

    class State(models.TextChoices):
        OPEN = "offen", _("offen")
        ANSWERED = "beantwortet", _("beantwortet")

    KEPT_AFTER_ANSWER = timedelta(days=365)  # then it is deleted, with name, address and text (docs/handbuch/nachrichten.md)

    ticket = models.CharField(_("Nummer"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("Art"), max_length=10, choices=Kind)
    subject = models.CharField(_("Betreff"), max_length=150, blank=True)
    text = models.TextField(_("Nachricht"), max_length=4000)
    page_address = models.CharField(_("Betroffene Seite"), max_length=300, blank=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    language = models.CharField(_("Sprache"), max_length=5, default="de")
    submission_key = models.UUIDField(null=True, unique=True, editable=False)  # a second press is no second message
    received_at = models.DateTimeField(_("Eingegangen"), default=timezone.now)
    answer_due = models.DateField(_("Antwort bis"), null=True, blank=True)
    state = models.CharField(_("Stand"), max_length=15, choices=State, default=State.OPEN)
    answered_at = models.DateTimeField(_("Beantwortet"), null=True, blank=True)
    note = models.TextField(_("Interne Notiz"), blank=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Nachricht an die Stelle")
        verbose_name_plural = _("Nachrichten an die Stelle")
        ordering = ("-received_at", "-pk")
        indexes = (models.Index(fields=["state", "answer_due"], name="message_open_due"),)

    def __str__(self) -> str:
        return self.ticket

    @property
    def headline(self) -> str:
        """What the message is about, in one line."""
        return self.subject or Truncator(one_line(self.text)).chars(80)

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.answer_due is not None and self.answer_due < timezone.localdate()

    def move_to(self, state: str, *, now: datetime | None = None) -> None:
        """Answered, or open again; remembers when the answer was given. Saves nothing."""
        if state != self.state:
            self.state = state
            self.answered_at = (now or timezone.now()) if state == self.State.ANSWERED else None


class TicketCounter(models.Model):
    """The last number given to a message of this kind in this year; taking the next one is one conditional UPDATE (ADR 6)."""

    kind = models.CharField(max_length=10, choices=Message.Kind)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "year"], name="one_counter_per_kind_and_year"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class StatementReminder(models.Model):
    """The lead was told that the statement as reviewed on this day is old. A row each, so that nobody is told twice."""

    reviewed_on = models.DateField(unique=True)
    sent_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.reviewed_on)


class GoneAddress(models.Model):
    """The address of a page that was deleted or taken off: it answers 410 and says so, instead of „never heard of“."""

    KEPT = timedelta(days=365)  # then search engines have dropped the address, and its title is nobody's business any more

    path = models.CharField(_("Adresse"), max_length=255, unique=True)
    title = models.CharField(_("Titel"), max_length=255)
    gone_at = models.DateTimeField(_("Seit"), default=timezone.now)

    class Meta:
        verbose_name = _("Frühere Adresse")
        verbose_name_plural = _("Frühere Adressen")

    def __str__(self) -> str:
        return self.path
