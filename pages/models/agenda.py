"""The agenda as pages: Agenda → Zielbild → Lösung with its Steckbrief. Measures and ideas hang on a Lösung from above
(ideas/models), so nothing here knows them."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList, PageChooserPanel, Panel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from ..blocks import RICH_TEXT, BodyBlock, NamedTextBlock
from ..languages import in_own_words
from ..steckbrief import SECTIONS, Question, Section, answers, asked
from ..steckbrief_form import FiguresPanel, LoesungForm, SourcePanel
from ..words import words
from .base import BasePage


class AgendaPage(BasePage):
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.ZielbildPage", "pages.StandardPage"]
    max_count = 1
    template = "pages/agenda_page.html"
    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("Agenda")


class ZielbildPage(BasePage):
    class Colour(models.TextChoices):
        GREEN = "gruen", _("Grün, Muster Jahresringe")
        BLUE = "blau", _("Blau, Muster Linien")
        PLUM = "pflaume", _("Pflaume, Muster Netz")
        TEAL = "petrol", _("Petrol, Muster Wellen")
        BRICK = "ziegel", _("Ziegel, Muster Giebel")

    number = models.PositiveSmallIntegerField(_("Nummer"))
    subtitle = models.CharField(_("Untertitel"), max_length=150, blank=True)
    colour = models.CharField(_("Farbe und Muster"), max_length=10, choices=Colour, default=Colour.GREEN)
    goal = models.TextField(
        words.later("%(Ziel)s"),
        blank=True,
        max_length=800,
        help_text=_("Was auf längere Sicht erreicht sein soll. Indikatoren messen es."),
    )

    term = "zielbild"
    loesungen: list["LoesungPage"]  # both set by pages.agenda.agenda_tree
    source: "ZielbildPage"

    parent_page_types: ClassVar[list[str]] = ["pages.AgendaPage"]
    subpage_types: ClassVar[list[str]] = ["pages.LoesungPage"]
    template = "pages/zielbild_page.html"
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("number"),
        FieldPanel("subtitle"),
        FieldPanel("intro"),
        FieldPanel("goal"),
        FieldPanel("colour"),
    ]

    class Meta:
        verbose_name = _("Zielbild")
        verbose_name_plural = _("Zielbilder")


class TargetGroup(models.TextChoices):
    CITIZENS = "buerger", _("Bürgerinnen und Bürger")
    ADMINISTRATION = "verwaltung", _("Verwaltung")
    ASSOCIATIONS = "vereine", _("Vereine")
    COMPANIES = "unternehmen", _("Unternehmen")


def _text(label: Any) -> RichTextField:
    return RichTextField(label, blank=True, features=RICH_TEXT)


def _names(label: Any) -> StreamField:
    return StreamField([("name", blocks.CharBlock(label=_("Name"), max_length=200))], verbose_name=label, blank=True)


def _panel(question: Question) -> Panel:
    """How editors answer a question, with the question as help beside the field."""
    told = {"heading": question.label, "help_text": question.question}
    if question.field == "synergies":
        return SourcePanel("synergies", label=_("Synergie"), **told)
    if question.field == "kpis":
        return FiguresPanel("kpis", label=_("Kennzahl"), **told)
    widgets = {"reach": forms.Select, "personas": forms.CheckboxSelectMultiple}
    return FieldPanel(question.field, widget=widgets.get(question.field), **told)


def _tab(section: Section) -> ObjectList:
    return ObjectList([_panel(question) for question in section.questions if question.is_field], heading=section.tab)


class LoesungPage(BasePage):
    """A Lösung with its Steckbrief. The fields follow the six sections of the district's form, in its order."""

    source: "LoesungPage"  # set by pages.agenda.agenda_tree
    term = "loesung"
    comes_with: ClassVar[tuple[str, ...]] = ("share_picture", "reach")

    number = models.PositiveSmallIntegerField(_("Nummer"))
    sub_goals = _names(words.later("%(Pl_teilziel)s"))
    problem = _text(_("Probleme"))
    model_character = _text(_("Modellhaft"))
    novelty = _text(_("Neu daran"))
    transfer = _text(_("Übertragbar"))

    target_groups = models.JSONField(_("Zielgruppen"), default=list, blank=True)
    reach = models.ForeignKey(
        "pages.ReachLevel",
        verbose_name=_("Reichweite"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    personas = ParentalManyToManyField("pages.Persona", verbose_name=_("Personas"), blank=True, related_name="loesungen")
    project_synergies = StreamField(
        [("synergy", NamedTextBlock())], verbose_name=_("Synergien zu bestehenden Projekten"), blank=True
    )

    responsible_units = _names(words.later("%(Verwaltung)s"))
    municipalities = models.CharField(words.later("%(Pl_kommunen)s"), max_length=250, blank=True)
    partners = _names(_("Weitere Partner"))

    budget_eur = models.PositiveIntegerField(_("Budget in Euro"), null=True, blank=True)
    is_sustainable = models.BooleanField(_("Langfristig tragfähig"), null=True, blank=True)
    continuation = _text(_("Verstetigung"))
    operating_model = _text(_("Betriebsmodell"))
    cooperation = _text(_("Zusammenarbeit"))

    urban_development = _text(_("Stadtentwicklung"))
    strategy = _text(_("Strategie"))

    parent_page_types: ClassVar[list[str]] = ["pages.ZielbildPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/loesung_page.html"
    base_form_class = LoesungForm

    edit_handler = BasePage.tabs(
        ObjectList(
            [
                *Page.content_panels,
                FieldPanel("number"),
                *_tab(SECTIONS[0]).children,
                HelpPanel(content=words.later(_("%(The_pl_massnahme)s und Ideen kommen von selbst dazu."))),
            ],
            heading=SECTIONS[0].tab,
        ),
        *[_tab(section) for section in SECTIONS[1:]],
    )
    # Both belong to the page in the default language, and translations read them there.
    exclude_fields_in_copy: ClassVar[list[str]] = ["kpis", "synergies"]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.SearchField("problem"),
        index.SearchField("model_character"),
        index.SearchField("novelty"),
        index.SearchField("transfer"),
    ]

    class Meta:
        verbose_name = _("Lösung")
        verbose_name_plural = _("Lösungen")

    def with_content_json(self, content: dict[str, Any]) -> "LoesungPage":
        """The page as a revision has it. An older revision takes no figure away that has values, and a figure that was new in a
        draft is the same figure after its publication."""
        page: LoesungPage = super().with_content_json(content)
        figures = self._meta.get_field("kpis").related_model
        stored = {figure.pk: figure for figure in figures.objects.filter(loesung=self.pk).with_value_flag()}
        listed = list(page.kpis.all())  # type: ignore[attr-defined]
        free = {figure.name: figure.pk for pk, figure in stored.items() if pk not in {kpi.pk for kpi in listed}}
        for figure in listed:
            if figure.pk is None and figure.name in free:
                figure.pk = free.pop(figure.name)
        kept = {figure.pk for figure in listed}
        missing = [figure for pk, figure in stored.items() if figure.has_values and pk not in kept]
        page.kpis = [*listed, *missing]  # type: ignore[attr-defined]
        return page

    @property
    def zielbild(self) -> ZielbildPage:
        """The Zielbild above this Lösung, in the same language; asked once per object, together with the crumbs."""
        if not hasattr(self, "_zielbild"):
            self._zielbild = self.above[-1].zielbildpage  # type: ignore[attr-defined]
        return self._zielbild

    @zielbild.setter
    def zielbild(self, page: ZielbildPage) -> None:
        self._zielbild = page

    @property
    def target_group_labels(self) -> list[str]:
        return [str(group.label) for group in TargetGroup if group.value in self.target_groups]

    def sections(self) -> list[dict[str, str]]:
        """The long answers of the Steckbrief that have text, in the order of the form: anchor, heading, rich text."""
        return [
            {"anchor": answer.question.anchor, "heading": str(answer.question.heading), "text": answer.value}
            for answer in answers(self)
            if answer.question.is_text
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        synergies = self.synergy_links()  # first: they bring the versions of this page along
        context = super().get_context(request, *args, **kwargs)
        context["sections"], context["synergies"] = self.sections(), synergies
        context["contents"] = self._contents(context)
        return context

    def _contents(self, context: dict[str, Any]) -> list[dict[str, str]]:
        """What the navigation within the page names, in the order of the page; nothing that isn't there."""
        listed = [
            ("sub_goals", self.sub_goals),
            ("measures", context.get("measures")),
            *[(answer.question.field, True) for answer in answers(self) if answer.question.is_text],
            ("personas", context.get("personas")),
            ("kpis", context.get("kpis")),
        ]
        entries = [(asked(name).anchor, asked(name).heading) for name, there in listed if there]
        if context["synergies"] or self.project_synergies:
            entries.append((asked("synergies").anchor, _("Was damit zusammenhängt")))
        if context.get("ideas"):
            entries.append(("ideen", _("Ideen dazu")))
        return [{"anchor": anchor, "heading": str(heading)} for anchor, heading in entries]

    def synergy_links(self) -> list["LoesungSynergy"]:
        """Synergies named on this page and those that other Lösungen name with it, each other Lösung once.

        They are kept between pages of the default language and shown with the version in the reader's. One query; in another
        language a second one, which the page needs for its own versions anyway.
        """
        key, code = self.translation_key, settings.LANGUAGE_CODE
        ours = LoesungSynergy.objects.filter(page__locale__language_code=code, other__locale__language_code=code)
        links: dict[int, LoesungSynergy] = {}
        for link in ours.filter(Q(page__translation_key=key) | Q(other__translation_key=key)).select_related("page", "other"):
            own = link.page.translation_key == key
            link.loesung = link.other if own else link.page
            if link.loesung.live and (own or link.loesung.pk not in links):
                links[link.loesung.pk] = link
        versions = in_own_words([link.loesung for link in links.values()], beside=self)
        for link in links.values():
            link.loesung = versions.get(link.loesung.translation_key, link.loesung)
        return sorted(links.values(), key=lambda link: link.loesung.number)


class LoesungSynergy(Orderable):
    """How one Lösung goes together with another. Written on one side, shown on both."""

    page = ParentalKey(LoesungPage, related_name="synergies", on_delete=models.CASCADE)
    other = models.ForeignKey(LoesungPage, verbose_name=words.later("%(Loesung)s"), related_name="+", on_delete=models.CASCADE)
    text = models.TextField(_("Beschreibung der Synergie"), blank=True)

    loesung: LoesungPage  # the side that a page shows, set by LoesungPage.synergy_links

    panels: ClassVar[list[Any]] = [PageChooserPanel("other"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("Synergie")
        constraints = (models.UniqueConstraint(fields=["page", "other"], name="one_synergy_per_pair_and_side"),)
