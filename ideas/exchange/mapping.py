"""Which column of somebody else's table is which of ours: proposed here, decided by a person."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext_lazy as _

from pages.words import words

from .spreadsheets import Sheet
from .words import folded, guess_status

MEASURES, IDEAS = "measures", "ideas"
_CLOSE_ENOUGH = 0.84


@dataclass(frozen=True)
class Target:
    """One thing that a column can hold: `names` are how others call it, German and English."""

    key: str
    label: Any
    names: tuple[str, ...]
    required: bool = False
    longest: int = 0  # characters that the database takes; 0 for no limit


def _target(key: str, label: Any, names: str, *, required: bool = False, longest: int = 0) -> Target:
    return Target(key, label, tuple(names.split("|")), required, longest)


_COMMON = (
    _target("title", _("Titel"), "titel|title|name|bezeichnung|maßnahme|massnahme|projekt|projekttitel|projektname|measure|project|vorhaben|idee|idea|überschrift|maßnahmentitel|kurztitel", required=True),
    _target("text", _("Beschreibung"), "beschreibung|text|inhalt|description|details|langbeschreibung|erläuterung|beschreibung der maßnahme|projektbeschreibung"),
    _target("status", _("Status"), "status|stand|state|umsetzungsstand|umsetzungsstatus|projektstatus|bearbeitungsstand|fortschritt|progress"),
    _target("loesung", words.later("%(Loesung)s"), "lösung|loesung|solution|handlungsbedarf|lösungsansatz"),
    _target("places", _("Orte"), "ort|orte|gemeinde|kommune|kommunen|stadt|place|places|municipality|beteiligte orte"),
    _target("tags", _("Stichwörter"), "stichwörter|stichworte|schlagwörter|schlagworte|tags|keywords|themen"),
)  # fmt: skip
TARGETS: dict[str, tuple[Target, ...]] = {
    MEASURES: (
        _target("code", _("Nummer"), "nummer|nr|nr.|lfd. nr.|code|id|kennung|maßnahmennummer|maßnahmen-nr.|number|no|projektnummer", longest=20),
        *_COMMON,
        _target("summary", _("Kurzbeschreibung"), "kurzbeschreibung|kurz|summary|abstract|kurztext|teaser", longest=300),
        _target("zielbild", words.later("%(Zielbild)s"), "zielbild|handlungsfeld|themenfeld|field of action|strategisches ziel|bereich|handlungsfeld/zielbild|vision"),
        _target("ideas", _("Nummern der Ideen"), "ideen|ideen-id|ideen-ids|ideas|idea ids|ideen_quelle|zugehörige ideen|ideennummern|idea numbers", longest=120),
        _target("location_text", _("Räumliche Verortung"), "räumliche verortung|verortung|standort|location|raum|gebiet", longest=250),
        _target("responsible", _("Zuständig"), "zuständig|zuständigkeit|verantwortlich|verantwortung|federführung|responsible|owner|ansprechstelle|zuständige stelle|verantwortliche stelle|amt|fachbereich", longest=250),
        _target("partners", _("Partner"), "partner|kooperationspartner|partners|beteiligte|projektpartner", longest=250),
        _target("time_frame", _("Zeitraum"), "zeitraum|zeitrahmen|laufzeit|umsetzungszeitraum|time frame|period|timeline|zeitplan|termin|duration", longest=120),
        _target("budget", _("Budget"), "budget|kosten|costs|cost|finanzvolumen|mittel|kosten in euro|budget in euro|gesamtkosten", longest=120),
        _target("note", _("Hinweis"), "hinweis|hinweise|bemerkung|bemerkungen|anmerkung|anmerkungen|note|notes|remark|remarks|comment|kommentar"),
        _target("outside_programme", _("Außerhalb des Förderprogramms"), "außerhalb des förderprogramms|ausserhalb_programm|außerhalb|outside programme|nicht gefördert"),
    ),
    IDEAS: (
        _target("number", _("Nummer"), "nummer|nr|nr.|lfd. nr.|id|ideen-id|ideen-nr.|number|no|ideennummer"),
        *_COMMON,
        _target("reason", _("Öffentliche Begründung"), "begründung|grund|reason|öffentliche begründung|entscheidung|rationale"),
        _target("submitted", _("Eingereicht am"), "eingereicht|eingereicht am|datum|date|submitted|submitted at|eingang"),
        _target("channel", _("Weg"), "weg|kanal|channel|quelle|source|eingangsweg"),
        _target("place_text", _("Ort genauer"), "ort genauer|adresse|standort|location|räumliche verortung", longest=120),
    ),
}  # fmt: skip


@dataclass
class Mapping:
    """What a person decided: `columns` by target, `words` by status word, where a measure goes that names no Zielbild."""

    kind: str
    columns: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    zielbild: str = ""
    loesung: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"columns": self.columns, "words": self.words, "zielbild": self.zielbild, "loesung": self.loesung}

    @classmethod
    def from_json(cls, kind: str, data: dict[str, Any]) -> "Mapping":
        names = ("columns", "words", "zielbild", "loesung")
        return cls(kind, **{name: data[name] for name in names if name in data})


def normalised(header: str) -> str:
    text = folded(header)
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(umlaut, letters)
    return re.sub(r"[^a-z0-9]", "", text)


def knows(kind: str) -> Any:
    """Whether a cell is the name of a column that we know, word by word."""
    names = {normalised(name) for target in TARGETS[kind] for name in (*target.names, str(target.label))}
    return lambda cell: bool(cell.strip()) and normalised(cell) in names


def propose(kind: str, sheet: Sheet) -> Mapping:
    """The mapping as we guess it: each column at most once, the best fit first; status words by our table."""
    fits = [
        (_fit(target, header), -at, target.key) for at, header in enumerate(sheet.header) for target in TARGETS[kind] if header
    ]
    columns: dict[str, int] = {}
    for fit, minus_at, key in sorted(fits, reverse=True):
        if fit >= _CLOSE_ENOUGH and key not in columns and -minus_at not in columns.values():
            columns[key] = -minus_at
    mapping = Mapping(kind, columns)
    mapping.words = {word: guess_status(word, kind) for word in status_words(sheet, mapping)}
    return mapping


def _fit(target: Target, header: str) -> float:
    """How well a header fits: 1 for the same word, less for one like it."""
    wanted = normalised(header)
    best = 0.0
    for name in (*target.names, str(target.label)):
        known = normalised(name)
        if known == wanted:
            return 1.0
        if len(known) > 4 and wanted.startswith(known):
            best = max(best, 0.9)
        best = max(best, SequenceMatcher(None, known, wanted).ratio() * 0.99)
    return best


def status_words(sheet: Sheet, mapping: Mapping) -> list[str]:
    """The different status words of the file as they are compared, in the order in which they come."""
    column = mapping.columns.get("status")
    if column is None:
        return []
    return [word for word in dict.fromkeys(folded(row.cell(column)) for row in sheet.rows) if word]


def by_names(kind: str, sheet: Sheet, given: dict[str, Any]) -> Mapping:
    """The proposal, changed by what a person wrote: columns by the names of their headers. Raises ValueError with a sentence."""
    mapping = propose(kind, sheet)
    targets = {target.key for target in TARGETS[kind]}
    for key, header in (given.get("columns") or {}).items():
        if key not in targets:
            raise ValueError(f"„{key}“ gibt es nicht. Möglich sind: {', '.join(sorted(targets))}.")
        mapping.columns.pop(key, None)
        if not header:
            continue
        places = [at for at, name in enumerate(sheet.header) if normalised(name) == normalised(str(header))]
        if not places:
            raise ValueError(f"Die Spalte „{header}“ steht nicht in der Datei. Dort stehen: {', '.join(sheet.header)}.")
        mapping.columns[key] = places[0]
    mapping.words = {word: guess_status(word, kind) for word in status_words(sheet, mapping)}
    mapping.words |= {folded(word): status for word, status in (given.get("words") or {}).items()}
    mapping.zielbild, mapping.loesung = str(given.get("zielbild") or ""), str(given.get("loesung") or "")
    return mapping
