"""What of participation stands in the sitemap: all procedures at a glance, and published results. Pages of competitions stand
there as all pages of editors do. Surveys with their results."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from pages.sitemaps import FixedSitemap, LanguageSitemap, register

from . import addresses
from .models import Survey, Tally


class ProceduresSitemap(FixedSitemap):
    names = ("procedures",)


class ResultSitemap(LanguageSitemap):
    def items(self) -> Any:
        tallies = Tally.objects.filter(published_at__isnull=False, competition__page__live=True)
        return tallies.select_related("competition__page").defer("file", "result").order_by("pk")

    def location(self, item: Tally) -> str:
        return addresses.result(item.competition)

    def lastmod(self, item: Tally) -> datetime | None:
        return item.published_at


class SurveySitemap(LanguageSitemap):
    """Those that are public, each with its result once everybody can read it."""

    def items(self) -> Any:
        now = timezone.now()
        found = Survey.objects.filter(is_published=True).order_by("pk")
        return [
            (name, each)
            for each in found
            for name in ("survey", "survey_result")
            if name == "survey" or each.shows_results(now)
        ]

    def location(self, item: tuple[str, Survey]) -> str:
        return reverse(item[0], args=[item[1].slug])

    def lastmod(self, item: tuple[str, Survey]) -> datetime | None:
        return item[1].changed_at


register("beteiligung", ProceduresSitemap)
register("ergebnisse", ResultSitemap)
register("umfragen", SurveySitemap)
