"""Reads measures from a table, or a complete export into an empty database."""

from ...exchange.command import ImportCommand
from ...exchange.mapping import MEASURES


class Command(ImportCommand):
    help = "Liest Maßnahmen aus CSV, XLSX oder JSON ein: alle Zeilen oder keine. Auch ein vollständiger Export wird gelesen."
    kind = MEASURES
