"""German words as the index knows them: without endings and umlauts, compounds also by their parts.

"Radwege" and "Radweg" have the same term, "Ladesäule" has the parts "lad" and "saul". No dictionary is complete: the words of
which compounds are made stand in data/wortteile.txt and data/synonyme.txt, the words that say nothing in data/stoppwoerter.txt.
After a change there, `manage.py rebuild_search` brings the index up to date.
"""

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import snowballstemmer

TERM_LENGTH = 60
LONGEST_COMPOUND = 40
TITLE, TITLE_PART, TEXT, TEXT_PART = 6, 4, 2, 1

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_INNER_CAPITAL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_VOWEL_AND_S = re.compile(r"[^aeiouy][aiouy]s$")
_JOINTS = ("", "s", "n", "en", "es", "e", "er")
# What stands behind a known word and is an ending, or begins as no German word begins.
_NO_PART = re.compile(r"(?:ung|lich|keit|heit|s?chaft|isch|bar|los|ig|iert?|ieren|innen$|s[bdfghjrsvxz])")
_VOWEL = re.compile(r"[aeiouyäöü]")
_stemmer = snowballstemmer.stemmer("german")
_one_at_a_time = threading.Lock()  # the stemmer keeps the word it works on in itself


@dataclass(frozen=True)
class Word:
    """A word's term and the terms of the words in it."""

    term: str
    parts: tuple[str, ...] = ()


def read_list(name: str) -> list[str]:
    """The lines of a file in data/, lower case, without comments and empty ones."""
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()
    return [line.strip().casefold() for line in lines if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The term of one word in lower case: "radwege" → "radweg", "busse" → "bus", "kitas" → "kita"."""
    with _one_at_a_time:
        term = str(_stemmer.stemWord(word))
    if term.endswith("ss") or (len(term) > 4 and _VOWEL_AND_S.search(term)):
        term = term[:-1]
    return term[:TERM_LENGTH]


STOP_WORDS = frozenset(word for line in read_list("stoppwoerter.txt") for word in line.split())
SYNONYMS = [
    (line.startswith("~"), [entry.strip() for entry in line.lstrip("~").split(",")]) for line in read_list("synonyme.txt")
]
_PARTS = frozenset(
    [word for line in read_list("wortteile.txt") for word in line.split()]
    + [entry for _, group in SYNONYMS for entry in group if entry.isalpha() and len(entry) >= 4]
)
_PART_TERMS = frozenset(stem(word) for word in _PARTS)


def words(text: str) -> list[Word]:
    """The words of a text that say something, each once, in their order."""
    found: dict[str, Word] = {}
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text)):
        pieces = [piece.casefold() for half in match[0].split("-") for piece in _INNER_CAPITAL.split(half)]
        telling = [piece[:TERM_LENGTH] for piece in pieces if piece not in STOP_WORDS and (len(piece) > 1 or piece.isdigit())]
        # "W-LAN" is also "WLAN".
        joined = (stem("".join(pieces)[:TERM_LENGTH]),) if telling and any(len(piece) == 1 for piece in pieces) else ()
        for piece in telling:
            found.setdefault(stem(piece), Word(stem(piece), (*parts(piece), *joined)))
    return list(found.values())


@lru_cache(maxsize=50_000)
def parts(word: str) -> tuple[str, ...]:
    """The terms of the words of which a compound is made; () for a word that we can't take apart."""
    halves = _halves(word) if len(word) <= LONGEST_COMPOUND else None
    if not halves:
        return ()
    return tuple(dict.fromkeys(term for half in halves for term in (stem(half), *parts(half))))


def _halves(word: str) -> tuple[str, str] | None:
    """The best cut: two known words before one known word beside an unknown one, a long known word before a short one."""
    best: tuple[tuple[bool, int], tuple[str, str]] | None = None
    for cut in range(3, len(word) - 2):
        left, right = _known_left(word[:cut]), word[cut:]
        known_right = stem(right) in _PART_TERMS
        if not (left or known_right) or _NO_PART.match(right):
            continue
        both = bool(left) and known_right
        unknown, known = (right, left) if left else (word[:cut], right)
        if not both and (min(len(unknown), len(known or "")) < 4 or not _VOWEL.search(unknown)):
            continue
        rank = (both, len(left or "") + (len(right) if known_right else 0))
        if best is None or rank > best[0]:
            best = rank, (left or word[:cut], right)
    return best[1] if best else None


def _known_left(word: str) -> str | None:
    """The known word that stands here, perhaps with a joint: "verkehrs" → "verkehr"."""
    for joint in _JOINTS:
        if word.endswith(joint) and word[: len(word) - len(joint)] in _PARTS:
            return word[: len(word) - len(joint)]
    return None


def weighted_terms(title: str, text: str) -> dict[str, int]:
    """All terms of a thing with their weight."""
    weights: dict[str, int] = {}
    for source, whole, part in ((title, TITLE, TITLE_PART), (text, TEXT, TEXT_PART)):
        for word in words(source):
            weights[word.term] = max(whole, weights.get(word.term, 0))
            for term in word.parts:
                weights[term] = max(part, weights.get(term, 0))
    return weights
