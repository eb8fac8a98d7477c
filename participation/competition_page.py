"""What the page of a competition and the page of all competitions show."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from .models import CompetitionIndexPage, CompetitionPage


def context_of(page: "CompetitionPage", request: HttpRequest, now: datetime | None = None) -> dict[str, Any]:
    return {"competition": page.competition}


def context_of_index(page: "CompetitionIndexPage", request: HttpRequest) -> dict[str, Any]:
    return {}
