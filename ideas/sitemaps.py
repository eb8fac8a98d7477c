"""Ideas, measures, editions and the fixed addresses around them in the sitemap."""

from datetime import date, datetime
from typing import Any

from pages.sitemaps import FixedSitemap, LanguageSitemap, register

from .models import Edition, Idea, Measure


class IdeaSitemap(LanguageSitemap):
    def items(self) -> Any:
        return Idea.objects.public().order_by("number").only("number", "status_since")

    def lastmod(self, item: Idea) -> datetime | None:
        return item.status_since


class MeasureSitemap(LanguageSitemap):
    def items(self) -> Any:
        return Measure.objects.order_by("pk").only("slug", "updated_on")

    def lastmod(self, item: Measure) -> date | None:
        return item.updated_on


class EditionSitemap(LanguageSitemap):
    def items(self) -> Any:
        return Edition.objects.adopted().order_by("year", "version").only("year", "version")


class OverviewSitemap(FixedSitemap):
    names = ("idea_list", "idea_submit", "idea_criteria", "measure_list", "progress", "edition_list", "tag_list")


register("uebersicht", OverviewSitemap)
register("ideen", IdeaSitemap)
register("massnahmen", MeasureSitemap)
register("editionen", EditionSitemap)
