"""The desk's pages about measures: reports and values, written and released, and a measure's new name."""

from collections.abc import Iterable
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied, user_passes_test

from accounts.models import User
from pages.words import words

from .. import actions, permissions
from ..models import KpiValue, Measure, ProgressNote
from .frame import head, office_of
from .navigation import tabs
from .report_forms import DeclineForm, NoteForm, RelabelForm, ValueForm

KINDS: dict[str, Any] = {"bericht": ProgressNote, "wert": KpiValue}
FORMS: dict[str, type[NoteForm | ValueForm]] = {"bericht": NoteForm, "wert": ValueForm}
LATEST = 20  # of one's own reports and values on the page
report_staff = user_passes_test(permissions.writes_reports)


@report_staff
@require_safe
@never_cache
def reports(request: HttpRequest) -> HttpResponse:
    """What waits for the lead, the measures one writes about, and what became of one's own reports."""
    return _render_reports(request)


@report_staff
@never_cache
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A report or a value for one measure; which of the two, the button says."""
    measure: Measure = get_object_or_404(Measure.objects.select_related("loesung", "zielbild"), pk=pk)
    user = cast(User, request.user)
    if not permissions.reports_on(user, measure):
        return permission_denied(request)
    shown = {kind: form_class(measure, user, **_begun(request, kind)) for kind, form_class in FORMS.items()}
    status = 200
    kind = request.POST.get("kind", "")
    if request.method == "POST" and kind in FORMS:
        form = shown[kind] = FORMS[kind](measure, user, request.POST)
        if form.is_valid():
            try:
                proposal = form.propose(by=user, office=office_of(request))
            except actions.Refused as problem:
                form.add_error(None, str(problem))
                status = 409
            else:
                messages.success(request, _thanks(proposal))
                return redirect("ideas_desk:reports")
    context = {
        "measure": measure,
        "note_form": shown["bericht"],
        "value_form": shown["wert"],
        "is_public_at_once": permissions.leads(user),
        **_head(_("Bericht zu %(measure)s") % {"measure": measure}, inside=True),
    }
    return render(request, "ideas/desk/report_write.html", context, status=status)


@report_staff
@require_POST
def decide(request: HttpRequest, kind: str, pk: int, decision: str) -> HttpResponse:
    """Release a report or a value, or give it back with words."""
    if kind not in KINDS or decision not in ("freigeben", "zurueckgeben"):
        raise Http404
    proposal, by = get_object_or_404(KINDS[kind], pk=pk), cast(User, request.user)
    form = DeclineForm(proposal, request.POST)
    try:
        if decision == "freigeben":
            actions.release_proposal(proposal, by=by, office=office_of(request))
            messages.success(request, _("Veröffentlicht. Eine E-Mail dazu ist unterwegs."))
        elif form.is_valid():
            actions.decline_proposal(proposal, answer=form.cleaned_data["answer"], by=by)
            messages.success(request, _("Zurückgegeben. Eine E-Mail dazu ist unterwegs."))
        else:
            return _render_reports(request, tried=(proposal, form))
    except actions.Refused as problem:
        messages.error(request, str(problem))
    return redirect("ideas_desk:reports")


@user_passes_test(permissions.relabels)
@never_cache
def relabel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a measure another number, title, Zielbild or Lösung."""
    measure: Measure = get_object_or_404(Measure.objects.select_related("loesung", "zielbild"), pk=pk)
    form, status = RelabelForm(measure, request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            form.relabel(by=cast(User, request.user), office=office_of(request))
        except actions.Refused as problem:
            measure.refresh_from_db()
            form, status = form.again(), 409
            form.add_error(None, str(problem))
        else:
            messages.success(
                request,
                _("%(The_massnahme)s ist neu bezeichnet. Grund und Änderung stehen im Weg %(the_gen_massnahme)s.") % words,
            )
            return redirect("measures:edit", measure.pk)
    context = {"measure": measure, "form": form, **_head(_("%(measure)s neu bezeichnen") % {"measure": measure})}
    return render(request, "ideas/desk/relabel.html", context, status=status)


def _render_reports(request: HttpRequest, tried: tuple[Any, DeclineForm] | None = None) -> HttpResponse:
    user = cast(User, request.user)
    leads = permissions.leads(user)
    waiting = [{"proposal": each, "form": DeclineForm(each), "open": False} for each in _waiting()] if leads else []
    for row in waiting:
        if tried and row["proposal"] == tried[0]:
            row.update(form=tried[1], open=True)
    measures = Measure.objects.all() if leads else Measure.objects.reported_by(user)
    context = {
        "tabs": tabs(user, "reports"),
        "is_lead": leads,
        "waiting": waiting,
        "measures": measures.order_by("sort_order", "code"),
        "mine": _of(user),
        "office": office_of(request),
        **_head(_("Berichte")),
    }
    return render(request, "ideas/desk/reports.html", context)


def _waiting() -> list[Any]:
    return sorted([*_notes().waiting(), *_values().waiting()], key=lambda proposal: proposal.created_at)


def _of(user: User) -> list[Any]:
    latest: Iterable[Any] = [
        *_notes().filter(author=user).order_by("-created_at")[:LATEST],
        *_values().filter(author=user).order_by("-created_at")[:LATEST],
    ]
    return sorted(latest, key=lambda proposal: proposal.created_at, reverse=True)[:LATEST]


def _notes() -> Any:
    return ProgressNote.objects.select_related("measure", "author")


def _values() -> Any:
    return KpiValue.objects.select_related("kpi__measure", "kpi__loesung", "author")


def _begun(request: HttpRequest, kind: str) -> dict[str, Any]:
    """The words of an own report or value that was given back, to go on with; a fresh form is dated today."""
    day, number = timezone.localdate(), request.GET.get(kind, "")
    old = None
    if number.isdecimal() and len(number) <= 9:
        old = KINDS[kind].objects.filter(pk=int(number), author=request.user).first()
    if kind == "bericht":
        return {"happened_on": old.happened_on, "text": old.text} if old else {"happened_on": day}
    if old:
        return {"kpi": old.kpi_id, "measured_on": old.measured_on, "value": old.value, "note": old.note}
    return {"measured_on": day}


def _thanks(proposal: Any) -> str:
    if proposal.is_released:
        return _("Veröffentlicht. Alle können das jetzt lesen.")
    return _("Danke. Die Leitung liest das und gibt es frei. Sie bekommen dann eine E-Mail.")


def _head(title: str, *, inside: bool = False) -> dict[str, Any]:
    above = [(reverse("ideas_desk:reports"), _("Berichte"))] if inside else []
    return head(title, "doc-full", *above, ("", title))
