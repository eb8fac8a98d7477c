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
