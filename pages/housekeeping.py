"""What has to be cleared away by itself."""

from datetime import datetime

from common.worker import chore

from .models import Message


@chore
def delete_answered_messages(now: datetime | None = None) -> int:
    """Delete messages a year after their answer, with text, name and address. Returns how many."""
    return Message.objects.forgotten(now).delete()[0]
