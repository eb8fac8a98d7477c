"""What apps above pages add to a page's context. A page never imports them: they register here, as they do with search."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from wagtail.models import Page

Provider = Callable[[Any, HttpRequest], dict[str, Any]]
P = TypeVar("P", bound=Provider)
_providers: dict[type[Page], list[Provider]] = {}


def provides(page_class: type[Page]) -> Callable[[P], P]:
    """Decorator: the function gets page and request and returns names for the template of this page type."""

    def register(function: P) -> P:
        _providers.setdefault(page_class, []).append(function)
        return function

    return register


def gather(page: Page, request: HttpRequest) -> dict[str, Any]:
    """Everything that the apps above provide for this page."""
    context: dict[str, Any] = {}
    for provider in _providers.get(type(page), []):
        context.update(provider(page, request))
    return context
