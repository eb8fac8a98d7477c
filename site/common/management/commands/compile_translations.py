"""Compiles site/locale/*/LC_MESSAGES/*.po without gettext's msgfmt, which a fresh machine doesn't have."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compiles the message files of the site; files that are up to date are left alone."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="compile files that are up to date, too")

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if options["force"] or not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                    self.compile(source, target)

    def compile(self, source: Path, target: Path) -> None:
        locale = source.parent.parent.name
        try:
            with source.open("rb") as file:
                catalog = read_po(file, locale=locale, abort_invalid=True)
        except PoFileError as error:
            raise CommandError(f"{source}: {error}") from error
        # Written beside and moved, so that a running site never reads half a file.
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, catalog)
        unfinished.replace(target)
        self.stdout.write(f"{locale}/{source.stem}: {sum(1 for message in catalog if message.id and message.string)} messages")
