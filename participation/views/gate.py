"""Who may come to the ballot: what somebody is told whose vote is not possible (now, or at all), and how a guest gets known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.known import ask_to_prove, forget, masked
from common.forms import AddressForm

from .. import addresses, clock, permissions
from ..actions.ballots import ballot_of
from ..local_time import moment_in_words
from ..models import Ballot, Competition
from ..phases import Phase, Span
from ..voters import Voter, voter_of
from .fetch import competition_or_404, page_of


@dataclass
class Visit:
    """Somebody on one of the pages for voting in a competition. `url` is the page's own address."""

    request: HttpRequest
    competition: Competition
    url: str
    now: datetime
    voter: Voter | None
    about: str = ""  # the one idea that the page is about

    @property
    def closed(self) -> str:
        """Why nobody can vote now; '' while the voting is open."""
        return str(permissions.why_no_voting(self.competition, now=self.now))

    @property
    def not_entitled(self) -> str:
        """Why this person has no vote here."""
        return str(permissions.why_not_entitled(self.voter, self.competition))

    @property
    def proves_by_mail(self) -> bool:
        """Whether a confirmed address is enough for somebody whom we don't know yet."""
        return self.voter is None and self.competition.electorate == Competition.Electorate.EMAIL

    def ballot(self) -> Ballot | None:
        return ballot_of(self.competition, self.voter) if self.voter else None

    def context(self) -> dict[str, Any]:
        """What every page for voting says: where one is, and as whom."""
        guest = self.voter.contact.address if self.voter and self.voter.is_guest else ""
        return {
            "competition": self.competition,
            "competition_page": page_of(self.competition),
            "url": self.url,
            "about": self.about,
            "vote_url": addresses.vote(self.competition),
            "receipt_url": addresses.receipt(self.competition),
            "guest_hint": masked(guest),
            "closes": moment_in_words(span.ends_at) if (span := self._span()) and span.ends_at else "",
        }

    def _span(self) -> Span | None:
        return self.competition.span(Phase.VOTING)


def visit(request: HttpRequest, slug: str, url: str) -> Visit:
    """Somebody comes to the page `url` of this competition. Raises Http404 where they may not see it."""
    return Visit(request, competition_or_404(request, slug), url, clock.now(), voter_of(request, acting=True))


def stopped(visit: Visit) -> HttpResponse | None:
    """The answer to somebody who can't vote, or wants to be somebody else; None for whoever can."""
    request = visit.request
    if request.method == "POST" and request.POST.get("action") == "forget":
        forget(request)
        return redirect(visit.url)
    if visit.closed:
        return closed_page(visit)
    if visit.not_entitled:
        return _at_the_door(visit)
    return None


def closed_page(visit: Visit, late: Any = None, reason: str = "") -> HttpResponse:
    """Voting is not possible now. `late`: what somebody sent all the same, as a bound form."""
    context = {**visit.context(), "reason": reason or visit.closed, "late": late, "ballot": visit.ballot()}
    return render(visit.request, "participation/vote_closed.html", context, status=409 if late else 200)


def _at_the_door(visit: Visit) -> HttpResponse:
    request = visit.request
    form = AddressForm(request.POST if request.method == "POST" else None) if visit.proves_by_mail else None
    if form is not None and form.is_valid():
        with transaction.atomic():
            ask_to_prove(form.cleaned_data["email"], leads_to=visit.url, language=form.cleaned_data["language"])
        # The same answer whether we know the address or not, and whether it got too many mails already.
        return redirect(f"{visit.url}?gesendet")
    context = {
        **visit.context(),
        "form": form,
        "reason": visit.not_entitled,
        "must_be_verified": visit.voter is not None and not visit.voter.is_guest,
        "mail_sent": visit.proves_by_mail and "gesendet" in request.GET,
        "sign_in_url": f"{reverse('account_login')}?next={visit.url}",
    }
    return render(request, "participation/vote_door.html", context, status=422 if form is not None and form.errors else 200)
