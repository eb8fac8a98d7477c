"""What `import_ideas` and `import_measures` share: options, report, exit status."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User

from . import archive, jobs, mapping, restore, spreadsheets
from .plan import NotAllRight, Origin, Outcome, Plan, carry_out, check
from .values import Unreadable

MOST_SHOWN = 200


class ImportCommand(BaseCommand):
    kind: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="CSV, XLSX oder JSON; oder ein vollständiger Export")
        parser.add_argument("--dry-run", action="store_true", help="nur berichten, was geschähe")
        parser.add_argument(
            "--mapping",
            type=Path,
            help='JSON: {"columns": {"title": "Bezeichnung"}, "words": {"läuft": "implementation"}, "zielbild": …}',
        )
        parser.add_argument("--zielbild", default="", help="wohin Maßnahmen gehören, deren Zeile kein Zielbild nennt")
        parser.add_argument("--loesung", default="", help="wohin gehört, was keine Lösung nennt")
        parser.add_argument("--by", default="", help="E-Mail-Adresse des Kontos, das einliest")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if not file.exists():
            raise CommandError(f"{file} gibt es nicht.")
        if archive.is_archive(file):
            self._restore(file, dry_run=options["dry_run"])
        elif file.is_dir():
            raise CommandError(f"{file} ist kein vollständiger Export.")
        else:
            self._import(file, options)

    def _restore(self, file: Path, *, dry_run: bool) -> None:
        try:
            records, pictures = archive.read(file)
            counts = restore.counts(records) if dry_run else restore.restore(records, pictures)
        except (archive.NotOurs, restore.CannotRestore, Unreadable) as problem:
            raise CommandError(f"Nichts wurde eingelesen. {problem}") from problem
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")

    def _import(self, file: Path, options: dict[str, Any]) -> None:
        try:
            sheet = spreadsheets.read(file.read_bytes(), file.name, mapping.knows(self.kind))
            given = json.loads(options["mapping"].read_text(encoding="utf-8")) if options["mapping"] else {}
            chosen = mapping.by_names(self.kind, sheet, given)
        except (spreadsheets.NotReadable, ValueError, OSError) as problem:
            raise CommandError(str(problem)) from problem
        chosen.zielbild, chosen.loesung = options["zielbild"] or chosen.zielbild, options["loesung"] or chosen.loesung
        self._say_what_was_read(sheet, chosen)
        origin = Origin(by=self._person(options["by"]), office=jobs.office(), file_name=file.name)
        try:
            plan = check(sheet, chosen) if options["dry_run"] else carry_out(sheet, chosen, origin)
        except NotAllRight as problem:
            plan = problem.plan
        self._report(plan)
        if not plan.is_fine:
            raise CommandError("Nichts wurde eingelesen. Bitte berichtigen Sie die Zeilen, und versuchen Sie es noch einmal.")

    def _say_what_was_read(self, sheet: spreadsheets.Sheet, chosen: mapping.Mapping) -> None:
        self.stdout.write(f"{sheet.about}, Kopfzeile in Zeile {sheet.header_row}")
        for target in mapping.TARGETS[self.kind]:
            if target.key in chosen.columns:
                self.stdout.write(f"  {target.label} ← {sheet.header[chosen.columns[target.key]]}")

    def _report(self, plan: Plan) -> None:
        for problem in plan.problems:
            self.stderr.write(problem)
        shown = [row for row in plan.rows if row.messages]
        for row in sorted(shown, key=lambda row: row.outcome is not Outcome.ERROR)[:MOST_SHOWN]:
            out = self.stderr if row.outcome is Outcome.ERROR else self.stdout
            out.write(f"Zeile {row.number} ({row.outcome.value}): {' '.join(row.messages)}")
        if len(shown) > MOST_SHOWN:
            self.stdout.write(f"… und {len(shown) - MOST_SHOWN} weitere Zeilen mit Hinweisen.")
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in plan.counts.items()))

    @staticmethod
    def _person(email: str) -> User | None:
        person = User.objects.filter(email__iexact=email).first() if email else None
        if email and person is None:
            raise CommandError(f"Ein Konto mit der Adresse {email} gibt es nicht.")
        return person
