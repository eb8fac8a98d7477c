"""Asking for a lost receipt."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.contacts import address_key


class ReceiptRequestQuerySet(models.QuerySet["ReceiptRequest"]):
    def of_the_last_hour(self, email: str, now: datetime | None = None) -> "ReceiptRequestQuerySet":
        since = (now or timezone.now()) - timedelta(hours=1)
        return self.filter(address_key=address_key(email), created_at__gt=since)

    def forgotten(self, now: datetime | None = None) -> "ReceiptRequestQuerySet":
        """What nobody counts any more."""
        return self.filter(created_at__lt=(now or timezone.now()) - timedelta(days=1))


class ReceiptRequest(models.Model):
    """Somebody asked for the receipts of an address, known to us or not. Counted, so that nobody's mailbox is flooded."""

    AN_HOUR = 3

    address_key = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ReceiptRequestQuerySet] = ReceiptRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Bitte um Belege")
        indexes = (models.Index(fields=["address_key", "created_at"], name="receipts_asked_for"),)

    def __str__(self) -> str:
        return f"Bitte {self.pk}"
