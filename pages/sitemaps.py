"""/sitemap.xml: an index of what is public, each address with the same page in the other language.

An app above adds its own sections by `register`; a section of more than 2,000 addresses has several pages.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from wagtail.models import Page

from common.addresses import absolute, in_language

from .models import Persona
from .models.base import bare_path


class LanguageSitemap(Sitemap):
    """One address for each language. `languages_of` says in which an item can be read."""

    i18n = alternates = x_default = True
    limit = 2000

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(settings.BASE_URL.partition("://")[0])

    def get_domain(self, site: Any = None) -> str:
        """The site's own name, whatever host was asked."""
        return str(settings.BASE_URL.partition("://")[2])


class PageSitemap(LanguageSitemap):
    """Editors' pages, in the languages in which they are written."""

    def items(self) -> list[dict[str, Any]]:
        columns = ("translation_key", "locale__language_code", "url_path", "last_published_at")
        pages: dict[Any, dict[str, Any]] = {}
        for key, language, url_path, moment in (
            Page.objects.live().public().filter(depth__gt=1, alias_of=None).order_by("path").values_list(*columns)
        ):
            row = pages.setdefault(key, {"paths": {}, "lastmod": moment})
            row["paths"][language] = in_language(bare_path(url_path), language)
            row["lastmod"] = max(filter(None, [row["lastmod"], moment]), default=None)
        return list(pages.values())

    def get_languages_for_item(self, item: dict[str, Any]) -> list[str]:
        return list(item["paths"])

    def location(self, item: dict[str, Any]) -> str:
        return str(item["paths"][get_language()])

    def lastmod(self, item: dict[str, Any]) -> Any:
        return item["lastmod"]


class FixedSitemap(LanguageSitemap):
    """Addresses without arguments, by the names of their URLs. One that this installation doesn't have is left out."""

    names: tuple[str, ...] = ()

    def items(self) -> list[str]:
        return [name for name in self.names if _exists(name)]

    def location(self, item: str) -> str:
        return reverse(item)


class PersonaSitemap(LanguageSitemap):
    def items(self) -> Any:
        return Persona.objects.order_by("pk").only("slug") if _exists("persona_detail", "x") else []


def _exists(name: str, *arguments: Any) -> bool:
    try:
        reverse(name, args=arguments)
    except NoReverseMatch:
        return False
    return True


_sections: dict[str, type[Sitemap] | Sitemap] = {"seiten": PageSitemap, "personas": PersonaSitemap}


def register(section: str, sitemap: type[Sitemap]) -> None:
    """Add a section under /sitemap-<section>.xml."""
    _sections[section] = sitemap


def index(request: HttpRequest) -> HttpResponse:
    """/sitemap.xml"""
    answer = django_views.index(request, sitemaps=_sections, sitemap_url_name="sitemap_part")
    for section in (answer.context_data or {})["sitemaps"]:
        section.location = absolute(urlsplit(section.location)._replace(scheme="", netloc="").geturl())
    return answer


def part(request: HttpRequest, section: str) -> HttpResponse:
    """/sitemap-<section>.xml, with ?p=2 and so on."""
    return django_views.sitemap(request, sitemaps=_sections, section=section)
