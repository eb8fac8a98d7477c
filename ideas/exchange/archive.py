"""Reads a complete export of our own, in any of its three formats, into the rows that it was written from."""

import csv
import io
import json
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from .export import CUT, NAME, PICTURE_FOLDER, Records
from .public_tables import PUBLIC
from .schema import FORMAT, VERSION, Table
from .values import Kind, Unreadable, from_cell, unguarded

csv.field_size_limit(10_000_000)
_MARK = "ideen_schritte"  # a table that nobody else's spreadsheet has


class NotOurs(Exception):
    """This is no complete export. Its text is written to the person who imports."""


def is_archive(path: Path) -> bool:
    """Whether this folder or file is a complete export of ours."""
    if path.is_dir():
        return any((path / name).is_file() for name in (f"{NAME}.json", f"{NAME}.xlsx", f"{_MARK}.csv"))
    try:
        if path.suffix.lower() == ".json":
            document = json.loads(path.read_text(encoding="utf-8"))
            return isinstance(document, dict) and document.get("format") == FORMAT
        return path.suffix.lower() == ".xlsx" and _MARK in load_workbook(path, read_only=True).sheetnames
    except (OSError, ValueError, KeyError, BadZipFile):
        return False


def read(path: Path) -> tuple[Records, Path]:
    """The tables of the export, and the folder with its pictures. Raises NotOurs or Unreadable."""
    folder = path if path.is_dir() else path.parent
    file = path
    if path.is_dir():
        file = next((path / f"{NAME}{end}" for end in (".json", ".xlsx") if (path / f"{NAME}{end}").is_file()), path)
    if file.is_dir():
        records = {
            table.name: _from_csv(table, (file / f"{table.name}.csv").read_bytes())
            for table in PUBLIC
            if (file / f"{table.name}.csv").exists()
        }
    elif file.suffix.lower() == ".json":
        records = _from_json(file.read_bytes())
    else:
        records = _from_workbook(file)
    missing = [table.name for table in PUBLIC if table.name not in records]
    if missing:
        raise NotOurs(
            _("Im Export fehlen Tabellen: %(missing)s. Bitte exportieren Sie noch einmal.") % {"missing": ", ".join(missing)}
        )
    for table in PUBLIC:
        _check_columns(table, records[table.name])
    return records, folder / PICTURE_FOLDER


def _check_columns(table: Table, rows: list[dict[str, Any]]) -> None:
    wanted = {column.name for column in table.columns}
    for row in rows[:1]:
        if missing := sorted(wanted - set(row)):
            raise NotOurs(
                _("In der Tabelle %(table)s fehlen Spalten: %(missing)s.")
                % {"table": table.name, "missing": ", ".join(missing)}
            )


def _from_json(content: bytes) -> Records:
    try:
        document = json.loads(content)
    except ValueError as error:
        raise NotOurs(_("Die JSON-Datei ist beschädigt.")) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise NotOurs(_("Diese JSON-Datei ist kein Export von PulseHub."))
    if document.get("version") != VERSION:
        raise NotOurs(
            _("Der Export hat die Fassung %(found)s, lesbar ist die Fassung %(wanted)s.")
            % {"found": document.get("version"), "wanted": VERSION}
        )
    return document["tables"]  # type: ignore[no-any-return]


def _from_csv(table: Table, content: bytes) -> list[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [_typed(table, row, number, guarded=True) for number, row in enumerate(reader, 2)]


def _from_workbook(file: Path) -> Records:
    book = load_workbook(file, read_only=True, data_only=True)
    records: Records = {}
    for table in PUBLIC:
        if table.name[:31] not in book.sheetnames:
            continue
        rows = book[table.name[:31]].iter_rows(values_only=True)
        header = [str(name) for name in next(rows)]
        # A row ends with its last filled cell.
        cells = [dict(zip_longest(header, ("" if cell is None else str(cell) for cell in row), fillvalue="")) for row in rows]
        records[table.name] = [_typed(table, row, number, guarded=False) for number, row in enumerate(cells, 2)]
    return records


def _typed(table: Table, cells: dict[str, str], number: int, *, guarded: bool) -> dict[str, Any]:
    row = {}
    for column in table.columns:
        if column.name in cells:
            cell = cells[column.name] or ""
            if not guarded and cell.endswith(CUT):
                raise NotOurs(
                    _("In der Excel-Datei ist ein langer Text gekürzt. Bitte lesen Sie die JSON-Datei des Exports ein.")
                )
            if guarded and column.kind not in (Kind.INTEGER, Kind.DECIMAL):
                cell = unguarded(cell)
            try:
                row[column.name] = from_cell(column.kind, cell)
            except Unreadable as problem:
                raise Unreadable(f"{table.name}, Zeile {number}, {column.name}: {problem}") from problem
    return row
