"""What other sites and search engines read of a page: the card when somebody shares it, and data in the words of schema.org."""

from dataclasses import dataclass
from typing import Any

from wagtail.images.models import SourceImageIOError

from common.addresses import absolute, in_language

from .languages import active, language_of
from .models import BasePage, EventPage, HomePage, NewsPage, SiteSettings

SHARE = "fill-1200x630|format-jpeg"  # what Facebook, Mastodon and messengers show uncropped
_LOCALES = {"de": "de_DE", "en": "en_GB"}


@dataclass(frozen=True)
class Picture:
    url: str
    width: int
    height: int
    alt: str


def locale() -> str:
    return _LOCALES.get(active(), "de_DE")


def picture_of(page: BasePage | None, site: SiteSettings) -> Picture | None:
    """The picture that goes with a page when it is shared: its own, the one shown on it, else the site's."""
    for image, alt in _candidates(page, site):
        if image is not None:
            try:
                made = image.get_rendition(SHARE)
            except SourceImageIOError:
                continue  # the file is gone; the page is worth more than its card
            return Picture(absolute(made.url), made.width, made.height, alt or image.description)
    return None


def _candidates(page: BasePage | None, site: SiteSettings) -> list[tuple[Any, str]]:
    own = [(page.share_picture, "")] if page is not None else []
    shown = [(getattr(page, "picture", None), getattr(page, "picture_alt", ""))]  # what stands on the page itself
    return [*own, *shown, (site.share_picture, "")]


def organisation(site: SiteSettings) -> dict[str, Any]:
    """The body behind the site."""
    return {
        "@type": "GovernmentOrganization",
        "name": site.operator or site.region_name,
        "url": absolute("/"),
        "logo": absolute(site.logo.file.url) if site.logo else "",
        "address": ", ".join(site.address.split("\n")).replace("\r", ""),
        "email": site.email,
        "telephone": site.phone,
    }


def data_of(page: BasePage, site: SiteSettings) -> list[dict[str, Any]]:
    """What a page is in the words of schema.org; nothing for pages that are just pages."""
    if isinstance(page, HomePage):
        return [organisation(site), _website(site)]
    if isinstance(page, NewsPage):
        return [_news(page, site)]
    return [_event(page, site)] if isinstance(page, EventPage) else page.structured


def _website(site: SiteSettings) -> dict[str, Any]:
    return {
        "@type": "WebSite",
        "name": site.region_name,
        "url": absolute(in_language("/")),
        "inLanguage": active(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": absolute(in_language("/suche/")) + "?q={search_term_string}"},
            "query-input": "required name=search_term_string",
        },
    }


def _news(page: NewsPage, site: SiteSettings) -> dict[str, Any]:
    picture = picture_of(page, site)
    return {
        "@type": "NewsArticle",
        "headline": page.title,
        "description": page.description,
        "datePublished": page.date.isoformat(),
        "dateModified": page.last_published_at.isoformat() if page.last_published_at else "",
        "image": picture.url if picture else "",
        "inLanguage": language_of(page),
        "url": absolute(page.url or ""),
        "publisher": organisation(site),
    }


def _event(page: EventPage, site: SiteSettings) -> dict[str, Any]:
    place = {"@type": "Place", "name": page.location or page.address, "address": page.address or page.location}
    online = {"@type": "VirtualLocation", "url": page.online_url}
    both = [where for where, given in ((place, page.location or page.address), (online, page.online_url)) if given]
    modes = {(True, False): "Offline", (False, True): "Online", (True, True): "Mixed"}
    mode = modes.get((place in both, online in both))
    return {
        "@type": "Event",
        "name": page.title,
        "description": page.description,
        "startDate": page.starts_at.isoformat(),
        "endDate": page.ends_at.isoformat() if page.ends_at else "",
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode" if mode else "",
        "location": both[0] if len(both) == 1 else both,
        "inLanguage": language_of(page),
        "url": absolute(page.url or ""),
        "organizer": organisation(site),
    }
