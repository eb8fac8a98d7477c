"""Pages of a list, in addresses as `?seite=`."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


class CountedPaginator(Paginator):
    """A paginator that is told the count instead of asking the database again."""

    def __init__(self, things: Any, per_page: int, *, count: int) -> None:
        super().__init__(things, per_page)
        self.__dict__["count"] = count


def page_urls(request: HttpRequest, page: Page) -> dict[str, Any]:
    """Addresses of the neighbours of a page and of those around it, with the rest of the query kept: prev, next, pages."""
    last = page.paginator.num_pages
    around = sorted({1, last, *range(max(1, page.number - 2), min(last, page.number + 2) + 1)})
    pages: list[dict[str, Any]] = []
    for number in around:
        if pages and number > pages[-1]["number"] + 1:
            pages.append({"number": number - 1, "url": "", "current": False})
        pages.append({"number": number, "url": page_url(request, number), "current": number == page.number})
    return {
        "prev": page_url(request, page.number - 1) if page.has_previous() else "",
        "next": page_url(request, page.number + 1) if page.has_next() else "",
        "pages": pages,
    }


def page_url(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query.pop("seite", None)
    if number > 1:
        query["seite"] = str(number)
    return f"{request.path}?{query.urlencode()}" if query else request.path
