"""How a value stands in a file: kinds of columns, their text in CSV and back, and the apostrophe that keeps formulas away.

A CSV cell that a spreadsheet program would take for a formula gets an apostrophe in front; so does a text that begins with
one. Reading takes one apostrophe away. That makes the rule reversible: every text comes back as it was.
"""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    YES_NO = "yes_no"
    DATE = "date"
    TIME = "time"
    LIST = "list"
    JSON = "json"


EXPLANATIONS: dict[Kind, Any] = {
    Kind.TEXT: gettext_lazy("Text"),
    Kind.INTEGER: gettext_lazy("ganze Zahl"),
    Kind.DECIMAL: gettext_lazy("Zahl mit Punkt"),
    Kind.YES_NO: gettext_lazy("ja, nein oder leer"),
    Kind.DATE: gettext_lazy("Datum, JJJJ-MM-TT"),
    Kind.TIME: gettext_lazy("Zeitpunkt in UTC, JJJJ-MM-TTThh:mm:ss.ssssssZ"),
    Kind.LIST: gettext_lazy("Liste, getrennt durch einen senkrechten Strich"),
    Kind.JSON: "JSON",
}

# What Excel, LibreOffice and others take for the beginning of a formula, also in full width and behind blank space.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]|'")


class Unreadable(ValueError):
    """A cell doesn't hold what its column says. Its text is written to the person who imports."""


def guarded(text: str) -> str:
    """The text as it stands in a CSV cell."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that stands in a CSV cell; undoes `guarded`."""
    return cell[1:] if cell.startswith("'") else cell


def plain(kind: Kind, value: Any) -> Any:
    """The value as JSON holds it: numbers, truth, lists and text stay what they are, dates and decimals become text."""
    if value is None or value == "":
        return "" if kind is Kind.TEXT else None
    match kind:
        case Kind.TIME:
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case Kind.DATE:
            return value.isoformat()
        case Kind.DECIMAL:
            return format(value, "f")
        case Kind.TEXT:
            return str(value)
        case Kind.LIST:
            return list(value)
    return value


def to_cell(kind: Kind, value: Any) -> str:
    """What `plain` gave, as text without the apostrophe."""
    if value is None:
        return ""
    match kind:
        case Kind.YES_NO:
            return "ja" if value else "nein"
        case Kind.LIST:
            return " | ".join(_escaped(str(item)) for item in value)
        case Kind.JSON:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def from_cell(kind: Kind, cell: str) -> Any:
    """What `plain` gave, read from a cell. Raises Unreadable."""
    if kind is Kind.TEXT:
        return cell
    if kind is Kind.LIST:
        return _items(cell)
    cell = cell.strip()
    if not cell:
        return None
    try:
        match kind:
            case Kind.INTEGER:
                return int(cell)
            case Kind.YES_NO:
                return {"ja": True, "nein": False}[cell.lower()]
            case Kind.JSON:
                return json.loads(cell)
    except (ValueError, KeyError) as error:
        raise Unreadable(
            _("„%(cell)s“ ist nicht lesbar (erwartet: %(kind)s).") % {"cell": cell[:40], "kind": EXPLANATIONS[kind]}
        ) from error
    return cell


def value_of(kind: Kind, given: Any) -> Any:
    """The value as the database takes it, from what `plain` gave. Raises Unreadable."""
    if kind is Kind.TEXT:
        return "" if given is None else str(given)
    if kind is Kind.LIST:
        return list(given or [])
    if given is None:
        return None
    try:
        match kind:
            case Kind.INTEGER:
                return int(given)
            case Kind.DECIMAL:
                return Decimal(str(given))
            case Kind.DATE:
                return date.fromisoformat(str(given))
            case Kind.TIME:
                return datetime.fromisoformat(str(given))
            case Kind.YES_NO:
                return bool(given)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise Unreadable(
            _("„%(cell)s“ ist nicht lesbar (erwartet: %(kind)s).") % {"cell": str(given)[:40], "kind": EXPLANATIONS[kind]}
        ) from error
    return given


def _escaped(item: str) -> str:
    return item.replace("\\", "\\\\").replace("|", "\\|")


def _items(cell: str) -> list[str]:
    """The items of a list; a stroke or a backslash inside an item stands behind a backslash."""
    if not cell:
        return []
    items, current, characters = [], "", iter(cell)
    for character in characters:
        if character == "\\":
            current += next(characters, "\\")
        elif character == "|":
            items.append(current)
            current = ""
        else:
            current += character
    items.append(current)
    last = len(items) - 1
    return [item[position > 0 : len(item) - (position < last)] for position, item in enumerate(items)]
