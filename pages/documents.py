"""What search finds of pages."""

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from search.registry import Result, Source, register
from wagtail.models import Page


def _page_result(page: Page) -> Result:
    page = page.specific
    return Result(
        title=page.title, url=page.url, excerpt=Truncator(getattr(page, "description", "")).chars(180), meta=str(page.specific_class._meta.verbose_name)
    )


register(
    Source(
        key="seiten",
        label=_("Seiten"),
        model=Page,
        visible_to=lambda user: Page.objects.live().public().filter(depth__gt=1),
        indexed=lambda: Page.objects.live(),
        result=_page_result,
    )
)
