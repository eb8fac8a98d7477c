"""What can be found. Search is an engine: each app above registers its own sources (its documents.py), search imports none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True)
class Result:
    """One hit as a reader sees it."""

    title: str
    url: str
    excerpt: str = ""
    meta: str = ""
    state: Any = None


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found."""

    key: str
    label: Any
    model: type[Model]
    visible_to: Callable[[Any], QuerySet[Any]]  # what this person may find
    indexed: Callable[[], QuerySet[Any]]  # what belongs into the index at all
    result: Callable[[Any], Result]
    similar_text: Callable[[Any], tuple[str, str]] | None = None  # title and text, where similar things are looked for


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.key] = source


def sources() -> list[Source]:
    """All sources in the order of their registration."""
    return list(_sources.values())


def source_of(model: type[Model]) -> Source:
    """The source of a model. Raises KeyError if it has none."""
    for source in _sources.values():
        if source.model is model:
            return source
    raise KeyError(model)


def source(key: str) -> Source:
    return _sources[key]
