"""What competitions add to the pages of others (pages/context.py)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from pages.context import provides
from pages.languages import in_own_words
from pages.models import HomePage

from .competition_page import Card, end_of
from .models import CompetitionPhase
from .phases import Phase
from .standing import standing_of

MOST = 2
_ASKING = (Phase.SUBMISSION, Phase.VOTING)


@provides(HomePage)
def competitions(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    """The competitions in which everybody can do something now, the one that ends first on top. In German one query as long as
    there is none."""
    now = timezone.now()
    running = CompetitionPhase.objects.running(now).filter(phase__in=_ASKING, competition__page__live=True)
    running = running.select_related("competition__page").prefetch_related("competition__phases").order_by("ends_at", "pk")
    found = [row.competition for row in running[:MOST]]
    if not found:
        return {"competitions": []}
    pages = in_own_words([competition.page for competition in found])
    cards = [
        Card(
            pages.get(competition.page.translation_key, competition.page),
            competition,
            standing_of(competition, now, is_published=False),
            None,
        )
        for competition in found
    ]
    return {"competitions": sorted((card for card in cards if card.standing.asks_for_something), key=end_of)}
