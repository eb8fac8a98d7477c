"""The fixed addresses of this app in the sitemap. Pages of competitions are among Wagtail's."""

from pages.sitemaps import FixedSitemap, register


class ProceduresSitemap(FixedSitemap):
    names = ("procedures",)


register("beteiligung", ProceduresSitemap)
