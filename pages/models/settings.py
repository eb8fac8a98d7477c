"""What an operator sets once for the whole site, and personas."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.snippets.models import register_snippet


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    region_name = models.CharField(_("Name der Region"), max_length=80, default="PulseHub")
    claim = models.CharField(_("Leitspruch"), max_length=150, blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image", verbose_name=_("Logo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
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

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("region_name"), FieldPanel("claim"), FieldPanel("logo")], heading=_("Auftritt")),
        MultiFieldPanel(
            [FieldPanel("office"), FieldPanel("operator"), FieldPanel("address"), FieldPanel("email"), FieldPanel("phone")],
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
    ]

    class Meta:
        verbose_name = _("Website")


@register_snippet
class Persona(models.Model):
    """An invented person who stands for many: editors say which Lösung helps whom."""

    name = models.CharField(_("Name"), max_length=60, unique=True)
    summary = models.CharField(_("In einem Satz"), max_length=250, blank=True)

    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("summary")]

    class Meta:
        verbose_name = _("Persona")
        verbose_name_plural = _("Personas")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
