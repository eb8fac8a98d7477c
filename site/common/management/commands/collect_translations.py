"""Brings site/locale/en up to date with the sentences in code and templates. Needs no gettext programs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import translations


class Command(BaseCommand):
    help = "Collects all sentences of the site into the English catalogue: new ones empty, old ones with their English."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail and list what has no English")

    def handle(self, *args: Any, **options: Any) -> None:
        root = translations.root()
        catalog = translations.renewed(root)
        missing = translations.missing(catalog)
        if not options["check"]:
            translations.write(catalog, root)
        for line in missing:
            self.stdout.write(line)
        if options["check"] and missing:
            raise CommandError(f"{len(missing)} sentences have no English yet.")
        self.stdout.write(f"{len(catalog)} sentences, {len(missing)} without English")
