"""Events as iCalendar files (RFC 5545): one by one, and all that come."""

from collections.abc import Iterable
from datetime import UTC
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
    response = HttpResponse(as_calendar(events), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def as_calendar(events: Iterable[EventPage]) -> bytes:
    """The file for these events. Times are written in UTC, which every calendar shows in its own zone, in summer and winter."""
    calendar = Calendar()
    calendar.add("prodid", "-//PulseHub//Termine//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Termine: %(region)s") % {"region": site.current().region_name})
    for event in events:
        calendar.add_component(_entry(event))
    return bytes(calendar.to_ical())


def _entry(event: EventPage) -> Event:
    # The key is the same for an event in every language and stays when its title or address changes.
    host, url = urlsplit(settings.BASE_URL).hostname, _address(event)
    changed = (event.last_published_at or event.latest_revision_created_at or event.starts_at).astimezone(UTC)
    entry = Event()
    entry.add("uid", f"{event.translation_key}@{host}")
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("summary", clean_text(event.title))
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    if event.ends_at:
        entry.add("dtend", event.ends_at.astimezone(UTC))
    if where := ", ".join(filter(None, [event.location, event.address])):
        entry.add("location", clean_text(where))
    if text := "\n\n".join(filter(None, [event.intro, event.access, event.online_url, url])):
        entry.add("description", clean_text(text))
    if url:
        entry.add("url", url)
    return entry


def _address(event: EventPage) -> str:
    """The page's whole address; '' for a page outside the site."""
    parts = event.get_url_parts()
    return f"{settings.BASE_URL}{parts[2]}" if parts and parts[2] else ""
