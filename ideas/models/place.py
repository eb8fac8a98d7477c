"""Places of the region, as far as ideas and measures name them."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet


@register_snippet
class Place(models.Model):
    class Kind(models.TextChoices):
        TOWN = "town", _("Stadt")
        MUNICIPALITY = "municipality", _("Verbandsgemeinde")
        REGION = "region", _("ganze Region")
        AREA = "area", _("Raum")

    name = models.CharField(_("Name"), max_length=80, unique=True)
    slug = models.SlugField(_("Kürzel in Adressen"), max_length=60, unique=True)
    kind = models.CharField(_("Art"), max_length=15, choices=Kind, default=Kind.MUNICIPALITY)
    sort_order = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("kind"), FieldPanel("sort_order")]

    class Meta:
        verbose_name = _("Ort")
        verbose_name_plural = _("Orte")
        ordering = ("sort_order", "name")

    def __str__(self) -> str:
        return self.name
