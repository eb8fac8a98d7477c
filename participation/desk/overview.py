"""All competitions at the desk of the lead, and one of them: where it stands and what comes next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.log_actions import registry

from ideas.desk.frame import head

from .. import clock
from ..log import sentence_of
from ..models import Competition
from ..readiness import missing
from .frame import ICON, header, lead_only, tabs
from .next_step import next_date, next_step, standing, with_desk
from .setup import previews


@lead_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All competitions, the newest first, each with what waits for the lead."""
    now = clock.now()
    rows = [
        {
            "competition": own,
            "standing": standing(own, now),
            "date": next_date(own, now),
            "next": next_step(request.user, own, now),
        }
        for own in with_desk()
    ]
    return render(
        request, "participation/desk/index.html", {"rows": rows, **head(_("Wettbewerbe"), ICON, ("", _("Wettbewerbe")))}
    )


@lead_only
@require_safe
def competition(request: HttpRequest, pk: int) -> HttpResponse:
    """One competition: phase, the next step, its entries in numbers (how many voted nobody reads before the close), the log."""
    own = get_object_or_404(with_desk(), pk=pk)
    now = clock.now()
    context = {
        "competition": own,
        "standing": standing(own, now),
        "date": next_date(own, now),
        "next": next_step(request.user, own, now) if own.page.live else None,
        "missing": missing(own),
        "previews": previews(own),
        "log": _log(own),
        "tabs": tabs(request.user, own, "competition"),
        **header(own.title),
    }
    return render(request, "participation/desk/competition.html", context)


def _log(own: Competition) -> list[dict[str, Any]]:
    """What was done, the newest first: the public steps, and those that Wagtail's log keeps for staff."""
    steps = [
        {"label": sentence_of(step), "note": step.note, "person": step.actor, "when": step.happened_at, "is_public": True}
        for step in own.steps.select_related("actor")
    ]
    entries = [
        {"label": entry.message, "note": "", "person": entry.user, "when": entry.timestamp, "is_public": False}
        for entry in registry.get_logs_for_instance(own).select_related("user")
    ]
    return sorted([*steps, *entries], key=lambda row: row["when"], reverse=True)
