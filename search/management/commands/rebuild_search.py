"""Write the whole search index anew from the database, while the site goes on."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.search.backends import get_search_backend

from search import registry, sync
from search.models import SearchTerm


class Command(BaseCommand):
    help = "Schreibt den Suchindex aus der Datenbank neu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="Einträge je Schritt")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["verbosity"] == 0
        keys = [source.key for source in registry.sources()]
        SearchTerm.objects.exclude(source__in=keys).delete()
        for source in registry.sources():
            written = self._write(source, options["batch"])
            removed = _remove_gone(source)
            self._say(f"{source.key}: {written} geschrieben, {removed} entfernt\n")

    def _write(self, source: registry.Source, batch: int) -> int:
        written = 0
        for things in _batches(source, batch):
            with transaction.atomic():
                sync.write_terms(source, things)
                for model in {type(thing) for thing in things}:
                    get_search_backend().add_bulk(model, [thing for thing in things if type(thing) is model])
            written += len(things)
            self._say(f"{source.key}: {written} …\r")
        return written

    def _say(self, text: str) -> None:
        if not self.quiet:
            self.stdout.write(text, ending="")
            self.stdout.flush()


def _batches(source: registry.Source, size: int) -> Iterator[list[Any]]:
    """All that belongs into the index, in the order of the keys, so that new rows disturb nothing."""
    last = 0
    while things := list(source.indexed().filter(pk__gt=last).order_by("pk")[:size]):
        yield things
        last = things[-1].pk


def _remove_gone(source: registry.Source) -> int:
    """Bring entries up to date that belong to nothing which should be found. Returns how many things that were."""
    indexed = source.indexed().order_by().values("pk")
    gone = SearchTerm.objects.filter(source=source.key).exclude(object_id__in=indexed).values_list("object_id", flat=True)
    pks = list(gone.order_by().distinct())
    for pk in pks:
        sync.update(source, pk)
    return len(pks)
