"""What all page types share."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from ..context import gather


class BasePage(Page):
    """A page with a lead sentence. Abstract: every page type of ours stands on it."""

    intro = models.TextField(
        _("Einleitung"), blank=True, max_length=800, help_text=_("Ein bis drei Sätze. Sie stehen groß am Anfang der Seite.")
    )

    # All that is published is public: home, lists and the agenda name every page that is live.
    private_page_options: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description"), FieldPanel("show_in_menus")],
            heading=_("Adresse und Suchmaschinen"),
        )
    ]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **gather(self, request)}

    @property
    def description(self) -> str:
        """What search engines and share cards say of this page."""
        return self.search_description or self.intro
