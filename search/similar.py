"""Ideas like this one, found while somebody types a title: by words, their parts and what means the same (data/synonyme.txt).

A word counts the more, the fewer things have it. Two things are similar when they share enough of what the title says; words
that only say where or how (~ in the file) count half and are never enough by themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from math import log
from operator import add
from typing import Any

from django.db.models import Case, Count, F, FloatField, Max, QuerySet, Subquery, Value, When

from . import german
from .models import SearchTerm

THRESHOLD = 0.2  # of what a thing with the very same title would reach
STRONG_THRESHOLD = 0.1  # of the same, by words that say what it is about
MAX_CONCEPTS = 12
PART, SYNONYM, WEAK, TEXT = 0.45, 0.8, 0.5, 0.3
# A word that stands in more things than this says little and costs much.
COMMON_SHARE, COMMON_AT_LEAST = 0.05, 1000


@dataclass
class Concept:
    """One thing that the text speaks of: the terms that stand for it, each with how well it does."""

    terms: dict[str, float] = field(default_factory=dict)
    factor: float = 1.0
    weak: bool = False


@lru_cache(maxsize=1)
def _synonyms() -> tuple[dict[str, set[str]], set[str]]:
    """Term → terms that mean the same; and the weak terms."""
    same: dict[str, set[str]] = {}
    weak: set[str] = set()
    for is_weak, entries in german.SYNONYMS:
        group = {word.term for entry in entries for word in german.words(entry)}
        for term in group:
            same.setdefault(term, set()).update(group - {term})
        if is_weak:
            weak |= group
    return same, weak


def similar(
    source_key: str, text: str, *, exclude_pk: int | None = None, limit: int = 5, among: QuerySet[Any] | None = None
) -> list[int]:
    """Keys of the things most similar to the text, best first. The text is a title; further lines count less.

    `among` restricts them to a queryset, such as what a reader may see. Without it the caller checks that.
    Two queries, whatever the number of things.
    """
    concepts = _concepts(text[: german.TERM_LENGTH * 100])
    counts, total = _counts(source_key, {term for concept in concepts for term in concept.terms})
    if not counts:
        return []
    common = max(COMMON_AT_LEAST, COMMON_SHARE * total)
    rated = [(concept, _best(concept, counts, total)) for concept in concepts]
    rated = sorted(rated, key=lambda pair: -pair[1])[:MAX_CONCEPTS]
    best = sum(value for _, value in rated)
    scores = [(concept.weak, score) for concept, _ in rated if (score := _score(concept, counts, total, common)) is not None]
    strong = [score for weak, score in scores if not weak]
    if not strong:
        return []
    terms = {term for concept, _ in rated for term in concept.terms if 0 < counts.get(term, 0) <= common}
    hits = SearchTerm.objects.filter(source=source_key, term__in=terms).exclude(object_id=exclude_pk or 0)
    if among is not None:
        hits = hits.filter(object_id__in=among.order_by().values("pk"))
    return list(
        hits.values("object_id")
        .annotate(strong=reduce(add, strong), score=reduce(add, [score for _, score in scores]))
        .filter(score__gte=THRESHOLD * best, strong__gte=STRONG_THRESHOLD * best)
        .order_by("-score", "-object_id")
        .values_list("object_id", flat=True)[:limit]
    )


def _concepts(text: str) -> list[Concept]:
    title, _, rest = text.strip().partition("\n")
    same, weak = _synonyms()
    concepts: dict[str, Concept] = {}
    for line, factor in ((title, 1.0), (rest, TEXT)):
        for word in german.words(line):
            for term, share in ((word.term, 1.0), *((part, PART) for part in word.parts)):
                if term in concepts:
                    continue
                terms = dict.fromkeys(same.get(term, ()), SYNONYM)
                is_weak = term in weak or word.term in weak
                concepts[term] = Concept({**terms, term: 1.0}, factor * share * (WEAK if is_weak else 1.0), is_weak)
    return list(concepts.values())


def _counts(source_key: str, terms: Iterable[str]) -> tuple[dict[str, int], int]:
    """How many things have each term, and about how many there are at all (their highest key)."""
    of_source = SearchTerm.objects.filter(source=source_key)
    highest = Subquery(of_source.order_by("-object_id").values("object_id")[:1])
    rows = list(of_source.filter(term__in=terms).order_by().values("term").annotate(number=Count("object_id"), highest=highest))
    return {row["term"]: row["number"] for row in rows}, rows[0]["highest"] if rows else 0


def _rarity(count: int, total: int) -> float:
    return log(1 + total / max(count, 0.5))


def _best(concept: Concept, counts: dict[str, int], total: int) -> float:
    """What a thing gets for this concept that has its very word in the title."""
    word = max(concept.terms, key=concept.terms.__getitem__)
    return concept.factor * _rarity(counts.get(word, 0), total)


def _score(concept: Concept, counts: dict[str, int], total: int, common: float) -> Any:
    """What a thing gets for this concept, as SQL: its best term counts. None if no thing has any of them."""
    cases = [
        When(term=term, then=F("weight") * Value(fit * concept.factor * _rarity(counts[term], total) / german.TITLE))
        for term, fit in concept.terms.items()
        if 0 < counts.get(term, 0) <= common
    ]
    return Max(Case(*cases, default=Value(0.0), output_field=FloatField())) if cases else None
