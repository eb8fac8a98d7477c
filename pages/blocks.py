"""The blocks that editors build pages from."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from .words import NAMES, TERM_NAMES, TERMS, words

RICH_TEXT = ["bold", "italic", "link", "document-link", "ol", "ul"]
EASY_TEXT = ["h2", "h3", "bold", "ul", "link", "image"]


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Überschrift"), max_length=60)
    text = blocks.TextBlock(label=_("Text"), max_length=300)

    class Meta:
        icon = "order"
        label = _("Schritt")


class FactBlock(blocks.StructBlock):
    term = blocks.CharBlock(label=_("Bezeichnung"), max_length=80)
    text = blocks.CharBlock(label=_("Angabe"), max_length=250)

    class Meta:
        icon = "list-ul"
        label = _("Angabe")


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Zitat"))
    source = blocks.CharBlock(label=_("Quelle"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Zitat")
        template = "components/blocks/quote.html"


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Bild"))
    caption = blocks.CharBlock(label=_("Bildunterschrift"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Bild mit Unterschrift")
        template = "components/blocks/figure.html"


class AccordionEntryBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Überschrift"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT)


class SettingsBlock(blocks.StaticBlock):
    """Details that stand in the site's settings, so that nobody has to keep them twice."""

    def __init__(self, part: str, label: Any, **kwargs: Any) -> None:
        self.part = part
        super().__init__(
            label=label,
            icon="cog",
            template="components/blocks/settings.html",
            admin_text=_("Kommt aus den Einstellungen der Website."),
            **kwargs,
        )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().get_context(value, parent_context=parent_context), "part": self.part}


class BodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(label=_("Überschrift"), icon="title", max_length=120, template="components/blocks/heading.html")
    paragraph = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT, template="components/blocks/paragraph.html")
    figure = FigureBlock()
    quote = QuoteBlock()
    facts = blocks.ListBlock(FactBlock(), label=_("Angaben"), icon="list-ul", template="components/blocks/facts.html")
    accordion = blocks.ListBlock(
        AccordionEntryBlock(),
        label=_("Aufklappbare Abschnitte"),
        icon="collapse-down",
        template="components/blocks/accordion.html",
    )
    imprint = SettingsBlock("imprint", _("Angaben zum Impressum"))
    contact = SettingsBlock("contact", _("Kontakt"))
    data_protection = SettingsBlock("data_protection", _("Kontakt zum Datenschutz"))
    enforcement = SettingsBlock("enforcement", _("Durchsetzungsstelle"))


# In the order of the EU's model statement.
BARRIER_REASONS = {
    "mangel": _("erfüllt die Anforderungen noch nicht"),
    "last": _("wäre eine unverhältnismäßige Belastung"),
    "ausnahme": _("fällt nicht unter das Gesetz"),
}


class BarrierBlock(blocks.StructBlock):
    """Content that isn't accessible: what the EU's model statement asks about it."""

    what = blocks.TextBlock(label=_("Was ist nicht barrierefrei?"), max_length=600)
    reason = blocks.ChoiceBlock(
        label=_("Warum?"),
        choices=list(BARRIER_REASONS.items()),
    )
    alternative = blocks.TextBlock(label=_("Wie kommt man trotzdem an den Inhalt?"), required=False, max_length=400)
    until = blocks.DateBlock(label=_("Behoben bis"), required=False)

    class Meta:
        icon = "warning"
        label = _("Barriere")


class NamedTextBlock(blocks.StructBlock):
    """A thing outside the agenda and how it goes together with a Lösung."""

    name = blocks.CharBlock(label=_("Name"), max_length=200)
    text = blocks.TextBlock(label=_("Beschreibung der Synergie"), required=False)

    class Meta:
        icon = "link"
        label = _("Synergie")


# --- settings ---------------------------------------------------------------------------------------------------------


class LinkBlock(blocks.StructBlock):
    """A link with its own words, to a page of ours or elsewhere."""

    text = blocks.CharBlock(label=_("Text"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Seite"), required=False)
    url = blocks.URLBlock(label=_("oder Adresse"), required=False)

    class Meta:
        icon = "link"
        label = _("Link")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["page"]) == bool(cleaned["url"]):
            raise blocks.StructBlockValidationError(
                {"page": ValidationError(_("Bitte wählen Sie eine Seite oder geben Sie eine Adresse ein."))}
            )
        return cleaned


def _term_choices() -> list[tuple[str, Any]]:
    return [(key, f"{TERM_NAMES[key]} ({term.singular})") for key, term in TERMS.items()]


def _state_choices() -> list[tuple[str, Any]]:
    # Worked out when shown: reading the settings asks for these choices, and the word in force stands in the settings.
    kinds = {"idee": _("Idee"), "massnahme": words.later("%(Massnahme)s")}
    return [(key, format_lazy("{}: {}", kinds[key.partition(".")[0]], label)) for key, label in NAMES.items()]


class TermBlock(blocks.StructBlock):
    """What a thing of the agenda is called here (pages/words.py)."""

    key = blocks.ChoiceBlock(label=_("Was?"), choices=_term_choices)
    singular = blocks.CharBlock(label=_("Einzahl"), max_length=60, help_text=_("Zum Beispiel: Handlungsfeld"))
    gender = blocks.ChoiceBlock(label=_("Artikel"), choices=[("m", "der"), ("f", "die"), ("n", "das")])
    plural = blocks.CharBlock(label=_("Mehrzahl"), max_length=60, help_text=_("Zum Beispiel: Handlungsfelder"))
    genitive = blocks.CharBlock(
        label=_("Wessen?"), required=False, max_length=60, help_text=_("des … Handlungsfelds. Leer: nach der Regel")
    )
    dative_plural = blocks.CharBlock(
        label=_("Wem?, Mehrzahl"), required=False, max_length=60, help_text=_("den … Handlungsfeldern. Leer: nach der Regel")
    )
    english = blocks.CharBlock(label=_("Englisch, Einzahl"), required=False, max_length=60)
    english_plural = blocks.CharBlock(label=_("Englisch, Mehrzahl"), required=False, max_length=60)

    class Meta:
        icon = "title"
        label = _("Begriff")


class StateNameBlock(blocks.StructBlock):
    """What a state of an idea or a measure is called here."""

    key = blocks.ChoiceBlock(label=_("Welcher Stand?"), choices=_state_choices)
    name = blocks.CharBlock(label=_("Name"), max_length=40)
    explanation = blocks.CharBlock(label=_("Erklärung"), required=False, max_length=200)
    english = blocks.CharBlock(label=_("Name auf Englisch"), required=False, max_length=40)
    english_explanation = blocks.CharBlock(label=_("Erklärung auf Englisch"), required=False, max_length=200)

    class Meta:
        icon = "tag"
        label = _("Stand")
