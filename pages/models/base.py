"""What all page types share."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import RichTextField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from common.addresses import in_language, split_language

from ..blocks import EASY_TEXT
from ..context import gather
from ..page_form import PageForm
from ..text import is_blank
from ..words import words


def _file(label: Any, help_text: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=help_text,
    )


def bare_path(url_path: str) -> str:
    """The address of a page without its language: `/start/agenda/` stands at `/agenda/`."""
    return "/" + url_path.lstrip("/").partition("/")[2]


def in_line(pages: Any) -> Any:
    """These pages with what the ones below them need: the Zielbild among them, and whether somebody may not read them."""
    restricted = models.Exists(PageViewRestriction.objects.filter(page=models.OuterRef("pk")))
    return pages.select_related("zielbildpage").annotate(is_restricted=restricted).order_by("path")


class BasePage(Page):
    """A page with a lead sentence, and what makes it one for everybody. Abstract: every page type of ours stands on it."""

    intro = models.TextField(
        _("Einleitung"), blank=True, max_length=800, help_text=_("Ein bis drei Sätze. Sie stehen groß am Anfang der Seite.")
    )
    easy_language = RichTextField(
        _("Text in Leichter Sprache"),
        blank=True,
        features=EASY_TEXT,
        help_text=_("Kurze Sätze, einfache Wörter, jeder Satz in einer neuen Zeile. Die Seite bekommt damit einen Schalter."),
    )
    sign_video = _file(_("Video in Gebärdensprache"), _("Eine Datei im Format MP4 oder WebM, auf diesem Server."))
    sign_captions = _file(_("Untertitel zum Video"), _("Eine Datei im Format WebVTT (.vtt)."))
    share_picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("Bild beim Teilen"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Leer: das Bild aus den Einstellungen der Website."),
    )

    comes_with: ClassVar[tuple[str, ...]] = ("share_picture",)  # what its own page shows, read together with it
    term: ClassVar[str] = ""  # of a level of the agenda: its key in pages/words.py

    base_form_class = PageForm

    # All that is published is public: home, lists and the agenda name every page that is live.
    private_page_options: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("share_picture"),
                FieldPanel("show_in_menus"),
            ],
            heading=_("Adresse und Suchmaschinen"),
        )
    ]
    access_panels: ClassVar[list[Any]] = [
        FieldPanel("easy_language"),
        MultiFieldPanel([FieldPanel("sign_video"), FieldPanel("sign_captions")], heading=_("Gebärdensprache")),
    ]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("intro"), index.SearchField("easy_language")]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Every page type has the tab „Für alle“, without saying so."""
        super().__init_subclass__(**kwargs)
        if "edit_handler" not in cls.__dict__:
            cls.edit_handler = cls.tabs()

    @classmethod
    def get_verbose_name(cls) -> str:
        """What editors read as the name of the type: of a level of the agenda, the region's own word."""
        return str(words[cls.term.capitalize()]) if cls.term else str(super().get_verbose_name())

    @classmethod
    def tabs(cls, *content: ObjectList) -> TabbedInterface:
        """The editor's tabs: the type's own ones first, then what every page has."""
        return TabbedInterface(
            [
                *(content or [ObjectList(cls.content_panels, heading=_("Inhalt"))]),
                ObjectList(cls.access_panels, heading=_("Für alle")),
                ObjectList(cls.promote_panels, heading=_("Adresse")),
            ]
        )

    def clean(self) -> None:
        super().clean()
        for name, endings in (("sign_video", ("mp4", "webm")), ("sign_captions", ("vtt",))):
            file = getattr(self, name)
            if file and file.file_extension.lower() not in endings:
                wanted = " oder ".join(f".{ending}" for ending in endings)
                raise ValidationError(
                    {name: _("Diese Datei passt hier nicht. Sie muss auf %(wanted)s enden.") % {"wanted": wanted}}
                )
        if self.sign_video and not self.sign_captions:
            raise ValidationError(
                {"sign_captions": _("Zum Video gehören Untertitel. Bitte wählen Sie die Datei mit ihnen aus.")}
            )

    @cached_property
    def line(self) -> list[Page]:
        """The pages from the root down to this one. Asked once, or known from finding its address (HomePage.route)."""
        return list(in_line(self.get_ancestors(inclusive=True)))

    @property
    def above(self) -> list[Page]:
        """The pages above this one, from the root down."""
        return [page for page in self.line if page.pk != self.pk]

    def get_view_restrictions(self) -> Any:
        """As Wagtail finds them, and none without asking where the line tells of none. An alias is as open as its source."""
        if any(page.alias_of_id for page in [self, *self.line]):
            return super().get_view_restrictions()
        restricted = [page.pk for page in self.line if page.is_restricted]
        return PageViewRestriction.objects.filter(page__in=restricted) if restricted else PageViewRestriction.objects.none()

    def get_url_parts(self, request: HttpRequest | None = None) -> Any:
        """In another language that has no version of this page, the page keeps its reader in that language."""
        parts = super().get_url_parts(request)
        if parts is None or parts[2] is None or split_language(parts[2])[0] != settings.LANGUAGE_CODE:
            return parts
        site, root, path = parts
        return site, root, in_language(path)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        easy = request.GET.get("fassung") == "leicht" and self.has_easy_language
        return {**super().get_context(request, *args, **kwargs), "easy": easy, **gather(self, request)}

    @property
    def has_easy_language(self) -> bool:
        return not is_blank(self.easy_language)

    @property
    def structured(self) -> list[dict[str, Any]]:
        """What this page is in the words of schema.org, where an app above says so (pages/sharing.py)."""
        return []

    @property
    def description(self) -> str:
        """What search engines and share cards say of this page."""
        return self.search_description or self.intro
