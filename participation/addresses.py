"""Where things of a competition stand, in the reader's language (participation/urls.py)."""

from typing import Any

from django.urls import reverse

from .models import Competition


def _of(competition: Competition, name: str, *more: Any) -> str:
    return reverse(f"competition_{name}", args=[competition.slug, *more])


def hand_in(competition: Competition) -> str:
    return _of(competition, "hand_in")


def propose(competition: Competition) -> str:
    return _of(competition, "propose")


def vote(competition: Competition) -> str:
    return _of(competition, "vote")


def vote_for(competition: Competition, number: int | None) -> str:
    """One vote for the idea with this number."""
    return _of(competition, "vote_for", number)


def receipt(competition: Competition) -> str:
    return _of(competition, "receipt")


def result(competition: Competition) -> str:
    return _of(competition, "result")


def ballots(competition: Competition) -> str:
    """The published file, a line a ballot."""
    return _of(competition, "ballots")


def ballots_zip(competition: Competition) -> str:
    """The published file with the script that recounts it."""
    return _of(competition, "ballots_zip")
