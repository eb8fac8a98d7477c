"""Feeds in both forms that readers know. What a feed holds stands in the app that it is about."""

from collections.abc import Callable
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape, linebreaks

from .addresses import absolute
from .text import clean_text

MOST = 30
FORMS = {"atom": Atom1Feed, "rss": Rss201rev2Feed}


class PlainFeed(Feed):
    """A feed of plain texts. Subclasses give title, link, items and what each item says; nothing in them is HTML, and every
    link is absolute: a feed is read elsewhere, and is the same whatever host it was asked from.

    Texts of editors may hold characters that XML forbids; they are left out."""

    def subtitle(self) -> str:
        """What RSS calls the description."""
        return self.description()

    def description(self) -> str:
        raise NotImplementedError

    def item_title(self, item: Any) -> str:
        # A title of RSS is read as HTML by many programs, one of Atom by none.
        title = clean_text(self.plain_title(item))
        return escape(title) if self.feed_type is Rss201rev2Feed else title

    def item_description(self, item: Any) -> str:
        return linebreaks(clean_text(self.plain_text(item)), autoescape=True)

    def plain_title(self, item: Any) -> str:
        raise NotImplementedError

    def plain_text(self, item: Any) -> str:
        raise NotImplementedError


def view_of(feed: type[PlainFeed]) -> Callable[..., HttpResponse]:
    """The view of a feed; `form` in the address says which kind is asked for."""

    def view(request: HttpRequest, form: str) -> HttpResponse:
        if form not in FORMS:
            raise Http404
        made = feed()
        made.feed_type = FORMS[form]
        made.feed_url = absolute(request.get_full_path())
        answer: HttpResponse = made(request)
        del answer.headers["Last-Modified"]  # the day of the newest item, not of its latest change; the ETag knows better
        return answer

    return view
