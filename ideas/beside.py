"""What apps above ideas show beside an idea. The page of an idea never imports them: they register here, as
in pages/context.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .models import Idea


@dataclass(frozen=True)
class Badge:
    """A word with an icon and a tone, as templates/components/status_badge.html shows it."""

    label: Any
    icon: str
    tone: str


@dataclass(frozen=True)
class Mention:
    """Something that the idea is part of: what it is to it, its title and address, where it stands. `page` is whose title that
    is, where it is an editors' page. `honour` is worth to be named at the head of the idea, too."""

    heading: Any
    title: str
    url: str
    state: Badge
    page: Any = None
    note: str = ""
    is_past: bool = False
    honour: Badge | None = None


Provider = Callable[[Idea], list[Mention]]
_providers: list[Provider] = []


def beside(function: Provider) -> Provider:
    """Decorator: the function gets an idea and returns what is shown beside it."""
    _providers.append(function)
    return function


def mentions_of(idea: Idea) -> list[Mention]:
    """Everything that the apps above show beside this idea."""
    return [mention for provider in _providers for mention in provider(idea)]
