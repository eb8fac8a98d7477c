"""The page of a competition: what it says and asks for in each phase, and what it never tells."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from participation.competition_page import context_of
from participation.models import Competition, CompetitionPage, Entry
from participation.phases import Phase
from tests.factories import PlaceFactory, UserFactory, make_idea
from tests.factories.participation import (
    BALLOTS, account_voter, competition, entry, guest, index_page, place, plan, publish,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def look(client: Client, found: Competition, query: str = "") -> Any:
    answer = client.get(f"/wettbewerbe/{found.slug}/{query}")
    assert answer.status_code == 200
    return answer


def ways(answer: Any) -> list[tuple[str, str]]:
    return [(way.label, way.url) for way in answer.context["standing"].ways]


@pytest.mark.parametrize("phase", [None, *Phase])
def test_the_page_opens_in_every_phase(client: Client, phase: Phase | None) -> None:
    phases = tuple(Phase)
    found = competition(phase, phases=phases)
    entry(found)
    html = look(client, found).content.decode()
    assert "Die Beiträge" in html
