"""What search finds of pages."""

from typing import Any

from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageQuerySet, get_page_models

from search import sync
from search.registry import Result, Source, register


def _page_result(page: Page) -> Result:
    return Result(
        title=page.title,
        url=page.url or "",
        excerpt=Truncator(getattr(page, "description", "")).chars(180),
        meta=str(page.cached_content_type.model_class()._meta.verbose_name),
    )


def _in_the_readers_language(pages: PageQuerySet) -> PageQuerySet:
    """Each page once: its version in the active language where there is one, otherwise the one in the default language."""
    active, default = get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE
    if active == default:
        return pages.filter(locale__language_code=default)
    own = pages.filter(locale__language_code=active)
    return own | pages.filter(locale__language_code=default).exclude(translation_key__in=own.values("translation_key"))


def _page_changed(instance: Model, **kwargs: Any) -> None:
    if not kwargs.get("raw"):
        sync.later(instance)


# Editors save, publish, unpublish and delete in many ways, all of them Wagtail's; every one saves or deletes the row.
for _model in get_page_models():
    post_save.connect(_page_changed, sender=_model, dispatch_uid=f"search_{_model._meta.label}_saved")
    post_delete.connect(_page_changed, sender=_model, dispatch_uid=f"search_{_model._meta.label}_deleted")

register(
    Source(
        key="seiten",
        label=_("Seiten"),
        model=Page,
        visible_to=lambda user: _in_the_readers_language(Page.objects.live().public().filter(depth__gt=1)).specific(),
        indexed=lambda: Page.objects.live().filter(depth__gt=1).specific(),
        result=_page_result,
        tag_path="newspage__tagged_items__tag",
        tag_label=_("Nachrichten"),
    )
)
