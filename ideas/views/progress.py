"""/fortschritt/: how far the agenda is and how well the service promise is kept, as pages and as data."""

import csv
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from common.pagination import CountedPaginator, page_urls
from common.text import clean_text
from pages.agenda import agenda_tree

from .. import indicators, progress, progress_charts, progress_data, promise, targets
from ..models import ReviewSettings
from ..monitoring import STANDINGS, Standing
from ..progress_lists import MONTHLY, listings

PER_PAGE = 20


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The entrance: everything at a glance, each number a link to the list behind it."""
    tree, today, days = agenda_tree(), timezone.localdate(), ReviewSettings.load()
    measured = indicators.public(tree, today)
    context = {
        "measures": progress_charts.of_measures(tree),
        "way": progress_charts.of_ideas(progress.way_of_ideas()),
        "activity": progress_charts.of_activity(today),
        "figures": progress_charts.of_figures(progress.figures(tree)),
        "monitoring": progress_charts.of_indicators(measured),
        "warned": [indicator for indicator in measured if indicator.warns],
        "review_on": indicators.review_on(),
        "changes": progress.latest_changes(),
        "quota": promise.quota(days=days),
        "promise": days,
        "months": promise.MONTHS,
    }
    return render(request, "ideas/progress.html", context)


@require_safe
def progress_list(request: HttpRequest) -> HttpResponse:
    """/fortschritt/liste/: what a number counts, by `art` and for some by `monat`."""
    known, notices = listings(), []
    chosen = known.get(request.GET.get("art", ""))
    if chosen is None:
        chosen = known["entscheidungen"]
        if request.GET.get("art"):
            notices.append(_("Diese Liste gibt es nicht. Wir zeigen die Entscheidungen."))
    month = _month(request.GET.get("monat", "")) if chosen.slug in MONTHLY else None
    if request.GET.get("monat") and month is None:
        notices.append(_("Diesen Monat gibt es hier nicht. Wir zeigen alle Monate."))
    rows = chosen.in_month(month) if month else chosen.rows()
    total = rows.count()
    page = CountedPaginator(rows, PER_PAGE, count=total).get_page(request.GET.get("seite"))
    context = {
        "listing": chosen,
        "listing_url": progress.list_url("progress_list", art=chosen.slug),
        "lists": [
            {"label": each.name, "url": progress.list_url("progress_list", art=each.slug), "current": each is chosen}
            for each in known.values()
        ],
        "month": date_format(month, "F Y") if month else "",
        "notices": notices,
        "total_label": chosen.heading(total),
        "lines": chosen.lines(page),
        "page_urls": page_urls(request, page),
    }
    return render(request, "ideas/progress_list.html", context)


def _month(text: str) -> date | None:
    """The first day of a month that is written 2026-03; None for anything else, and for years of which nobody has data."""
    try:
        month = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
    return month if month and 2000 <= month.year <= timezone.localdate().year + 1 else None


@require_safe
def kpis(request: HttpRequest) -> HttpResponse:
    """/fortschritt/kennzahlen/: every figure with its latest value and its target; `stand` narrows it."""
    chosen, notices = _chosen(request, targets.Stand)
    order = list(targets.STANDS)  # what has a value comes first
    rows = sorted(progress.figures(agenda_tree(), chosen), key=lambda kpi: order.index(kpi.stand))
    context = {
        "figures": rows,
        "shares": progress_charts.of_shares(rows),
        "choices": _choices("kpis", targets.STANDS, chosen),
        "chosen": targets.STANDS[chosen] if chosen else None,
        "notices": notices,
        "total_label": ngettext("%(count)s Kennzahl", "%(count)s Kennzahlen", len(rows)) % {"count": len(rows)},
    }
    return render(request, "ideas/progress_kpis.html", context)


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """/fortschritt/indikatoren/: the monitoring, by goal and by theme; `stand` narrows it."""
    chosen, notices = _chosen(request, Standing)
    found = indicators.groups(agenda_tree(), chosen)
    total = sum(len(group.indicators) for group in found)
    context = {
        "groups": found,
        "choices": _choices("indicators", STANDINGS, chosen),
        "chosen": STANDINGS[chosen] if chosen else None,
        "notices": notices,
        "review_on": indicators.review_on(),
        "total_label": ngettext("%(count)s Indikator", "%(count)s Indikatoren", total) % {"count": total},
        "total": total,
    }
    return render(request, "ideas/progress_indicators.html", context)


def _chosen(request: HttpRequest, kind: Any) -> tuple[Any, list[str]]:
    """The state that `stand` names, and what to say about one that doesn't exist."""
    value = request.GET.get("stand", "")
    if value in list(kind):
        return kind(value), []
    text = _("Stand „%(value)s“ gibt es nicht. Wir lassen diese Auswahl weg.") % {"value": clean_text(value)[:60]}
    return None, [text] if value else []


def _choices(url_name: str, states: dict[Any, Any], chosen: Any) -> list[dict[str, Any]]:
    """Links to the whole list and to the part of each state."""
    rows = [{"label": _("Alle"), "url": progress.list_url(url_name), "current": chosen is None}]
    return rows + [
        {"label": state.label, "url": progress.list_url(url_name, stand=state.slug), "current": key == chosen}
        for key, state in states.items()
    ]


# --- as data ----------------------------------------------------------------------------------------------------------


@require_safe
def numbers_json(request: HttpRequest) -> HttpResponse:
    """/fortschritt/zahlen.json: all numbers of the pages."""
    return JsonResponse(progress_data.numbers(), json_dumps_params={"ensure_ascii": False, "indent": 2})


@require_safe
def deadlines_json(request: HttpRequest) -> HttpResponse:
    """/fortschritt/fristen.json"""
    return JsonResponse(progress_data.deadlines(promise.quota()), json_dumps_params={"ensure_ascii": False, "indent": 2})


@require_safe
def deadlines_csv(request: HttpRequest) -> HttpResponse:
    """/fortschritt/fristen.csv: the same, a figure per row."""
    data = progress_data.deadlines(promise.quota())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="fristen.csv"'
    rows = csv.writer(response)
    rows.writerow(["figure", "status", "value"])
    steps = data.pop("steps")
    rows.writerows([name, "", "" if value is None else value] for name, value in data.items())
    for step in steps:
        for name in ("ideas", "median_days", "promised_days"):
            rows.writerow([name, step["status"], "" if step[name] is None else step[name]])
    return response
