"""Finding things. What is found comes from an index; whether a person may see it, the database decides every time.

Today the index is our table of terms, the same on SQLite and PostgreSQL (docs/adr/0005-term-index.md). Another engine takes the
place of `_has` and `by_relevance`; nobody outside this module knows which one it is.
"""

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from wagtail.search.backends import get_search_backend

from common.text import clean_text

from . import german, registry
from .models import SearchTerm

QUERY_LENGTH = 200
MAX_WORDS = 12
COUNT_LIMIT = 1000
_ABOVE_ALL = 1_000_000


@dataclass(frozen=True)
class Found:
    results: list[registry.Result]
    total: int  # exact up to COUNT_LIMIT, COUNT_LIMIT + 1 beyond


def clean(query: str) -> str:
    """The query as we search for it and show it again: one line, at most QUERY_LENGTH characters."""
    return " ".join(clean_text(query[: 2 * QUERY_LENGTH]).split())[:QUERY_LENGTH].strip()


def matching(source_key: str, query: str, queryset: QuerySet[Any], *, any_word: bool = False) -> QuerySet[Any]:
    """The things of the queryset that have all words of the query (or any of them). An empty query restricts nothing.

    Adds only conditions, so filters, order, counts and pages of the queryset stay as they are.
    """
    query = clean(query)
    if not query:
        return queryset
    conditions = [_has(source_key, word) for word in _words(query)]
    matches = reduce(or_ if any_word else and_, conditions) if conditions else Q(pk__in=[])
    named = registry.source(source_key).named(query)
    return queryset.filter(named | matches if named else matches)


def by_relevance(source_key: str, query: str, queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The queryset, what the query names first, then what has its words in the title, the newest first among equals."""
    query = clean(query)
    weights = (
        SearchTerm.objects.filter(source=source_key, object_id=OuterRef("pk"), term__in=[word.term for word in _words(query)])
        .order_by()
        .values("object_id")
        .annotate(total=Sum("weight"))
        .values("total")
    )
    relevance: Any = Coalesce(Subquery(weights, output_field=IntegerField()), 0)
    named = registry.source(source_key).named(query)
    if named:
        relevance = Case(When(named, then=Value(_ABOVE_ALL)), default=relevance)
    return queryset.alias(search_relevance=relevance).order_by("-search_relevance", "-pk")


def find(source: registry.Source, query: str, user: Any, *, limit: int = 10, offset: int = 0, any_word: bool = False) -> Found:
    """What this person may find of one source, the most relevant first. Two queries and those of the source's own."""
    hits = matching(source.key, query, source.visible_to(user), any_word=any_word)
    return _found(source, by_relevance(source.key, query, hits), limit, offset)


def find_in_wagtails_index(source: registry.Source, query: str, user: Any, *, limit: int = 10, offset: int = 0) -> Found:
    """What Wagtail's own database index has of one source: the net below our terms, for words that they don't hold and for a
    database whose terms are not built yet. What a person may see, the database decides here as well."""
    words = " ".join(re.findall(r"[^\W_]+", clean(query)))  # signs alone are a syntax error to SQLite's index
    if not words:
        return Found([], 0)
    hits = get_search_backend().search(words, source.model._default_manager.all(), order_by_relevance=False)
    visible = source.visible_to(user).filter(pk__in=hits.get_queryset().values("pk")).order_by("-pk")
    return _found(source, visible, limit, offset)


def _found(source: registry.Source, hits: QuerySet[Any], limit: int, offset: int) -> Found:
    return Found([source.result(thing) for thing in hits[offset : offset + limit]], count(hits))


def count(queryset: QuerySet[Any]) -> int:
    """How many there are: exact up to COUNT_LIMIT, COUNT_LIMIT + 1 for more."""
    return queryset.order_by().values("pk")[: COUNT_LIMIT + 1].count()


def count_text(total: int) -> str:
    return _("über 1.000") if total > COUNT_LIMIT else number_format(total, force_grouping=True)


def has_words(query: str) -> bool:
    """Whether the query holds anything that can be searched for."""
    return bool(_words(clean(query)))


def _words(query: str) -> list[german.Word]:
    return german.words(query)[:MAX_WORDS]


def _has(source_key: str, word: german.Word) -> Q:
    return Q(pk__in=SearchTerm.objects.filter(source=source_key, term=word.term).values("object_id"))
