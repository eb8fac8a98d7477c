"""Writes a whole survey as JSON to the standard output: questions, answers, decisions about free texts, no persons."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...models import Survey
from ...survey_exchange import export


class Command(BaseCommand):
    help = "Schreibt eine ganze Umfrage als JSON, mit allen Antworten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="ADRESSE")

    def handle(self, *args: Any, **options: Any) -> None:
        survey = Survey.objects.with_questions().filter(slug=options["slug"]).first()
        if survey is None:
            raise CommandError(f"Eine Umfrage „{options['slug']}“ gibt es nicht.")
        self.stdout.write(export(survey).decode(), ending="")
