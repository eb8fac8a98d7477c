"""Who supports an idea, who follows what, and what waits for a mailed confirmation or the next digest. Never public: the public
reads counts."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact


class Frequency(models.TextChoices):
    AT_ONCE = "at_once", _("sofort")
    DAILY = "daily", _("einmal am Tag")
    WEEKLY = "weekly", _("einmal in der Woche")


class SupportQuerySet(models.QuerySet["Support"]):
    def of_address(self, address_key: str, root: Any) -> Self:
        """Supports that the person with this address gave to the idea or another one of its family."""
        family = type(root).objects.family_of(root).values("pk")
        return self.filter(contact__address_key=address_key, idea__in=family)


class Support(models.Model):
    """One person's support of one idea. `person` counts: "c" and the contact's key, or "x" and the pseudonym of an import.

    A merge moves no row: the supports of an idea are the distinct persons over its family (actions.support).
    """

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="supports")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="supports")
    person = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[SupportQuerySet] = SupportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Unterstützung")
        constraints = (models.UniqueConstraint(fields=["idea", "person"], name="a_person_supports_an_idea_once"),)
        indexes = (models.Index(fields=["person"], name="support_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.person} → {self.idea_id}"


_ONE_TARGET = (
    Q(idea__isnull=False, measure=None, loesung=None)
    | Q(idea=None, measure__isnull=False, loesung=None)
    | Q(idea=None, measure=None, loesung__isnull=False)
)


class Follow(models.Model):
    """A person wants to be told of what happens to an idea, a measure or a Lösung."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="follows")
    idea = models.ForeignKey("ideas.Idea", null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    measure = models.ForeignKey("ideas.Measure", null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    loesung = models.ForeignKey("pages.LoesungPage", null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    frequency = models.CharField(_("Wie oft"), max_length=10, choices=Frequency, default=Frequency.AT_ONCE)
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the link that stops it is derived from this
    stop_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Abo")
        constraints = (
            models.CheckConstraint(condition=_ONE_TARGET, name="a_follow_has_one_target"),
            models.UniqueConstraint(fields=["contact", "idea"], name="an_idea_is_followed_once"),
            models.UniqueConstraint(fields=["contact", "measure"], name="a_measure_is_followed_once"),
            models.UniqueConstraint(fields=["contact", "loesung"], name="a_loesung_is_followed_once"),
        )

    def __str__(self) -> str:
        return f"{self.contact_id} → {self.target}"

    @property
    def target(self) -> Any:
        return self.idea or self.measure or self.loesung


class ContactRequestQuerySet(models.QuerySet["ContactRequest"]):
    def valid(self, now: datetime | None = None) -> Self:
        """Whose link still works."""
        return self.filter(created_at__gte=_oldest(now))

    def expired(self, now: datetime | None = None) -> Self:
        return self.filter(created_at__lt=_oldest(now))


def _oldest(now: datetime | None) -> datetime:
    return (now or timezone.now()) - timedelta(days=ContactRequest.DAYS)


class ContactRequest(models.Model):
    """What somebody wants with an address that they still have to prove: support or follow. The mailed link shows a button."""

    class Kind(models.TextChoices):
        SUPPORT = "support", _("unterstützen")
        FOLLOW = "follow", _("folgen")

    DAYS = 7

    kind = models.CharField(max_length=10, choices=Kind)
    email = models.EmailField()
    address_key = models.CharField(max_length=64, db_index=True)
    idea = models.ForeignKey("ideas.Idea", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey("ideas.Measure", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    loesung = models.ForeignKey("pages.LoesungPage", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.AT_ONCE)
    language = models.CharField(max_length=5, default="de")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ContactRequestQuerySet] = ContactRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Unbestätigter Wunsch")
        constraints = (models.CheckConstraint(condition=_ONE_TARGET, name="a_request_has_one_target"),)
        indexes = (models.Index(fields=["address_key", "created_at"], name="request_of_an_address"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def target(self) -> Any:
        return self.idea or self.measure or self.loesung


class Notice(models.Model):
    """One piece of news for one follower, waiting for the digest that carries it."""

    follow = models.ForeignKey(Follow, on_delete=models.CASCADE, related_name="notices")
    entry = models.ForeignKey("ideas.TrailEntry", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    measure_entry = models.ForeignKey("ideas.MeasureEntry", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Nachricht für das nächste Sammelmail")
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["follow", "entry"], name="a_follower_is_told_of_a_step_once"),
            models.UniqueConstraint(fields=["follow", "measure_entry"], name="a_follower_is_told_of_a_measures_step_once"),
        )
        indexes = (models.Index(fields=["follow"], condition=Q(sent_at=None), name="notice_waiting"),)

    def __str__(self) -> str:
        return f"{self.follow_id} ← {self.entry_id or self.measure_entry_id}"
