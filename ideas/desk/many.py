"""What pages of the desk for several ideas share."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from pages.models import SiteSettings

from ..models import Idea, TrailEntry


def ideas_by_number(request: HttpRequest, numbers: list[int]) -> list[Idea]:
    """These ideas in this order, as far as there are any."""
    rows = Idea.objects.visible_to(request.user).filter(number__in=numbers)
    rows = rows.select_related("released_version", "author__user", "loesung").prefetch_related("versions")
    return sorted(rows, key=lambda idea: numbers.index(idea.number or 0))


def idea_or_404(request: HttpRequest, number: int) -> Idea:
    ideas = Idea.objects.visible_to(request.user).select_related("released_version", "author__user", "loesung")
    return get_object_or_404(ideas, number=number)


def changed_meanwhile(ideas: Sequence[Idea], seen: dict[int, int]) -> list[TrailEntry]:
    """What others did with these ideas meanwhile: the latest step of each that isn't as it was on the page."""
    latest = {idea.pk: idea.trail_length for idea in ideas if seen.get(idea.pk) != idea.trail_length}
    entries = TrailEntry.objects.filter(idea__in=list(latest)).select_related("idea", "text__actor")
    return [entry for entry in entries.order_by("idea__number") if latest[entry.idea_id] == entry.position]


def listed(ideas: Sequence[Idea]) -> str:
    *most, last = [str(idea.number) for idea in ideas]
    return f"{', '.join(most)} {_('und')} {last}" if most else last


def office_of(request: HttpRequest) -> str:
    office: str = SiteSettings.for_request(request).office
    return office


def header(title: str) -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("ideas_desk:inbox"), "label": _("Ideen prüfen")},
        {"url": "", "label": title},
    ]
    return {"header_title": title, "header_icon": "tasks", "breadcrumbs_items": crumbs}
