"""Looking up the own ballot after the result is published, and the ballots of an account."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.known import known_contact

from .. import receipts
from ..models import VoterLink
from .fetch import competition_or_404, page_of


@require_safe
def competition_receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """/wettbewerbe/<slug>/beleg/?code=…: what the published file says about one ballot. Says nothing of any code before."""
    competition = competition_or_404(request, slug)
    tally = receipts.published(competition)
    typed = request.GET.get("code", "").strip()[:100]
    code = receipts.tidied(typed)
    found = receipts.find(tally, code) if tally and code else None
    problem = ""
    if tally and typed and not code:
        problem = _("Ein Belegcode hat 16 Zeichen, zum Beispiel: 7K2M-9QP4-X3DW-51HN. Bitte prüfen Sie Ihre Eingabe.")
    elif tally and typed and found is None:
        problem = _("Zu diesem Code gibt es hier keinen Stimmzettel. Bitte vergleichen Sie ihn Zeichen für Zeichen.")
    context = {
        "competition": competition,
        "competition_page": page_of(competition),
        "tally": tally,
        "typed": code or typed,
        "problem": problem,
        "found": found,
    }
    return render(request, "participation/receipt.html", context, status=404 if problem else 200)


@never_cache
@login_required
@require_safe
def my_votes(request: HttpRequest) -> HttpResponse:
    """/konto/abstimmungen/: where this person has voted, as long as ballot and person are connected."""
    contact = known_contact(request)
    links = (
        VoterLink.objects.filter(contact=contact, contact__isnull=False)
        .select_related("competition__page", "ballot")
        .order_by("-cast_at", "-pk")
    )
    return render(request, "participation/my_votes.html", {"links": links})
