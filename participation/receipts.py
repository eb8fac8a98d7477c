"""Finding one's own ballot in the published file by its receipt code. Only the line that matches is read."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Greatest, StrIndex, Substr

from .actions.ballots import ALPHABET, GROUP_LENGTH, RECEIPT_GROUPS
from .models import Ballot, Competition, Tally

# Much longer than any line of a ballot.
_REACH = 20_000
# What is mistaken for something else when copied by hand; none of these is in the alphabet.
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class FoundBallot:
    """A ballot as it stands in the published file."""

    receipt: str
    state: str
    reason: str
    choices: list[dict[str, Any]]  # {"number", "title", "votes"} or {"number", "title", "place"}
    hash: str
    is_chained: bool

    @property
    def state_label(self) -> Any:
        return Ballot.State(self.state).label

    @property
    def is_counted(self) -> bool:
        return self.state == Ballot.State.CAST

    @property
    def is_set_aside(self) -> bool:
        return self.state == Ballot.State.QUARANTINED


def tidied(typed: str) -> str:
    """The code that somebody meant: 7k2m 9qp4 … as 7K2M-9QP4-…; '' where it can be none."""
    letters = re.sub(r"[\s\-–—_.]+", "", typed[:100]).upper().translate(_MISREAD)
    if len(letters) != RECEIPT_GROUPS * GROUP_LENGTH or set(letters) - set(ALPHABET):
        return ""
    return "-".join(letters[at : at + GROUP_LENGTH] for at in range(0, len(letters), GROUP_LENGTH))


def published(competition: Competition) -> Tally | None:
    """The published count of this competition without its file, which may be long; None before it is published."""
    return Tally.objects.filter(competition=competition, published_at__isnull=False).defer("file").first()


def find(tally: Tally, receipt: str) -> FoundBallot | None:
    """The ballot with this tidied code; None where there is none in the file."""
    # A quotation mark within a text of the file is escaped, so this stands nowhere but in a ballot's own line.
    needle = f'"receipt":"{receipt}"'
    around = (
        Tally.objects.filter(pk=tally.pk)
        .annotate(at=StrIndex("file", Value(needle)))
        .filter(at__gt=0)
        .annotate(around=Substr("file", Greatest(F("at") - _REACH, 1), 2 * _REACH))
        .values_list("around", flat=True)
        .first()
    )
    if not around:
        return None
    lines = around.split("\n")
    [place] = [number for number, line in enumerate(lines) if needle in line]
    return _read(tally, lines[place], lines[place - 1])


def _read(tally: Tally, line: str, before: str) -> FoundBallot:
    row = json.loads(line)
    titles = {entry["number"]: entry["title"] for entry in tally.result["entries"]}
    choices: list[dict[str, Any]] = []
    for place, choice in enumerate(row["choices"], start=1):
        number, said = (choice[0], {"votes": choice[1]}) if isinstance(choice, list) else (choice, {"place": place})
        choices.append({"number": number, "title": titles.get(number, ""), **said})
    return FoundBallot(
        receipt=row["receipt"],
        state=row["state"],
        reason=row.get("reason", ""),
        choices=choices,
        hash=row["hash"],
        is_chained=_follows(line, row["hash"], before),
    )


def _follows(line: str, digest: str, before: str) -> bool:
    """Whether the line's hash is made of the line itself and of the hash before it."""
    earlier = re.search(r'"hash":"([0-9a-f]{64})"', before)
    bare = line.replace(f'"hash":"{digest}",', "", 1)
    return earlier is not None and hashlib.sha256(f"{earlier[1]}\n{bare}".encode()).hexdigest() == digest
