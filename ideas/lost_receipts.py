"""A lost receipt is mailed again, to the address that was proved. Whoever asks learns nothing about the address."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.contacts import address_key

from . import notifications
from .models import IdeaAuthor, ReceiptRequest


def ask_for(email: str, *, now: datetime | None = None) -> None:
    """Mail the receipts of all ideas of this address, in one mail, at most a few times an hour. Writes the same rows and asks
    the same questions whether we know the address or not."""
    now = now or timezone.now()
    with transaction.atomic():
        asked_already = ReceiptRequest.objects.of_the_last_hour(email, now).count()
        ReceiptRequest.objects.create(address_key=address_key(email), created_at=now)
        authors = list(IdeaAuthor.objects.reached_by(email))
        notifications.send_receipts(authors if asked_already < ReceiptRequest.AN_HOUR else [])
