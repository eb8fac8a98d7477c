"""Ballots, and apart from them who cast which. The link between the two is deleted a set number of days after the close; what
stays on a ballot is its receipt code, which only its voter knows. Nothing on a ballot tells when it was cast."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact

from .competition import Competition
from .entry import Entry


class Ballot(models.Model):
    """One voter's ballot. `allowed` is its budget (None: not limited), `spent` what its choices come to."""

    class State(models.TextChoices):
        CAST = "cast", _("abgegeben")
        WITHDRAWN = "withdrawn", _("zurückgezogen")
        QUARANTINED = "quarantined", _("unter Quarantäne")

    class Voter(models.TextChoices):
        ACCOUNT = "account", _("mit Konto")
        GUEST = "guest", _("ohne Konto")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="ballots")
    receipt = models.CharField(_("Belegcode"), max_length=24, unique=True)
    voter = models.CharField(max_length=10, choices=Voter)
    state = models.CharField(max_length=12, choices=State, default=State.CAST)
    allowed = models.PositiveSmallIntegerField(null=True, blank=True)
    spent = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)  # goes up with every change
    is_sealed = models.BooleanField(default=False)  # the voting is closed: it never changes again but for a quarantine

    class Meta:
        verbose_name = _("Stimmzettel")
        verbose_name_plural = _("Stimmzettel")
        constraints = (
            models.CheckConstraint(
                condition=Q(allowed=None) | Q(spent__lte=F("allowed")), name="a_ballot_spends_no_more_than_it_has"
            ),
        )
        indexes = (models.Index(fields=["competition", "state"], name="ballots_of_a_competition"),)

    def __str__(self) -> str:
        return f"Stimmzettel von Wettbewerb {self.competition_id}"


class Choice(models.Model):
    """What a ballot says about one entry: how many votes it gives, or at which place it puts it (1 is first)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="choices")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="choices")
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    most = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("Stimme")
        constraints = (
            models.UniqueConstraint(fields=["ballot", "entry"], name="a_ballot_names_an_entry_once"),
            models.UniqueConstraint(fields=["ballot", "rank"], name="a_ballot_gives_a_place_once"),
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=F("most"), rank=None) | Q(points=None, rank__gte=1),
                name="a_choice_is_votes_within_the_limit_or_a_place",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_id}"


class VoterLink(models.Model):
    """Which ballot is whose. `voter_key` recognises a person whose contact is gone (participation/voters.py)."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="voters")
    ballot = models.OneToOneField(Ballot, on_delete=models.CASCADE, related_name="link")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    voter_key = models.CharField(max_length=64)
    network = models.CharField(max_length=64, blank=True)  # keyed digest of the coarse network, deleted after a week
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Verbindung von Person und Stimmzettel")
        constraints = (
            models.UniqueConstraint(fields=["competition", "voter_key"], name="a_voter_has_one_ballot"),
            models.UniqueConstraint(fields=["competition", "contact"], name="a_contact_has_one_ballot"),
        )
        indexes = (models.Index(fields=["competition", "network"], name="voters_of_a_network"),)

    def __str__(self) -> str:
        return f"{self.competition_id}"


class QuarantineStep(models.Model):
    """A ballot was set aside, or counts again, with the reason. A row never changes and never goes."""

    class Action(models.TextChoices):
        SET = "set", _("unter Quarantäne gestellt")
        LIFTED = "lifted", _("Quarantäne aufgehoben")

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="quarantine_steps")
    action = models.CharField(max_length=10, choices=Action)
    reason = models.TextField(_("Öffentlicher Grund"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Schritt einer Quarantäne")
        ordering = ("happened_at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="a_quarantine_says_why"),)

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.action}"


class Tally(models.Model):
    """The count of a competition. Once published nothing of it changes. `file` is what the public recounts (tally.py)."""

    competition = models.OneToOneField(Competition, on_delete=models.PROTECT, related_name="tally")
    file = models.TextField()
    head = models.CharField(max_length=64)  # the last hash of the chain in the file
    result = models.JSONField(default=dict)
    counted_at = models.DateTimeField(default=timezone.now)
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("Auszählung")
        constraints = (
            models.CheckConstraint(
                condition=Q(published_by=None) | Q(counted_by=None) | ~Q(published_by=F("counted_by")),
                name="a_second_person_publishes_the_result",
                violation_error_message=_(
                    "Wer ausgezählt hat, veröffentlicht nicht. Bitte lassen Sie das eine zweite Person tun."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.competition_id}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None
