"""What came of a competition, for readers: the published result, its places and numbers. Counts nothing: the tally has."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ideas.models import Idea

from .models import Competition, Tally
from .recount import Row
from .tally import published_results


@dataclass(frozen=True)
class Place:
    """One entry in the published result. Scores are texts as the published file has them, '' where there are none."""

    number: int
    title: str
    place: int | None
    tied: bool
    votes: int
    account: int
    guest: int
    public: str
    jury: str
    total: str
    state: str

    @property
    def label(self) -> str:
        """1. Platz; of those that share it each says so. '' for one that doesn't take part any longer."""
        if self.place is None:
            return ""
        words = _("%(place)s. Platz, geteilt") if self.tied else _("%(place)s. Platz")
        return words % {"place": self.place}

    @property
    def url(self) -> str:
        return reverse("idea_detail", args=[self.number])

    @property
    def is_first(self) -> bool:
        return self.place == 1

    @property
    def was_withdrawn(self) -> bool:
        return self.state == "withdrawn"


@dataclass(frozen=True)
class Outcome:
    """A published result."""

    competition: Competition
    head: str
    places: list[Place]
    ballots: dict[str, int]
    jury: dict[str, int] | None
    method: dict[str, Any]
    published_at: Any

    @property
    def standing(self) -> list[Place]:
        """The entries that have a place, the first one first."""
        return [place for place in self.places if place.place is not None]

    @property
    def others(self) -> list[Place]:
        """Entries that no longer take part, with what they had got."""
        return [place for place in self.places if place.place is None]

    @property
    def winners(self) -> list[Place]:
        """Who is first: several where they are tied."""
        return [place for place in self.places if place.is_first]

    @property
    def best(self) -> list[Place]:
        """The first three places, with all who share them."""
        return [place for place in self.standing if place.place is not None and place.place <= 3]


def published_of(competitions: Iterable[Competition]) -> dict[int, Outcome]:
    """The published results by the key of their competition. Two queries, without the files; one where there is none."""
    known = {competition.pk: competition for competition in competitions if competition.pk}
    if not known:
        return {}
    tallies = list(Tally.objects.filter(competition__in=known, published_at__isnull=False).defer("file"))
    pairs = zip(tallies, published_results(tallies), strict=True)
    return {tally.competition_id: _outcome(tally, result, known[tally.competition_id]) for tally, result in pairs}


def place_of(tally: Tally, idea: Idea) -> Place | None:
    """The place of this idea, which everybody can read, in a published result; None if it has none. No query."""
    own = next((row for row in tally.result["entries"] if row["number"] == idea.number), None)
    return _place(own) if own and own.get("place") is not None else None


def _outcome(tally: Tally, result: Row, competition: Competition) -> Outcome:
    """The result of a count as readers get it."""
    return Outcome(
        competition=competition,
        head=tally.head,
        places=[_place(row) for row in result["entries"]],
        ballots=result["ballots"],
        jury=result.get("jury"),
        method=result.get("method") or {},
        published_at=tally.published_at,
    )


def _place(row: dict[str, Any]) -> Place:
    scores = {name: row.get(name) or "" for name in ("public", "jury", "total")}
    return Place(
        number=row["number"],
        title=row["title"],
        place=row.get("place"),
        tied=bool(row.get("tied")),
        votes=row.get("votes") or 0,
        account=row.get("account") or 0,
        guest=row.get("guest") or 0,
        state=row.get("state", "in"),
        **scores,
    )
