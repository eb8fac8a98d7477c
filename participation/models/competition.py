"""A competition: when its phases are, how and by whom is voted, what was done with it. What the public reads of it in words
stands on its page; dates and rules are rows of their own, so publishing an old version of the page changes none of them."""

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from common.addresses import in_language

from ..phases import Moment, Phase, Span, in_order
from ..phases import moment as moment_of


class CompetitionQuerySet(models.QuerySet["Competition"]):
    def visible_to(self, user: Any) -> Self:
        """What this person may see: published ones, the lead and editors all."""
        if user.is_authenticated and user.is_active and user.roles & {Role.LEAD, Role.EDITOR, Role.ADMIN}:
            return self
        return self.filter(page__live=True)

    def with_phases(self) -> Self:
        """With page and phases at hand: two queries for any number."""
        return self.select_related("page").prefetch_related("phases")

    def taking_ideas(self, now: datetime) -> Self:
        """Published ones in which the phase of submission runs at this moment."""
        running = CompetitionPhase.objects.filter(phase=Phase.SUBMISSION.value, starts_at__lte=now, ends_at__gt=now)
        return self.filter(page__live=True, pk__in=running.values("competition"))


class Competition(models.Model):
    """The procedure behind a competition's page (the one in the default language)."""

    class Voting(models.TextChoices):
        NONE = "none", _("keine Abstimmung")
        SUPPORT = "support", _("Zustimmung: eine Stimme für jede Idee, die gefällt")
        BUDGET = "budget", _("Stimmen verteilen: eine feste Zahl von Stimmen")
        RANKING = "ranking", _("Reihenfolge: die Ideen ordnen")

    class Electorate(models.TextChoices):
        EMAIL = "email", _("alle mit bestätigter E-Mail-Adresse, auch ohne Konto")
        ACCOUNT = "account", _("alle mit Konto")
        VERIFIED = "verified", _("nur Konten, deren Person geprüft ist")

    class Method(models.TextChoices):
        SCHULZE = "schulze", _("Schulze: paarweiser Vergleich")
        RUNOFF = "runoff", _("Stichwahl in Runden (Instant-Runoff)")

    page = models.OneToOneField("participation.CompetitionPage", on_delete=models.CASCADE, related_name="own_competition")
    voting = models.CharField(_("Art der Abstimmung"), max_length=10, choices=Voting, default=Voting.SUPPORT)
    electorate = models.CharField(_("Wer abstimmen darf"), max_length=10, choices=Electorate, default=Electorate.EMAIL)
    votes = models.PositiveSmallIntegerField(_("Stimmen je Person"), default=3)
    votes_per_entry = models.PositiveSmallIntegerField(_("Davon höchstens für eine Idee"), default=1)
    method = models.CharField(_("Wie Reihenfolgen gezählt werden"), max_length=10, choices=Method, default=Method.SCHULZE)
    jury_scheme = models.ForeignKey(
        "ideas.SchemeVersion",
        verbose_name=_("Prüfbogen der Jury"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    jury_weight = models.PositiveSmallIntegerField(
        _("Gewicht der Jury in Prozent"), default=0, help_text=_("Der Rest ist das Gewicht der Abstimmung.")
    )
    link_days = models.PositiveSmallIntegerField(
        _("Nach wie vielen Tagen nach dem Schließen die Verbindung von Person und Stimmzettel gelöscht wird"), default=14
    )
    closed_at = models.DateTimeField(_("Abstimmung geschlossen am"), null=True, blank=True)
    links_deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[CompetitionQuerySet] = CompetitionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Ideenwettbewerb")
        verbose_name_plural = _("Ideenwettbewerbe")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(votes__gte=1, votes_per_entry__gte=1, votes_per_entry__lte=F("votes")),
                name="an_entry_gets_no_more_than_a_voter_has",
                violation_error_message=_("Für eine Idee kann es höchstens so viele Stimmen geben, wie eine Person hat."),
            ),
            models.CheckConstraint(
                condition=Q(jury_weight__lte=100),
                name="a_jury_weighs_at_most_everything",
                violation_error_message=_("Das Gewicht der Jury liegt zwischen 0 und 100 Prozent."),
            ),
            models.CheckConstraint(
                condition=Q(jury_weight=0) | Q(jury_scheme__isnull=False),
                name="a_jury_that_weighs_has_criteria",
                violation_error_message=_("Bitte wählen Sie, nach welchem Prüfbogen die Jury bewertet."),
            ),
        )

    def __str__(self) -> str:
        return str(self.page.title)

    def get_absolute_url(self) -> str:
        return in_language(f"/wettbewerbe/{self.slug}/")

    @property
    def slug(self) -> str:
        """Its name in addresses, the same in every language."""
        return str(self.page.slug)

    @property
    def title(self) -> str:
        return str(self.page.title)

    @cached_property
    def spans(self) -> list[Span]:
        """Its phases with their dates, in order."""
        return in_order(row.span for row in self.phases.all())

    def forget_phases(self) -> None:
        """The phases have changed: whoever asks next reads them anew."""
        self.__dict__.pop("spans", None)
        getattr(self, "_prefetched_objects_cache", {}).pop("phases", None)

    @property
    def was_public(self) -> bool:
        """Whether people can have read its page, now or before."""
        return bool(self.page.live or self.page.first_published_at)

    def span(self, phase: Phase) -> Span | None:
        return next((span for span in self.spans if span.phase is phase), None)

    def moment(self, now: datetime | None = None) -> Moment:
        return moment_of(self.spans, now or timezone.now())

    @property
    def has_voting(self) -> bool:
        return self.voting != self.Voting.NONE

    @property
    def is_ranked(self) -> bool:
        """Whether voters put the ideas in an order."""
        return self.voting == self.Voting.RANKING

    @property
    def has_jury(self) -> bool:
        return self.jury_scheme_id is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def budget(self) -> int | None:
        """How many votes a ballot has; None where it is not limited."""
        return self.votes if self.voting == self.Voting.BUDGET else None

    @property
    def most_per_entry(self) -> int:
        """How many votes of one ballot an entry can get."""
        return self.votes_per_entry if self.voting == self.Voting.BUDGET else 1


class PhaseQuerySet(models.QuerySet["CompetitionPhase"]):
    def running(self, now: datetime) -> Self:
        """Those that last at this moment. Says the same as Span.holds."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)


class CompetitionPhase(models.Model):
    """One phase with its dates, in UTC, from `starts_at` until just before `ends_at`."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="phases")
    phase = models.CharField(_("Phase"), max_length=12, choices=Phase)
    starts_at = models.DateTimeField(_("Beginn"), db_index=True)
    ends_at = models.DateTimeField(_("Ende"), null=True, blank=True)

    objects: ClassVar[PhaseQuerySet] = PhaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Phase eines Wettbewerbs")
        ordering = ("competition", "starts_at")
        constraints = (
            models.UniqueConstraint(fields=["competition", "phase"], name="a_competition_has_a_phase_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) | Q(ends_at=None, phase=Phase.RESULT.value),
                name="a_phase_ends_after_its_begin",
                violation_error_message=_("Das Ende liegt nicht nach dem Beginn. Bitte prüfen Sie die beiden Angaben."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.phase}"

    @property
    def span(self) -> Span:
        return Span(Phase(self.phase), self.starts_at, self.ends_at)


class CompetitionStep(models.Model):
    """What the office did with a competition, for everybody to read. A row never changes and never goes."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("Ablauf geändert")
        EXTENDED = "extended", _("Verlängert")
        CLOSED = "closed", _("Abstimmung geschlossen")
        COUNTED = "counted", _("Ausgezählt")
        PUBLISHED = "published", _("Ergebnis veröffentlicht")
        LINKS_DELETED = "links_deleted", _("Verbindung von Personen und Stimmzetteln gelöscht")

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=14, choices=Kind)
    # Of an extension: {"phase", "from", "to", "moved": [...]}, moments as ISO strings in UTC.
    details = models.JSONField(default=dict, blank=True)
    note = models.TextField(_("Öffentlicher Hinweis"), blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Schritt eines Wettbewerbs")
        ordering = ("happened_at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(kind="extended") | ~Q(note=""), name="an_extension_says_why"),)

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.kind}"
