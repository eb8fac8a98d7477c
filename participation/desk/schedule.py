"""The dates of a competition at the desk of the lead: the whole schedule, and letting the running phase last longer."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from .. import actions, clock, permissions
from ..actions import planning
from ..models import Competition
from ..phase_line import end_in_words, span_in_words
from ..phases import Deed, Span, span_at
from .frame import competition_of, header, lead_only, tabs, user_of
from .schedule_forms import ExtendForm, ScheduleForm


@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """All phases with begin and end."""
    own, now, sent = competition_of(pk), clock.now(), request.method == "POST"
    form = ScheduleForm(request.POST if sent else None, competition=own, now=now)
    newest: Competition | None = None
    if sent and form.is_valid():
        try:
            actions.check_schedule_seen(own, request.POST.get("seen", ""))
            step = actions.plan(own, form.spans, by=user_of(request), note=form.cleaned_data["note"])
        except actions.Unfit as problem:
            form.refuse(problem.problems)
        except actions.Refused as problem:
            form.add_error(None, str(problem))
            newest = competition_of(pk) if isinstance(problem, actions.Overtaken) else None
        else:
            shown = _("Der Ablauf ist gespeichert. Was sich geändert hat, steht auf der Seite des Wettbewerbs.")
            messages.success(request, shown if step else _("Der Ablauf ist gespeichert."))
            return redirect("competitions_desk:schedule", own.pk)
    extra = {
        "closed": permissions.why_not(request.user, Deed.PLAN, own, now=now),
        "newest": _in_words(newest.spans) if newest else [],
        "may_extend": not permissions.why_not(request.user, Deed.EXTEND, own, now=now),
        "asks_note": own.was_public and bool(own.spans),
    }
    return _page(request, "participation/desk/schedule.html", newest or own, form, _("Ablauf"), extra)


@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the running phase last longer: first what moves with it is shown, then it is done."""
    own, now, sent = competition_of(pk), clock.now(), request.method == "POST"
    running = span_at(own.spans, now)
    problem = permissions.why_not(request.user, Deed.EXTEND, own, now=now)
    if problem and not sent:
        messages.error(request, str(problem))
        return redirect("competitions_desk:schedule", own.pk)
    form = ExtendForm(request.POST if sent else None, initial={"new_end": running.ends_at if running else None})
    preview: list[dict[str, str]] = []
    if sent and form.is_valid():
        preview = _preview(request, form, own, now)
        if preview and request.POST.get("previewed") == _key(form) and _extended(request, form, own):
            messages.success(request, _("Die Phase ist verlängert. Ihr Hinweis steht auf der Seite des Wettbewerbs."))
            return redirect("competitions_desk:schedule", own.pk)
    newest = competition_of(pk) if form.errors else own
    running = span_at(newest.spans, now) or running
    preview = [] if form.errors else preview
    end = end_in_words(running.ends_at) if running and running.ends_at else ""
    extra = {"running": running, "end": end, "preview": preview, "previewed": _key(form) if preview else ""}
    return _page(request, "participation/desk/extend.html", newest, form, _("Phase verlängern"), extra)


def _preview(request: HttpRequest, form: ExtendForm, own: Competition, now: datetime) -> list[dict[str, str]]:
    """The phases that would change, from the running one on, each with its old dates; what is refused stands in the form."""
    try:
        actions.check_schedule_seen(own, request.POST.get("seen", ""))
        after = planning.extended(own, form.cleaned_data["new_end"], now)
    except actions.Refused as problem:
        form.refuse(problem)
        return []
    pairs = zip(_in_words(after), _in_words(own.spans), strict=True)
    return [{**new, "old": old["dates"]} for new, old in pairs if new != old]


def _extended(request: HttpRequest, form: ExtendForm, own: Competition) -> bool:
    try:
        actions.extend(own, form.cleaned_data["new_end"], note=form.cleaned_data["note"], by=user_of(request))
    except actions.Refused as problem:
        form.refuse(problem)
        return False
    return True


def _page(request: HttpRequest, template: str, own: Competition, form: Any, title: str, extra: dict[str, Any]) -> HttpResponse:
    context = {
        "competition": own,
        "form": form,
        "seen": planning.seen_of(own),
        "back": reverse("competitions_desk:competition", args=[own.pk]),
        "tabs": tabs(request.user, own, "schedule"),
        **extra,
        **header(title, own),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _key(form: ExtendForm) -> str:
    """The end that a preview was shown for."""
    end: datetime = form.cleaned_data["new_end"]
    return end.isoformat()


def _in_words(spans: list[Span]) -> list[dict[str, str]]:
    """Name and dates of each phase."""
    return [{"phase": str(span.phase.label), "dates": span_in_words(span)} for span in spans]
