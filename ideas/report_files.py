"""The council report as files: a spreadsheet to reckon with, and an accessible PDF to hand round."""

import io
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from common.pdf import kept_pdf
from pages.models import SiteSettings
from pages.words import words

from .report import Report

MAX_CELL = 32_000  # Excel's own limit is 32,767
_WIDTHS = (24, 32, 10, 44, 18, 36, 24, 22, 48)


def xlsx(report: Report) -> bytes:
    """The report as a workbook: one row a measure, and a sheet that says what was chosen and when."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Bericht")
    head = [
        words["Zielbild"], words["Loesung"], _("Nummer"), _("Titel"), _("Stand"),
        _("Zuständig"), _("Quelle der Zuständigkeit"), _("Zeitraum"), _("Hinweis"),
    ]  # fmt: skip
    _write(sheet, 1, head)
    for number, row in enumerate(_rows(report), 2):
        _write(sheet, number, row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    about = book.create_sheet(_("Über diese Datei"))
    facts = [(_("Stand vom"), date_format(timezone.localdate())), (_("Auswahl"), report.choice or _("alles"))]
    for number, fact in enumerate([*facts, (_("Zeilen"), str(len(report.entries)))], 1):
        _write(about, number, list(fact))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 20, 80
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _rows(report: Report) -> list[list[str]]:
    return [
        [
            part.zielbild.title if part.zielbild else _("Ohne veröffentlichte Zuordnung"),
            part.loesung.title if part.loesung else "",
            entry.measure.code,
            entry.measure.title,
            str(entry.measure.state.label),
            entry.responsible,
            entry.source,
            entry.time_frame,
            entry.note,
        ]
        for part in report.parts
        for entry in part.entries
    ]


def _write(sheet: Any, row: int, texts: list[str]) -> None:
    """Texts as texts, word for word: no spreadsheet program takes one for a formula, not even after it was edited."""
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:MAX_CELL]
        cell.data_type = "s"
        cell.quotePrefix = cell.value[:1] in ("=", "+", "-", "@")
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def pdf(report: Report, house: SiteSettings, language: str, *, may_draw: Callable[[], bool]) -> bytes:
    """The report on paper, drawn once a day for the same rows. Raises Unavailable and Busy of common.pdf."""
    context = {"report": report, "house": house, "language": language, "today": timezone.localdate()}
    return kept_pdf("ideas/report_pdf.html", "css/report_pdf.css", context, may_draw=may_draw)
