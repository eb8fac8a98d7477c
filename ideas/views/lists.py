"""The public lists of ideas and measures."""

from typing import Any

from common.pagination import CountedPaginator, page_urls
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from pages.agenda import agenda_tree
from search.backends import matching
from taggit.models import Tag

from .. import filters
from ..models import Idea, Measure, Place

PER_PAGE = 20
IDEA_SORTS: dict[str, Any] = {
    "neueste": _("Neueste zuerst"),
    "aelteste": _("Älteste zuerst"),
    "bewegt": _("Zuletzt bewegt"),
}
_IDEA_ORDER = {"neueste": ("-number",), "aelteste": ("number",), "bewegt": ("-status_since", "-number")}
BY_RELEVANCE = "relevanz"


def idea_list(request: HttpRequest) -> HttpResponse:
    """/ideen/: all public ideas with filters, counts, sorting and pages."""
    tree = agenda_tree()
    tags = Tag.objects.filter(idea_tags__content_object__in=Idea.objects.public()).distinct().order_by("name")
    groups = [
        filters.idea_status_filter(),
        *filters.agenda_filters(tree, ""),
        filters.named_filter("tag", _("Stichwort"), tags.values_list("slug", "name"), "tags__slug"),
        filters.named_filter("ort", _("Ort"), Place.objects.values_list("slug", "name"), "places__slug"),
    ]
    searching = bool(request.GET.get("q", "").strip())
    sorts = {BY_RELEVANCE: _("Passendste zuerst"), **IDEA_SORTS} if searching else IDEA_SORTS
    chosen = filters.read(request, groups, sorts, ignored=["wettbewerb"])
    ideas = Idea.objects.public()
    if chosen.q:
        ideas = matching("ideen", chosen.q, ideas)
    chosen.count_options(ideas)
    hits = ideas.filter(chosen.condition())
    if _joins(chosen):
        hits = Idea.objects.filter(pk__in=hits.values("pk")) if chosen.sort != BY_RELEVANCE else hits.distinct()
    hits = hits.order_by(*_IDEA_ORDER[chosen.sort]) if chosen.sort in _IDEA_ORDER else hits
    total = _total(chosen)
    page = CountedPaginator(hits.select_related("released_version").prefetch_related("tags", "places"), PER_PAGE, count=total).get_page(
        request.GET.get("seite")
    )
    rows = list(page)
    _attach_loesungen(rows, tree)
    label = ngettext("%(total)s Idee", "%(total)s Ideen", total) % {"total": total}
    context = {"ideas": rows, "page": page, "page_urls": page_urls(request, page), "filters": chosen, "total": total, "total_label": label}
    return render(request, "ideas/idea_list.html", context)


def _joins(chosen: filters.FilterSet) -> bool:
    """Whether a filter over a many-to-many is in force, so that one idea could come twice."""
    return any(group.selected for group in chosen.groups if group.name in ("tag", "ort"))


def _total(chosen: filters.FilterSet) -> int:
    """The number of hits, from the counts of the status filter: every idea has exactly one state."""
    status = next(group for group in chosen.groups if group.name == "status")
    return sum(option.count for option in (status.selected or status.options))


def _attach_loesungen(rows: list[Any], tree: list[Any]) -> None:
    """Give every row its Lösung with its Zielbild from the tree that is read anyway."""
    loesungen = {loesung.pk: loesung for zielbild in tree for loesung in zielbild.loesungen}
    for row in rows:
        if row.loesung_id in loesungen:
            row.loesung = loesungen[row.loesung_id]


def measure_list(request: HttpRequest) -> HttpResponse:
    """/massnahmen/: all measures by Zielbild and Lösung."""
    tree = agenda_tree()
    tags = Tag.objects.filter(measure_tags__isnull=False).distinct().order_by("name")
    groups = [
        filters.measure_status_filter(),
        *filters.agenda_filters(tree, "zielbild_id"),
        filters.named_filter("tag", _("Stichwort"), tags.values_list("slug", "name"), "tags__slug"),
        filters.named_filter("ort", _("Ort"), Place.objects.values_list("slug", "name"), "places__slug"),
    ]
    chosen = filters.read(request, groups, {"nummer": _("Nach Nummer")})
    measures = Measure.objects.visible_to(request.user)
    if chosen.q:
        measures = matching("massnahmen", chosen.q, measures)
    chosen.count_options(measures)
    hits = Measure.objects.filter(pk__in=measures.filter(chosen.condition()).order_by().values("pk"))
    rows = list(_ordered(hits).prefetch_related("tags", "places"))
    _attach_loesungen(rows, tree)
    label = ngettext("%(total)s Maßnahme", "%(total)s Maßnahmen", len(rows)) % {"total": len(rows)}
    context = {"groups": _by_zielbild(tree, rows), "filters": chosen, "total": len(rows), "total_label": label}
    return render(request, "ideas/measure_list.html", context)


def _ordered(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    return measures.order_by("sort_order", "code")


def _by_zielbild(tree: list[Any], rows: list[Measure]) -> list[dict[str, Any]]:
    """Measures under Zielbild and Lösung in the order of the agenda; those without a Lösung last in their Zielbild."""
    groups = []
    for zielbild in tree:
        own = [row for row in rows if row.zielbild_id == zielbild.pk]
        for row in own:
            row.zielbild = zielbild
        loesungen = [{"loesung": loesung, "measures": [row for row in own if row.loesung_id == loesung.pk]} for loesung in zielbild.loesungen]
        loesungen.append({"loesung": None, "measures": [row for row in own if row.loesung_id is None]})
        if own:
            groups.append({"zielbild": zielbild, "loesungen": [group for group in loesungen if group["measures"]]})
    return groups
