"""The pages of competitions: what editors write. Dates, rules of voting and all that happens stand in models.competition."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from pages.blocks import RICH_TEXT, BodyBlock
from pages.models.base import BasePage

if TYPE_CHECKING:
    from .competition import Competition


class CompetitionIndexPage(BasePage):
    """All competitions: what runs, what comes, what came of the past ones."""

    subpage_types: ClassVar[list[str]] = ["participation.CompetitionPage"]
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    max_count_per_parent = 1
    template = "participation/competition_index_page.html"

    class Meta:
        verbose_name = _("Übersicht der Wettbewerbe")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..competition_page import context_of_index

        return {**super().get_context(request, *args, **kwargs), **context_of_index(self, request)}


class CompetitionPage(BasePage):
    """What a competition is about, in words. Its procedure (`competition`) is made with the page in the default language."""

    picture = models.ForeignKey(
        "wagtailimages.Image", verbose_name=_("Bild"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    rules = RichTextField(
        _("Regeln"), blank=True, features=RICH_TEXT, help_text=_("Drei kurze Sätze: Wer kann mitmachen, womit, bis wann?")
    )
    prizes = RichTextField(_("Preise"), blank=True, features=RICH_TEXT)
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["participation.CompetitionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "participation/competition_page.html"
    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("picture"),
        FieldPanel("rules"),
        FieldPanel("prizes"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.SearchField("rules"),
        index.SearchField("prizes"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("Ideenwettbewerb")
        verbose_name_plural = _("Ideenwettbewerbe")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """A page that is no translation of another competition brings a procedure of its own."""
        from .competition import Competition

        saved = super().save(*args, **kwargs)
        if not self.alias_of_id and not Competition.objects.filter(page__translation_key=self.translation_key).exists():
            Competition.objects.create(page=self)
        return saved

    @cached_property
    def competition(self) -> "Competition":
        """The procedure, whichever language this page is in. One that is looked at before it is saved has none saved."""
        from .competition import Competition

        found: Competition | None = Competition.objects.with_phases().filter(page__translation_key=self.translation_key).first()
        if found is None:
            found = Competition(page=self)
            found.__dict__["spans"] = []
        return found

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """How the page looks now, and in each of its phases."""
        from ..preview import modes_of

        return modes_of(self)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from ..preview import moment_of

        return self.get_context(request, now=moment_of(self, mode_name))

    def get_context(self, request: HttpRequest, *args: Any, now: datetime | None = None, **kwargs: Any) -> dict[str, Any]:
        """`now`: the moment whose page is shown, by default this one."""
        from ..competition_page import context_of

        return {**super().get_context(request, *args, **kwargs), **context_of(self, request, now)}

    @property
    def structured(self) -> list[dict[str, Any]]:
        from ..structured import of_competition

        return of_competition(self)
