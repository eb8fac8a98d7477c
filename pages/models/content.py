"""Home, plain pages and news."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, Tag
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from common.pagination import page_urls

from ..blocks import BodyBlock, StepBlock
from .base import BasePage


class HomePage(BasePage):
    intro_heading = models.CharField(_("Leitsatz"), max_length=120, help_text=_("Ein Satz: Was ist das hier?"))
    how_it_works = StreamField(
        [("step", StepBlock())],
        verbose_name=_("So funktioniert es"),
        blank=True,
        max_num=5,
        help_text=_("Drei bis fünf Schritte"),
    )

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    max_count = 1
    template = "pages/home_page.html"
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("intro_heading"),
        FieldPanel("intro"),
        FieldPanel("how_it_works"),
    ]

    class Meta:
        verbose_name = _("Startseite")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page in one step by its whole address; Wagtail would ask once for every level of the tree."""
        if not path_components:
            return super().route(request, path_components)
        below = f"{'/'.join(path_components)}/"
        page = Page.objects.filter(url_path=f"{self.url_path}{below}").first() or self._elsewhere(below)
        if page is None:
            raise Http404
        return page.specific.route(request, [])

    def _elsewhere(self, below: str) -> Page | None:
        """The page of this address in another language: its version in the reader's language if there is one, else itself.

        Paths are the same in every language until an editor changes a slug, so a switch of language never leads astray.
        """
        for home in HomePage.objects.live().filter(translation_key=self.translation_key).exclude(pk=self.pk):
            page = Page.objects.filter(url_path=f"{home.url_path}{below}").first()
            if page is not None:
                own = page.get_translation_or_none(self.locale)
                return own if own is not None and own.live else page
        return None


class StandardPage(BasePage):
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    template = "pages/standard_page.html"
    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, FieldPanel("body")]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("Einfache Seite")


class NewsIndexPage(BasePage):
    PER_PAGE = 12

    subpage_types: ClassVar[list[str]] = ["pages.NewsPage"]
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    max_count = 1
    template = "pages/news_index_page.html"

    class Meta:
        verbose_name = _("Aktuelles")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["tags"] = list(
            Tag.objects.filter(news_tags__content_object__in=NewsPage.objects.child_of(self).live()).distinct().order_by("name")
        )
        news = NewsPage.objects.child_of(self).live().order_by("-date", "-pk").select_related("picture")
        current = Paginator(news, self.PER_PAGE).get_page(request.GET.get("seite"))
        context["news"], context["page_urls"] = list(current), page_urls(request, current)
        return context


class NewsTag(ItemBase):
    tag = models.ForeignKey("taggit.Tag", related_name="news_tags", on_delete=models.CASCADE)
    content_object = ParentalKey("pages.NewsPage", related_name="tagged_items", on_delete=models.CASCADE)


class NewsPage(BasePage):
    date = models.DateField(_("Datum"), default=timezone.localdate, db_index=True)
    picture = models.ForeignKey(
        "wagtailimages.Image", verbose_name=_("Bild"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    picture_alt = models.CharField(
        _("Bildbeschreibung"),
        max_length=250,
        blank=True,
        help_text=_("Was ist zu sehen? Für Menschen, die das Bild nicht sehen."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)
    tags = ClusterTaggableManager(through=NewsTag, blank=True, verbose_name=_("Stichwörter"))

    parent_page_types: ClassVar[list[str]] = ["pages.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/news_page.html"
    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("date"),
        FieldPanel("picture"),
        FieldPanel("picture_alt"),
        FieldPanel("body"),
        FieldPanel("tags"),
    ]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, index.SearchField("body"), index.FilterField("date")]

    class Meta:
        verbose_name = _("Nachricht")
        verbose_name_plural = _("Nachrichten")

    @property
    def share_image(self) -> Any:
        """The picture of the news stands before the site's."""
        return self.share_picture or self.picture or super().share_image

    def clean(self) -> None:
        super().clean()
        if self.picture and not self.picture_alt:
            raise ValidationError({"picture_alt": _("Bitte beschreiben Sie das Bild in einem Satz.")})
