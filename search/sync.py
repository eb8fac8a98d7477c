"""Keeps the index in step with the database, by way of the outbox: written in the transaction of the change, so an index entry
never shows what was rolled back, and tried again until it succeeds."""

from common import outbox
from common.models import OutboxMessage
from django.db.models import Model

from . import registry


def later(thing: Model) -> None:
    """Bring the index entry of this row up to date after the current transaction."""
    outbox.put("search.index", source=registry.source_of(type(thing)).key, pk=thing.pk)


@outbox.handler("search.index")
def _deliver(message: OutboxMessage) -> None:
    update(registry.source(message.payload["source"]), message.payload["pk"])


def update(source: registry.Source, pk: int) -> None:
    """Write or remove the index entry of one row, by what the database says now."""
    from wagtail.search.backends import get_search_backend

    thing = source.indexed().filter(pk=pk).first()
    backend = get_search_backend()
    if thing is not None:
        backend.add(thing)
    else:
        gone = source.model._default_manager.filter(pk=pk).first()
        if gone is not None:
            backend.delete(gone)
