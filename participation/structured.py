"""A competition in the words of schema.org, for search engines."""

from typing import TYPE_CHECKING, Any

from common.addresses import absolute
from pages import site
from pages.languages import language_of
from pages.sharing import organisation

if TYPE_CHECKING:
    from .models import CompetitionPage


def of_competition(page: "CompetitionPage") -> list[dict[str, Any]]:
    """An event in the net, from its first phase to its last dated end; nothing as long as it has no dates."""
    spans = page.competition.spans
    if not spans or not page.url:
        return []
    ends = [span.ends_at for span in spans if span.ends_at]
    return [
        {
            "@type": "Event",
            "name": page.title,
            "description": page.description,
            "startDate": spans[0].starts_at.isoformat(),
            "endDate": max(ends).isoformat() if ends else "",
            "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": absolute(page.url)},
            "inLanguage": language_of(page),
            "url": absolute(page.url),
            "organizer": organisation(site.current()),
        }
    ]
