"""/fortschritt/: how well the service promise is kept, as a page and as data."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import promise
from ..models import ReviewSettings


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    days = ReviewSettings.load()
    return render(request, "ideas/progress.html", {"quota": promise.quota(), "promise": days, "months": promise.MONTHS})


@require_safe
def deadlines_json(request: HttpRequest) -> HttpResponse:
    """/fortschritt/fristen.json"""
    return JsonResponse(_data(promise.quota()), json_dumps_params={"ensure_ascii": False, "indent": 2})


@require_safe
def deadlines_csv(request: HttpRequest) -> HttpResponse:
    """/fortschritt/fristen.csv: the same, a figure per row."""
    data = _data(promise.quota())
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


def _data(quota: promise.Quota) -> dict[str, Any]:
    return {
        "since": quota.since.isoformat(),
        "until": quota.until.isoformat(),
        "answers_due": quota.promised,
        "answered": quota.answered,
        "answered_in_time": quota.in_time,
        "open_overdue": quota.open_overdue,
        "percent_in_time": quota.percent,
        "steps": [
            {
                "status": step.status.value,
                "ideas": step.ideas,
                "median_days": step.median_days,
                "promised_days": step.promised_days,
            }
            for step in quota.steps
        ],
    }
