"""The entries of a competition as its page lists them: with search, filters, order and pages."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.pagination import CountedPaginator, page_urls
from ideas import filters
from ideas.models import Idea
from pages.agenda import agenda_tree, attach_loesungen
from search.backends import matching

from . import addresses
from .models import Competition, Entry, EntryStep
from .order import shuffled
from .outcome import Outcome
from .standing import Standing

PER_PAGE = 20
SHUFFLED = {"gemischt": _("Gemischt, jede Stunde neu")}
ORDERS = {"neueste": _("Neueste zuerst"), "nummer": _("Nach Nummer")}
WITH_PLACES = {"platz": _("Nach Platz"), **ORDERS}


def entries_of(
    competition: Competition, request: HttpRequest, now: datetime, standing: Standing, outcome: Outcome | None
) -> dict[str, Any]:
    """What the list of a competition's page shows of its entries, with the filters that this request asks for."""
    tree = agenda_tree()
    dimensions = [filters.AgendaDimension(tree, knows_zielbild=False), filters.PlaceDimension()]
    orders = SHUFFLED if standing.is_voting else WITH_PLACES if outcome else ORDERS
    chosen = filters.read(request, dimensions, orders)
    if len(orders) == 1:
        chosen.sort_options = []
    shown = Entry.objects.on_show().filter(competition=competition) if competition.pk else Entry.objects.none()
    ideas: QuerySet[Idea] = Idea.objects.filter(pk__in=shown.values("idea"))
    if chosen.q:
        ideas = matching("ideen", chosen.q, ideas)
    chosen.count_options(ideas)
    found = shown.filter(idea__in=chosen.apply(ideas).values("pk")).select_related("idea")
    order = _in_order(found.only("competition", "idea__number"), chosen.sort, competition, now, outcome)
    page = CountedPaginator(order, PER_PAGE, count=len(order)).get_page(request.GET.get("seite"))
    rows = _rows(page, outcome)
    attach_loesungen([entry.idea for entry in rows], tree)
    for entry in rows:
        entry.vote_url = _vote_url(entry, competition, standing)
    return {
        "entries": rows,
        "filters": chosen,
        "page_urls": page_urls(request, page),
        "total_label": ngettext("%(total)s Beitrag", "%(total)s Beiträge", len(order)) % {"total": len(order)},
    }


def _in_order(found: Any, sort: str, competition: Competition, now: datetime, outcome: Outcome | None) -> list[Entry]:
    """All entries that were found, in the order in which they are shown: their keys and numbers only."""
    if sort in SHUFFLED:
        return shuffled(found, competition, now)
    if sort == "platz" and outcome:
        places = {place.number: place.place for place in outcome.standing}
        last = len(places) + 1
        return sorted(found, key=lambda entry: (places.get(entry.idea.number) or last, entry.idea.number))
    return list(found.order_by("idea__number" if sort == "nummer" else "-idea__number"))


def _rows(page: Any, outcome: Outcome | None) -> list[Any]:
    """The entries of one page of the list with all that is shown of them, in its order."""
    keys = [entry.pk for entry in page]
    full = Entry.objects.select_related("idea__released_version").prefetch_related("idea__places").in_bulk(keys)
    places = {place.number: place for place in outcome.standing} if outcome else {}
    rows: list[Any] = [full[key] for key in keys if key in full]
    for entry in rows:
        entry.place = places.get(entry.idea.number)
    return rows


def _vote_url(entry: Entry, competition: Competition, standing: Standing) -> str:
    """Where this entry gets a vote; a ranking has one ballot for all of them. '' while nobody votes."""
    if not (standing.is_voting and standing.ways):
        return ""
    if competition.voting == Competition.Voting.RANKING:
        return addresses.vote(competition)
    return addresses.vote_for(competition, entry.idea.number)


def no_longer_in(competition: Competition) -> list[Any]:
    """Public ideas that were not taken in, were taken out, or that their authors withdrew, each with the public `reason`.
    One query."""
    if not competition.pk:
        return []
    steps = EntryStep.objects.filter(entry=OuterRef("pk")).order_by("-position")
    entries = Entry.objects.no_longer_in().filter(competition=competition).order_by("idea__number")
    return list(entries.select_related("idea__released_version").annotate(reason=Subquery(steps.values("reason")[:1])))
