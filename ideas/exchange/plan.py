"""What an import would do, row by row, before it does anything; and then all of it or nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User

from .. import actions
from .mapping import TARGETS, Mapping
from .spreadsheets import Row, Sheet


class Outcome(StrEnum):
    NEW = "neu"
    CHANGED = "geändert"
    UNCHANGED = "unverändert"
    SKIPPED = "übersprungen"
    ERROR = "Fehler"


@dataclass
class RowPlan:
    """What happens to one row. `values` are for the one who writes it, `messages` for the one who brought the file."""

    number: int
    outcome: Outcome = Outcome.NEW
    key: str = ""
    title: str = ""
    messages: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    existing: Any = None

    def refuse(self, column: str, problem: str) -> None:
        self.outcome = Outcome.ERROR
        self.messages.append(
            _("Spalte „%(column)s“: %(problem)s") % {"column": column, "problem": problem} if column else problem
        )


@dataclass
class Origin:
    """Who brings the file in, on behalf of which office, and what it is called."""

    by: User | None = None
    office: str = ""
    file_name: str = ""

    def decision(self) -> actions.Decision:
        return actions.Decision(reason=f"Eingelesen aus der Datei „{self.file_name}“.", office=self.office)


class Reader(Protocol):
    """Knows the database as it is now, and one kind of thing."""

    def read(self, row: Row, plan: RowPlan) -> None:
        """Say in `plan` what happens to this row."""

    def write(self, plans: list[RowPlan], origin: Origin) -> None:
        """Do it for some rows."""

    def finish(self) -> None:
        """Afterwards, once for all."""


@dataclass
class Plan:
    rows: list[RowPlan]
    problems: list[str] = field(default_factory=list)  # of the file as a whole

    @property
    def errors(self) -> list[RowPlan]:
        return [row for row in self.rows if row.outcome is Outcome.ERROR]

    @property
    def is_fine(self) -> bool:
        return not self.errors and not self.problems

    @property
    def counts(self) -> dict[str, int]:
        counter = Counter(row.outcome for row in self.rows)
        return {outcome.value: counter[outcome] for outcome in Outcome}

    def as_report(self) -> dict[str, Any]:
        rows = [
            {"row": row.number, "outcome": row.outcome.value, "key": row.key, "title": row.title, "messages": row.messages}
            for row in self.rows
        ]
        return {"counts": self.counts, "problems": self.problems, "rows": rows}


class NotAllRight(Exception):
    """Something in the file is wrong, so nothing of it was brought in. `plan` says what."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.errors)} Zeilen mit Fehlern")
        self.plan = plan


BATCH = 1000  # rows written at once: each batch pays for its own look at tags and the search


def check(sheet: Sheet, mapping: Mapping) -> Plan:
    """What would happen. Changes nothing; a few queries, however many rows."""
    return _check(sheet, mapping, reader_for(sheet, mapping))


def carry_out(
    sheet: Sheet, mapping: Mapping, origin: Origin, progress: Callable[[int, int], None] = lambda done, total: None
) -> Plan:
    """Bring everything in, in one transaction. Raises NotAllRight if a single row is wrong."""
    with transaction.atomic():
        reader = reader_for(sheet, mapping)
        plan = _check(sheet, mapping, reader)
        if not plan.is_fine:
            raise NotAllRight(plan)
        todo = [row for row in plan.rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)]
        for start in range(0, len(todo), BATCH):
            progress(start, len(todo))
            reader.write(todo[start : start + BATCH], origin)
        reader.finish()
        progress(len(todo), len(todo))
    return plan


def reader_for(sheet: Sheet, mapping: Mapping) -> Reader:
    from . import ideas_in, measures_in

    kinds: dict[str, Any] = {"measures": measures_in.MeasureReader, "ideas": ideas_in.IdeaReader}
    reader: Reader = kinds[mapping.kind](sheet, mapping)
    return reader


def _check(sheet: Sheet, mapping: Mapping, reader: Reader) -> Plan:
    missing = [str(target.label) for target in TARGETS[mapping.kind] if target.required and target.key not in mapping.columns]
    if missing:
        return Plan([], [_("Bitte wählen Sie, in welcher Spalte das steht: %(missing)s.") % {"missing": ", ".join(missing)}])
    seen: dict[tuple[str, ...], int] = {}
    plans = []
    for row in sheet.rows:
        plan = RowPlan(row.number)
        plans.append(plan)
        content = tuple(cell.strip() for cell in row.cells)
        if row.is_empty:
            plan.outcome = Outcome.SKIPPED
            plan.messages.append(_("Die Zeile ist leer."))
        elif content in seen:
            plan.outcome = Outcome.SKIPPED
            plan.messages.append(_("Die Zeile ist dieselbe wie Zeile %(row)s.") % {"row": seen[content]})
        else:
            seen[content] = row.number
            reader.read(row, plan)
    return Plan(plans)
