"""The pages of search and of tags."""

import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from taggit.models import Tag

from common.pagination import page_url

from . import backends, registry
from .similar import similar

PREVIEW = 5  # results of each kind where all kinds are shown
PER_PAGE = 20
LAST_PAGE = 50


@dataclass(frozen=True)
class Group:
    """Hits of one kind."""

    key: str
    label: Any
    results: list[registry.Result]
    total: int
    more_url: str = ""

    @property
    def total_text(self) -> str:
        return backends.count_text(self.total)


def search(request: HttpRequest) -> HttpResponse:
    """All kinds with their best hits; with ?art= one kind, page by page."""
    q = backends.clean(request.GET.get("q", ""))
    kind, page = _kind_and_page(request)
    groups, notice = _groups(q, request.user, kind, page) if q else ([], "")
    total = sum(group.total for group in groups)
    context = {
        "q": q,
        "groups": groups,
        "total": total,
        "total_text": backends.count_text(total),
        "notice": notice,
        **_neighbours(request, kind, page, groups),
    }
    return render(request, "search/search.html", context)


def _groups(q: str, user: Any, kind: str, page: int) -> tuple[list[Group], str]:
    """Hits for all words; where there are none, for any of them. With a sentence about what is shown instead."""
    found = _find(q, user, kind, page, backends.find)
    if found or not backends.has_words(q):
        return found, "" if found else _("Bitte nennen Sie ein Wort, um das es Ihnen geht.")
    if found := _find(q, user, kind, page, backends.find_in_wagtails_index):
        return found, ""
    found = _find(q, user, kind, page, partial(backends.find, any_word=True))
    if found:
        return found, _("Nichts enthält alle Ihre Wörter. Hier steht, was einige davon enthält.")
    found = _alike(q, user, kind)
    return found, _("Diese Wörter kommen bei uns nicht vor. Hier steht, was Ähnliches meint.") if found else ""


def _find(q: str, user: Any, kind: str, page: int, find: Callable[..., backends.Found]) -> list[Group]:
    groups = []
    for source in registry.sources():
        if kind and source.key != kind:
            continue
        limit = PER_PAGE if kind else PREVIEW
        found = find(source, q, user, limit=limit, offset=(page - 1) * limit)
        if found.total:
            more = found.total > limit and not kind
            more_url = _more_url(source, "q", q, reverse("search")) if more else ""
            groups.append(Group(source.key, source.label, found.results, found.total, more_url))
    return groups


def _alike(q: str, user: Any, kind: str) -> list[Group]:
    """What other words say for the same thing (data/synonyme.txt): who looks for a Ladesäule finds the E-Ladestation."""
    groups = []
    for source in registry.sources():
        if kind and source.key != kind:
            continue
        visible = source.visible_to(user)
        things = visible.in_bulk(keys := similar(source.key, q, limit=PREVIEW, among=visible))
        if results := [source.result(things[key]) for key in keys if key in things]:
            groups.append(Group(source.key, source.label, results, len(results)))
    return groups


def tag_list(request: HttpRequest) -> HttpResponse:
    """Every tag that something public carries, in the order of the alphabet."""
    numbers: Counter[int] = Counter()
    for source in _tagged_sources():
        tagged = source.visible_to(request.user).order_by().values_list(source.tag_path)
        numbers.update(dict(tagged.filter(**{f"{source.tag_path}__isnull": False}).annotate(number=Count("pk", distinct=True))))
    tags = [tag for tag in Tag.objects.all() if tag.pk in numbers]
    for tag in tags:
        tag.count = numbers[tag.pk]
    return render(request, "tags/tag_list.html", {"tags": sorted(tags, key=lambda tag: _alphabetical(tag.name))})


def _alphabetical(name: str) -> str:
    """As in a German dictionary: Ö stands with O."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))


def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What carries this tag, newest first; with ?art= one kind, page by page."""
    tag = get_object_or_404(Tag, slug=slug)
    kind, page = _kind_and_page(request)
    limit = PER_PAGE if kind else PREVIEW * 2
    groups = []
    for source in _tagged_sources():
        if kind and source.key != kind:
            continue
        things = source.visible_to(request.user).filter(**{source.tag_path: tag})
        if total := backends.count(things):
            results = [source.result(thing) for thing in things.order_by("-pk")[(page - 1) * limit : page * limit]]
            more_url = _more_url(source, "tag", slug, request.path) if total > limit and not kind else ""
            groups.append(Group(source.key, source.tag_label or source.label, results, total, more_url))
    return render(request, "tags/tag_detail.html", {"tag": tag, "groups": groups, **_neighbours(request, kind, page, groups)})


def _tagged_sources() -> list[registry.Source]:
    return [source for source in registry.sources() if source.tag_path]


def _kind_and_page(request: HttpRequest) -> tuple[str, int]:
    """Which kind is asked for ("" for all) and which page of it; nonsense is the first page of all."""
    kind = request.GET.get("art", "")
    if kind not in {source.key for source in registry.sources()}:
        return "", 1
    page = request.GET.get("seite", "")
    return kind, min(int(page), LAST_PAGE) if page.isascii() and page.isdigit() and 0 < len(page) < 5 and int(page) else 1


def _more_url(source: registry.Source, parameter: str, value: str, here: str) -> str:
    """Where all hits of one kind stand: its own list, or this page for this kind alone."""
    if source.list_url:
        return f"{source.list_url}?{urlencode({parameter: value})}"
    return f"{here}?{urlencode({'q': value, 'art': source.key} if parameter == 'q' else {'art': source.key})}"


def _neighbours(request: HttpRequest, kind: str, page: int, groups: list[Group]) -> dict[str, str]:
    """Addresses of the pages before and after this one; empty where there is none."""
    more = bool(kind) and page < LAST_PAGE and any(group.total > page * PER_PAGE for group in groups)
    return {
        "previous_url": page_url(request, page - 1) if page > 1 else "",
        "next_url": page_url(request, page + 1) if more else "",
    }
