"""Pages of the agenda. Without a parent they stand under the root page, which the migrations make."""

from typing import Any, cast

import factory
import wagtail_factories
from wagtail.models import Page

from pages.models import LoesungPage, ZielbildPage


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
