from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ...exchange import archive, restore


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        records, pictures = archive.read(options["file"])
        for name, count in restore.restore(records, pictures).items():
            self.stdout.write(f"{name}: {count}")
