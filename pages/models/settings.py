"""What an operator sets once for the whole site: who stands behind it, how it looks, and what its things are called."""

import re
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from ..blocks import LinkBlock, StateNameBlock, TermBlock
from ..colours import DARK_GROUNDS, ENOUGH, LIGHT_GROUNDS, contrast
from ..steckbrief_form import RequiredAnswersForm
from ..words import TERMS, Name, Term, Vocabulary, words

_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
_HEX = RegexValidator(_COLOUR, _("Bitte geben Sie die Farbe so an: #0d4f63"))


def _colour(label: Any, help_text: Any) -> models.CharField:
    return models.CharField(label, max_length=7, blank=True, validators=[_HEX], help_text=help_text)


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    """Read by pages/site.py, once a request."""

    region_name = models.CharField(_("Name der Region"), max_length=80, default="PulseHub")
    claim = models.CharField(_("Leitspruch"), max_length=150, blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image", verbose_name=_("Logo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    share_picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("Bild beim Teilen"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Steht in Vorschauen, wenn jemand eine Seite ohne eigenes Bild teilt. Am besten 1200 × 630 Pixel."),
    )
    colour_action = _colour(_("Farbe für Links und Knöpfe"), _("Auf hellem Grund. Leer: die Farbe von PulseHub."))
    colour_action_dark = _colour(_("Dieselbe Farbe auf dunklem Grund"), _("Für Geräte im dunklen Modus, also eine hellere."))
    office = models.CharField(_("Zuständige Stelle"), max_length=120, default="Stabsstelle")
    operator = models.CharField(
        _("Betreiberin"), max_length=200, blank=True, help_text=_("Körperschaft, die für die Website einsteht")
    )
    address = models.TextField(_("Anschrift"), blank=True)
    email = models.EmailField(_("E-Mail für Anfragen"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    responsible_editor = models.CharField(_("Verantwortlich für den Inhalt"), max_length=200, blank=True)
    data_protection_contact = models.CharField(_("Datenschutzbeauftragte Stelle"), max_length=250, blank=True)
    enforcement_body = models.CharField(_("Durchsetzungsstelle für Barrierefreiheit"), max_length=250, blank=True)
    funding_note = models.CharField(_("Hinweis zur Förderung"), max_length=250, blank=True)
    footer_links = StreamField([("link", LinkBlock())], verbose_name=_("Weitere Links im Fuß der Seite"), blank=True, max_num=8)
    terms = StreamField(
        [("term", TermBlock())],
        verbose_name=_("Begriffe"),
        blank=True,
        help_text=_("Nur Begriffe, die bei Ihnen anders heißen. Sie gelten auf allen Seiten, in E-Mails und PDF-Dateien."),
    )
    names = StreamField(
        [("name", StateNameBlock())],
        verbose_name=_("Namen der Stände"),
        blank=True,
        help_text=_("Nur Stände, die bei Ihnen anders heißen."),
    )
    # Names of fields of LoesungPage. None: what the district's form always had (pages/steckbrief.py).
    required_answers = models.JSONField(words.later(_("Pflichtangaben %(in_steckbrief)s")), null=True, blank=True)

    first_pages: list[dict[str, Any]]  # for the menus, set by pages/site.py

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    MultiFieldPanel([FieldPanel("region_name"), FieldPanel("claim")], heading=_("Name")),
                    MultiFieldPanel([FieldPanel("logo"), FieldPanel("share_picture")], heading=_("Bilder")),
                    MultiFieldPanel([FieldPanel("colour_action"), FieldPanel("colour_action_dark")], heading=_("Farben")),
                ],
                heading=_("Auftritt"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldPanel("office"),
                            FieldPanel("operator"),
                            FieldPanel("address"),
                            FieldPanel("email"),
                            FieldPanel("phone"),
                        ],
                        heading=_("Kontakt und Impressum"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("responsible_editor"),
                            FieldPanel("data_protection_contact"),
                            FieldPanel("enforcement_body"),
                            FieldPanel("funding_note"),
                        ],
                        heading=_("Pflichtangaben"),
                    ),
                    FieldPanel("footer_links"),
                ],
                heading=_("Kontakt und Fuß"),
            ),
            ObjectList(
                [
                    HelpPanel(
                        content=_("Die Adressen der Seiten bleiben, wie sie sind, damit verteilte Links gültig bleiben.")
                    ),
                    FieldPanel("terms"),
                    FieldPanel("names"),
                ],
                heading=_("Begriffe"),
            ),
            ObjectList(
                [
                    FieldPanel(
                        "required_answers",
                        heading=_("Was vor dem Veröffentlichen beantwortet sein muss"),
                        help_text=words.later(
                            _("Gilt für %(every_acc_loesung)s. Als Entwurf lässt sich alles auch mit Lücken speichern.")
                        ),
                    )
                ],
                heading=words.later(_("%(Steckbrief)s")),
            ),
        ]
    )
    base_form_class = RequiredAnswersForm

    class Meta:
        verbose_name = _("Website")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words in force (pages/words.py)."""
        terms = dict(TERMS)
        for block in self.terms:
            row = block.value
            terms[row["key"]] = Term(
                row["gender"], row["singular"], row["plural"], row["english"] or row["singular"],
                row["english_plural"] or row["plural"], row["genitive"], row["dative_plural"],
            )  # fmt: skip
        names = {
            block.value["key"]: Name(
                block.value["name"], block.value["english"], block.value["explanation"], block.value["english_explanation"]
            )
            for block in self.names
        }
        return Vocabulary(terms, names)

    def clean(self) -> None:
        super().clean()
        grounds = {"colour_action": (LIGHT_GROUNDS, _("hellem")), "colour_action_dark": (DARK_GROUNDS, _("dunklem"))}
        for name, (possible, what) in grounds.items():
            value = getattr(self, name)
            if _COLOUR.match(value) and any(contrast(value, ground) < ENOUGH for ground in possible):
                message = _("Diese Farbe ist auf %(ground)s Grund zu schwach zu lesen. Bitte wählen Sie eine kräftigere.")
                raise ValidationError({name: message % {"ground": what}})
        for name in ("terms", "names"):
            keys = [block.value["key"] for block in getattr(self, name) if isinstance(block.value, blocks.StructValue)]
            if len(keys) != len(set(keys)):
                raise ValidationError({name: _("Ein Eintrag steht doppelt. Bitte löschen Sie einen davon.")})
