"""Review by criteria: schemes whose versions never change, rounds of an idea, what each reviewer handed in, internal notes.

A round keeps the version of the scheme that it began with. What the public reads of it is the aggregate that the lead
published with the round (`published`), never a reviewer's name or scores.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReviewScheme(models.Model):
    """A set of criteria by name; what is asked stands in its versions."""

    name = models.CharField(_("Name"), max_length=80, unique=True)
    slug = models.SlugField(_("Kürzel in der Adresse"), max_length=40, unique=True)
    description = models.TextField(_("Beschreibung"), blank=True, help_text=_("Öffentlich: Wofür wird so geprüft?"))
    is_active = models.BooleanField(_("Für neue Prüfungen wählbar"), default=True)

    class Meta:
        verbose_name = _("Prüfbogen")
        verbose_name_plural = _("Prüfbögen")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SchemeVersion(models.Model):
    """One wording of a scheme. Never changed: a change of the criteria is the next version."""

    scheme = models.ForeignKey(ReviewScheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("Fassung"), default=1)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("Fassung eines Prüfbogens")
        ordering = ("scheme", "number")
        constraints = (models.UniqueConstraint(fields=["scheme", "number"], name="versions_of_a_scheme_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.scheme} ({self.number})"


class Criterion(models.Model):
    """One question of a scheme's version. `key` says that it is the same question as in an earlier version."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", _("ja, nein oder unklar")
        SCALE = "scale", _("Stufen")

    version = models.ForeignKey(SchemeVersion, on_delete=models.CASCADE, related_name="criteria")
    stage = models.PositiveSmallIntegerField(
        _("Stufe der Prüfung"), choices=[(1, _("1. Stufe")), (2, _("2. Stufe"))], default=1
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    key = models.SlugField(_("Kürzel"), max_length=40)
    name = models.CharField(_("Kriterium"), max_length=100)
    question = models.TextField(_("Frage"), blank=True)
    kind = models.CharField(_("Antwort"), max_length=10, choices=Kind, default=Kind.YES_NO)
    weight = models.PositiveSmallIntegerField(_("Gewicht"), default=1)
    # Of a scale: [{"value": 0, "label": "gering", "description": "…"}], lowest first.
    steps = models.JSONField(_("Stufen"), default=list, blank=True)

    class Meta:
        verbose_name = _("Kriterium")
        verbose_name_plural = _("Kriterien")
        ordering = ("version", "stage", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=["version", "key"], name="a_criterion_stands_once_in_a_version"),
            models.CheckConstraint(condition=Q(stage__in=[1, 2]), name="a_criterion_belongs_to_stage_one_or_two"),
        )

    def __str__(self) -> str:
        return self.name


class ReviewRound(models.Model):
    """The review of one idea by one version of a scheme, from its opening to the lead's decision."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("bestanden")
        FAILED = "failed", _("nicht bestanden")

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="review_rounds")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="rounds")
    stage = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    stage_one = models.CharField(max_length=10, choices=Outcome, blank=True)
    # What the lead published: [{"stage", "name", "question", "kind", "result", …}], frozen with the wording of the criteria.
    published: Any = models.JSONField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Prüfung")
        verbose_name_plural = _("Prüfungen")
        ordering = ("idea", "opened_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["idea"], condition=Q(closed_at=None), name="an_idea_has_one_open_review"),
        )

    def __str__(self) -> str:
        return f"Prüfung von {self.idea}"


class Review(models.Model):
    """One reviewer's part in one stage of a round. Blind until handed in."""

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        HANDED_IN = "handed_in", _("abgegeben")
        CONFLICT = "conflict", _("befangen")

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="reviews")
    stage = models.PositiveSmallIntegerField(default=1)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="reviews"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    assigned_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    conflict_reason = models.TextField(blank=True)
    comment = models.TextField(_("Bemerkung"), blank=True)

    class Meta:
        verbose_name = _("Einzelprüfung")
        ordering = ("round", "stage", "pk")
        constraints = (
            models.UniqueConstraint(fields=["round", "stage", "reviewer"], name="a_reviewer_reviews_a_stage_once"),
            models.CheckConstraint(
                condition=Q(state="handed_in", handed_in_at__isnull=False) | (~Q(state="handed_in") & Q(handed_in_at=None)),
                name="a_review_handed_in_has_its_date",
            ),
        )
        indexes = (models.Index(fields=["reviewer", "state"], name="review_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.round}, {self.reviewer}"


class ReviewScore(models.Model):
    """One answer: yes, no, unclear, or the value of a step."""

    ANSWERS: ClassVar[list[str]] = ["yes", "no", "unclear"]

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    answer = models.CharField(max_length=8)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Bewertung")
        ordering = ("review", "criterion")
        constraints = (models.UniqueConstraint(fields=["review", "criterion"], name="a_criterion_is_answered_once"),)

    def __str__(self) -> str:
        return self.answer


class InternalNote(models.Model):
    """A note of the office about an idea, in a thread. Never public."""

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="internal_notes")
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(_("Notiz"))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Interne Notiz")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.text[:50]
