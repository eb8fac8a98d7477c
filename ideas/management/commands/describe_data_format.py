"""Writes docs/datenformat.md from the tables in ideas/exchange."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...exchange.left_out import FIELDS, WHOLE_MODELS
from ...exchange.mapping import IDEAS, MEASURES, TARGETS
from ...exchange.public_tables import PUBLIC
from ...exchange.schema import FORMAT, VERSION, Table
from ...exchange.staff_tables import STAFF
from ...exchange.values import EXPLANATIONS
from ...exchange.words import IDEA_WORDS, MEASURE_WORDS
from ...workflow import Action, Channel, Contribution, MeasureStatus, Status

FILE = settings.BASE_DIR / "docs" / "datenformat.md"
HEAD = f"""# Datenformat

Erzeugt aus `ideas/exchange` mit `manage.py describe_data_format`. Nicht von Hand ändern.

`manage.py export_data DIR` und *Austausch → Öffentliche Daten holen* schreiben dieselben Tabellen dreimal:

- `DIR/<tabelle>.csv`: UTF-8 ohne Kennung, Komma, Anführungszeichen nach RFC 4180, Zeilenende CRLF
- `DIR/pulsehub.xlsx`: ein Blatt je Tabelle
- `DIR/pulsehub.json`: `{{"format": "{FORMAT}", "version": {VERSION}, "tables": {{"<tabelle>": [{{"<spalte>": …}}]}}}}`
- `DIR/bilder/`: die Bilder, je einmal groß und klein

Gleicher Inhalt gibt immer dieselben Bytes: Zeilen stehen in der Reihenfolge ihrer Schlüssel, Zeiten in UTC, kein Datum des Exports.
Kein Schlüssel der Datenbank kommt vor; Ideen heißen nach ihrer Nummer, Maßnahmen nach ihrer Nummer in der Agenda, Seiten nach dem Ende
ihrer Adresse (`zielbild` oder `zielbild/loesung`), Orte nach ihrem Kürzel, Stichwörter nach ihrem Namen.

`manage.py import_ideas DIR` liest einen ganzen Export zurück, in eine Datenbank, die allein die Seiten der Agenda hält
(`load_demo --agenda-only`). Ein Export daraus ist Byte für Byte gleich, und die öffentlichen Seiten sind es auch.

## Wie ein Wert in der Zelle steht

| Art | in CSV und Excel | in JSON |
|---|---|---|
"""
FORMULAS = """
Ein Text, den ein Tabellenprogramm für eine Formel halten könnte, bekommt in CSV ein Hochkomma davor: wenn er (auch hinter Leerzeichen)
mit `=`, `+`, `-`, `@`, einem Tabulator, einem Zeilenende oder `＝ ＋ － ＠` beginnt, oder selbst mit einem Hochkomma. Beim Lesen fällt
genau ein Hochkomma am Anfang weg; so kommt jeder Text zurück, wie er war. Zahlen bekommen keines. In Excel sind alle Texte als Text
gespeichert, nie als Formel. Excel fasst 32.767 Zeichen in einer Zelle; was länger ist, endet dort mit einem Hinweis und steht ganz in CSV und JSON.

In Listen steht vor einem Strich oder umgekehrten Schrägstrich, der zum Eintrag gehört, ein umgekehrter Schrägstrich.
"""
STAFF_HEAD = """## Interne Tabellen

Nur mit `export_data DIR --staff` in `DIR/intern/` oder über *Austausch → Interne Daten holen* (nur Leitung, wird festgehalten). Sie enthalten
Angaben über Personen und Unveröffentlichtes und werden nicht zurückgelesen: Dafür ist die Sicherung da (`backup`, `restore`).
"""
STRANGERS = """## Tabellen anderer

`import_ideas FILE`, `import_measures FILE` und *Austausch → Tabelle einlesen* lesen CSV (Trennzeichen und Kodierung werden erkannt: UTF-8,
UTF-16, Windows-1252), XLSX und JSON (eine Liste von Objekten). Die Kopfzeile wird unter den ersten 20 Zeilen gesucht. Höchstens 10 MB,
20.000 Zeilen, 200 Spalten. Entweder alle Zeilen kommen hinein oder keine. Dieselbe Datei ein zweites Mal ändert nichts: Maßnahmen werden an
ihrer Nummer erkannt, sonst am Titel; Ideen an ihrer Nummer, sonst an Titel und Text. Leere Zeilen und Zeilen, die ganz gleich schon da stehen,
werden übersprungen. Eine leere Zelle ändert nichts an dem, was schon da ist.

`--mapping DATEI` nimmt JSON: `{"columns": {"title": "Bezeichnung"}, "words": {"läuft": "implementation"}, "zielbild": "gesundheit"}`.
"""


def text() -> str:
    """The whole document."""
    lines = [HEAD + "\n".join(_kinds()), FORMULAS, "## Öffentliche Tabellen", ""]
    for table in PUBLIC:
        lines += _described(table)
    lines += [_codes(), STAFF_HEAD]
    for table in STAFF:
        lines += _described(table)
    lines += ["## Was kein Export enthält", "", "| Feld | warum |", "|---|---|"]
    lines += [f"| `{name}` (ganz) | {reason} |" for name, reason in sorted(WHOLE_MODELS.items())]
    lines += [f"| `{name}` | {reason} |" for name, reason in sorted(FIELDS.items())]
    return "\n".join([*lines, "", STRANGERS, *_targets()]) + "\n"


def _kinds() -> list[str]:
    in_json = {"integer": "Zahl", "yes_no": "`true`, `false`, `null`", "list": "Liste", "json": "wie es ist"}
    return [f"| {kind.value} | {words} | {in_json.get(kind.value, 'Text')} |" for kind, words in EXPLANATIONS.items()]


def _described(table: Table) -> list[str]:
    lines = [
        f"### {table.name} (`{table.english}`)",
        "",
        table.about,
        "",
        "| Spalte | englisch | Art | Feld | Anmerkung |",
        "|---|---|---|---|---|",
    ]
    for column in table.columns:
        name = f"**{column.name}**" if column.name in table.key else column.name
        lines.append(f"| {name} | {column.english} | {column.kind.value} | `{column.of}` | {column.note} |")
    return [*lines, ""]


def _codes() -> str:
    """The values that columns with a fixed vocabulary take."""
    rows = ["## Feste Werte", "", "| wo | Werte |", "|---|---|"]
    for where, choices in (
        ("Status einer Idee", Status),
        ("Status einer Maßnahme, Fortschritt", MeasureStatus),
        ("Weg", Channel),
        ("Beitrag", Contribution),
    ):
        rows.append(f"| {where} | {', '.join(f'`{choice.value}` {choice.label}' for choice in choices)} |")  # type: ignore[attr-defined]
    rows.append(f"| Schritt | {', '.join(f'`{action.value}`' for action in Action)} |")
    return "\n".join([*rows, ""])


def _targets() -> list[str]:
    lines = []
    for kind, title in ((MEASURES, "Maßnahmen"), (IDEAS, "Ideen")):
        lines += [f"### Spalten für {title}", "", "| Angabe | Schlüssel | wird erkannt als |", "|---|---|---|"]
        lines += [f"| {target.label} | `{target.key}` | {', '.join(target.names)} |" for target in TARGETS[kind]]
        lines.append("")
    lines += ["### Statuswörter", "", "| Wort | Maßnahme | Idee |", "|---|---|---|"]
    for word in sorted({*MEASURE_WORDS, *IDEA_WORDS}):
        measure, idea = MEASURE_WORDS.get(word), IDEA_WORDS.get(word)
        lines.append(f"| {word} | {measure.label if measure else '–'} | {idea.label if idea else '–'} |")
    lines += [
        "",
        "Von zwei Wörtern mit einem Schrägstrich gilt das frühere: „Abgeschlossen / In Umsetzung“ ist *In Umsetzung*.",
    ]
    return lines


class Command(BaseCommand):
    help = "Schreibt docs/datenformat.md aus den Tabellen des Exports; mit --check wird nur verglichen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if FILE.read_text(encoding="utf-8") != text():
                raise CommandError("docs/datenformat.md ist veraltet: manage.py describe_data_format")
            return
        FILE.write_text(text(), encoding="utf-8")
