"""The entries of a competition at the desk of the lead: take in, decline, take out, add by number. Every reason is public."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from common.text import whole_number
from ideas.models import Idea

from .. import actions, clock, permissions
from ..models import Competition, Entry
from ..models.entry import EntryQuerySet
from ..phases import Deed
from .entry_forms import STEPS, AddForm, Step, StepForm, steps_of
from .frame import competition_of, header, lead_only, tabs, user_of

PER_PAGE = 50


@dataclass(frozen=True)
class Folder:
    """Entries in one state. `empty`: what is said where there are none."""

    key: str
    label: Any
    rows: Callable[[EntryQuerySet], EntryQuerySet]
    empty: Any


FOLDERS = (
    Folder(
        "vorgeschlagen",
        gettext_lazy("Vorgeschlagen"),
        EntryQuerySet.awaiting_decision,
        gettext_lazy("Über alle Vorschläge ist entschieden."),
    ),
    Folder("dabei", gettext_lazy("Nehmen teil"), EntryQuerySet.taking_part, gettext_lazy("Noch nimmt keine Idee teil.")),
    Folder(
        "draussen",
        gettext_lazy("Nicht dabei"),
        EntryQuerySet.not_taking_part,
        gettext_lazy("Keine Idee wurde abgelehnt oder herausgenommen."),
    ),
)


@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    """/admin/wettbewerbe/<pk>/beitraege/?ordner=…: proposed ones first. What was typed stays where a step is refused."""
    own = competition_of(pk)
    if request.method != "POST":
        return _page(request, own)
    action = request.POST.get("action", "")
    if action == "add":
        return _add(request, own)
    if action == "take_in_all":
        return _take_in_all(request, own)
    if step := STEPS.get(action):
        return _take(request, own, step)
    messages.error(request, _("Bitte wählen Sie, was geschehen soll."))
    return _back(request, own)


# --- steps ----------------------------------------------------------------------------------------------------------


def _take(request: HttpRequest, own: Competition, step: Step) -> HttpResponse:
    entry = _rows(own).filter(pk=whole_number(request.POST.get("entry")) or 0).first()
    if entry is None:
        messages.error(request, _("Diesen Beitrag gibt es nicht."))
        return _back(request, own)
    form = StepForm(step, entry, request.POST)
    if form.is_valid():
        run: Callable[..., Any] = getattr(actions, step.key)
        try:
            run(entry, by=user_of(request), reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"])
        except actions.Refused as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, step.done % {"number": entry.idea.number})
            return _back(request, own)
    return _page(request, own, form, status=422)


def _take_in_all(request: HttpRequest, own: Competition) -> HttpResponse:
    """Several proposed entries at once; whoever can't be taken in is named with the reason and stays."""
    pairs = (part.split(":", 1) for part in request.POST.getlist("chosen") if ":" in part)
    chosen = {key: whole_number(seen) for each, seen in pairs if (key := whole_number(each))}
    found = list(_rows(own).filter(pk__in=list(chosen)))
    done = 0
    for entry in found:
        try:
            actions.take_in(entry, by=user_of(request), seen=chosen[entry.pk])
        except actions.Refused as problem:
            messages.error(request, _("Idee %(number)s: %(why)s") % {"number": entry.idea.number, "why": problem})
        else:
            done += 1
    if done:
        said = ngettext("%(number)d Idee ist aufgenommen.", "%(number)d Ideen sind aufgenommen.", done)
        messages.success(request, said % {"number": done})
    elif not found:
        messages.error(request, _("Bitte wählen Sie mindestens eine Idee aus."))
    return _back(request, own)


def _add(request: HttpRequest, own: Competition) -> HttpResponse:
    """Take in ideas that nobody has proposed. What is refused stays in the form with the reason, the others are taken in."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return _page(request, own, add=form, status=422)
    numbers = form.cleaned_data["numbers"]
    ideas = {idea.number: idea for idea in Idea.objects.filter(number__in=numbers).select_related("author")}
    left: list[int] = []
    for number in numbers:
        try:
            actions.take_in_directly(own, _there(ideas, number), by=user_of(request), reason=form.cleaned_data["reason"])
        except actions.Refused as problem:
            left.append(number)
            form.add_error("numbers", _("Idee %(number)s: %(why)s") % {"number": number, "why": problem})
        else:
            messages.success(request, _("Idee %(number)s nimmt am Wettbewerb teil.") % {"number": number})
    if not left:
        return _back(request, own)
    form.data = {**request.POST.dict(), "numbers": ", ".join(map(str, left))}
    return _page(request, own, add=form, status=422)


def _there(ideas: dict[int | None, Idea], number: int) -> Idea:
    if number not in ideas:
        raise actions.Refused(_("Diese Nummer hat keine Idee."))
    return ideas[number]


def _back(request: HttpRequest, own: Competition) -> HttpResponse:
    folder = _folder(request.POST.get("ordner"))
    where = f"?ordner={folder.key}" if folder else ""
    return redirect(reverse("competitions_desk:entries", args=[own.pk]) + where)


# --- the page ---------------------------------------------------------------------------------------------------------


def _rows(own: Competition) -> EntryQuerySet:
    """The entries that the desk sees: not those of guests who have not confirmed theirs."""
    rows = own.entries.all().handed_in_for_good()  # type: ignore[attr-defined]
    related = rows.select_related("idea__released_version", "idea__merged_root", "idea__author__user")
    found: EntryQuerySet = related.prefetch_related("steps", "idea__versions")
    return found


def _folder(key: str | None) -> Folder | None:
    return next((folder for folder in FOLDERS if folder.key == key), None)


def _page(
    request: HttpRequest, own: Competition, form: StepForm | None = None, add: AddForm | None = None, status: int = 200
) -> HttpResponse:
    numbers = _counts(own)
    asked = request.POST if request.method == "POST" else request.GET
    folder = _folder(asked.get("ordner")) or next((each for each in FOLDERS if numbers[each.key]), FOLDERS[0])
    page = Paginator(folder.rows(_rows(own)).order_by("idea__number"), PER_PAGE).get_page(asked.get("seite"))
    now, bound = clock.now(), form
    rows = [_row(request, entry, bound, now) for entry in page]
    shown = any(bound is each for row in rows for each in row["forms"])
    context = {
        "competition": own,
        "folders": [{"folder": each, "count": numbers[each.key]} for each in FOLDERS],
        "folder": folder,
        "page": page,
        "rows": rows,
        "numbers": numbers,
        "stranded": None if shown else bound,
        "can_take_in_all": any(row["can_take_in"] for row in rows) and folder is FOLDERS[0],
        "add_form": add or AddForm(),
        "why_not_add": permissions.why_not(request.user, Deed.TAKE_IN, own, now=now),
        "tabs": tabs(request.user, own, "entries"),
        **header(_("Beiträge"), own),
    }
    return render(request, "participation/desk/entries.html", context, status=status)


def _counts(own: Competition) -> dict[str, int]:
    """How many entries each folder holds, how many of those that take part nobody has released yet, and how many guests have
    not confirmed theirs. One query for each folder, one for both others."""
    seen = own.entries.all()
    counts = {folder.key: folder.rows(seen.handed_in_for_good()).count() for folder in FOLDERS}  # type: ignore[attr-defined]
    confirmed = Q(pk__in=seen.handed_in_for_good().values("pk"))  # type: ignore[attr-defined]
    return counts | seen.aggregate(
        unreleased=Count("pk", filter=confirmed & Q(state=Entry.State.IN, idea__released_version=None)),
        unconfirmed=Count("pk", filter=~confirmed),
    )


def _row(request: HttpRequest, entry: Entry, bound: StepForm | None, now: datetime) -> dict[str, Any]:
    """One entry with a form for each step that is possible now, and why others are not."""
    forms, reasons = [], []
    for step in steps_of(entry):
        why = permissions.why_not_decide(request.user, step.deed, entry, now=now)
        same = bound is not None and bound.initial["entry"] == entry.pk and bound.step.key == step.key
        if not why:
            forms.append(bound if same else StepForm(step, entry))
        elif why not in reasons:
            reasons.append(why)
    can_take_in = any(form is not None and form.step.deed is Deed.TAKE_IN for form in forms)
    return {"entry": entry, "idea": entry.idea, "forms": forms, "reasons": reasons, "can_take_in": can_take_in}
