"""The blocks that editors build pages from."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

RICH_TEXT = ["bold", "italic", "link", "document-link", "ol", "ul"]


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


class NamedTextBlock(blocks.StructBlock):
    """A thing outside the agenda and how it goes together with a Lösung."""

    name = blocks.CharBlock(label=_("Name"), max_length=200)
    text = blocks.TextBlock(label=_("Beschreibung der Synergie"), required=False)

    class Meta:
        icon = "link"
        label = _("Synergie")
