"""The outbox table. Its rules stand in common/outbox.py."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class OutboxMessage(models.Model):
    """Something to be done after the transaction that asked for it: a mail, a search entry.

    The payload holds keys of rows, not personal data, wherever the handler can look the rest up at delivery.
    """

    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "Ausgang"
        indexes = (models.Index(fields=["due_at", "id"], name="outbox_open", condition=Q(done_at=None, parked_at=None)),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SpentChallenge(models.Model):
    """A proof of work that was used. Its digest says nothing about who did it. Its rules stand in common/proof_of_work.py."""

    digest = models.CharField(max_length=64, unique=True)
    spent_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "verbrauchter Rechennachweis"
        verbose_name_plural = "verbrauchte Rechennachweise"

    def __str__(self) -> str:
        return f"{self.digest[:8]}… {self.spent_at:%d.%m.%Y %H:%M}"


class LimitCount(models.Model):
    """How often something came from one network, person or address since `started_at`, where the cache isn't safe enough: for
    mails. The key is a keyed hash. Its rules stand in common/limits.py."""

    key = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "gezählte Obergrenze"
        verbose_name_plural = "gezählte Obergrenzen"

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.count}"
