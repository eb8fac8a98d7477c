"""What ideas and measures add to the agenda's pages (pages/context.py)."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from common.rows import as_objects, attach
from pages.agenda import agenda_tree, attach_loesungen
from pages.context import provides
from pages.languages import in_active_language, source_of
from pages.models import AgendaPage, EventPage, HomePage, LoesungPage, NewsPage, Theme, ZielbildPage

from .attached import HERE, place_rows
from .measure_page import with_charts
from .models import Idea, Kpi, Measure, Place, TrailEntry
from .progress import Stage, way_of_ideas
from .voice_links import voice_links
from .workflow import DECISIONS, MEASURE_STATES, PUBLIC_STATUSES, MeasureStatus


@provides(HomePage)
def home(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    tree = _tree_with_numbers()
    latest = list(
        Idea.objects.public()
        .with_comment_count()
        .order_by("-number")
        .select_related("released_version")
        .prefetch_related("places")[:3]
    )
    attach_loesungen(latest, tree)
    return {
        "zielbilder": tree,
        "flow": _flow(),
        "decisions": _latest_decisions(),
        "measure_states": _measure_states([state for zielbild in tree for state in zielbild.measure_statuses]),
        "news": list(in_active_language(NewsPage.objects.live()).order_by("-date", "-pk").select_related("picture")[:3]),
        "latest_ideas": latest,
        "next_event": in_active_language(EventPage.objects.live()).upcoming().first(),
    }


@provides(EventPage)
def event(page: EventPage, request: HttpRequest) -> dict[str, Any]:
    here = Idea.objects.public().filter(event__translation_key=page.translation_key).order_by("number")
    ideas = list(here.with_comment_count().select_related("released_version").prefetch_related("places"))
    attach_loesungen(ideas, agenda_tree())
    return {"ideas": ideas}


@provides(AgendaPage)
def agenda(page: AgendaPage, request: HttpRequest) -> dict[str, Any]:
    return {"zielbilder": agenda_tree(), "themes": list(Theme.objects.all())}


@provides(ZielbildPage)
def zielbild(page: ZielbildPage, request: HttpRequest) -> dict[str, Any]:
    tree = _tree_with_numbers()
    branch = next((branch for branch in tree if branch.translation_key == page.translation_key), None)
    own, reaching_in = _measures_of(branch, tree) if branch else ([], [])
    return {
        "loesungen": branch.loesungen if branch else [],
        "measures": own,
        "interfaces": reaching_in,
        "idea_count": branch.idea_count if branch else 0,
    }


def _measures_of(branch: ZielbildPage, tree: list[ZielbildPage]) -> tuple[list[Measure], list[Measure]]:
    """Its own measures, and those of other Zielbilder that name it as an interface. One query."""
    concerned = Measure.objects.filter(Q(zielbild=branch.source) | Q(interfaces=branch.source)).distinct()
    measures = list(concerned.select_related("kind").in_progress_order())
    attach_loesungen(measures, tree)
    own = [measure for measure in measures if measure.zielbild_id == branch.source.pk]
    others = {zielbild.source.pk: zielbild for zielbild in tree if zielbild is not branch}
    reaching_in = [measure for measure in measures if measure.zielbild_id in others]
    for measure in own:
        measure.zielbild = branch
    for measure in reaching_in:
        measure.zielbild = others[measure.zielbild_id]
    return own, reaching_in


@provides(LoesungPage)
def loesung(page: LoesungPage, request: HttpRequest) -> dict[str, Any]:
    here = Measure.objects.filter(loesung__translation_key=page.translation_key)
    measures = list(here.select_related("kind").in_progress_order())
    handed_in = Idea.objects.public().filter(loesung__translation_key=page.translation_key).order_by("number")
    ideas = list(handed_in.with_comment_count().select_related("released_version").annotate(place_rows=place_rows(ideas=HERE)))
    for idea in ideas:
        idea.loesung = page
        attach(idea, "places", as_objects(Place, idea.place_rows))
    for measure in measures:
        measure.loesung, measure.zielbild = page, page.zielbild
    return {
        "measures": measures,
        "ideas": ideas,
        "ideas_url": f"{reverse('idea_list')}?{urlencode({'loesung': source_of(page).slug})}",
        "kpis": with_charts(Kpi.objects.filter(loesung__translation_key=page.translation_key).with_public_values()),
        "personas": list(page.personas.all()),
        "voices": voice_links(page),
    }


def _tree_with_numbers() -> list[Any]:
    """The agenda with the number of measures and public ideas on each Zielbild and Lösung. Four queries."""
    tree = agenda_tree()
    ideas = dict(Idea.objects.public().order_by().values_list("loesung").annotate(hits=Count("pk")))
    measures = list(Measure.objects.order_by().values_list("zielbild", "loesung", "status"))
    for branch in tree:
        own = [(loesung_pk, status) for zielbild_pk, loesung_pk, status in measures if zielbild_pk == branch.source.pk]
        branch.measure_statuses = [status for _loesung, status in own]
        branch.measure_count, branch.loesung_count = len(own), len(branch.loesungen)
        for leaf in branch.loesungen:
            leaf.idea_count = ideas.get(leaf.source.pk, 0)
            leaf.measure_count = sum(loesung_pk == leaf.source.pk for loesung_pk, _status in own)
        branch.idea_count = sum(leaf.idea_count for leaf in branch.loesungen)
    return tree


def _flow() -> list[Stage]:
    """The way of ideas as the home page draws it."""
    stages = way_of_ideas()
    return [stages[key] for key in ("handed_in", "open", "kept", "under_way", "running")]


def _latest_decisions() -> list[TrailEntry]:
    entries = TrailEntry.objects.filter(
        action__in=DECISIONS, idea__released_version__isnull=False, idea__status__in=PUBLIC_STATUSES, text__redacted_at=None
    )
    return list(entries.exclude(reason_hash="").order_by("-happened_at").select_related("idea__released_version", "text")[:3])


def _measure_states(statuses: list[str]) -> list[dict[str, Any]]:
    total = len(statuses) or 1
    states = []
    for status in MeasureStatus:
        state, count = MEASURE_STATES[status], statuses.count(status)
        url = f"{reverse('measure_list')}?{urlencode({'status': state.slug})}"
        states.append({"state": state, "count": count, "url": url, "percent": round(100 * count / total)})
    return states
