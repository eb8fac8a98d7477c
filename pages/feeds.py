"""/aktuelles/feed.atom and .rss: the news, each in the reader's language where it is written in it."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from common.addresses import absolute, in_language
from common.feeds import MOST, PlainFeed, view_of

from . import site
from .languages import in_active_language
from .models import NewsPage
from .models.base import bare_path


class NewsFeed(PlainFeed):
    def title(self) -> str:
        return f"{site.current().region_name}: {_('Nachrichten')}"

    def description(self) -> str:
        return _("Was wir gerade tun und was entschieden ist.")

    def link(self) -> str:
        return absolute(in_language("/aktuelles/"))

    def items(self) -> list[NewsPage]:
        return list(in_active_language(NewsPage.objects.live()).order_by("-date", "-pk")[:MOST])

    def plain_title(self, item: NewsPage) -> str:
        return item.title

    def plain_text(self, item: NewsPage) -> str:
        return item.description

    def item_link(self, item: NewsPage) -> str:
        return absolute(in_language(bare_path(item.url_path)))

    def item_guid(self, item: NewsPage) -> str:
        """Stays the same when the page moves, and in every language."""
        return f"urn:uuid:{item.translation_key}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: NewsPage) -> datetime:
        return timezone.make_aware(datetime.combine(item.date, time(12)))

    def item_updateddate(self, item: NewsPage) -> datetime:
        return item.last_published_at or self.item_pubdate(item)


news = view_of(NewsFeed)
