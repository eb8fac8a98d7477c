"""A survey: a short questionnaire with opening times, and what people answered.

Who took part and what was answered are two tables without a way from one to the other. An answer carries its day, no time.
The questionnaire is no page and has no revisions: nothing old can be published over it. What the database itself refuses once
somebody has answered stands in survey_rules.py.
"""

import hashlib
import json
import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from accounts.models import Contact
from accounts.roles import Role

FEWEST_STEPS, MOST_STEPS = 3, 7


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: Any) -> Self:
        """What this person may see: published ones; whoever makes surveys sees drafts, too."""
        if user.is_authenticated and user.is_active and user.roles & {Role.LEAD, Role.EDITOR}:
            return self
        return self.filter(is_published=True)

    def with_questions(self) -> Self:
        """With the whole questionnaire at hand: two queries more for any number."""
        return self.prefetch_related("questions__options")

    def over(self, now: datetime) -> Self:
        return self.filter(Q(closed_at__isnull=False) | Q(ends_at__lte=now))


class Survey(ClusterableModel):
    class Mode(models.TextChoices):
        ANONYMOUS = "anonymous", _("ohne Anmeldung, ganz anonym")
        ACCOUNT = "account", _("mit Konto: jede Person einmal")

    class Visibility(models.TextChoices):
        AFTER_CLOSE = "after_close", _("sobald die Umfrage zu Ende ist")
        PUBLISHED = "published", _("erst, wenn wir es veröffentlichen")

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        COMING = "coming", _("kommt")
        RUNNING = "running", _("läuft")
        OVER = "over", _("beendet")

    title = models.CharField(_("Titel"), max_length=120)
    slug = models.SlugField(
        _("Adresse"), max_length=80, unique=True, help_text=_("Das Ende der Adresse, zum Beispiel: bus-und-rad")
    )
    language = models.CharField(
        _("Sprache der Fragen"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    intro = models.TextField(
        _("Einleitung"), max_length=1500, help_text=_("Worum es geht, wen Sie fragen und was mit den Antworten geschieht.")
    )
    thanks = models.TextField(
        _("Dank"), blank=True, max_length=600, help_text=_("Steht auf der Seite nach dem Absenden. Leer: ein kurzes Danke.")
    )
    mode = models.CharField(_("Wer mitmachen kann"), max_length=10, choices=Mode, default=Mode.ANONYMOUS)
    starts_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    is_published = models.BooleanField(
        _("Veröffentlicht"), default=False, help_text=_("Ohne Haken bleibt die Umfrage ein Entwurf, den nur das Team sieht.")
    )
    results_visibility = models.CharField(
        _("Ergebnis zeigen"), max_length=12, choices=Visibility, default=Visibility.AFTER_CLOSE
    )
    outcome = models.TextField(
        _("Was daraus wurde"),
        blank=True,
        max_length=1500,
        help_text=_("Steht beim Ergebnis und unter „Beteiligung“, sobald die Umfrage zu Ende ist."),
    )
    closed_at = models.DateTimeField(_("Geschlossen am"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    results_published_at = models.DateTimeField(_("Ergebnis veröffentlicht am"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[SurveyQuerySet] = SurveyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Umfrage")
        verbose_name_plural = _("Umfragen")
        ordering = ("-starts_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="a_survey_ends_after_its_begin",
                violation_error_message=_("Das Ende liegt nicht nach dem Beginn. Bitte prüfen Sie die beiden Angaben."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("survey", args=[self.slug])

    # --- when ---------------------------------------------------------------------------------------------------------

    def state(self, now: datetime) -> State:
        """Where it stands at this moment: it runs from its begin until just before its end, or until it is closed."""
        if not self.is_published:
            return self.State.DRAFT
        if self.is_over(now):
            return self.State.OVER
        return self.State.RUNNING if self.starts_at <= now else self.State.COMING

    def is_over(self, now: datetime) -> bool:
        return self.closed_at is not None or self.ends_at <= now

    @property
    def ended_at(self) -> datetime:
        """Its last moment: the close where that came first."""
        return min(self.closed_at, self.ends_at) if self.closed_at else self.ends_at

    @property
    def shows_by_itself(self) -> bool:
        """Whether the result is there as soon as the survey is over."""
        return self.results_visibility == self.Visibility.AFTER_CLOSE

    def shows_results(self, now: datetime) -> bool:
        """Whether everybody can read the result."""
        if not self.is_published or not self.is_over(now):
            return False
        return self.shows_by_itself or self.results_published_at is not None

    # --- what ---------------------------------------------------------------------------------------------------------

    @property
    def needs_account(self) -> bool:
        return self.mode == self.Mode.ACCOUNT

    @property
    def has_answers(self) -> bool:
        """Whether anybody has answered: from then on the questionnaire stays as it is."""
        return self.pk is not None and self.responses.exists()

    @property
    def foreign(self) -> str:
        """The language of its words where it isn't the reader's own, else ''."""
        return "" if self.language == (get_language() or settings.LANGUAGE_CODE) else self.language

    def definition(self) -> list[dict[str, Any]]:
        """Its questions in order, as data."""
        return [question.definition() for question in self.questions.all()]

    def fingerprint(self) -> str:
        """Says whether the questionnaire that somebody filled in is still the same."""
        keys = [[question.pk, [option.pk for option in question.options.all()]] for question in self.questions.all()]
        text = json.dumps([self.mode, keys, self.definition()], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


class SurveyQuestion(ClusterableModel):
    class Kind(models.TextChoices):
        CHOICE = "choice", _("Auswahl: eine Antwort")
        MULTIPLE = "multiple", _("Auswahl: mehrere Antworten")
        SCALE = "scale", _("Skala: von … bis …")
        TEXT = "text", _("Freitext")

    survey = ParentalKey(Survey, on_delete=models.CASCADE, related_name="questions")
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    kind = models.CharField(_("Art"), max_length=10, choices=Kind, default=Kind.CHOICE)
    text = models.CharField(_("Frage"), max_length=300)
    help = models.CharField(_("Hinweis"), blank=True, max_length=300)
    is_required = models.BooleanField(_("Pflichtfrage"), default=False)
    allows_other = models.BooleanField(
        _("„Sonstiges“ als freier Text"),
        default=False,
        help_text=_("Nur bei einer Auswahl: eine letzte Antwort zum Ausfüllen."),
    )
    most_choices = models.PositiveSmallIntegerField(
        _("Höchstens wie viele Antworten"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(50)],
        help_text=_("Nur bei mehreren Antworten. Leer: so viele man will."),
    )
    steps = models.PositiveSmallIntegerField(
        _("Stufen der Skala"),
        default=5,
        validators=[MinValueValidator(FEWEST_STEPS), MaxValueValidator(MOST_STEPS)],
        help_text=_("Nur bei einer Skala: 3 bis 7."),
    )
    low_label = models.CharField(_("Skala: 1 heißt"), max_length=60, blank=True)
    high_label = models.CharField(_("Skala: die höchste Stufe heißt"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("Frage")
        verbose_name_plural = _("Fragen")
        ordering = ("sort_order", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(steps__gte=FEWEST_STEPS, steps__lte=MOST_STEPS),
                name="a_scale_has_three_to_seven_steps",
                violation_error_message=_("Eine Skala hat 3 bis 7 Stufen."),
            ),
            models.CheckConstraint(
                condition=Q(allows_other=False) | Q(kind__in=["choice", "multiple"]),
                name="only_a_choice_has_something_else",
                violation_error_message=_("„Sonstiges“ gibt es nur bei einer Auswahl."),
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def is_choice(self) -> bool:
        return self.kind in (self.Kind.CHOICE, self.Kind.MULTIPLE)

    @property
    def is_scale(self) -> bool:
        return self.kind == self.Kind.SCALE

    @property
    def takes_text(self) -> bool:
        return self.kind == self.Kind.TEXT or self.allows_other

    def definition(self) -> dict[str, Any]:
        names = ("kind", "text", "help", "is_required", "allows_other", "most_choices", "steps", "low_label", "high_label")
        return {**{name: getattr(self, name) for name in names}, "options": [option.text for option in self.options.all()]}


class SurveyOption(models.Model):
    question = ParentalKey(SurveyQuestion, on_delete=models.CASCADE, related_name="options")
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    text = models.CharField(_("Antwort"), max_length=200)

    class Meta:
        verbose_name = _("Antwort zur Auswahl")
        verbose_name_plural = _("Antworten zur Auswahl")
        ordering = ("sort_order", "pk")

    def __str__(self) -> str:
        return self.text


# --- what people said -------------------------------------------------------------------------------------------------


class SurveyResponse(models.Model):
    """One filled-in questionnaire. Nothing leads from here to a person: no time, no number in a row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    answered_on = models.DateField(_("Tag"))
    # The form that was sent, in anonymous surveys: pressed twice it counts once.
    submission_key = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("Ausgefüllter Fragebogen")
        verbose_name_plural = _("Ausgefüllte Fragebögen")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["survey", "submission_key"], name="a_form_of_a_survey_counts_once"),)

    def __str__(self) -> str:
        return str(self.pk)


class SurveyParticipation(models.Model):
    """Who has taken part, in surveys with an account: keeps a person from answering twice, and goes once the survey is over
    (housekeeping.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="participations")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # Recognises the person in this survey, and nowhere else, even when their contact is gone.
    person_key = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Teilnahme")
        verbose_name_plural = _("Teilnahmen")
        constraints = (
            models.UniqueConstraint(fields=["survey", "person_key"], name="a_person_answers_a_survey_once"),
            models.UniqueConstraint(fields=["survey", "contact"], name="a_contact_answers_a_survey_once"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class SurveyAnswer(models.Model):
    """One thing said: an option, a step of a scale, or a text. Something else than the options is a text on their question."""

    # A number in a row would tell in which order people answered.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(SurveyResponse, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="answers")
    option = models.ForeignKey(SurveyOption, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)
    is_redacted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Antwort")
        verbose_name_plural = _("Antworten")
        ordering = ("response", "question", "option")
        constraints = (
            models.CheckConstraint(
                condition=Q(option__isnull=False, value__isnull=True, text="", is_redacted=False)
                | Q(option__isnull=True, value__isnull=False, text="", is_redacted=False)
                | Q(option__isnull=True, value__isnull=True, is_redacted=True, text="")
                | Q(option__isnull=True, value__isnull=True, is_redacted=False) & ~Q(text=""),
                name="an_answer_says_one_thing",
            ),
            models.UniqueConstraint(fields=["response", "question", "option"], name="an_option_is_chosen_once"),
            models.UniqueConstraint(
                fields=["response", "question"], condition=Q(option__isnull=True), name="a_question_has_one_value_or_text"
            ),
        )

    def __str__(self) -> str:
        return self.text or str(self.value or self.option_id)


class SurveyTextDecision(models.Model):
    """What the office decided about a free text: everybody may read it, or it is erased."""

    class Kind(models.TextChoices):
        RELEASED = "released", _("freigegeben")
        REDACTED = "redacted", _("entfernt")

    answer = models.OneToOneField(SurveyAnswer, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.CharField(_("Grund"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Entscheidung über einen Freitext")
        verbose_name_plural = _("Entscheidungen über Freitexte")
        constraints = (
            models.CheckConstraint(condition=~Q(kind="redacted") | ~Q(reason=""), name="a_text_is_erased_for_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.kind}"
