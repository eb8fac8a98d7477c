"""The order of entries while people vote: shuffled anew each hour, the same for everybody, so that no entry is always first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from .models import Competition, Entry


def shuffled(entries: Iterable[Entry], competition: Competition, now: datetime) -> list[Entry]:
    """The entries in the order of this hour."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
    return sorted(entries, key=lambda entry: sha256(f"{hour}|{competition.pk}|{entry.pk}".encode()).hexdigest())
