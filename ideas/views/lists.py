"""The public lists of ideas and measures."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from taggit.models import Tag

from common.pagination import CountedPaginator, page_url, page_urls
from pages.agenda import agenda_tree, attach_loesungen
from pages.models import LoesungPage, ZielbildPage
from pages.words import words
from search.backends import by_relevance, matching

from .. import filters
from ..models import Idea, Measure
from .details import similar_ideas

PER_PAGE = 20
IDEA_SORTS: dict[str, Any] = {
    "neueste": _("Neueste zuerst"),
    "aelteste": _("Älteste zuerst"),
    "bewegt": _("Zuletzt bewegt"),
    "unterstuetzt": _("Meist unterstützt"),
}
_IDEA_ORDER = {
    "neueste": ("-number",),
    "aelteste": ("number",),
    "bewegt": ("-status_since", "-number"),
    "unterstuetzt": ("-support_count", "-number"),
}


def idea_list(request: HttpRequest) -> HttpResponse:
    """/ideen/: all public ideas with filters, counts, sorting and pages."""
    tree = agenda_tree()
    status, dimensions = _idea_dimensions(tree)
    searching = bool(request.GET.get("q", "").strip())
    sorts = {filters.BY_RELEVANCE: _("Passendste zuerst"), **IDEA_SORTS} if searching else IDEA_SORTS
    chosen = filters.read(request, dimensions, sorts)
    ideas: QuerySet[Idea] = Idea.objects.public()
    if chosen.q:
        ideas = matching("ideen", chosen.q, ideas)
    chosen.count_options(ideas)
    hits = chosen.apply(ideas).with_comment_count().select_related("released_version").prefetch_related("places")
    by_words = chosen.sort == filters.BY_RELEVANCE
    hits = by_relevance("ideen", chosen.q, hits) if by_words else hits.order_by(*_IDEA_ORDER[chosen.sort])
    page = CountedPaginator(hits, PER_PAGE, count=status.hits).get_page(request.GET.get("seite"))
    rows = list(page)
    attach_loesungen(rows, tree)
    context = {
        "ideas": rows,
        "similar": similar_ideas(chosen.q) if chosen.q and not rows else [],
        "page": page,
        "page_urls": page_urls(request, page),
        "filters": chosen,
        "feed_url": page_url(request, 1).replace(request.path, reverse("idea_feed", args=["atom"]), 1),
        "total": status.hits,
        "total_label": ngettext("%(total)s Idee", "%(total)s Ideen", status.hits) % {"total": status.hits},
    }
    return render(request, "ideas/idea_list.html", context)


def _idea_dimensions(tree: list[ZielbildPage]) -> tuple[filters.StatusDimension, list[filters.Dimension]]:
    status = filters.idea_status()
    more = [filters.AgendaDimension(tree, knows_zielbild=False), filters.TagDimension(Tag), filters.PlaceDimension()]
    return status, [status, *more, *filters.more_of_ideas()]


def ideas_chosen(request: HttpRequest) -> QuerySet[Idea]:
    """The ideas that the list shows with this query, in no order: for their feed."""
    _status, dimensions = _idea_dimensions(agenda_tree())
    chosen = filters.read(request, dimensions, IDEA_SORTS)
    ideas: QuerySet[Idea] = Idea.objects.public()
    return chosen.apply(matching("ideen", chosen.q, ideas) if chosen.q else ideas)


def measure_list(request: HttpRequest) -> HttpResponse:
    """/massnahmen/: all measures by Zielbild and Lösung."""
    tree = agenda_tree()
    dimensions = [
        filters.measure_status(),
        filters.AgendaDimension(tree, knows_zielbild=True),
        filters.KindDimension(),
        filters.TagDimension(Tag),
        filters.PlaceDimension(),
    ]
    chosen = filters.read(request, dimensions, {"nummer": _("Nach Nummer")})
    measures: QuerySet[Measure] = Measure.objects.visible_to(request.user)
    if chosen.q:
        measures = matching("massnahmen", chosen.q, measures)
    chosen.count_options(measures)
    rows = list(chosen.apply(measures).select_related("kind").order_by("sort_order", "code"))
    attach_loesungen(rows, tree)
    label = ngettext("%(total)s %(massnahme)s", "%(total)s %(pl_massnahme)s", len(rows)) % words(total=len(rows))
    context = {"groups": _by_zielbild(tree, rows), "filters": chosen, "total": len(rows), "total_label": label}
    return render(request, "ideas/measure_list.html", context)


def _by_zielbild(tree: list[ZielbildPage], rows: list[Measure]) -> list[dict[str, Any]]:
    """Measures under Zielbild and Lösung in the order of the agenda; those without a Lösung last in their Zielbild."""
    groups = []
    for zielbild in tree:
        own = [row for row in rows if row.zielbild_id == zielbild.source.pk]
        for row in own:
            row.zielbild = zielbild
        under: list[tuple[LoesungPage | None, list[Measure]]] = [
            (loesung, [row for row in own if row.loesung_id == loesung.source.pk]) for loesung in zielbild.loesungen
        ]
        under.append((None, [row for row in own if row.loesung_id is None]))
        if own:
            groups.append(
                {
                    "zielbild": zielbild,
                    "is_undivided": all(row.loesung_id is None for row in own),
                    "loesungen": [{"loesung": loesung, "measures": measures} for loesung, measures in under if measures],
                }
            )
    return groups
