"""What apps above tell the author of an idea: in which of their procedures it takes part, and in which it could.

They register here when they are loaded, so that ideas need not know them."""

from collections.abc import Callable
from dataclasses import dataclass

from .models import Idea


@dataclass(frozen=True)
class Part:
    """What a procedure says of an idea that takes part in it, or was to: a sentence, and where to read more. `reason`: why it
    doesn't take part; `own`: people wrote the reason."""

    sentence: str
    url: str
    name: str
    reason: str = ""
    own: bool = False


@dataclass(frozen=True)
class Offer:
    """What the author can do now: the text of a link, and its address."""

    text: str
    url: str


@dataclass(frozen=True)
class Source:
    """`taking_part` gives the parts of one idea, `for_idea` what can be done with it now, `for_author` with any idea."""

    taking_part: Callable[[Idea], list[Part]]
    for_idea: Callable[[Idea], list[Offer]]
    for_author: Callable[[], list[Offer]]


_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def taking_part(idea: Idea) -> list[Part]:
    """In what this idea takes part, or was to."""
    return [part for source in _sources for part in source.taking_part(idea)]


def offers_for_idea(idea: Idea) -> list[Offer]:
    """What its author can do with this idea now, beside what ideas offer themselves."""
    return [offer for source in _sources for offer in source.for_idea(idea)]


def offers_for_author() -> list[Offer]:
    """What somebody with ideas can do with one of them now."""
    return [offer for source in _sources for offer in source.for_author()]
