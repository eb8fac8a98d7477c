"""Makes a new survey, a draft, of a file that export_survey wrote."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...survey_exchange import NotReadable, read_in


class Command(BaseCommand):
    help = "Legt eine neue Umfrage aus einer JSON-Datei an, als Entwurf."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="DATEI", type=Path)
        parser.add_argument(
            "--slug", default="", help="Adresse der neuen Umfrage; sonst die aus der Datei oder die nächste freie"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            survey = read_in(options["file"].read_bytes(), slug=options["slug"])
        except OSError as problem:
            raise CommandError(f"{options['file']} lässt sich nicht lesen.") from problem
        except NotReadable as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(survey.slug)
