"""From the words of a profile's data files to what pages hold: rich text, blocks, days relative to today."""

import datetime
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import escape

Row = dict[str, Any]


def rich(text: str | None) -> str:
    """Plain paragraphs as Wagtail's rich text."""
    return "".join(f"<p>{escape(paragraph.strip())}</p>" for paragraph in (text or "").split("\n\n") if paragraph.strip())


def body(sections: list[Row] | None) -> list[tuple[str, Any]]:
    """Sections as blocks of a page: `ueberschrift`, then `absaetze`, `angaben` (names with a sentence), `baustein`."""
    blocks: list[tuple[str, Any]] = []
    for section in sections or []:
        if heading := section.get("ueberschrift"):
            blocks.append(("heading", heading))
        blocks += [("paragraph", rich(text)) for text in section.get("absaetze", [])]
        if facts := section.get("angaben"):
            blocks.append(("facts", [{"term": fact["name"], "text": fact["text"]} for fact in facts]))
        if part := section.get("baustein"):
            blocks.append((part, None))
    return blocks


def easy(sections: list[Row] | None) -> str:
    """Sections in easy language as rich text: a heading each, every sentence in a line of its own."""
    parts = []
    for section in sections or []:
        if heading := section.get("ueberschrift"):
            parts.append(f"<h2>{escape(heading)}</h2>")
        parts += [f"<p>{escape(sentence)}</p>" for sentence in section["absaetze"]]
    return "".join(parts)


def day(row: Row) -> datetime.date:
    """The day that a row names: `am` a date, `vor_tagen` or `in_tagen` counted from today."""
    if "am" in row:
        found: datetime.date = row["am"]
        return found
    return timezone.localdate() + timedelta(days=row["in_tagen"] if "in_tagen" in row else -row["vor_tagen"])


def moment(row: Row, clock: str) -> datetime.datetime:
    """That day at an hour such as "18:30"."""
    return timezone.make_aware(datetime.datetime.combine(day(row), datetime.time.fromisoformat(clock)))
