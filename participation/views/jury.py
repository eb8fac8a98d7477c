"""A member of a jury, in the account: my juries, the entries of one, one sheet. Members don't get into the back office."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from ideas.models import Criterion

from .. import actions, clock, jury, permissions
from ..jury_forms import ConflictForm, SheetForm
from ..models import Competition, Entry, JuryMember, JurySheet
from .fetch import competition_or_404


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """/konto/jury/: the juries that this person sits in, with what is still to do and until when."""
    user, now = cast(User, request.user), clock.now()
    seen = {found.pk: found for found in Competition.objects.visible_to(user).with_phases().filter(jury__user=user)}
    members = list(JuryMember.objects.able_to_score().filter(user=user, competition__in=seen).order_by("-competition", "pk"))
    for member in members:
        member.user, member.competition = user, seen[member.competition_id]
    return render(request, "participation/jury/home.html", {"seats": jury.seats(members, now), "now": now})


@never_cache
@login_required
@require_safe
def competition(request: HttpRequest, slug: str) -> HttpResponse:
    """/konto/jury/<slug>/: the entries in the member's own order, with the state of each."""
    now = clock.now()
    [seat] = jury.seats([_member_or_404(request, slug)], now)
    return render(request, "participation/jury/competition.html", {"seat": seat, "now": now})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """/konto/jury/<slug>/<number>/: one entry and what the member says of it. What stops them is said on the same page, with
    all that was typed."""
    member = _member_or_404(request, slug)
    own, criteria = _own_sheet(member, number), jury.criteria_of(member.competition)
    action = request.POST.get("action", "")
    form = SheetForm(own, criteria, request.POST if request.method == "POST" else None)
    # One form for both: whoever opens it by mistake, or gives no reason, loses no answer.
    conflict = ConflictForm(request.POST if action == "conflict" else None, initial={"reason": request.POST.get("reason", "")})
    pressed = conflict if action == "conflict" else form
    if request.method == "POST":
        if pressed.is_valid() and (done := _take(own, action, form, conflict)):
            messages.success(request, done)
            return redirect("jury_competition", slug=slug)
        own = _own_sheet(member, number)  # meanwhile it may have been handed in, in another window
    return _render(request, own, criteria, form, conflict)


def _member_or_404(request: HttpRequest, slug: str) -> JuryMember:
    """This person's seat in the jury; the answer is 404 without one, or without the role."""
    found, user = competition_or_404(request, slug), cast(User, request.user)
    if not permissions.sits_in_jury(user, found):
        raise Http404
    member = get_object_or_404(JuryMember, competition=found, user=user)
    member.user, member.competition = user, found
    return member


def _own_sheet(member: JuryMember, number: int | None) -> JurySheet:
    """The member's sheet about the entry of this number; a fresh one, not saved yet, as long as they have done nothing."""
    entries = Entry.objects.shown_to_jury().filter(competition=member.competition)
    related = ("idea__released_version", "idea__author__user", "idea__loesung")
    shown = entries.select_related(*related).prefetch_related("idea__released_version__pictures", "idea__places")
    entry = get_object_or_404(shown, idea__number=number)
    entry.competition = member.competition
    sheets = JurySheet.objects.filter(member=member, entry=entry).prefetch_related("answers")
    own = sheets.first() or JurySheet()
    own.member, own.entry = member, entry
    return own


def _take(own: JurySheet, action: str, form: SheetForm, conflict: ConflictForm) -> str:
    """What was done, to say on the next page; '' if nothing was, said in the form."""
    by, number = cast(User, own.member.user), own.entry.idea.number
    try:
        if problem := permissions.why_not_score(by, own):
            raise actions.Refused(problem)
        saved = actions.sheet_of(own.member, own.entry)
        if action == "conflict":
            actions.declare_conflict(saved, conflict.cleaned_data["reason"], by=by)
            return _("Sie bewerten die Idee %s nicht. Die Leitung sieht den Grund.") % number
        if action == "hand_in":
            actions.hand_in_sheet(saved, form.answers(), form.cleaned_data["comment"], by=by)
            return _("Ihre Bewertung der Idee %s ist abgegeben. Danke!") % number
        actions.save_sheet(saved, form.answers(), form.cleaned_data["comment"], by=by)
    except actions.Incomplete as problem:
        form.say_what_is_missing(str(problem), problem.missing)
        return ""
    except actions.Refused as problem:
        (conflict if action == "conflict" else form).add_error(None, str(problem))
        return ""
    return _("Ihr Entwurf zur Idee %s ist gespeichert.") % number


@dataclass(frozen=True)
class Above:
    """The member's list of this competition, as a step of the crumbs."""

    competition: Competition

    @property
    def title(self) -> str:
        return self.competition.title

    @property
    def url(self) -> str:
        return reverse("jury_competition", args=[self.competition.slug])


def _render(
    request: HttpRequest, own: JurySheet, criteria: list[Criterion], form: SheetForm, conflict: ConflictForm
) -> HttpResponse:
    why_not = permissions.why_not_score(request.user, own)
    context = {
        "competition": own.member.competition,
        "above": Above(own.member.competition),
        "idea": own.entry.idea,
        "sheet": own,
        "form": form,
        "conflict": conflict,
        "why_not": why_not,
        "others": _others(request, own, criteria),
    }
    status = (409 if why_not else 422) if form.is_bound else 200
    return render(request, "participation/jury/sheet.html", context, status=status)


def _others(request: HttpRequest, own: JurySheet, criteria: list[Criterion]) -> list[dict[str, Any]]:
    """What others say of the entry, as far as this person may read it: name, comment, and the step for each criterion."""
    sheets = JurySheet.objects.visible_to(request.user).handed_in().filter(entry=own.entry).exclude(member=own.member)
    found = []
    for number, each in enumerate(sheets.select_related("member__user").prefetch_related("answers"), start=1):
        given = {answer.criterion_id: answer.answer for answer in each.answers.all()}
        name = each.member.user.get_full_name() if each.member.user else ""
        found.append(
            {
                "name": name or _("Ein weiteres Mitglied (%s)") % number,
                "comment": each.comment,
                "answers": [(criterion, criterion.label_of(given.get(criterion.pk, ""))) for criterion in criteria],
            }
        )
    return found
