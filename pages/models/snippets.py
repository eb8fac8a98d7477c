"""What pages choose from: personas, levels of reach, cross-cutting themes."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.snippets.models import register_snippet

from ..blocks import RICH_TEXT
from ..reach import bounds_in_words


@register_snippet
class Persona(models.Model):
    """An invented person who stands for many: editors say which Lösung helps whom. Has a short page of its own."""

    name = models.CharField(_("Name"), max_length=60, unique=True)
    slug = models.SlugField(_("Kürzel in der Adresse"), max_length=60, unique=True)
    summary = models.CharField(_("In einem Satz"), max_length=250, blank=True)
    text = RichTextField(_("Mehr über diese Person"), blank=True, features=RICH_TEXT)

    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("summary"), FieldPanel("text")]

    class Meta:
        verbose_name = _("Persona")
        verbose_name_plural = _("Personas")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("persona_detail", args=[self.slug])


@register_snippet
class ReachLevel(models.Model):
    """How many people something reaches, as a level with bounds. Bounds are data: the district's table contradicts itself."""

    name = models.CharField(_("Stufe"), max_length=40, unique=True)
    slug = models.SlugField(_("Kürzel"), max_length=40, unique=True)
    least = models.PositiveIntegerField(_("Ab wie vielen Menschen?"), null=True, blank=True)
    most = models.PositiveIntegerField(_("Bis zu wie vielen Menschen?"), null=True, blank=True)
    explanation = models.CharField(_("Erklärung"), max_length=200, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("least"),
        FieldPanel("most"),
        FieldPanel("explanation"),
        FieldPanel("sort_order"),
    ]

    class Meta:
        verbose_name = _("Stufe der Reichweite")
        verbose_name_plural = _("Stufen der Reichweite")
        ordering = ("sort_order", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def bounds(self) -> str:
        """What the level means in numbers: „über 10.000 Menschen“. Empty for a level without bounds."""
        return bounds_in_words(self.least, self.most)

    def clean(self) -> None:
        if self.least is not None and self.most is not None and self.most < self.least:
            raise ValidationError({"most": _("Diese Zahl ist kleiner als der Anfang der Stufe.")})


@register_snippet
class Theme(models.Model):
    """A theme that runs across all levels of the agenda, such as participation. Indicators may measure it."""

    number = models.PositiveSmallIntegerField(_("Nummer"), unique=True)
    title = models.CharField(_("Titel"), max_length=150)
    text = models.TextField(_("Beschreibung"), blank=True, max_length=800)

    panels: ClassVar[list[Any]] = [FieldPanel("number"), FieldPanel("title"), FieldPanel("text")]

    class Meta:
        verbose_name = _("Querschnittsthema")
        verbose_name_plural = _("Querschnittsthemen")
        ordering = ("number",)

    def __str__(self) -> str:
        return self.title
