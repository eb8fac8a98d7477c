"""Writes the export: every table as CSV, as a sheet of one workbook and as part of one JSON file, and the pictures.

The same content always gives the same bytes: rows in the order of their keys, times in UTC, no date of the day of writing.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

from ..models import Idea, IdeaPicture
from .public_tables import PUBLIC, picture_key
from .schema import FORMAT, VERSION, Column, Table
from .staff_tables import STAFF
from .values import Kind, guarded, to_cell

NAME, STAFF_FOLDER, PICTURE_FOLDER = "pulsehub", "intern", "bilder"
WARNING = (
    "Dieser Ordner enthält personenbezogene Daten und Unveröffentlichtes. Nicht weitergeben, nicht veröffentlichen,"
    " nach Gebrauch löschen.\n"
)
LONGEST_CELL = 32_767  # of Excel
CUT = " … (gekürzt; vollständig in den CSV- und JSON-Dateien)"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)

Records = dict[str, list[dict[str, Any]]]


def export(folder: Path, *, staff: bool = False) -> dict[str, int]:
    """Write the public export into the folder, with `staff` the internal one into folder/intern as well. Returns rows by table
    name."""
    folder.mkdir(parents=True, exist_ok=True)
    records = write_tables(folder, PUBLIC)
    write_pictures(folder / PICTURE_FOLDER, records["bilder"])
    counts = {name: len(rows) for name, rows in records.items()}
    return counts | export_staff(folder / STAFF_FOLDER) if staff else counts


def export_staff(folder: Path) -> dict[str, int]:
    """Write the internal export into this folder, which only its owner may read. Returns rows by table name."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    records = write_tables(folder, STAFF)
    (folder / "ACHTUNG.txt").write_text(WARNING, encoding="utf-8")
    return {name: len(rows) for name, rows in records.items()}


def write_tables(folder: Path, tables: Iterable[Table]) -> Records:
    """Read the tables and write them in all three formats. Returns what was read."""
    tables = tuple(tables)
    records = {table.name: table.records() for table in tables}
    for table in tables:
        (folder / f"{table.name}.csv").write_bytes(csv_bytes(table, records[table.name]))
    (folder / f"{NAME}.xlsx").write_bytes(workbook_bytes(tables, records))
    (folder / f"{NAME}.json").write_bytes(json_bytes(records))
    return records


def csv_bytes(table: Table, rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([_csv_cell(column, row[column.name]) for column in table.columns] for row in rows)
    return out.getvalue().encode()


def _csv_cell(column: Column, value: Any) -> str:
    cell = to_cell(column.kind, value)
    # A negative number is no formula; whatever else could be read as one is guarded.
    return cell if column.kind in (Kind.INTEGER, Kind.DECIMAL) else guarded(cell)


def json_bytes(records: Records) -> bytes:
    document = {"format": FORMAT, "version": VERSION, "tables": records}
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def workbook_bytes(tables: Iterable[Table], records: Records) -> bytes:
    """One sheet for each table. Every text is stored as text: nothing in it is ever a formula."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        sheet.freeze_panes = "A2"
        sheet.append([column.name for column in table.columns])
        for row in records[table.name]:
            sheet.append([_xlsx_cell(sheet, column, row[column.name]) for column in table.columns])
    raw = io.BytesIO()
    book.save(raw)
    return _without_dates(raw.getvalue())


def _xlsx_cell(sheet: Any, column: Column, value: Any) -> Any:
    if value is None or value == "":
        return None
    if column.kind is Kind.INTEGER:
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", to_cell(column.kind, value))
    cell = WriteOnlyCell(sheet)
    if column.kind is Kind.DECIMAL:
        cell.value = float(text)
        return cell
    cell.value = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT
    cell.data_type = "s"
    return cell


def _without_dates(book: bytes) -> bytes:
    """The workbook without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(\w+)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(info.filename, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write_pictures(folder: Path, rows: list[dict[str, Any]]) -> None:
    """The files of the pictures in the table. One that is missing on disk is left out: a backup came back without it."""
    if not rows:
        return
    folder.mkdir(exist_ok=True)
    for picture in IdeaPicture.objects.filter(version__in=Idea.objects.public().values("released_version")):
        for size, file in (("gross", picture.file), ("klein", picture.thumbnail)):
            if file.storage.exists(str(file.name)):
                with file.open("rb") as source:
                    (folder / f"{picture_key(picture)}-{size}.jpg").write_bytes(source.read())


def zip_of(folder: Path) -> bytes:
    """Everything in the folder as one archive, the same bytes for the same content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.writestr(zipfile.ZipInfo(str(file.relative_to(folder)), _LONG_AGO), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
