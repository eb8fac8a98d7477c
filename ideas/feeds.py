"""/ideen/feed.atom and /massnahmen/feed.atom, also as .rss: newly public ideas, and the latest steps of measures.

They say what the pages say and nothing about who wrote or did it.
"""

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from common.addresses import absolute
from common.feeds import MOST, PlainFeed, view_of
from common.pagination import page_url
from pages import site
from pages.words import words

from .models import Idea, MeasureEntry, TrailEntry
from .views.lists import ideas_chosen
from .workflow import Action


class IdeaFeed(PlainFeed):
    """Newest first by the day on which everybody could read them. The filters of the list hold here as well."""

    def get_object(self, request: HttpRequest) -> HttpRequest:
        return request

    def title(self) -> str:
        return f"{site.current().region_name}: {_('Neue Ideen')}"

    def description(self) -> str:
        return _("Ideen aus der Region, sobald sie öffentlich sind.")

    def link(self, request: HttpRequest) -> str:
        return absolute(page_url(request, 1).replace(request.path, reverse("idea_list"), 1))

    def items(self, request: HttpRequest) -> list[Idea]:
        # What came by an import was public at once.
        shown = TrailEntry.objects.filter(idea=OuterRef("pk"), action__in=[Action.RELEASE, Action.IMPORT]).order_by("position")
        since = Coalesce(Subquery(shown.values("happened_at")[:1]), F("submitted_at"), F("status_since"))
        ideas = ideas_chosen(request).annotate(public_since=since)
        return list(
            ideas.order_by("-public_since", "-number").select_related("released_version").prefetch_related("tags")[:MOST]
        )

    def plain_title(self, item: Idea) -> str:
        return _("Idee %(number)s: %(title)s") % {"number": item.number, "title": item.title}

    def plain_text(self, item: Idea) -> str:
        return item.text

    def item_link(self, item: Idea) -> str:
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Idea) -> str:
        return absolute(f"/ideen/{item.number}/")

    item_guid_is_permalink = False

    def item_pubdate(self, item: Any) -> datetime:
        return item.public_since

    def item_updateddate(self, item: Any) -> datetime:
        return max(item.public_since, item.status_since)

    def item_categories(self, item: Idea) -> list[str]:
        return [str(item.state.label), *(tag.name for tag in item.tags.all())]


class MeasureFeed(PlainFeed):
    """The latest steps of all measures: new states, reports, values, new names."""

    def title(self) -> str:
        return f"{site.current().region_name}: {words['Pl massnahme']}"

    def description(self) -> str:
        return _("Die letzten Schritte, mit Stand und Begründung.")

    def link(self) -> str:
        return absolute(reverse("measure_list"))

    def items(self) -> list[MeasureEntry]:
        return list(MeasureEntry.objects.order_by("-happened_at", "-pk").select_related("measure", "text")[:MOST])

    def plain_title(self, item: MeasureEntry) -> str:
        return f"{item.measure.code} {item.measure.title}: {item.state.label if item.state else item.label}"

    def plain_text(self, item: MeasureEntry) -> str:
        shown = [] if item.state else item.changes  # the title says the new state
        changes = [f"{change['label']}: {change['before']} → {change['after']}" for change in shown]
        return "\n\n".join(filter(None, [item.public_reason, "\n".join(changes)]))

    def item_link(self, item: MeasureEntry) -> str:
        return absolute(item.measure.get_absolute_url())

    def item_guid(self, item: MeasureEntry) -> str:
        return absolute(f"/massnahmen/{item.measure.slug}/#schritt-{item.position}")

    item_guid_is_permalink = False

    def item_pubdate(self, item: MeasureEntry) -> datetime:
        return item.happened_at

    def item_updateddate(self, item: MeasureEntry) -> datetime:
        return item.text.redacted_at or item.happened_at


ideas = view_of(IdeaFeed)
measures = view_of(MeasureFeed)
