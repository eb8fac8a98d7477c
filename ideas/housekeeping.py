"""What has to be cleared away by itself."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.worker import chore

from .models import ContactRequest, Idea, IdeaPicture, ReceiptRequest, TrailText

# How long a picture waits for a form that was not sent again.
PENDING_PICTURE_HOURS = 24


@chore
def delete_expired_ideas(now: datetime | None = None) -> int:
    """Delete guests' ideas that were not confirmed in time, with text, address and pictures. Returns how many."""
    count = 0
    for idea in Idea.objects.expired(now):
        with transaction.atomic():
            # Locks the row: a confirmation that comes at the same moment wins or finds nothing, never half an idea.
            if not Idea.objects.select_for_update().expired(now).filter(pk=idea.pk).exists():
                continue
            texts = list(TrailText.objects.filter(entry__idea=idea).values_list("pk", flat=True))
            delete_pictures(IdeaPicture.objects.filter(version__idea=idea))
            idea.delete()
            TrailText.objects.filter(pk__in=texts).delete()
            count += 1
    return count


@chore
def delete_forgotten_pictures(now: datetime | None = None) -> int:
    """Delete pictures whose form was never sent again. Returns how many."""
    limit = (now or timezone.now()) - timedelta(hours=PENDING_PICTURE_HOURS)
    return delete_pictures(IdeaPicture.objects.filter(version=None, created_at__lt=limit))


@chore
def delete_expired_requests(now: datetime | None = None) -> int:
    """Delete what guests wanted, with the address, once its link has run out. Returns how many."""
    return ContactRequest.objects.expired(now).delete()[0]


@chore
def forget_receipt_requests(now: datetime | None = None) -> int:
    """Delete what was kept to count requests for lost receipts. Returns how many."""
    return ReceiptRequest.objects.forgotten(now).delete()[0]


def delete_pictures(pictures: Any) -> int:
    """Delete rows now and their files once that is sure."""
    count = 0
    for picture in pictures:
        for file in (picture.file, picture.thumbnail):
            transaction.on_commit(lambda file=file: file.storage.delete(file.name))  # type: ignore[misc]
        picture.delete()
        count += 1
    return count
