"""Writes docs/idea-workflow.md from the table in ideas/workflow.py."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.words import of_the_house

from ...workflow import DAYS_TO_ANSWER, IDEA_STATES, MEASURE_STATES, STEPS, Reason, Status, Step

FILE = settings.BASE_DIR / "docs" / "idea-workflow.md"
REASONS = {Reason.NONE: "keine", Reason.OPTIONAL: "freiwillig", Reason.REQUIRED: "Pflicht, öffentlich"}


def text() -> str:
    """The whole document, in the words of the house."""
    with of_the_house():
        return _text()


def _text() -> str:
    lines = [
        "# Der Weg einer Idee",
        "",
        "Erzeugt aus `ideas/workflow.py` mit `manage.py describe_workflow`. Nicht von Hand ändern.",
        "",
        "## Status",
        "",
        "Die Tage sind die Vorgabe; die Leitung ändert sie unter Einstellungen, Prüfung von Ideen.",
        "",
        "| Status | Bezeichner | Bedeutung | Antwort nach höchstens |",
        "|---|---|---|---|",
    ]
    for status in Status:
        days = DAYS_TO_ANSWER.get(status)
        due = f"{days} Tage" if days else "–"
        lines.append(f"| {status.label} | `{status.value}` | {IDEA_STATES[status].explanation} | {due} |")
    lines += [
        "",
        "Eine behaltene Idee zeigt den Fortschritt der am weitesten gediehenen Maßnahme:",
        "",
        "| Fortschritt | Bedeutung |",
        "|---|---|",
    ]
    lines += [f"| {state.label} | {state.explanation} |" for state in MEASURE_STATES.values()]
    lines += [
        "",
        "## Schritte",
        "",
        "| Schritt | von | nach | wer | Begründung | erst nach Veröffentlichung | Mail |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_row(step) for step in STEPS]
    return "\n".join(lines) + "\n"


def _row(step: Step) -> str:
    sources = ", ".join(str(source.label) for source in step.sources)
    target = str(step.target.label) if step.target else "unverändert"
    who = ", ".join(sorted(str(role) for role in step.roles)) or "Absender oder System"
    flags = ["ja" if flag else "–" for flag in (step.needs_release, step.tells_author)]
    return (
        f"| {step.label} (`{step.action}`) | {sources} | {target} | {who} | {REASONS[step.reason]} | {flags[0]} | {flags[1]} |"
    )


class Command(BaseCommand):
    help = "Schreibt docs/idea-workflow.md aus der Tabelle der Schritte; mit --check wird nur verglichen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if FILE.read_text() != text():
                raise CommandError("docs/idea-workflow.md ist veraltet: manage.py describe_workflow")
            return
        FILE.write_text(text())
