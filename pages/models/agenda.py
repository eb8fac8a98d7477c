"""The agenda as pages: Agenda → Zielbild → Lösung with its Steckbrief. Measures and ideas hang on a Lösung from above
(ideas/models), so nothing here knows them."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, ObjectList, PageChooserPanel, TabbedInterface
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from ..blocks import RICH_TEXT, BodyBlock, NamedTextBlock
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


def _text(label: Any, question: Any) -> RichTextField:
    return RichTextField(label, blank=True, features=RICH_TEXT, help_text=question)


def _names(label: Any, help_text: Any = "") -> StreamField:
    return StreamField(
        [("name", blocks.CharBlock(label=_("Name"), max_length=200))], verbose_name=label, blank=True, help_text=help_text
    )


class LoesungForm(WagtailAdminPageForm):
    target_groups = forms.MultipleChoiceField(
        label=_("Zielgruppen"), choices=TargetGroup.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class LoesungPage(BasePage):
    """A Lösung with its Steckbrief. The fields follow the six sections of the district's form, in its order."""

    source: "LoesungPage"  # set by pages.agenda.agenda_tree
    term = "loesung"

    number = models.PositiveSmallIntegerField(_("Nummer"))
    sub_goals = _names(words.later("%(Pl_teilziel)s"), _("Was damit im Einzelnen erreicht werden soll"))
    problem = _text(_("Probleme"), words.later(_("Welche Probleme in Stadt oder Region löst %(this_loesung)s?")))
    model_character = _text(_("Modellhaft"), words.later(_("Warum ist %(the_loesung)s modellhaft?")))
    novelty = _text(_("Neu daran"), words.later(_("Wie geht der Ansatz über bestehende %(acc_pl_loesung)s hinaus?")))
    transfer = _text(_("Übertragbar"), words.later(_("Wie können andere Kommunen %(the_acc_loesung)s übernehmen?")))

    target_groups = models.JSONField(_("Zielgruppen"), default=list, blank=True)
    reach = models.ForeignKey(
        "pages.ReachLevel",
        verbose_name=_("Reichweite"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Genau eine Stufe"),
    )
    personas = ParentalManyToManyField("pages.Persona", verbose_name=_("Personas"), blank=True, related_name="loesungen")
    project_synergies = StreamField(
        [("synergy", NamedTextBlock())], verbose_name=_("Synergien zu bestehenden Projekten"), blank=True
    )

    responsible_units = _names(words.later("%(Verwaltung)s"), _("Abteilung oder Team"))
    municipalities = models.CharField(words.later("%(Pl_kommunen)s"), max_length=250, blank=True)
    partners = _names(_("Weitere Partner"), _("Institution oder Unternehmen"))

    budget_eur = models.PositiveIntegerField(_("Budget in Euro"), null=True, blank=True, help_text=_("Leer: nicht beziffert"))
    is_sustainable = models.BooleanField(_("Langfristig tragfähig"), null=True, blank=True, help_text=_("Leer: keine Angabe"))
    continuation = _text(_("Verstetigung"), _("Wie geht es nach der Förderung weiter?"))
    operating_model = _text(_("Betriebsmodell"), words.later(_("Wer betreibt %(the_acc_loesung)s und wie?")))
    cooperation = _text(_("Zusammenarbeit"), _("Mit welchen anderen Modellprojekten ist eine Zusammenarbeit geplant?"))

    urban_development = _text(
        _("Stadtentwicklung"), words.later(_("Welches Ziel der Stadtentwicklung fördert %(the_loesung)s?"))
    )
    strategy = _text(
        _("Strategie"), words.later(_("Auf welcher Strategie beruht %(the_loesung)s, und trägt %(it_loesung)s sich auf Dauer?"))
    )

    parent_page_types: ClassVar[list[str]] = ["pages.ZielbildPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/loesung_page.html"
    base_form_class = LoesungForm

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *Page.content_panels,
                    FieldPanel("number"),
                    FieldPanel("intro", heading=_("Kurzbeschreibung")),
                    FieldPanel("sub_goals"),
                    FieldPanel("problem"),
                    FieldPanel("model_character"),
                    FieldPanel("novelty"),
                    FieldPanel("transfer"),
                ],
                heading=words.later("1 %(Loesung)s"),
            ),
            ObjectList(
                [
                    FieldPanel("target_groups"),
                    FieldPanel("reach"),
                    FieldPanel("personas"),
                    InlinePanel(
                        "synergies", heading=words.later(_("Synergien zu anderen %(dat_pl_loesung)s")), label=_("Synergie")
                    ),
                    FieldPanel("project_synergies"),
                ],
                heading=_("2 Zielgruppen und Synergien"),
            ),
            ObjectList(
                [FieldPanel("responsible_units"), FieldPanel("municipalities"), FieldPanel("partners")],
                heading=_("3 Verantwortung"),
            ),
            ObjectList(
                [
                    HelpPanel(
                        content=_("Kennzahlen pflegen Sie im Menü unter „Kennzahlen“. Sie erscheinen von selbst auf der Seite.")
                    )
                ],
                heading=_("4 Kennzahlen"),
            ),
            ObjectList(
                [
                    FieldPanel("budget_eur"),
                    FieldPanel("is_sustainable"),
                    FieldPanel("continuation"),
                    FieldPanel("operating_model"),
                    FieldPanel("cooperation"),
                ],
                heading=_("5 Budget"),
            ),
            ObjectList([FieldPanel("urban_development"), FieldPanel("strategy")], heading=_("6 Einordnung")),
            ObjectList(BasePage.access_panels, heading=_("Für alle")),
            ObjectList(BasePage.promote_panels, heading=_("Adresse")),
        ]
    )
    # Figures belong to the page in the default language, and translations read them there.
    exclude_fields_in_copy: ClassVar[list[str]] = ["kpis"]
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

    @property
    def zielbild(self) -> ZielbildPage:
        """The Zielbild above this Lösung, asked once per object."""
        if not hasattr(self, "_zielbild"):
            self._zielbild = ZielbildPage.objects.get(path=self.path[: -self.steplen])
        return self._zielbild

    @zielbild.setter
    def zielbild(self, page: ZielbildPage) -> None:
        self._zielbild = page

    @property
    def target_group_labels(self) -> list[str]:
        return [str(group.label) for group in TargetGroup if group.value in self.target_groups]

    def sections(self) -> list[dict[str, str]]:
        """The long answers of the Steckbrief that have text, in the order of the form: anchor, heading, rich text."""
        answers = [
            ("problem", _("Welche Probleme löst das?"), self.problem),
            ("modellhaft", _("Was ist daran modellhaft?"), self.model_character),
            ("neu", _("Was ist neu daran?"), self.novelty),
            ("uebertragbar", _("Wie können andere das übernehmen?"), self.transfer),
            ("verstetigung", _("Wie geht es nach der Förderung weiter?"), self.continuation),
            ("betrieb", _("Wer betreibt das?"), self.operating_model),
            ("zusammenarbeit", _("Mit wem arbeiten wir zusammen?"), self.cooperation),
            ("stadtentwicklung", _("Wie hilft das der Entwicklung der Region?"), self.urban_development),
            ("strategie", _("Auf welcher Strategie beruht das?"), self.strategy),
        ]
        return [{"anchor": anchor, "heading": str(heading), "text": text} for anchor, heading, text in answers if text]

    def synergy_links(self) -> list["LoesungSynergy"]:
        """Synergies named on this page and those that other Lösungen name with it, each other Lösung once."""
        links: dict[int, LoesungSynergy] = {}
        for link in LoesungSynergy.objects.filter(Q(page=self) | Q(other=self)).select_related("page", "other"):
            own = link.page_id == self.pk
            link.loesung = link.other if own else link.page
            if link.loesung.live and (own or link.loesung.pk not in links):
                links[link.loesung.pk] = link
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
