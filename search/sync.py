"""Keeps the index in step with the database, by way of the outbox: written in the transaction of the change, so an index entry
never shows what was rolled back, and tried again until it succeeds."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Manager, Model
from wagtail.search import index
from wagtail.search.backends import get_search_backend

from common import outbox
from common.models import OutboxMessage

from . import german, registry
from .models import SearchTerm


def later(thing: Model) -> None:
    """Bring the index entry of this row up to date after the current transaction. Also for a row that is going away."""
    outbox.put("search.index", source=registry.source_of(type(thing)).key, pk=thing.pk)


def all_later(things: Iterable[Model]) -> None:
    """The same for many rows, in one write."""
    outbox.put_many("search.index", [{"source": registry.source_of(type(thing)).key, "pk": thing.pk} for thing in things])


@outbox.handler("search.index")
def _deliver(message: OutboxMessage) -> None:
    update(registry.source(message.payload["source"]), message.payload["pk"])


def update(source: registry.Source, pk: int) -> None:
    """Write or remove the index entry of one row, by what the database says now."""
    thing = source.indexed().filter(pk=pk).first()
    with transaction.atomic():
        if thing is not None:
            write_terms(source, [thing])
        else:
            SearchTerm.objects.filter(source=source.key, object_id=pk).delete()
        if not is_indexed_by_wagtail(source.model):
            backend = get_search_backend()
            if thing is not None:
                backend.add(thing)
            else:
                backend.delete(source.model(pk=pk))  # only its key counts: the row itself may be gone


def write_all(model: type[Model], pks: Iterable[int], batch: int = 500) -> None:
    """Write the index entries of many rows at once, as far as they belong into the index."""
    source, pks = registry.source_of(model), list(pks)
    for start in range(0, len(pks), batch):
        things = list(source.indexed().filter(pk__in=pks[start : start + batch]))
        with transaction.atomic():
            write_terms(source, things)
            if not is_indexed_by_wagtail(source.model):
                get_search_backend().add_bulk(source.model, things)


def is_indexed_by_wagtail(model: type[Model]) -> bool:
    """Whether Wagtail's own signals write its index for this model, as they do for pages."""
    return bool(getattr(model, "search_auto_update", True))


def write_terms(source: registry.Source, things: Iterable[Any]) -> int:
    """Replace the terms of these things. Returns how many terms were written."""
    rows = {thing.pk: german.weighted_terms(*searched_texts(thing)) for thing in things}
    with transaction.atomic():
        SearchTerm.objects.filter(source=source.key, object_id__in=list(rows)).delete()
        terms = [
            SearchTerm(source=source.key, object_id=pk, term=term, weight=weight)
            for pk, weights in rows.items()
            for term, weight in weights.items()
        ]
        # Two workers with the same thing: both write the same, the second one has nothing left to do.
        SearchTerm.objects.bulk_create(terms, batch_size=5000, ignore_conflicts=True)
    return len(terms)


def searched_texts(thing: Any) -> tuple[str, str]:
    """Title and all other text of a thing, by its model's search_fields."""
    titles: list[str] = []
    others: list[str] = []
    for name, text in _texts(thing, thing.get_search_fields()):
        (titles if name == "title" else others).append(text)
    return "\n".join(titles), "\n".join(others)


def _texts(thing: Any, fields: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if isinstance(field, index.SearchField):
            value = field.get_value(thing)
            yield field.field_name, "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
        elif isinstance(field, index.RelatedFields):
            related = field.get_value(thing)
            for other in related.all() if isinstance(related, Manager) else [related]:
                if other is not None:
                    yield from _texts(other, field.fields)
