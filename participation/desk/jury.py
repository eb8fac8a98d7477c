"""The jury at the desk of the lead: who sits in it, how far each member is, what the scores come to once they may be read."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.models import User
from accounts.roles import Role

from .. import actions, clock, permissions
from .. import jury as scoring
from ..jury_forms import AppointForm
from ..models import Competition, JurySheet
from .frame import competition_of, header, lead_only, tabs, user_of


@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def jury(request: HttpRequest, pk: int) -> HttpResponse:
    """/admin/wettbewerbe/<pk>/jury/: appoint and dismiss members, see how far they are."""
    competition = competition_of(pk)
    appointing = request.method == "POST" and request.POST.get("action") == "appoint"
    form = AppointForm(_candidates(competition), request.POST if appointing else None)
    if request.method == "POST":
        if done := _take(request, competition, form if appointing else None):
            messages.success(request, done)
            return redirect("competitions_desk:jury", pk=pk)
        if not appointing:
            return redirect("competitions_desk:jury", pk=pk)
    return render(
        request, "participation/desk/jury.html", _context(request, competition, form), status=422 if form.is_bound else 200
    )


def _candidates(competition: Competition) -> Any:
    """Active people with the role who have no seat in this jury yet."""
    people = User.objects.filter(is_active=True, groups__name=Role.JURY.value)
    return people.exclude(jury_seats__competition=competition).order_by("last_name", "first_name", "email")


def _take(request: HttpRequest, competition: Competition, form: AppointForm | None) -> str:
    """Appoint whom the form names, or without one dismiss the member whose button was pressed. What was done, '' if nothing."""
    try:
        if form is None:
            return _dismiss(request, competition)
        if form.is_valid():
            member = actions.appoint(competition, form.cleaned_data["user"], by=user_of(request))
            return _("%(name)s sitzt jetzt in der Jury und bekommt eine E-Mail.") % {"name": member.user}
    except actions.Refused as problem:
        if form is None:
            messages.error(request, str(problem))
        else:
            form.add_error(None, str(problem))
    return ""


def _dismiss(request: HttpRequest, competition: Competition) -> str:
    key = request.POST.get("member", "")
    if not key.isdecimal() or len(key) > 9:
        raise Http404
    member = competition.jury.select_related("user").filter(pk=int(key)).first()
    if member is None:
        raise actions.Overtaken(_("Dieses Mitglied gehört schon nicht mehr zur Jury."))
    member.competition = competition
    actions.dismiss(member, by=user_of(request))
    return _("%(name)s gehört nicht mehr zur Jury.") % {"name": member.user or _("Ein früheres Konto")}


def _context(request: HttpRequest, competition: Competition, form: AppointForm) -> dict[str, Any]:
    now, user = clock.now(), user_of(request)
    progress = scoring.progress(competition, now)
    conflicts = JurySheet.objects.conflicts_shown_to(user).filter(entry__competition=competition)
    return {
        "competition": competition,
        "progress": progress,
        "conflicts": conflicts.select_related("member__user", "entry__idea__released_version"),
        "form": form,
        "why_not_appoint": permissions.why_not_appoint(user, competition, now=now),
        # Never a score before nothing comes any more; who may read it then is asked once more, sheet by sheet.
        "scores": scoring.scores_of(competition, reader=user, now=now) if progress.is_complete else [],
        "tabs": tabs(user, competition, "jury"),
        **header(_("Jury"), competition),
    }
