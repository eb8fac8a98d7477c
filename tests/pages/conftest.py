"""A small site: a home page in German and one in English, with the pages that a test asks for."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from wagtail.models import Locale, Page, Site

from pages.models import HomePage, NewsIndexPage, NewsPage, SiteSettings, StandardPage


@pytest.fixture
def home(db: None) -> HomePage:
    root = Page.get_first_root_node()
    home: HomePage = root.add_child(instance=HomePage(title="Region", slug="start", intro_heading="Unsere Region"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": home})
    return home


@pytest.fixture
def house(home: HomePage) -> SiteSettings:
    """The settings of the site; save them after a change."""
    return SiteSettings.objects.get_or_create(site=Site.objects.get(is_default_site=True))[0]


@pytest.fixture
def make_page(home: HomePage) -> Callable[..., StandardPage]:
    def make(title: str, *, under: Page | None = None, **fields: Any) -> StandardPage:
        parent = Page.objects.get(pk=(under or home).pk)
        page: StandardPage = parent.add_child(instance=StandardPage(title=title, **fields))
        return page

    return make


@pytest.fixture
def news_index(home: HomePage) -> NewsIndexPage:
    index: NewsIndexPage = Page.objects.get(pk=home.pk).add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    return index


@pytest.fixture
def make_news(news_index: NewsIndexPage) -> Callable[..., NewsPage]:
    def make(title: str, day: str = "2026-11-02", **fields: Any) -> NewsPage:
        parent = Page.objects.get(pk=news_index.pk)
        page: NewsPage = parent.add_child(instance=NewsPage(title=title, date=date.fromisoformat(day), **fields))
        return page

    return make


@pytest.fixture
def in_english(home: HomePage) -> Callable[..., Page]:
    """The English version of a page, published, with an English home page above it."""

    def make(page: Page, **fields: Any) -> Page:
        english = Locale.objects.get_or_create(language_code="en")[0]
        copy: Page = page.copy_for_translation(english, copy_parents=True, alias=False)
        for name, value in {"live": True, **fields}.items():
            setattr(copy, name, value)
        copy.save()
        Page.objects.filter(locale=english).update(live=True)
        return copy

    return make
