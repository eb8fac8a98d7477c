"""Which language a page speaks, where its versions stand, and which of them a list shows.

A page without a version in the reader's language is shown in the default language within the frame of theirs. Wagtail
copies the parents of a translated page as aliases, which mirror the page they were made from: an alias is no version of its
own, only a place in the tree, so readers get the page itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import get_language
from wagtail.models import Page

from common.addresses import in_language, other_languages, split_language


def active() -> str:
    return get_language() or settings.LANGUAGE_CODE


def language_of(page: Page) -> str:
    """The language in which this page is written. No query: the roots of the languages are kept by Wagtail."""
    roots = page._get_relevant_site_root_paths()
    return roots[0].language_code if roots and not page.alias_of_id else settings.LANGUAGE_CODE


def foreign(page: Page | None = None) -> str:
    """The language of this page where it isn't the reader's own, else ''. Without a page: of what people wrote, which is in the
    default language as far as anybody knows."""
    language = settings.LANGUAGE_CODE if page is None else language_of(page)
    return "" if language == active() else language


def in_its_language(text: Any, page: Page | None = None) -> Any:
    """This text for a sentence that names it; where it is `foreign`, in an element that says its language."""
    language = foreign(page)
    return format_html('<span lang="{}">{}</span>', language, text) if language else text


def in_active_language(pages: Any) -> Any:
    """These pages, each once: its version in the reader's language, where there is none the one in the default language."""
    default = pages.filter(locale__language_code=settings.LANGUAGE_CODE)
    if active() == settings.LANGUAGE_CODE:
        return default
    own = Page.objects.filter(locale__language_code=active(), live=True, alias_of=None)
    translated = Exists(own.filter(translation_key=OuterRef("translation_key")))
    return pages.filter(Q(pk__in=own.values("pk")) | Q(locale__language_code=settings.LANGUAGE_CODE) & ~translated)


def in_own_words(pages: Sequence[Page], beside: Page | None = None) -> dict[Any, Any]:
    """The live versions of these pages in the reader's language, by translation key. One query, in the default one none.

    `beside` is the page that shows them, of the same type: its other versions come along (translations).
    """
    if active() == settings.LANGUAGE_CODE or not (pages or beside):
        return {}
    live = type(beside or pages[0])._default_manager.filter(live=True, alias_of=None)
    wanted = Q(translation_key__in=[page.translation_key for page in pages], locale__language_code=active())
    if beside is None:
        return {page.translation_key: page for page in live.filter(wanted)}
    own = beside.translation_key
    rows = list(live.filter(Q(translation_key=own) | wanted).exclude(pk=beside.pk))
    beside._other_versions = [page for page in rows if page.translation_key == own]
    return {page.translation_key: page for page in rows if page.translation_key != own}


def source_of(page: Page) -> Any:
    """The page in the default language, which ideas, measures and figures point at; itself where it has none."""
    if language_of(page) == settings.LANGUAGE_CODE:
        return page
    return next((each for each in translations(page) if language_of(each) == settings.LANGUAGE_CODE), page)


@dataclass(frozen=True)
class Version:
    """One language of an address. `exists`: it has words of its own there, not only the frame."""

    code: str
    name: str
    path: str
    exists: bool


@dataclass(frozen=True)
class Languages:
    """What a page says about languages. `others`: where a reader can go; `alternates`: what search engines are told."""

    canonical: str = ""
    others: list[Version] = field(default_factory=list)
    alternates: list[Version] = field(default_factory=list)


def languages_of(request: HttpRequest, page: Page | None = None, *, number: int = 1) -> Languages:
    """The versions of what this request reads; `page` where it is one of Wagtail's, `number` which one of a list's pages.

    Nothing is offered on an answer to a form: leaving would lose what was typed.
    """
    versions = _versions(request.path, page)
    here = split_language(request.path)[0]
    query = request.GET.urlencode()
    others = [
        Version(each.code, each.name, f"{each.path}?{query}" if query else each.path, each.exists)
        for each in versions
        if each.code != here and request.method in ("GET", "HEAD")
    ]
    if number > 1 and set(request.GET) == {"seite"}:  # a narrowed list belongs to the whole one
        versions = [replace(each, path=f"{each.path}?seite={number}") for each in versions]
    own = next((each for each in versions if each.code == here and each.exists), None)
    first = next((each for each in versions if each.exists), None)
    found = [each for each in versions if each.exists]
    return Languages((own or first or versions[0]).path, others, found if len(found) > 1 else [])


def _versions(path: str, page: Page | None) -> list[Version]:
    addresses = other_languages(path)
    if page is None:
        return [Version(code, name, address, True) for code, name, address in addresses]
    # A page's own address, without the language that its reader is kept in.
    bare = {language_of(each): split_language(each.url or path)[1] for each in [page, *translations(page)]}
    other = bare.get(settings.LANGUAGE_CODE, split_language(path)[1])
    return [Version(code, name, in_language(bare.get(code, other), code), code in bare) for code, name, _address in addresses]


def translations(page: Page) -> list[Page]:
    """The other live versions. One query for each page object, and none on a site whose home page has no second language."""
    if len({root.language_code for root in page._get_site_root_paths()}) < 2:
        return []
    if not hasattr(page, "_other_versions"):
        page._other_versions = list(page.get_translations().live().filter(alias_of=None))
    return page._other_versions
