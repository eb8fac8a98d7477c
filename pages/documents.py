"""What search finds of pages."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, get_page_models

from search import sync
from search.registry import Result, Source, register

from .languages import foreign, in_active_language


def _page_result(page: Page) -> Result:
    return Result(
        title=page.title,
        url=page.url or "",
        excerpt=Truncator(getattr(page, "description", "")).chars(180),
        language=foreign(page),
        meta=page.page_type_display_name,
    )


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
        visible_to=lambda user: in_active_language(Page.objects.live().public().filter(depth__gt=1)).specific(),
        indexed=lambda: Page.objects.live().filter(depth__gt=1, alias_of=None).specific(),
        result=_page_result,
        tag_path="newspage__tagged_items__tag",
        tag_label=_("Nachrichten"),
    )
)
