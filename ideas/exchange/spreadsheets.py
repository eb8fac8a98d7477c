"""Reads a table that somebody else has made: CSV in whatever encoding and with whatever separator, XLSX, or JSON."""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from .values import unguarded

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 20_000, 200, 50_000
ROWS_ABOVE_HEADER = 20
_SEPARATORS = (";", ",", "\t", "|")
_SAMPLE = 50


class NotReadable(Exception):
    """No table can be read from this file. Its text is written to the person who brought it."""


@dataclass
class Row:
    """One row under the header: `number` is its place in the file as a spreadsheet program counts it."""

    number: int
    cells: list[str]

    @property
    def is_empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells)

    def cell(self, column: int | None) -> str:
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass
class Sheet:
    header: list[str]
    rows: list[Row]
    header_row: int = 1
    about: str = ""  # how the file was read, for the person who brought it

    def sample(self, column: int, size: int = 3) -> list[str]:
        """The first different values of a column."""
        values: dict[str, None] = {}
        for row in self.rows:
            if text := row.cell(column).strip():
                values.setdefault(text[:60])
            if len(values) == size:
                break
        return list(values)


def read(content: bytes, name: str, knows: Callable[[str], bool]) -> Sheet:
    """The table in this file. `knows` says whether a cell is a header that we know. Raises NotReadable."""
    if len(content) > MAX_BYTES:
        raise NotReadable(_("Die Datei ist größer als 10 MB. Bitte teilen Sie sie auf."))
    if not content.strip():
        raise NotReadable(_("Die Datei ist leer."))
    if content.startswith(b"PK\x03\x04"):
        grid, about = _from_xlsx(content), "Excel-Datei (XLSX)"
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotReadable(_("Das ist eine alte Excel-Datei (XLS). Bitte speichern Sie sie als XLSX oder CSV."))
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        grid, about = _from_json(content), "JSON"
    else:
        grid, about = _from_csv(content)
    return _sheet(grid, about, knows)


def _sheet(grid: list[list[str]], about: str, knows: Callable[[str], bool]) -> Sheet:
    if len(grid) > MAX_ROWS + ROWS_ABOVE_HEADER:
        raise NotReadable(_("Die Tabelle hat mehr als %(number)s Zeilen. Bitte teilen Sie sie auf.") % {"number": MAX_ROWS})
    if max((len(row) for row in grid), default=0) > MAX_COLUMNS:
        raise NotReadable(_("Die Tabelle hat mehr als %(number)s Spalten.") % {"number": MAX_COLUMNS})
    at = _header_row(grid, knows)
    header = [" ".join(cell.split()) for cell in grid[at]]
    while header and not header[-1]:
        header.pop()
    rows = [Row(number, cells) for number, cells in enumerate(grid[at + 1 :], at + 2)]
    if all(row.is_empty for row in rows):
        raise NotReadable(_("Unter der Kopfzeile stehen keine Daten."))
    return Sheet(header, rows, at + 1, about)


def _header_row(grid: list[list[str]], knows: Callable[[str], bool]) -> int:
    """Where the names of the columns stand: the row with the most names that we know, else the first with several words."""
    top = grid[:ROWS_ABOVE_HEADER]
    known = [sum(knows(cell) for cell in row) for row in top]
    if max(known, default=0) > 0:
        return known.index(max(known))
    for at, row in enumerate(top):
        words = [cell for cell in row if cell.strip()]
        if len(words) > 1 and not any(cell.strip().replace(".", "").isdecimal() for cell in words):
            return at
    raise NotReadable(_("In der Datei steht keine Kopfzeile. Bitte geben Sie jeder Spalte einen Namen."))


def _from_csv(content: bytes) -> tuple[list[list[str]], str]:
    text, encoding = _decoded(content)
    if "\0" in text:
        raise NotReadable(_("Das ist keine Tabelle. Lesbar sind CSV, XLSX und JSON."))
    separator = _separator(text)
    try:
        grid = [[unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise NotReadable(_("Die CSV-Datei ist beschädigt: %(error)s") % {"error": error}) from error
    names = {";": "Semikolon", ",": "Komma", "\t": "Tabulator", "|": "Strich"}
    return grid, f"CSV, {encoding}, getrennt durch {names[separator]}"


def _decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its mark, by its NUL bytes, UTF-8 where it is, otherwise Windows' own."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content.decode("utf-8-sig", "replace"), "UTF-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "UTF-16"
    start = content[:2000]
    if start.count(b"\0") > len(start) // 4:
        order = "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
        return content.decode(order, "replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Windows-1252"


def _separator(text: str) -> str:
    """The separator that cuts the first rows most evenly."""
    sample = text[:100_000]

    def evenness(separator: str) -> tuple[int, int]:
        try:
            rows = islice(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), _SAMPLE)
            widths = Counter(len(row) for row in rows if len(row) > 1)
        except csv.Error:
            return (0, 0)
        width, hits = widths.most_common(1)[0] if widths else (0, 0)
        return (hits, width)

    return max(_SEPARATORS, key=evenness)


def _from_xlsx(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise NotReadable(_("Die Excel-Datei ist entpackt zu groß."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            # Some programs write a size that isn't so; a sheet may say it has a million rows of nothing.
            sheet.reset_dimensions()
            grid = _grid(sheet.iter_rows(values_only=True))
            if grid:
                return grid
    except NotReadable:
        raise
    except Exception as error:
        raise NotReadable(
            _("Die Excel-Datei ist beschädigt. Bitte speichern Sie sie noch einmal, als XLSX oder CSV.")
        ) from error
    raise NotReadable(_("In der Excel-Datei steht nichts."))


def _grid(rows: Iterable[tuple[Any, ...]]) -> list[list[str]]:
    grid: list[list[str]] = []
    empty = 0
    for row in rows:
        cells = [_text(cell) for cell in row]
        if any(cells):
            grid += [[] for _ in range(empty)]
            grid.append(cells)
            empty = 0
        else:
            empty += 1
        if len(grid) > MAX_ROWS + ROWS_ABOVE_HEADER or empty > MAX_ROWS:
            break
    return grid


def _text(cell: Any) -> str:
    """A cell as one reads it: whole numbers without a point, dates as in ISO, yes and no in German."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, list):
        return ", ".join(map(_text, cell))
    return str(cell)[:MAX_CELL]


def _from_json(content: bytes) -> list[list[str]]:
    try:
        document = json.loads(_decoded(content)[0])
    except ValueError as error:
        raise NotReadable(_("Die JSON-Datei ist beschädigt.")) from error
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        document = lists[0] if len(lists) == 1 else None
    if not isinstance(document, list) or not document or not all(isinstance(row, dict) for row in document):
        raise NotReadable(_("Die JSON-Datei enthält keine Liste von Objekten."))
    header = list(dict.fromkeys(str(key) for row in document for key in row))
    return [header, *[[_text(row.get(key)) for key in header] for row in document]]
