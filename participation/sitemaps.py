"""What of participation stands in the sitemap: all procedures at a glance, and published results. Pages of competitions stand
there as all pages of editors do."""

from datetime import datetime
from typing import Any

from pages.sitemaps import FixedSitemap, LanguageSitemap, register

from . import addresses
from .models import Tally


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


register("beteiligung", ProceduresSitemap)
register("ergebnisse", ResultSitemap)
