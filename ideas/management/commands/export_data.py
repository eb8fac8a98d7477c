"""Writes ideas, measures, links, trail and results of reviews into a folder (docs/datenformat.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...exchange.export import WARNING, export


class Command(BaseCommand):
    help = "Schreibt alles Öffentliche als CSV, XLSX und JSON in einen Ordner; Personenbezogenes nur mit --staff."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument(
            "--staff", action="store_true", help="zusätzlich DIR/intern/ mit Personen, Prüfungen und Unveröffentlichtem"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} gibt es schon. Bitte nennen Sie einen neuen oder leeren Ordner.")
        for name, count in export(folder, staff=options["staff"]).items():
            self.stdout.write(f"{name}: {count}")
        if options["staff"]:
            self.stderr.write(self.style.WARNING(f"{folder / 'intern'}: {WARNING.strip()}"))
