"""Drawings of counted things, worked out on the server: bars, stacked bars, columns over months. Numbers in, places in a
drawing and a table out. Knows no database.

Drawings are WIDTH units wide; templates/components/bars.html and columns.html put them into SVG. What a part means is told by
its pattern and by words, so that a drawing can be read without colour. Every number stands in the table behind the drawing as
a link to the list that it counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

WIDTH, RIGHT_FOR_TOTAL = 360, 44
BAR, ROW, TOP = 20, 50, 4
COLUMNS_HEIGHT, COLUMNS_TOP, COLUMNS_BOTTOM = 150, 22, 118
LABEL_LENGTH = 44
# In the order from "nothing yet" to "done": each is told from its neighbours without colour.
PATTERNS = ("empty", "dots", "lines", "cross", "full")


@dataclass(frozen=True)
class Number:
    """A count, what it counts, and the list behind it. `short` is the label where there is little room."""

    label: str
    count: int
    url: str = ""
    pattern: str = "full"
    short: str = ""


@dataclass(frozen=True)
class Row:
    """One bar: its parts add up to its length. `url` is the list of all of it, `text` its number in words if it is no count."""

    label: str
    parts: Sequence[Number]
    url: str = ""
    text: str = ""

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)


@dataclass(frozen=True)
class Drawing:
    """What the templates draw. `sentence` stands above it and says what it shows; `head` and `rows` are the table behind it."""

    key: str
    title: str
    sentence: str
    description: str
    height: int
    shapes: list[dict[str, Any]]
    head: list[str]
    rows: list[dict[str, Any]]
    legend: list[Number] = field(default_factory=list)


def bars(key: str, title: str, sentence: str, rows: Sequence[Row], head: Sequence[str], highest: int = 0) -> Drawing:
    """A bar for every row. `head` names the columns of the table: what a row is, then its parts or its number. `highest` is the
    length of a full bar; by default that of the longest."""
    most = highest or max((row.total for row in rows), default=0) or 1
    stacked = any(len(row.parts) > 1 for row in rows)
    shapes = []
    for place, row in enumerate(rows):
        top = TOP + place * ROW
        shapes.append(
            {
                "label": Truncator(row.label).chars(LABEL_LENGTH),
                "label_y": top + 14,
                "y": top + 20,
                "text_y": top + 35,
                "parts": _parts(row, most),
                "number": row.text or str(row.total),
                "number_x": _text(_length(row.total, most) + 6 if row.total else 0),
            }
        )
    return Drawing(
        key=key,
        title=title,
        sentence=sentence,
        description=" ".join(_in_words(row, stacked) for row in rows),
        height=TOP + len(rows) * ROW,
        shapes=shapes,
        head=[*head, _("Zusammen")] if stacked else list(head),
        rows=[_table_row(row, stacked) for row in rows],
        legend=list(rows[0].parts) if stacked and rows else [],
    )


def columns(key: str, title: str, sentence: str, months: Sequence[Number], head: Sequence[str]) -> Drawing:
    """A column for every month, the oldest first; its number stands above it, its month below every third."""
    most = max((month.count for month in months), default=0) or 1
    room = WIDTH / max(len(months), 1)
    shapes = []
    for place, month in enumerate(months):
        height = month.count / most * (COLUMNS_BOTTOM - COLUMNS_TOP)
        shapes.append(
            {
                "x": _text(place * room + room * 0.15),
                "width": _text(room * 0.7),
                "y": _text(COLUMNS_BOTTOM - height),
                "height": _text(height),
                "middle": _text(place * room + room / 2),
                "number_y": _text(COLUMNS_BOTTOM - height - 6),
                "number": str(month.count) if month.count else "",
                "label": month.short if place % 3 == 0 else "",
            }
        )
    return Drawing(
        key=key,
        title=title,
        sentence=sentence,
        description=" ".join(f"{month.label}: {month.count}." for month in months),
        height=COLUMNS_HEIGHT,
        shapes=shapes,
        head=list(head),
        rows=[_table_row(Row(month.label, [month], month.url), stacked=False) for month in reversed(months)],
    )


def _length(count: int, most: int) -> float:
    return count / most * (WIDTH - RIGHT_FOR_TOTAL)


def _parts(row: Row, most: int) -> list[dict[str, str]]:
    """The parts of a bar side by side; a number stands in a part that has room for it."""
    shapes, left = [], 0.0
    for part in row.parts:
        width = _length(part.count, most)
        if part.count:
            shapes.append(
                {
                    "x": _text(left),
                    "width": _text(width),
                    "middle": _text(left + width / 2),
                    "pattern": part.pattern,
                    "number": str(part.count) if len(row.parts) > 1 and width >= 10 + 8 * len(str(part.count)) else "",
                }
            )
        left += width
    return shapes


def _in_words(row: Row, stacked: bool) -> str:
    if not stacked:
        return f"{row.label}: {row.text or row.total}."
    parts = ", ".join(f"{part.label} {part.count}" for part in row.parts if part.count)
    return f"{row.label}: {row.total}" + (f" ({parts})." if parts else ".")


def _table_row(row: Row, stacked: bool) -> dict[str, Any]:
    total = {"text": row.text or str(row.total), "url": row.url or (row.parts[0].url if not stacked else "")}
    cells = [{"text": str(part.count), "url": part.url} for part in row.parts] if stacked else []
    return {"label": row.label, "cells": [*cells, total]}


def _text(number: float) -> str:
    """A place in the drawing: with a point, whatever the language."""
    return f"{number:.1f}"
