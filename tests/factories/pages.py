"""Pages of the agenda. Without a parent they stand under the root page, which the migrations make."""

from datetime import datetime
from typing import Any, cast

import factory
import wagtail_factories
from wagtail.models import Page, Site

from pages.models import AccessibilityPage, EventIndexPage, EventPage, HomePage, LoesungPage, ZielbildPage


class _Zielbilder(wagtail_factories.PageFactory):
    class Meta:
        model = ZielbildPage

    number = factory.Sequence(lambda number: number + 1)
    title = factory.LazyAttribute(lambda page: f"Zielbild {page.number}")
    parent = factory.LazyFunction(Page.get_first_root_node)


class _Loesungen(wagtail_factories.PageFactory):
    class Meta:
        model = LoesungPage

    number = factory.Sequence(lambda number: number + 1)
    title = factory.LazyAttribute(lambda page: f"Lösung {page.number}")
    parent: Any = factory.SubFactory(_Zielbilder)


def ZielbildFactory(**fields: Any) -> ZielbildPage:
    return cast(ZielbildPage, _Zielbilder(**fields))


def LoesungFactory(**fields: Any) -> LoesungPage:
    return cast(LoesungPage, _Loesungen(**fields))


def home_page(hostname: str = "testserver") -> HomePage:
    """The home page of the default site, made where there is none."""
    home = HomePage.objects.first()
    if home is None:
        home = Page.get_first_root_node().add_child(instance=HomePage(title="Startseite", intro_heading="Hallo", slug="start"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": hostname, "root_page": home})
    return cast(HomePage, home)


def EventFactory(starts_at: datetime, **fields: Any) -> EventPage:
    """A published event below /termine/."""
    index = EventIndexPage.objects.first()
    if index is None:
        index = home_page().add_child(instance=EventIndexPage(title="Termine", slug="termine"))
    event = EventPage(**{"title": "Werkstatt Mobilität", "starts_at": starts_at, **fields})
    return cast(EventPage, index.add_child(instance=event))


def StatementFactory(**fields: Any) -> AccessibilityPage:
    """The published accessibility statement at /barrierefreiheit/."""
    values = {"title": "Barrierefreiheit", "slug": "barrierefreiheit", "law": "Landesgesetz zur Gleichstellung", **fields}
    return cast(AccessibilityPage, home_page().add_child(instance=AccessibilityPage(**values)))
