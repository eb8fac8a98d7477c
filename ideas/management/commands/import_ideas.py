"""Reads ideas from a table, or a complete export into an empty database."""

from ...exchange.command import ImportCommand
from ...exchange.mapping import IDEAS


class Command(ImportCommand):
    help = (
        "Liest Ideen aus CSV, XLSX oder JSON ein: alle Zeilen oder keine. Auch ein vollständiger Export (Ordner) wird gelesen."
    )
    kind = IDEAS
