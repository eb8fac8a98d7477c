"""The frame of every page: menus, the region's colours, what machines read in the head."""

from typing import Any

from django import template
from django.http import HttpRequest
from wagtail.models import Page

from common import structured
from common.addresses import absolute, in_language

from .. import looks, menus, sharing, site
from ..models import BasePage, LoesungPage, NewsPage, SiteSettings
from ..models.base import bare_path

register = template.Library()


@register.simple_tag
def site_settings() -> SiteSettings:
    """{% site_settings as site %}: for the frame, because some views of others call something else `site`."""
    return site.current()


@register.simple_tag
def main_menu() -> list[menus.Entry]:
    """{% main_menu as entries %}"""
    return menus.main_menu(site.first_pages())


@register.simple_tag
def footer_menu() -> list[menus.Entry]:
    """{% footer_menu as entries %}: the pages that a site has to have, and the editors' own links."""
    return [*menus.legal_links(site.first_pages()), *menus.own_links(site.current().footer_links)]


@register.simple_tag
def crumbs_of(page: BasePage) -> list[dict[str, Any]]:
    """{% crumbs_of page as crumbs %}: the published pages between home and this one, in the reader's language.

    No query where the menu knows what stands above already.
    """
    known = {row["url_path"]: row["title"] for row in site.first_pages()}
    if isinstance(page, LoesungPage) and page.zielbild.live:
        known[page.zielbild.url_path] = page.zielbild.title
    parts = page.url_path.strip("/").split("/")
    above = [f"/{'/'.join(parts[:end])}/" for end in range(2, len(parts))]
    if not known.keys() >= set(above):
        return [_crumb(each) for each in page.above if each.live and each.depth > 2]
    return [{"title": known[url_path], "url": in_language(bare_path(url_path))} for url_path in above]


def _crumb(page: Page) -> dict[str, Any]:
    return {"title": page.title, "url": in_language(bare_path(page.url_path)), "own": page}


@register.simple_tag
def colours() -> dict[str, str]:
    """{% colours as colours %}: .stylesheet ("" where the house's hold) .light .dark"""
    light, dark = looks.theme_colours(site.current())
    return {"stylesheet": looks.stylesheet_url(site.current()), "light": light, "dark": dark}


@register.inclusion_tag("layout/share.html", takes_context=True)
def share_card(context: template.Context, title: str, description: str) -> dict[str, Any]:
    """Open Graph and schema.org of this page: of `page` where it is one of ours, else of `structured`, which views give."""
    request: HttpRequest | None = context.get("request")
    page = context.get("page")
    page = page if isinstance(page, BasePage) else None
    settings = site.current()
    own = sharing.data_of(page, settings) if page else context.get("structured") or []
    return {
        "title": title,
        "description": description,
        "site_name": settings.region_name,
        "address": absolute(request.path) if request else "",
        "type": "article" if isinstance(page, NewsPage) else "website",
        "published": page.date if isinstance(page, NewsPage) else None,
        "locale": sharing.locale(),
        "picture": sharing.picture_of(page, settings),
        "blocks": [structured.block(data) for data in own],
    }
