"""Where things of a competition stand, in the reader's language (participation/urls.py)."""

from common.addresses import in_language

from .models import Competition


def _of(competition: Competition, rest: str) -> str:
    return in_language(f"/wettbewerbe/{competition.slug}/{rest}")


def hand_in(competition: Competition) -> str:
    return _of(competition, "einreichen/")


def propose(competition: Competition) -> str:
    return _of(competition, "vorschlagen/")


def vote(competition: Competition) -> str:
    return _of(competition, "abstimmen/")


def vote_for(competition: Competition, number: int | None) -> str:
    """One vote for the idea with this number."""
    return _of(competition, f"abstimmen/{number}/")


def receipt(competition: Competition) -> str:
    return _of(competition, "beleg/")


def result(competition: Competition) -> str:
    return _of(competition, "ergebnis/")


def ballots(competition: Competition) -> str:
    """The published file, a line a ballot."""
    return _of(competition, "ergebnis/stimmzettel.jsonl")


def ballots_zip(competition: Competition) -> str:
    """The published file with the script that recounts it."""
    return _of(competition, "ergebnis/stimmzettel.zip")
