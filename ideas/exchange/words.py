"""What stands in other people's cells: status words, lists of numbers, periods, amounts."""

import calendar
import re
import unicodedata
from datetime import date
from decimal import Decimal

from ..workflow import IDEA_STATES, MEASURE_STATES, Channel, Contribution, MeasureStatus, Status

_M, _I = MeasureStatus, Status
MEASURE_WORDS: dict[str, MeasureStatus] = {
    **dict.fromkeys(["idee", "idea", "vorschlag", "vorgeschlagen", "offen", "open", "neu", "new", "nicht begonnen", "noch offen", "not started", "ausstehend", "zurückgestellt"], _M.IDEA),
    **dict.fromkeys(["in planung", "geplant", "planung", "planned", "planning", "in konzeption", "konzept", "konzeption", "vorgesehen"], _M.PLANNING),
    **dict.fromkeys(["in vorbereitung", "vorbereitung", "in preparation", "preparation", "ausschreibung", "in ausschreibung", "beauftragt"], _M.PREPARATION),
    **dict.fromkeys(["in umsetzung", "umsetzung", "in bearbeitung", "bearbeitung", "laufend", "läuft", "begonnen", "gestartet", "in arbeit", "in progress", "implementation", "ongoing", "running", "teilweise umgesetzt", "daueraufgabe", "aktiv"], _M.IMPLEMENTATION),
    **dict.fromkeys(["abgeschlossen", "erledigt", "umgesetzt", "fertig", "fertiggestellt", "beendet", "done", "completed", "finished", "closed", "realisiert"], _M.DONE),
}  # fmt: skip
IDEA_WORDS: dict[str, Status] = {
    **dict.fromkeys(["eingereicht", "submitted", "neu", "new", "offen", "open", "eingegangen"], _I.SUBMITTED),
    **dict.fromkeys(["in prüfung", "prüfung", "in review", "wird geprüft", "in bearbeitung"], _I.IN_REVIEW),
    **dict.fromkeys(["idee", "idea", "kept", "behalten", "angenommen", "accepted", "aufgenommen", "geprüft"], _I.KEPT),
    **dict.fromkeys(["verworfen", "abgelehnt", "rejected", "declined", "nicht umsetzbar"], _I.REJECTED),
    # An idea that is being carried out was kept; how far it is, its measure says.
    **dict.fromkeys([word for word, status in MEASURE_WORDS.items() if status not in (_M.IDEA,) and word != "in bearbeitung"], _I.KEPT),
}  # fmt: skip
CHANNEL_WORDS = {
    "website": Channel.WEBSITE, "online": Channel.WEBSITE, "webseite": Channel.WEBSITE,
    "wettbewerb": Channel.COMPETITION, "ideenwettbewerb": Channel.COMPETITION, "competition": Channel.COMPETITION,
    "umfrage": Channel.SURVEY, "survey": Channel.SURVEY, "interview": Channel.INTERVIEW,
    "werkstatt": Channel.WORKSHOP, "workshop": Channel.WORKSHOP, "brief": Channel.LETTER, "zusendung": Channel.LETTER, "letter": Channel.LETTER,
    "gremium": Channel.COUNCIL, "council": Channel.COUNCIL, "förderantrag": Channel.APPLICATION, "antrag": Channel.APPLICATION, "application": Channel.APPLICATION,
}  # fmt: skip


def folded(text: str) -> str:
    """The text for comparing: small letters, single spaces, composed."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def guess_status(word: str, kind: str) -> str:
    """The status that a word means; '' if we don't know it. Of two words with a stroke between them the earlier one counts:
    what is "Abgeschlossen / In Umsetzung" is still going on."""
    known: dict[str, str] = {**(MEASURE_WORDS if kind == "measures" else IDEA_WORDS)}
    word = folded(word)
    if word in known:
        return str(known[word])
    parts = [known.get(folded(part), "") for part in re.split(r"[/,;|]| und ", word) if part.strip()]
    if len(parts) < 2 or not all(parts):
        return ""
    order = [str(status) for status in (MeasureStatus if kind == "measures" else Status)]
    return min(map(str, parts), key=order.index)


def status_choices(kind: str) -> list[tuple[str, str]]:
    """What a status word can mean."""
    if kind == "measures":
        return [(status.value, str(MEASURE_STATES[status].label)) for status in MeasureStatus]
    return [
        (status.value, str(IDEA_STATES[status].label))
        for status in (Status.SUBMITTED, Status.IN_REVIEW, Status.KEPT, Status.REJECTED)
    ]


def idea_numbers(cell: str) -> list[tuple[int, Contribution]]:
    """The ideas of "70/80/(81)" or "1, 2 und 3": what stands in brackets goes in partly. Raises ValueError for anything else."""
    found: dict[int, Contribution] = {}
    for part in re.split(r"[/,;|\s]+|und|and|&|\+", cell.strip()):
        part = part.removeprefix("#")
        if not part:
            continue
        match = re.fullmatch(r"(\(?)#?(\d{1,9})(\)?)", part)
        if match is None or bool(match[1]) != bool(match[3]):
            raise ValueError(part)
        found.setdefault(int(match[2]), Contribution.PARTLY if match[1] else Contribution.FULL)
    return list(found.items())


_MONTHS = {
    name: at
    for at, names in enumerate(
        ["jan januar january", "feb februar february", "mär märz mrz march", "apr april", "mai may", "jun juni june", "jul juli july",
         "aug august", "sep september sept", "okt oktober october", "nov november", "dez dezember december"], 1)
    for name in names.split()
}  # fmt: skip
_YEAR = r"(20\d\d|19\d\d)"
_POINT = re.compile(
    rf"(?P<iso>{_YEAR}-\d\d-\d\d)|(?P<day>\d{{1,2}}\.\d{{1,2}}\.{_YEAR})|(?P<numeric>\d{{1,2}}[./]{_YEAR})"
    rf"|(?P<quarter>(?:q|quartal )\s*[1-4]\s*[/ ]?\s*{_YEAR})|(?P<part>(?:anfang|mitte|ende)\s+{_YEAR})"
    rf"|(?P<month>[a-zäöü]+\.?\s+{_YEAR})|(?P<year>{_YEAR})"
)


def period(cell: str) -> tuple[date | None, date | None]:
    """Beginn and end of "2023–2025", "bis Ende 2024", "03/2023 - 06/2024"; None where nothing (or nonsense) is said."""
    text = folded(cell)
    points = [span for match in _POINT.finditer(text) if (span := _span(match))]
    if not points or len(points) > 2:
        return None, None
    (first, last), (start, end) = points[0], points[-1]
    if len(points) == 1:
        if re.search(r"\bbis\b|\buntil\b|\bby\b", text):
            return None, last
        if re.search(r"\bab\b|\bseit\b|\bfrom\b|\bsince\b", text) or re.search(r"[-–—]\s*$", text):
            return first, None
    return (first, end) if first <= end and start >= first else (None, None)


def _span(match: re.Match[str]) -> tuple[date, date] | None:
    """First and last day of what a date, a month, a quarter or a year names."""
    text = match[0]
    year = int(re.search(_YEAR, text)[0])  # type: ignore[index]
    try:
        match next(name for name, value in match.groupdict().items() if value):
            case "iso":
                return (day := date.fromisoformat(text)), day
            case "day":
                number, month, _year = map(int, text.split("."))
                return (day := date(year, month, number)), day
            case "numeric":
                return _months(year, (month := int(re.split(r"[./]", text)[0])), month)
            case "quarter":
                quarter = int(re.search(r"[1-4]", text)[0])  # type: ignore[index]
                return _months(year, 3 * quarter - 2, 3 * quarter)
            case "part":
                first, last = {"a": (1, 3), "m": (5, 8), "e": (10, 12)}[text[0]]
                return _months(year, first, last)
            case "month":
                month = _MONTHS.get(text.split()[0].rstrip("."), 0)
                return _months(year, month, month) if month else _months(year, 1, 12)
    except ValueError:
        return None
    return _months(year, 1, 12)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def amount(cell: str) -> Decimal | None:
    """The sum of "ca. 50.000 €" or "1,5 Mio. EUR"; None where there is none or more than one."""
    text = folded(cell)
    numbers = re.findall(r"\d[\d.,'\s]*", text)
    numbers = [number.strip(" .,'") for number in numbers]
    if len(numbers) != 1:
        return None
    number = re.sub(r"[\s']", "", numbers[0])
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", number):
        number = number.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number) and not re.fullmatch(r"\d+,\d{3}", number):
        number = number.replace(",", "")
    else:
        number = number.replace(",", ".")
    try:
        value = Decimal(number)
    except ArithmeticError:
        return None
    if re.search(r"mio|million", text):
        value *= 1_000_000
    elif re.search(r"tsd|tausend|teur|t€|thousand", text):
        value *= 1_000
    return value.quantize(Decimal("0.01")) if value < Decimal(10) ** 10 else None
