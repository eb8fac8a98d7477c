"""What leaves the house: written in the transaction that caused it, delivered afterwards, never lost.

`put()` adds a row beside the caller's own rows, so both exist or neither. `drain()` delivers what is due; `run_worker` calls it
in a process of its own, in the embedded default a thread of the web process does. A delivery that fails is tried again later
and later; after MAX_ATTEMPTS, or when its handler says that trying again is pointless, it is parked for staff to see.

A crash between a mail server's OK and our commit can send a mail twice, never not at all; its Message-ID stays the same.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from .models import OutboxMessage

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LONGEST_DELIVERY = timedelta(minutes=5)  # well above what EMAIL_TIMEOUT allows for all steps of one mail
_handlers: dict[str, Callable[[OutboxMessage], None]] = {}
_wakers: list[Callable[[], None]] = []


class Undeliverable(Exception):
    """Raised by a handler: this message can never be delivered, park it at once."""


def handler(kind: str) -> Callable[[Callable[[OutboxMessage], None]], Callable[[OutboxMessage], None]]:
    """Decorator: the function delivers messages of this kind. It may run more than once for one message, and not in a
    transaction: one that writes several rows opens its own."""

    def register(function: Callable[[OutboxMessage], None]) -> Callable[[OutboxMessage], None]:
        _handlers[kind] = function
        return function

    return register


def put(kind: str, **payload: Any) -> OutboxMessage:
    """Write one message in the current transaction. Raises KeyError for a kind that nobody delivers."""
    if kind not in _handlers:
        raise KeyError(f"No handler delivers {kind!r}")
    message = OutboxMessage.objects.create(kind=kind, payload=payload)
    transaction.on_commit(wake)
    return message


def put_many(kind: str, payloads: Iterable[dict[str, Any]]) -> list[OutboxMessage]:
    """Write many messages of one kind at once, as `put()` writes one."""
    if kind not in _handlers:
        raise KeyError(f"No handler delivers {kind!r}")
    messages = OutboxMessage.objects.bulk_create([OutboxMessage(kind=kind, payload=payload) for payload in payloads])
    transaction.on_commit(wake)
    return messages


def wake() -> None:
    """Tell a worker in this process that there is something to do."""
    for waker in _wakers:
        waker()


def on_wake(function: Callable[[], None]) -> None:
    _wakers.append(function)


def drain(limit: int = 1000) -> int:
    """Deliver what is due, oldest first. Returns how many were attempted."""
    attempted = 0
    while attempted < limit and _deliver_next():
        attempted += 1
    return attempted


def _deliver_next() -> bool:
    message = _claim()
    if message is None:
        return False
    try:
        _handlers[message.kind](message)
    except Exception as error:
        _postpone(message, error)
    else:
        # The row stays as proof that it went out; what it carried isn't needed any more.
        message.done_at, message.payload, message.last_error = timezone.now(), {}, ""
    message.save()
    return True


def _claim() -> OutboxMessage | None:
    """The oldest due message, put off for as long as a delivery may last: no other worker takes it meanwhile, and should this
    one die, it comes back by itself. No lock is held during the delivery: SQLite has one for all, mail servers take time."""
    with transaction.atomic():
        open_messages = OutboxMessage.objects.filter(done_at=None, parked_at=None, due_at__lte=timezone.now())
        message = open_messages.select_for_update(skip_locked=_can_skip_locked()).order_by("due_at", "id").first()
        if message:
            message.attempts += 1
            message.due_at = timezone.now() + LONGEST_DELIVERY
            message.save(update_fields=["attempts", "due_at"])
    return message


def _can_skip_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _postpone(message: OutboxMessage, error: Exception) -> None:
    log.warning("outbox %s failed for the %s. time: %r", message, message.attempts, error)
    message.last_error = repr(error)[:1000]
    if isinstance(error, Undeliverable) or message.attempts >= MAX_ATTEMPTS:
        message.parked_at = timezone.now()
    else:
        message.due_at = timezone.now() + timedelta(seconds=15 * 4 ** (message.attempts - 1))
