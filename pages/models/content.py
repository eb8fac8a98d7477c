"""Home, plain pages and news."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
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

from common.addresses import split_language
from common.pagination import page_urls

from ..blocks import BodyBlock, StepBlock
from ..languages import active, in_active_language, language_of, translations
from .base import BasePage, in_line


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
        page = self._page_at(f"{'/'.join(path_components)}/", request)
        parts = page.get_url_parts(request)
        address = parts[2] if parts else None
        if address and address != request.path and split_language(address)[0] == split_language(request.path)[0]:
            return RouteResult(self, kwargs={"leads_to": address})
        return _in_full(page).route(request, [])

    def _page_at(self, below: str, request: HttpRequest) -> Page:
        """The page at this address, in the reader's language if there is a version. Raises Http404.

        Paths are the same in every language until an editor changes a slug; then one address leads to the other. Drafts and
        aliases (pages/languages.py) give way to the page of the other language. One query, which brings along what the page is
        asked for later: the pages above it and its other versions.
        """
        roots = {self.url_path, *(root.root_path for root in self._get_site_root_paths(request))}
        addresses = {f"{root}{below}" for root in roots}
        versions = Page.objects.filter(url_path__in=addresses).values("translation_key")
        wanted = Q(url_path__in=set().union(*map(_with_those_above, addresses))) | Q(translation_key__in=versions)
        rows = list(in_line(Page.objects.filter(wanted)))
        found = {page.url_path: page for page in rows if page.url_path in addresses}
        own = found.pop(f"{self.url_path}{below}", None)
        page = next((page for page in (own, *found.values()) if page and page.live and not page.alias_of_id), own)
        if page is None:
            raise Http404
        _tell(page, rows)
        if language_of(page) == active():
            return page
        version = next((each for each in translations(page) if language_of(each) == active()), page)
        _tell(version, rows)
        return version

    def serve(self, request: HttpRequest, *args: Any, leads_to: str = "", **kwargs: Any) -> Any:
        """A page has one address in each language: whoever comes by its German name is sent to its English one, and back."""
        if leads_to:
            query = request.GET.urlencode()
            return redirect(f"{leads_to}?{query}" if query else leads_to)
        return super().serve(request, *args, **kwargs)


def _with_those_above(address: str) -> set[str]:
    """This address in the tree, and those of the pages above it."""
    parts = address.split("/")
    return {"/".join(parts[:end]) + "/" for end in range(1, len(parts))}


def _tell(page: Page, rows: list[Page]) -> None:
    """Let the page know its line and its other versions, as far as they are among these rows."""
    page._other_versions = [
        each
        for each in rows
        if each.translation_key == page.translation_key and each.pk != page.pk and each.live and not each.alias_of_id
    ]
    line = [each for each in rows if page.path.startswith(each.path)]
    if len(line) == page.depth:
        page.line = line


def _in_full(page: Page) -> Page:
    """The page as its own type, with what that shows and with what is known of it. One query."""
    model = page.specific_class
    if not (model and issubclass(model, BasePage)):
        return page.specific
    full = model._default_manager.select_related(*model.comes_with).get(pk=page.pk)
    known = {name: value for name, value in vars(page).items() if name in ("line", "_other_versions")}
    vars(full).update(known)
    return full


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
        here = in_active_language(NewsPage.objects.live())
        context["tags"] = list(Tag.objects.filter(news_tags__content_object__in=here).distinct().order_by("name"))
        news = here.order_by("-date", "-pk").select_related("picture")
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

    comes_with: ClassVar[tuple[str, ...]] = ("share_picture", "picture")
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

    def clean(self) -> None:
        super().clean()
        if self.picture and not self.picture_alt:
            raise ValidationError({"picture_alt": _("Bitte beschreiben Sie das Bild in einem Satz.")})
