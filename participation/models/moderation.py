"""Reports of readers, complaints of authors, people who are blocked, and the house's rules for comments."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from accounts.models import Contact
from pages.words import words

from ..comment_workflow import Ground
from .comment import Comment, CommentStep, CommentVersion


class Report(models.Model):
    """Somebody says that a comment should not stand there. Decided by a step of the comment. `name` and `email` are deleted
    some time after the decision (housekeeping)."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reports")
    version = models.ForeignKey(CommentVersion, on_delete=models.PROTECT, related_name="+")  # what was read
    ground = models.CharField(_("Grund"), max_length=12, choices=Ground)
    text = models.TextField(_("Begründung"), blank=True)
    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    network = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=5, default="de")
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the receipt's link is derived from this
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4)
    reported_at = models.DateTimeField(default=timezone.now)
    decision = models.ForeignKey(CommentStep, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")

    class Meta:
        verbose_name = _("Meldung")
        verbose_name_plural = _("Meldungen")
        ordering = ("reported_at", "pk")
        indexes = (models.Index(fields=["comment"], name="open_reports", condition=Q(decision=None)),)

    def __str__(self) -> str:
        return f"Meldung {self.pk}"


class Complaint(models.Model):
    """An author objects to a decision. Another person decides than the one who took it."""

    DAYS = 183  # half a year, as Art. 20 of the Digital Services Act asks

    step = models.OneToOneField(CommentStep, on_delete=models.PROTECT, related_name="complaint")
    text = models.TextField(_("Ihr Einspruch"))
    filed_at = models.DateTimeField(default=timezone.now)
    decision = models.OneToOneField(CommentStep, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("Einspruch")
        verbose_name_plural = _("Einsprüche")
        ordering = ("filed_at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="a_complaint_says_why"),)

    def __str__(self) -> str:
        return f"Einspruch {self.pk}"


class BlockQuerySet(models.QuerySet["Block"]):
    def in_force(self, now: datetime | None = None) -> Self:
        now = now or timezone.now()
        return self.filter(Q(until=None) | Q(until__gt=now), lifted_at=None)

    def of(self, contact: Contact) -> Self:
        """This person's, also those of an account with the same address that is gone."""
        return self.filter(Q(contact=contact) | Q(address_key=contact.address_key))


class Block(models.Model):
    """A person can't write comments for some time. Reading, ideas and votes stay open to them."""

    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="blocks")
    address_key = models.CharField(max_length=64, db_index=True)  # recognises the person when the contact is gone
    reason = models.TextField(_("Begründung"))
    until = models.DateTimeField(_("Bis"), null=True, blank=True)
    blocked_at = models.DateTimeField(default=timezone.now)
    blocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[BlockQuerySet] = BlockQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Sperre")
        verbose_name_plural = _("Sperren")
        ordering = ("-blocked_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_block_says_why"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("blocked_at")), name="a_block_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return f"Sperre {self.pk}"


@register_setting(icon="comment")
class CommentRules(BaseGenericSetting):
    """What the house sets for comments. Its row is held while a text is weighed, so that no two pass the same brake."""

    class Moderation(models.TextChoices):
        BEFORE = "before", _("vorher: Die Moderation gibt jeden Kommentar frei")
        AFTER = "after", _("nachher: Kommentare erscheinen gleich, die Moderation sieht sie danach an")

    moderation = models.CharField(_("Moderation"), max_length=10, choices=Moderation, default=Moderation.AFTER)
    on_ideas = models.BooleanField(_("Ideen"), default=True)
    on_measures = models.BooleanField(words.later("%(pl_massnahme)s"), default=True)
    on_news = models.BooleanField(_("Neuigkeiten"), default=True)
    on_loesungen = models.BooleanField(words.later("%(pl_loesung)s"), default=True)
    guests = models.BooleanField(
        _("Auch ohne Konto"), default=True, help_text=_("Wer kein Konto hat, bestätigt die E-Mail-Adresse mit einem Link.")
    )
    hold_after_reports = models.PositiveSmallIntegerField(
        _("Anhalten nach so vielen Meldungen"), default=3, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    unseen_from_new = models.PositiveSmallIntegerField(
        _("So viele Kommentare neuer Personen dürfen ungesehen stehen"),
        default=3,
        validators=[MaxValueValidator(100)],
        help_text=_("Weitere warten, bis die Moderation die ersten angesehen hat. Das hält Wellen von Spam auf."),
    )
    known_after = models.PositiveSmallIntegerField(
        _("Bekannt ist, wer so viele freigegebene Kommentare hat"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    new_per_day = models.PositiveSmallIntegerField(
        _("So viele Kommentare am Tag schreibt höchstens, wer neu ist"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    most_links = models.PositiveSmallIntegerField(
        _("So viele Links darf ein Kommentar haben"), default=2, validators=[MaxValueValidator(20)]
    )
    words = models.TextField(
        _("Wörter, bei denen ein Kommentar wartet"),
        blank=True,
        help_text=_("Ein Wort oder eine Wendung je Zeile. Groß und klein ist gleich; gesucht werden ganze Wörter."),
    )

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("moderation"), FieldPanel("guests")], heading=_("Moderation")),
        MultiFieldPanel(
            [FieldPanel("on_ideas"), FieldPanel("on_measures"), FieldPanel("on_news"), FieldPanel("on_loesungen")],
            heading=_("Wo man kommentieren kann"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("unseen_from_new"), FieldPanel("known_after"), FieldPanel("new_per_day"),
                FieldPanel("hold_after_reports"), FieldPanel("most_links"), FieldPanel("words"),
            ],
            heading=_("Bremsen"),
        ),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("Kommentare")

    @classmethod
    def _get_or_create(cls) -> Self:
        """One row, even where two ask for the first time at the same moment: Wagtail would make two, and no lock would hold."""
        return cls.objects.get_or_create(pk=1)[0]
