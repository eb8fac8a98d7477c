"""Events as iCalendar files (RFC 5545): one by one, and all that come. What another calendar needs is here too."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from common.text import clean_text

from . import site
from .languages import in_active_language
from .models import EventPage


@require_safe
def event_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """/termine/<slug>/termin.ics"""
    events = in_active_language(EventPage.objects.live().filter(slug=slug)).order_by("pk")
    if not events:
        raise Http404
    return _file(events[:1], f"{slug}.ics")


@require_safe
def upcoming_ics(request: HttpRequest) -> HttpResponse:
    """/termine/kalender.ics: to subscribe to."""
    return _file(in_active_language(EventPage.objects.live()).upcoming(), "termine.ics")


def _file(events: Iterable[EventPage], name: str) -> HttpResponse:
    title = _("Termine: %(region)s") % {"region": site.current().region_name}
    return calendar_file(map(entry_of, events), name, title)


def calendar_file(entries: Iterable[Event], name: str, title: str) -> HttpResponse:
    """A file of this name with these entries; calendars show `title` to those who subscribe."""
    calendar = Calendar()
    calendar.add("prodid", "-//PulseHub//Termine//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for each in entries:
        calendar.add_component(each)
    response = HttpResponse(bytes(calendar.to_ical()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def entry_of(event: EventPage) -> Event:
    """The event as an entry."""
    changed = event.last_published_at or event.latest_revision_created_at or event.starts_at
    url = address_of(event)
    text = "\n\n".join(filter(None, [event.intro, event.access, event.online_url, url]))
    # The key is the same for an event in every language and stays when its title or address changes.
    made = entry(str(event.translation_key), event.title, event.starts_at, event.ends_at, changed=changed, text=text, url=url)
    if where := ", ".join(filter(None, [event.location, event.address])):
        made.add("location", clean_text(where))
    return made


def entry(
    key: str,
    title: str,
    start: datetime | date,
    end: datetime | None = None,
    *,
    changed: datetime,
    text: str = "",
    url: str = "",
) -> Event:
    """An entry. `key` tells it apart from all others and stays when anything else changes; a plain day as `start` lasts that
    day. Times are written in UTC, which every calendar shows in its own zone, in summer and winter."""
    made = Event()
    made.add("uid", f"{key}@{urlsplit(settings.BASE_URL).hostname}")
    made.add("dtstamp", changed.astimezone(UTC))
    made.add("last-modified", changed.astimezone(UTC))
    made.add("summary", clean_text(title))
    made.add("dtstart", start.astimezone(UTC) if isinstance(start, datetime) else start)
    if end:
        made.add("dtend", end.astimezone(UTC))
    if text:
        made.add("description", clean_text(text))
    if url:
        made.add("url", url)
    return made


def address_of(page: Any) -> str:
    """The page's whole address; '' for a page outside the site."""
    parts = page.get_url_parts()
    return f"{settings.BASE_URL}{parts[2]}" if parts and parts[2] else ""
