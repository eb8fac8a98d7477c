"""What a table of the export is made of. The tables themselves stand in public_tables.py, measure_tables.py and
staff_tables.py; what is in none of them stands in left_out.py with its reason. docs/datenformat.md is generated from all of
them (`describe_data_format`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from pages.models import LoesungPage

from .values import Kind, plain

FORMAT = "pulsehub-export"
VERSION = 1


@dataclass(frozen=True)
class Column:
    """One column. `name` is its header, `english` its other name; `of` is the field that it holds, as "Model.field"."""

    name: str
    english: str
    of: str
    kind: Kind = Kind.TEXT
    get: Callable[[Any], Any] | None = None
    note: str = ""

    def value(self, row: Any) -> Any:
        """The value of this row as JSON holds it."""
        return plain(self.kind, (self.get or attrgetter(self.of.split(".")[-1]))(row))


@dataclass(frozen=True)
class Table:
    """One table. `rows` gives its objects; they come out sorted by `key`, the columns that tell rows apart."""

    name: str
    english: str
    about: str
    rows: Callable[[], Iterable[Any]]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())

    def records(self) -> list[dict[str, Any]]:
        """All rows as {column: value}, in the order of the key."""
        records = [{column.name: column.value(row) for column in self.columns} for row in self.rows()]
        if self.key:
            records.sort(key=lambda record: tuple(_sortable(record[name]) for name in self.key))
        return records

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _sortable(value: Any) -> tuple[int, Any]:
    """Numbers before texts, nothing before both."""
    if value is None:
        return (0, 0)
    return (1, value) if isinstance(value, int | float) else (2, str(value))


def page_path(page: Any) -> str:
    """How a Zielbild ("gesundheit"), a Lösung ("gesundheit/telemedizin") or an event is named: the end of its address."""
    if page is None:
        return ""
    parts = page.url_path.strip("/").split("/")
    return "/".join(parts[-2:] if isinstance(page, LoesungPage) else parts[-1:])


def number_of(idea: Any) -> int | None:
    return idea.number if idea else None
