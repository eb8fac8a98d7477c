"""What can be found. Search is an engine: each app above registers its own sources (its documents.py), search imports none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Result:
    """One hit as a reader sees it."""

    title: str
    url: str
    excerpt: str = ""
    meta: str = ""
    state: Any = None
    language: str = ""  # of title and excerpt, where it isn't the reader's
    meta_language: str = ""


def nothing_named(query: str) -> Q | None:
    return None


@dataclass(frozen=True)
class Source:
    """One kind of thing that can be found. What of it is searched stands in its model's search_fields."""

    key: str
    label: Any
    model: type[Model]
    visible_to: Callable[[Any], QuerySet[Any]]  # what this person may find
    indexed: Callable[[], QuerySet[Any]]  # what belongs into the index at all
    result: Callable[[Any], Result]
    named: Callable[[str], Q | None] = nothing_named  # the one thing that a query names: "Idee 145"
    list_url: str = ""  # the list of these things, where it takes ?q= and ?tag=
    tag_path: str = ""  # the lookup from the model to its tags
    tag_label: Any = ""  # heading on a tag's page, where it differs from the label


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.key] = source


def sources() -> list[Source]:
    """All sources in the order of their registration."""
    return list(_sources.values())


def source_of(model: type[Model]) -> Source:
    """The source of a model or of the model it stands on. Raises KeyError if it has none."""
    for source in _sources.values():
        if issubclass(model, source.model):
            return source
    raise KeyError(model)


def source(key: str) -> Source:
    return _sources[key]
