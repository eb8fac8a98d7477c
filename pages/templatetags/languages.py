"""What templates say about languages: where an address stands in another one, and in which one a text is written. Built in."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.models import Page

from ..languages import Languages, foreign, language_of, languages_of
from ..languages import in_its_language as marked

register = template.Library()


@register.simple_tag(takes_context=True)
def languages(context: dict[str, Any]) -> Languages:
    """{% languages as languages %}: canonical address, where else a reader can go, what search engines are told."""
    request, page = context.get("request"), context.get("self")
    if request is None:
        return Languages()
    pages = (context.get("page_urls") or {}).get("pages", [])
    number = next((each["number"] for each in pages if each["current"]), 1)
    return languages_of(request, page if isinstance(page, Page) else None, number=number)


@register.simple_tag
def written(page: Any = None) -> SafeString | str:
    """<h1{% written page %}>: `lang` on the words of a page that has no version in the reader's language.

    Without a page, on what people wrote (ideas, measures, tags, settings): in the default language. Empty where it is the
    reader's own, so a screen reader changes its voice only where the language changes.
    """
    language = foreign(page if isinstance(page, Page) else None)
    return format_html(' lang="{}"', language) if language else ""


@register.simple_tag
def in_its_language(text: Any, page: Any = None) -> Any:
    """{% in_its_language idea.title as title %}: for a sentence that names a title, as `written` for one that stands alone."""
    return marked(text, page if isinstance(page, Page) else None)


@register.simple_tag
def page_language(page: Page) -> dict[str, str]:
    """{% page_language page as spoken %}: .code and the language's own .name of what is written on this page."""
    code = language_of(page)
    return {"code": code, "name": dict(settings.LANGUAGES)[code]}
