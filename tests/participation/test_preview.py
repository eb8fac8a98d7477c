"""The preview of a competition's page by phase: it shows how the page will look, and does nothing."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from participation.models import Ballot, Competition, CompetitionPage, CompetitionPhase
from participation.phases import Phase
from tests.factories import UserFactory
from tests.factories.participation import competition, entry, index_page, place, publish

from .looks import text_of

pytestmark = pytest.mark.django_db


def previewed(found: Any, mode: str) -> str:
    page = CompetitionPage.objects.get(pk=found.page_id)
    answer = page.make_preview_request(preview_mode=mode)
    assert answer.status_code == 200
    return text_of(answer)


@pytest.mark.parametrize(
    ("mode", "label", "asks"),
    [
        ("", "Beiträge werden geprüft", ""),
        ("submission", "Ideen gesucht", "Idee aus dem Ideenspeicher vorschlagen"),
        ("voting", "Abstimmung läuft", "Abstimmen"),
        ("jury", "Jury bewertet", ""),
        ("result", "Wird ausgezählt", ""),
    ],
)
def test_an_editor_sees_the_page_as_it_will_be_in_a_phase(mode: str, label: str, asks: str) -> None:
    found = competition(Phase.REVIEW)
    entry(found)
    words = previewed(found, mode)
    assert label in words
    assert asks in words


def test_the_modes_are_now_and_the_phases_that_are_planned() -> None:
    found = competition(Phase.VOTING, phases=(Phase.SUBMISSION, Phase.VOTING))
    assert [(mode, str(label)) for mode, label in found.page.preview_modes] == [
        ("", "Wie heute"),
        ("submission", "Einreichen"),
        ("voting", "Abstimmung"),
    ]


def test_a_page_without_dates_can_be_looked_at_in_every_phase() -> None:
    found = competition(None)
    assert [mode for mode, _label in found.page.preview_modes] == ["", *Phase.values]
    assert "Abstimmung läuft" in previewed(found, "voting")
    assert not CompetitionPhase.objects.exists()


def test_a_page_that_was_never_saved_can_be_looked_at_and_stays_unsaved() -> None:
    index = index_page()
    page = CompetitionPage(title="Ganz neu", slug="ganz-neu", locale=index.locale, translation_key=uuid.uuid4())
    page.path, page.depth, page.url_path = f"{index.path}0001", index.depth + 1, f"{index.url_path}ganz-neu/"
    for mode, _label in page.preview_modes:
        answer = page.make_preview_request(preview_mode=mode)
        assert answer.status_code == 200
        assert "Ganz neu" in text_of(answer)
    assert not Competition.objects.exists()


def test_the_preview_of_a_new_page_in_the_back_office_works(client: Client) -> None:
    index = index_page()
    client.force_login(UserFactory(is_superuser=True), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("wagtailadmin_pages:preview_on_add", args=["participation", "competitionpage", index.pk])
    form = {"title": "Ganz neu", "slug": "ganz-neu", "intro": "", "body-count": "0", "rules": "null", "prizes": "null",
            "easy_language": "null", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}  # fmt: skip
    assert client.post(address, form).json()["is_valid"]
    answer = client.get(f"{address}?mode=voting")
    assert answer.status_code == 200
    assert "Abstimmung läuft" in text_of(answer)
    assert not Competition.objects.exists()


def test_a_preview_of_an_earlier_phase_shows_no_result() -> None:
    found = competition(Phase.RESULT)
    won = entry(found)
    publish(found, {"ballots": {}, "jury": None, "entries": [place(won, 1, 5)], "method": {}})
    assert "1. Platz" not in previewed(found, "voting")
    assert "1. Platz" in previewed(found, "result")


def test_what_a_preview_leads_to_goes_by_the_true_time(client: Client) -> None:
    found = competition(Phase.REVIEW)
    entry(found)
    previewed(found, "voting")
    assert not Ballot.objects.exists()
    again = Competition.objects.get(pk=found.pk)
    assert again.span(Phase.VOTING) == found.span(Phase.VOTING)
    assert client.get(f"/wettbewerbe/{found.slug}/").context["standing"].is_voting is False
    assert timedelta(0) < again.span(Phase.VOTING).ends_at - again.span(Phase.VOTING).starts_at  # type: ignore[union-attr,operator]
