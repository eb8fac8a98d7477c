"""A survey's numbers and answers as files. For everybody: counts and released texts. For the team: every questionnaire.

Rows stand in an order that comes from their content or a random key, never from the time at which somebody answered.
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from common.addresses import absolute
from ideas.exchange.values import guarded

from .models import Survey, SurveyAnswer, SurveyQuestion
from .survey_results import Results

Kind = SurveyQuestion.Kind
MAX_CELL = 32_000  # Excel's own limit is 32,767
FORMULAS = ("=", "+", "-", "@")


# --- for everybody ----------------------------------------------------------------------------------------------------


def public_json(results: Results) -> bytes:
    survey = results.survey
    document = {
        "title": survey.title,
        "url": absolute(survey.get_absolute_url()),
        "language": survey.language,
        "starts_at": survey.starts_at.isoformat(),
        "ended_at": survey.ended_at.isoformat(),
        "participants": results.participants,
        "questions": [
            {
                "number": each.number,
                "kind": each.question.kind,
                "text": each.question.text,
                "answered": each.answered,
                "counts": [{"answer": one.label, "count": one.count} for one in each.counts],
                "mean": None if each.mean is None else round(float(each.mean), 4),
                "median": None if each.median is None else float(each.median),
                "texts": each.texts,
                "texts_not_released": each.hidden_texts,
            }
            for each in results.questions
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def public_csv(results: Results) -> bytes:
    """One row for each possible answer, and for each released text."""
    rows: list[list[Any]] = [[_("Nummer"), _("Frage"), _("Antwort"), _("Anzahl"), _("Personen mit Antwort"), _("Freier Text")]]
    for each in results.questions:
        own = [each.number, each.question.text]
        rows += [[*own, one.label, one.count, each.answered, ""] for one in each.counts]
        rows += [[*own, "", "", each.answered, text] for text in each.texts]
        if not each.counts and not each.texts:
            rows.append([*own, "", "", each.answered, ""])
    return csv_bytes(rows)


# --- for the team -----------------------------------------------------------------------------------------------------


def raw_rows(survey: Survey) -> list[list[Any]]:
    """A header, then a row for each questionnaire: its day, and a column for each question; for one with several answers a
    column for each of them."""
    questions = list(survey.questions.all())
    columns = [column for place, each in enumerate(questions, start=1) for column in _columns(place, each)]
    said: dict[Any, dict[tuple[int, Any], Any]] = {}
    for answer in SurveyAnswer.objects.filter(response__survey=survey).order_by():
        said.setdefault(answer.response_id, {})[_key(answer)] = answer
    rows: list[list[Any]] = [[_("Tag"), *(label for label, _cell in columns)]]
    for response in survey.responses.order_by("pk"):
        own = said.get(response.pk, {})
        rows.append([response.answered_on.isoformat(), *(cell(own) for _label, cell in columns)])
    return rows


def _key(answer: SurveyAnswer) -> tuple[int, Any]:
    return answer.question_id, answer.option_id or ("value" if answer.value is not None else "text")


def _columns(place: int, question: SurveyQuestion) -> list[tuple[str, Any]]:
    name, options = f"{place}. {question.text}", list(question.options.all())
    found: list[tuple[str, Any]] = []
    if question.kind == Kind.MULTIPLE:
        found = [(f"{name}: {each.text}", _ticked(question, each.pk)) for each in options]
    elif question.kind == Kind.CHOICE:
        found = [(name, _picked(question, options))]
    elif question.kind == Kind.SCALE:
        found = [(name, lambda own: value.value if (value := own.get((question.pk, "value"))) else "")]
    if question.takes_text:
        label = name if question.kind == Kind.TEXT else _("%(question)s: Sonstiges") % {"question": name}
        found.append((label, lambda own: _text_of(own.get((question.pk, "text")))))
    return found


def _ticked(question: SurveyQuestion, option: int) -> Any:
    return lambda own: _("ja") if (question.pk, option) in own else ""


def _picked(question: SurveyQuestion, options: Sequence[Any]) -> Any:
    return lambda own: next((each.text for each in options if (question.pk, each.pk) in own), "")


def _text_of(answer: SurveyAnswer | None) -> str:
    if answer is None:
        return ""
    return _("[entfernt]") if answer.is_redacted else answer.text


def csv_bytes(rows: Sequence[Sequence[Any]]) -> bytes:
    """With a byte order mark, for spreadsheet programs; a text that would be read as a formula gets an apostrophe in front."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_bytes(rows: Sequence[Sequence[Any]], title: str) -> bytes:
    """One sheet. Texts are texts, word for word: no program takes one for a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for place, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(place, column)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_CELL]
                cell.data_type = "s"
                cell.quotePrefix = cell.value[:1] in FORMULAS
            else:
                cell.value = value
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
