"""Review by criteria: schemes whose versions never change, rounds of an idea, what each reviewer handed in, internal notes.

A round keeps the version of the scheme that it began with. What the public reads of it is the aggregate that the lead
published with the round (`published`), never a reviewer's name or scores.
"""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


class SchemeQuerySet(models.QuerySet["ReviewScheme"]):
    def in_force(self) -> Self:
        """What ideas are reviewed by: schemes for new reviews, and those by which a review still runs."""
        running = ReviewRound.objects.filter(scheme_version__scheme=OuterRef("pk"), closed_at=None)
        return self.filter(Q(is_active=True) | Exists(running))


class ReviewScheme(models.Model):
    """A set of criteria by name; what is asked stands in its versions."""

    name = models.CharField(_("Name"), max_length=80, unique=True)
    slug = models.SlugField(_("Kürzel in der Adresse"), max_length=40, unique=True)
    description = models.TextField(_("Beschreibung"), blank=True, help_text=_("Öffentlich: Wofür wird so geprüft?"))
    result_name = models.CharField(
        _("Was die 2. Stufe ergibt"), max_length=40, default="Bewertung", help_text=_("Zum Beispiel: Priorität")
    )
    is_active = models.BooleanField(_("Für neue Prüfungen wählbar"), default=True)

    objects: ClassVar[SchemeQuerySet] = SchemeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Prüfbogen")
        verbose_name_plural = _("Prüfbögen")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "SchemeVersion | None":
        """The wording that a new review begins with."""
        return max(self.versions.all(), key=lambda version: version.number, default=None)


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

    def of_stage(self, stage: int) -> "list[Criterion]":
        """The criteria of this stage in their order."""
        return sorted((each for each in self.criteria.all() if each.stage == stage), key=lambda each: (each.position, each.pk))

    @property
    def has_second_stage(self) -> bool:
        return any(criterion.stage == 2 for criterion in self.criteria.all())

    @property
    def stages(self) -> "list[tuple[int, list[Criterion]]]":
        """Each stage that has criteria, with them."""
        return [(stage, criteria) for stage in (1, 2) if (criteria := self.of_stage(stage))]


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

    @property
    def is_scale(self) -> bool:
        return self.kind == self.Kind.SCALE

    @property
    def choices(self) -> list[dict[str, str]]:
        """What can be answered: value, label and what the label means."""
        if self.is_scale:
            steps = sorted(self.steps, key=lambda step: step["value"])
            return [
                {"value": str(step["value"]), "label": step["label"], "description": step.get("description", "")}
                for step in steps
            ]
        return [{"value": value, "label": str(label), "description": ""} for value, label in ReviewScore.YES_NO]

    def label_of(self, answer: str) -> str:
        return next((choice["label"] for choice in self.choices if choice["value"] == answer), answer)


class RoundQuerySet(models.QuerySet["ReviewRound"]):
    def with_results(self) -> Self:
        """Rounds of which something can be published: a stage is complete."""
        return self.filter(Exists(Review.objects.complete().filter(round=OuterRef("pk"))))

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


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

    objects: ClassVar[RoundQuerySet] = RoundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Prüfung")
        verbose_name_plural = _("Prüfungen")
        ordering = ("idea", "opened_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["idea"], condition=Q(closed_at=None), name="an_idea_has_one_open_review"),
        )

    def __str__(self) -> str:
        return f"Prüfung von {self.idea}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Any) -> Self:
        """The reviews whose answers this person may read. Everybody reads their own; a reviewer those of others once their own
        of the same stage is handed in; the lead those of a stage once it is complete, unless they declared to be biased.
        Nobody reads what was said of their own idea: they learn it from what is published."""
        roles = user.roles if user.is_authenticated and user.is_active else frozenset()
        if not roles & {Role.REVIEWER, Role.LEAD}:
            return self.none()
        own = Review.objects.filter(round=OuterRef("round"), reviewer=user)
        others: Any = Q(Exists(own.filter(stage=OuterRef("stage"), state=Review.State.HANDED_IN)))
        if Role.LEAD in roles:
            others |= _is_complete() & ~Exists(own.filter(state=Review.State.CONFLICT))
        seen = self.filter(Q(reviewer=user) | (Q(state=Review.State.HANDED_IN) & others))
        return seen.exclude(round__idea__author__user=user)

    def complete(self) -> Self:
        """What was handed in for a stage that nobody still works on, because all have handed in or the review is closed."""
        return self.filter(_is_complete(), state=Review.State.HANDED_IN)

    def waiting_for(self, user: Any) -> Self:
        """What this person still has to review, the earliest due date first."""
        waiting = self.filter(reviewer=user, state=Review.State.OPEN, round__closed_at=None)
        return waiting.order_by(F("round__idea__answer_due").asc(nulls_last=True), "round__idea__number", "stage")

    def handed_in_by(self, user: Any) -> Self:
        return self.filter(reviewer=user, state=Review.State.HANDED_IN).order_by("-handed_in_at", "-pk")


def _is_complete() -> Any:
    same_stage = Review.objects.filter(round=OuterRef("round"), stage=OuterRef("stage"))
    return Q(round__closed_at__isnull=False) | ~Exists(same_stage.filter(state=Review.State.OPEN))


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

    objects: ClassVar[ReviewQuerySet] = ReviewQuerySet.as_manager()  # type: ignore[assignment]

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

    @property
    def is_handed_in(self) -> bool:
        return self.state == self.State.HANDED_IN

    @property
    def is_writable(self) -> bool:
        return self.state == self.State.OPEN and self.round.is_open

    @property
    def criteria(self) -> "list[Criterion]":
        """What this review asks."""
        return self.round.scheme_version.of_stage(self.stage)


class ScoreQuerySet(models.QuerySet["ReviewScore"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(review__in=Review.objects.visible_to(user))


class ReviewScore(models.Model):
    """One answer: yes, no, unclear, or the value of a step."""

    YES_NO: ClassVar[list[tuple[str, Any]]] = [("yes", _("ja")), ("no", _("nein")), ("unclear", _("unklar"))]

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    answer = models.CharField(max_length=8)
    note = models.TextField(blank=True)

    objects: ClassVar[ScoreQuerySet] = ScoreQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Bewertung")
        ordering = ("review", "criterion")
        constraints = (models.UniqueConstraint(fields=["review", "criterion"], name="a_criterion_is_answered_once"),)

    def __str__(self) -> str:
        return self.answer


class NoteQuerySet(models.QuerySet["InternalNote"]):
    def visible_to(self, user: Any) -> Self:
        """The office's own: for those who review."""
        roles = user.roles if user.is_authenticated and user.is_active else frozenset()
        return self.all() if roles & {Role.REVIEWER, Role.LEAD} else self.none()


class InternalNote(models.Model):
    """A note of the office about an idea, in a thread. Never public."""

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="internal_notes")
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(_("Notiz"))
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[NoteQuerySet] = NoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Interne Notiz")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.text[:50]
