"""Recounts a published file of ballots: the same as the script that people download with it (participation/recount.py)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import recount


class Command(BaseCommand):
    help = "Zählt nach der veröffentlichten Datei der Stimmzettel nach; endet mit Fehler, wenn etwas nicht stimmt."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="die Datei der Stimmzettel: stimmzettel.jsonl")
        parser.add_argument("--kopf", metavar="HASH", default="", help="die Prüfsumme, die auf der Ergebnisseite steht")

    def handle(self, *args: Any, **options: Any) -> None:
        lines: list[str] = []
        code = recount.main([f"--kopf={options['kopf']}", "--", options["file"]], write=lines.append)
        if code:
            raise CommandError("\n".join(lines), returncode=code)
        self.stdout.write("\n".join(lines))
