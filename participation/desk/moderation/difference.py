"""What an edit changes, word by word: for eyes and ears, not by colour alone."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some words that stand in both texts, or in one of them only."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Difference:
    before: list[Piece]
    after: list[Piece]


def differences(before: str, after: str) -> Difference:
    """Both texts in pieces; put together again each is what it was."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b > a:
            left.append(Piece("".join(old[a:b]), kind != "equal"))
        if d > c:
            right.append(Piece("".join(new[c:d]), kind != "equal"))
    return Difference(left, right)
