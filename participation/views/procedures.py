"""/beteiligung/: all ways to take part at a glance, as a page and as a calendar."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_safe

from common.addresses import absolute
from common.pagination import page_urls
from common.text import clean_text
from ideas.progress import list_url

from .. import procedure_calendar, procedures
from ..procedures import PROVIDERS, Stand

PER_PAGE = 20
HEADINGS = {
    Stand.RUNNING: _later("Was gerade läuft"),
    Stand.COMING: _later("Was kommt"),
    Stand.PAST: _later("Was daraus wurde"),
}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What runs and what comes stands on the first page; what is over goes on over several. `art` and `stand` narrow it."""
    kind, unknown_kind = _chosen(request, "art", [provider.slug for provider in PROVIDERS])
    stand, unknown_stand = _chosen(request, "stand", Stand.values)
    parts = procedures.all_procedures(request.user, timezone.now(), [kind] if kind else [])
    if stand:
        parts = {each: part if each == stand else [] for each, part in parts.items()}
    page = Paginator(parts[Stand.PAST], PER_PAGE).get_page(request.GET.get("seite"))
    shown = {each: parts[each] if page.number == 1 else [] for each in (Stand.RUNNING, Stand.COMING)} | {Stand.PAST: list(page)}
    procedures.complete([procedure for part in shown.values() for procedure in part])
    context = {
        "parts": [{"stand": each, "heading": HEADINGS[each], "procedures": part} for each, part in shown.items() if part],
        "kinds": _choices(kind, [(each.slug, each.label) for each in PROVIDERS], "art", stand=stand),
        "stands": _choices(stand, Stand.choices, "stand", art=kind),
        "notices": [*unknown_kind, *unknown_stand],
        "page_urls": page_urls(request, page),
        "calendar_url": absolute(reverse("procedures_ics")),
    }
    return render(request, "participation/procedures.html", context)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """/beteiligung/kalender.ics: to subscribe to. The same for everybody: nobody's calendar signs in."""
    return procedure_calendar.file(timezone.now())


def _chosen(request: HttpRequest, name: str, known: list[str]) -> tuple[str, list[str]]:
    """The value of this filter, '' for none, and what to say about one that doesn't exist."""
    value = request.GET.get(name, "")
    if not value or value in known:
        return value, []
    return "", [_("Die Auswahl „%(value)s“ gibt es nicht. Wir lassen sie weg.") % {"value": clean_text(value)[:60]}]


def _choices(chosen: str, values: Any, name: str, **other: str) -> list[dict[str, Any]]:
    """Links to all and to each value of this filter; the other filter keeps its value."""
    return [
        {"label": label, "url": list_url("procedures", **other, **{name: value}), "current": value == chosen}
        for value, label in [("", _("Alle")), *values]
    ]
