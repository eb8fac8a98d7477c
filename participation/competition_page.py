"""What the page of a competition and the page of all competitions show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone

from pages.languages import in_active_language

from . import addresses, rules
from .entry_list import entries_of, no_longer_in
from .models import Competition
from .outcome import Outcome, published_of
from .phase_line import line_of
from .phases import Phase
from .standing import Standing, may_be_published, standing_of

if TYPE_CHECKING:
    from .models import CompetitionIndexPage, CompetitionPage

FAR_AWAY = datetime.max.replace(tzinfo=UTC)


def context_of(page: "CompetitionPage", request: HttpRequest, now: datetime | None = None) -> dict[str, Any]:
    """What a competition's page shows at this moment, by default now; the procedure is the same in every language."""
    now = now or timezone.now()
    competition = page.competition
    outcome = published_of([competition]).get(competition.pk) if may_be_published(competition, now) else None
    standing = standing_of(competition, now, is_published=outcome is not None)
    return {
        "competition": competition,
        "standing": standing,
        "line": line_of(competition, now, is_published=standing.is_published),
        "voting_rules": rules.in_sentences(competition, is_voted=_is_voted(competition, now)),
        "outcome": outcome,
        "result_url": addresses.result(competition),
        "no_longer_in": no_longer_in(competition),
        "steps": list(competition.steps.all()) if competition.pk else [],
        **entries_of(competition, request, now, standing, outcome),
    }


def _is_voted(competition: Competition, now: datetime) -> bool:
    span = competition.span(Phase.VOTING)
    return bool(span and span.is_over(now))


@dataclass(frozen=True)
class Card:
    """One competition in a list: the page in the reader's language, where it stands, what came of it."""

    page: Any
    competition: Competition
    standing: Standing
    outcome: Outcome | None


def cards_of(pages: Iterable[Any], now: datetime) -> list[Card]:
    """A card for every page of a competition. Three queries for any number."""
    by_key = {page.translation_key: page for page in pages}
    competitions = Competition.objects.with_phases().filter(page__translation_key__in=by_key) if by_key else []
    outcomes = published_of(competitions)
    cards = []
    for competition in competitions:
        outcome = outcomes.get(competition.pk)
        standing = standing_of(competition, now, is_published=outcome is not None)
        shown = outcome if standing.is_published else None
        cards.append(Card(by_key[competition.page.translation_key], competition, standing, shown))
    return cards


def context_of_index(page: "CompetitionIndexPage", request: HttpRequest) -> dict[str, Any]:
    """Competitions that run, the one that ends first on top; that come, the next one first; that are over, the latest first."""
    from .models import CompetitionPage

    cards = cards_of(in_active_language(CompetitionPage.objects.live()), timezone.now())
    over = [card for card in cards if card.standing.is_over]
    coming = [card for card in cards if card.standing.is_to_come and not card.standing.is_over]
    return {
        "running": sorted((card for card in cards if card not in over and card not in coming), key=end_of),
        "coming": sorted(coming, key=_begin),
        "past": sorted(over, key=_begin, reverse=True),
    }


def end_of(card: Card) -> datetime:
    """When the phase that runs ends: what lists of competitions are ordered by."""
    return card.standing.ends_at or FAR_AWAY


def _begin(card: Card) -> datetime:
    return card.competition.spans[0].starts_at if card.competition.spans else FAR_AWAY
