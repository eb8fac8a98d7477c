"""Voting: the whole ballot on one page, and a page with one button for one entry. Nothing is changed by opening a page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import actions
from ..ballot_form import BallotForm
from ..models import Ballot, Choice, Competition, Entry
from ..order import shuffled
from ..voters import Voter, network_digest
from .gate import Visit, closed_page, stopped, visit

form_page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@form_page
def competition_vote(request: HttpRequest, slug: str) -> HttpResponse:
    """/wettbewerbe/<slug>/abstimmen/: the whole ballot."""
    here = visit(request, slug, reverse("competition_vote", args=[slug]))
    if request.method == "POST" and here.closed and here.competition.has_voting and request.POST.get("action") == "cast":
        return closed_page(here, late=_form(here, here.ballot(), request.POST))
    if answer := stopped(here):
        return answer
    assert here.voter is not None  # noqa: S101 - the gate has seen to it
    if request.method == "POST" and request.POST.get("action") == "withdraw":
        return _withdraw(here, here.voter)
    ballot = here.ballot()
    form = _form(here, ballot, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _cast(here, here.voter, form, ballot)
    return _show(here, form, ballot)


def _form(here: Visit, ballot: Ballot | None, data: Any) -> BallotForm:
    entries = entries_of(here.competition)
    return BallotForm(here.competition, shuffled(entries, here.competition, here.now), marks_of(ballot), data)


def entries_of(competition: Competition) -> list[Entry]:
    """What can be voted on, with the words of the ideas."""
    return list(Entry.objects.on_show().filter(competition=competition).select_related("idea__released_version"))


def marks_of(ballot: Ballot | None) -> dict[int, int]:
    """What the ballot says: votes or place by the entry's key."""
    choices: Any = ballot.choices.all() if ballot else Choice.objects.none()
    return {choice.entry_id: choice.points or choice.rank for choice in choices}


def _cast(here: Visit, voter: Voter, form: BallotForm, before: Ballot | None) -> HttpResponse:
    competition, network = here.competition, network_digest(here.request, here.competition)
    chosen: dict[str, Any] = {"ranking": form.ranking} if competition.is_ranked else {"points": form.points}
    had_voted = bool(marks_of(before))
    try:
        actions.cast(competition, voter, network=network, **chosen)
    except actions.NoLongerOpen as problem:
        return closed_page(here, late=form, reason=str(problem))
    except actions.Refused as problem:
        form.add_error(None, str(problem))
        return _show(here, form, before)
    messages.success(here.request, _("Ihr Stimmzettel ist geändert.") if had_voted else _("Danke! Ihre Stimme ist abgegeben."))
    return redirect(here.url)


def _withdraw(here: Visit, voter: Voter) -> HttpResponse:
    try:
        actions.withdraw_ballot(here.competition, voter)
    except actions.Refused as problem:
        messages.error(here.request, str(problem))
    else:
        messages.success(here.request, _("Ihr Stimmzettel ist zurückgezogen. Er zählt nicht."))
    return redirect(here.url)


def _show(here: Visit, form: BallotForm, ballot: Ballot | None) -> HttpResponse:
    marks = marks_of(ballot)
    on_ballot = {entry.pk for entry in form.entries.values()}
    context = {
        **here.context(),
        "form": form,
        # An empty ballot is no vote, whatever became of it.
        "ballot": ballot if marks else None,
        "lost": any(entry not in on_ballot for entry in marks),
        "kind": here.competition.voting,
    }
    return render(here.request, "participation/ballot.html", context, status=422 if form.errors else 200)


# --- one vote for one entry -------------------------------------------------------------------------------------------


@never_cache
@form_page
def competition_vote_for(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """/wettbewerbe/<slug>/abstimmen/<number>/: one more vote for this idea, or one less. A ranking is made on the ballot."""
    here = visit(request, slug, reverse("competition_vote_for", args=[slug, number]))
    if here.competition.is_ranked:
        return redirect("competition_vote", slug)
    entry = _entry_or_404(here.competition, number)
    here.about = _("Idee %(number)s") % {"number": number}
    if answer := stopped(here):
        return answer
    assert here.voter is not None  # noqa: S101 - the gate has seen to it
    if request.method == "POST":
        return _one_vote(here, here.voter, entry)
    ballot = here.ballot()
    mine = marks_of(ballot).get(entry.pk, 0)
    left = None if here.competition.budget is None else here.competition.budget - (ballot.spent if ballot else 0)
    context = {
        **here.context(),
        "entry": entry,
        "ballot": ballot if marks_of(ballot) else None,
        "mine": mine,
        "left": left,
        "may_give": mine < here.competition.most_per_entry and left != 0,
    }
    return render(request, "participation/vote_for.html", context)


def _entry_or_404(competition: Competition, number: int) -> Entry:
    entries = Entry.objects.on_show().filter(competition=competition).select_related("idea__released_version")
    entry: Entry = get_object_or_404(entries, idea__number=number)
    return entry


def _one_vote(here: Visit, voter: Voter, entry: Entry) -> HttpResponse:
    competition, back = here.competition, here.request.POST.get("action") == "take_back"
    try:
        if back:
            ballot = actions.take_back(competition, voter, entry)
        else:
            ballot = actions.give(competition, voter, entry, network=network_digest(here.request, competition))
    except actions.Refused as problem:
        messages.error(here.request, str(problem))
    else:
        said = _("Ihre Stimme ist zurückgenommen.") if back else _("Danke! Ihre Stimme ist abgegeben.")
        messages.success(here.request, f"{said} {votes_left(competition, ballot)}".strip())
    return redirect(here.url)


def votes_left(competition: Competition, ballot: Ballot) -> str:
    """How many votes are left, in a sentence; '' where they are not limited, and where none is."""
    if competition.budget is None:
        return ""
    left = competition.budget - ballot.spent
    if not left:
        return ""  # the page itself says so
    sentence = ngettext("Sie haben noch %(left)s Stimme.", "Sie haben noch %(left)s Stimmen.", left)
    return sentence % {"left": left}
