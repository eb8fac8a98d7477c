"""What has to be cleared away by itself."""

from datetime import datetime

from django.utils import timezone

from common.worker import chore

from .models import GoneAddress, Message


@chore
def delete_answered_messages(now: datetime | None = None) -> int:
    """Delete messages a year after their answer, with text, name and address. Returns how many."""
    return Message.objects.forgotten(now).delete()[0]


@chore
def forget_gone_addresses(now: datetime | None = None) -> int:
    """Delete titles and addresses of pages that have been gone for a year. Returns how many."""
    limit = (now or timezone.now()) - GoneAddress.KEPT
    return GoneAddress.objects.filter(gone_at__lt=limit).delete()[0]
