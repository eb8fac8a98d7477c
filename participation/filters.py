"""The filter `wettbewerb` of the list of ideas (ideas/filters.py)."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ideas.filters import Dimension, Filter, Option, of_ideas
from pages.languages import foreign

from .models import Competition, Entry


@of_ideas
class CompetitionDimension(Dimension):
    """Competitions: those that occur among the hits, and those that a reader chose."""

    def __init__(self) -> None:
        self.filter = Filter("wettbewerb", _("Wettbewerb"))
        self.filters = [self.filter]

    def load(self, chosen: dict[str, list[str]]) -> None:
        if chosen["wettbewerb"]:
            rows = Competition.objects.filter(page__live=True, page__slug__in=chosen["wettbewerb"][:20])
            self.filter.options = [
                Option(slug, title, language=foreign()) for slug, title in rows.values_list("page__slug", "page__title")
            ]

    def condition(self) -> Q:
        if not self.filter.chosen:
            return Q()
        entries = Entry.objects.on_show().filter(competition__page__live=True, competition__page__slug__in=self.filter.chosen)
        return Q(pk__in=entries.values("idea"))

    def count(self, things: QuerySet[Any]) -> None:
        entries = Entry.objects.on_show().filter(competition__page__live=True, idea__in=things.order_by().values("pk"))
        rows = entries.values_list("competition__page__slug", "competition__page__title").annotate(hits=Count("pk"))
        for slug, title, hits in rows.order_by("competition__page__title"):
            option = self.filter.option(slug)
            if option is None:
                option = Option(slug, title, language=foreign())
                self.filter.options.append(option)
            option.count = hits
