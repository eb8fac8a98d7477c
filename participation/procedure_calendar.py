"""/beteiligung/kalender.ics: the events that come, every phase of the competitions and every survey that isn't over."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from common.addresses import absolute
from pages import site
from pages.event_calendar import calendar_file, entry, entry_of
from pages.languages import in_active_language
from pages.models import EventPage

from .models import CompetitionStep, Survey
from .phases import Phase, Span
from .procedures import Known, competitions


def file(now: datetime) -> HttpResponse:
    """The calendar of what isn't over at this moment."""
    title = _("Beteiligung: %(region)s") % {"region": site.current().region_name}
    events = map(entry_of, in_active_language(EventPage.objects.live()).upcoming(now))
    return calendar_file([*events, *_phases(now), *_surveys(now)], "beteiligung.ics", title)


def _phases(now: datetime) -> Iterator[Event]:
    changed = dict(CompetitionStep.objects.order_by().values_list("competition").annotate(Max("happened_at")))
    for known in competitions(AnonymousUser()):
        for span in known.competition.spans:
            if not _is_past(span, now):
                yield _entry(known, span, changed.get(known.competition.pk, known.competition.created_at))


def _surveys(now: datetime) -> Iterator[Event]:
    for survey in Survey.objects.filter(is_published=True, closed_at=None, ends_at__gt=now):
        url = absolute(survey.get_absolute_url())
        title = _("%(phase)s: %(title)s") % {"phase": _("Umfrage"), "title": survey.title}
        text = "\n\n".join([survey.intro, url])
        made = entry(
            f"umfrage-{survey.pk}", title, survey.starts_at, survey.ends_at, changed=survey.changed_at, text=text, url=url
        )
        made.add("transp", "TRANSPARENT")
        yield made


def _is_past(span: Span, now: datetime) -> bool:
    """The result is a matter of its first day, however long it is shown."""
    if span.phase is Phase.RESULT:
        return timezone.localdate(span.starts_at) < timezone.localdate(now)
    return span.is_over(now)


def _entry(known: Known, span: Span, changed: datetime) -> Event:
    page, url = known.page, absolute(known.url)
    is_result = span.phase is Phase.RESULT
    made = entry(
        f"{page.translation_key}-{span.phase.value}",
        _("%(phase)s: %(title)s") % {"phase": span.phase.label, "title": page.title},
        timezone.localdate(span.starts_at) if is_result else span.starts_at,
        None if is_result else span.ends_at,
        changed=max(changed, page.last_published_at or changed),
        text="\n\n".join(filter(None, [page.intro, url])),
        url=url,
    )
    made.add("transp", "TRANSPARENT")  # weeks in which nobody is busy because of it
    return made
