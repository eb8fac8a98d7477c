"""The public pages of an edition: from the frozen data alone, drafts for staff only, at most six queries each."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from common.pdf import Unavailable, one_at_a_time
from ideas import actions
from ideas.editions import freeze, pdf
from ideas.models import Edition, Measure
from ideas.workflow import MeasureStatus, Status
from pages.models import LoesungPage, ZielbildPage
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, ZielbildFactory, make_idea

from .small import speak_of_projects

pytestmark = pytest.mark.django_db
ROOT = "/agenda/editionen/"


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(lead=True)


def live_agenda() -> None:
    top = ZielbildFactory(title="Wir kommen an", number=1)
    for number in range(1, 6):
        own = LoesungFactory(
            parent=top, title=f"Lösung {number}", slug=f"l{number}", number=number, problem="<p>Zu wenig Busse.</p>"
        )
        for step in range(3):
            status = list(MeasureStatus)[step]
            MeasureFactory(
                code=f"{number}.{step}",
                title=f"Bus {number}.{step}",
                slug=f"bus-{number}-{step}",
                zielbild=top,
                loesung=own,
                status=status,
            )
    make_idea(Status.KEPT, title="Bank am Bus", loesung=own, measures=(Measure.objects.all()[0],))


def adopted(lead: User, year: int = 2025) -> Edition:
    edition = actions.open_edition(year, f"Agenda {year}", by=lead, foreword="Guten Tag.\n\nViel Freude.")
    actions.propose_edition(edition, by=lead)
    actions.adopt_edition(edition, body="Kreistag", adopted_on=date(2025, 2, 3), resolution_number="5/25", by=lead)
    return edition


PAGES = ["", "2026/", "2026/l3/", "2026/ideen/", "2026/aenderungen/", "2026/druck/", "2026/agenda.json"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_costs_at_most_six_queries(
    lead: User, client: Client, page: str, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    live_agenda()
    adopted(lead)
    Measure.objects.update(summary="Neu")
    adopted(lead, 2026)
    client.get(f"{ROOT}{page}")
    with django_assert_max_num_queries(6):
        assert client.get(f"{ROOT}{page}").status_code == 200


def test_the_file_costs_at_most_six_queries(
    lead: User, client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    adopted(lead)
    monkeypatch.setattr(pdf, "draw", lambda own, data: b"%PDF")
    answer = client.get(f"{ROOT}2025/agenda.pdf")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"%PDF", "application/pdf")
    with django_assert_max_num_queries(6):
        client.get(f"{ROOT}2025/agenda.pdf")


def test_a_page_shows_what_was_frozen_whatever_has_changed_since(lead: User, client: Client) -> None:
    live_agenda()
    adopted(lead)
    pages = [f"{ROOT}2025/{name}" for name in ("", "l3/", "ideen/", "druck/", "agenda.json")]
    before = [client.get(page).content for page in pages]
    Measure.objects.update(text="Ganz anders", summary="Ganz anders")
    ZielbildPage.objects.update(title="Ganz anders")
    LoesungPage.objects.update(title="Ganz anders", slug="weg")
    actions.change_measure_status(
        Measure.objects.all()[0], MeasureStatus.DONE, by=lead, decision=actions.Decision(reason="Fertig.")
    )
    assert [client.get(page).content for page in pages] == before
    assert b"Ganz anders" not in b"".join(before)


def test_words_that_change_later_leave_an_old_edition_as_it_was(lead: User, client: Client) -> None:
    live_agenda()
    adopted(lead)
    speak_of_projects()
    adopted(lead, 2026)
    old, new = (client.get(f"{ROOT}{year}/l3/").content.decode() for year in (2025, 2026))
    assert ">Maßnahmen</h2>" in old
    assert "In Planung" in old
    assert ">Projekte</h2>" in new
    assert "Wird geplant" in new
    assert "Wird geplant" not in old


def test_the_pages_count_what_the_data_hold(lead: User, client: Client) -> None:
    live_agenda()
    adopted(lead)
    html = client.get(f"{ROOT}2025/druck/").content.decode()
    assert html.count('class="edition-measure"') == 15
    assert html.count('<section class="edition-loesung') == 5
    assert html.count('id="idee-') == 1
    assert "Beschlossen von: Kreistag, am 3. Februar 2025, Beschluss 5/25" in html
    data = json.loads(client.get(f"{ROOT}2025/agenda.json").content)
    assert freeze.hash_of(data) == Edition.objects.get().data_hash


@pytest.mark.parametrize("role", ["reviewer", "editor", "project_lead", None])
def test_a_draft_is_shown_to_the_lead_alone(lead: User, client: Client, role: str | None) -> None:
    live_agenda()
    actions.open_edition(2026, "Geheimer Entwurf", by=lead)
    pages = ["2026/", "2026/l3/", "2026/ideen/", "2026/aenderungen/", "2026/druck/", "2026/agenda.json", "2026/agenda.pdf"]
    if role:
        client.force_login(UserFactory(**{role: True}))
    assert [client.get(f"{ROOT}{page}").status_code for page in pages] == [404] * 7
    assert b"Geheimer Entwurf" not in client.get(ROOT).content
    client.force_login(lead)
    answer = client.get(f"{ROOT}2026/")
    assert "Dieser Entwurf ist nicht öffentlich" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert b"Geheimer Entwurf" in client.get(ROOT).content


def test_a_proposal_says_on_every_page_that_it_is_not_adopted(lead: User, client: Client) -> None:
    live_agenda()
    edition = actions.open_edition(2026, "Agenda", by=lead)
    actions.propose_edition(edition, by=lead)
    for page in ("2026/", "2026/l3/", "2026/ideen/", "2026/aenderungen/", "2026/druck/"):
        assert "Noch nicht beschlossen" in client.get(f"{ROOT}{page}").content.decode(), page


def test_a_corrected_edition_leads_to_the_newer_version_once_that_is_adopted(lead: User, client: Client) -> None:
    edition = adopted(lead)
    second = actions.open_correction(edition, "Ein Datum war falsch.", by=lead)
    actions.propose_edition(second, by=lead)
    assert "2025-2" not in client.get(f"{ROOT}2025/").content.decode()
    actions.adopt_edition(second, body="Kreistag", adopted_on=date(2025, 5, 6), resolution_number="9/25", by=lead)
    old = client.get(f"{ROOT}2025/").content.decode()
    assert "Es gibt eine neuere Fassung" in old
    assert f'href="{ROOT}2025-2/"' in old
    new = client.get(f"{ROOT}2025-2/").content.decode()
    assert "Ein Datum war falsch." in new
    assert "neuere Fassung" not in new
    assert "es gilt die neuere" in client.get(ROOT).content.decode()


def test_what_changed_is_told_against_the_edition_adopted_before(lead: User, client: Client) -> None:
    live_agenda()
    adopted(lead)
    assert "erste Edition" in client.get(f"{ROOT}2025/aenderungen/").content.decode()
    Measure.objects.filter(slug="bus-3-0").update(summary="Jetzt mit Dach.")
    adopted(lead, 2026)
    html = client.get(f"{ROOT}2026/aenderungen/").content.decode()
    assert "Jetzt mit Dach." in html
    assert f'href="{ROOT}2026/l3/"' in html


def test_no_address_of_an_edition_answers_with_an_error(lead: User, client: Client) -> None:
    adopted(lead)
    for page in ("2024/", "2025-1/", "2025-2/", "2025/gibtesnicht/", "99999/", "2025-0/", "2025/folgen/", "0000/", "2025-999/"):
        assert client.get(f"{ROOT}{page}").status_code == 404, page


def test_an_edition_without_any_data_has_pages_all_the_same(client: Client) -> None:
    Edition.objects.create(year=2020, title="Leer", state="proposal")
    for page in ("", "ideen/", "aenderungen/", "druck/", "agenda.json"):
        assert client.get(f"{ROOT}2020/{page}").status_code == 200, page


def test_while_another_file_is_drawn_the_reader_is_asked_to_come_back(
    lead: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = adopted(lead)
    drawn: list[str] = []
    monkeypatch.setattr(pdf, "draw", lambda own, data: drawn.append(own.key) or b"%PDF")
    with one_at_a_time():
        answer = client.get(f"/agenda/editionen/{edition.key}/agenda.pdf")
    assert (answer.status_code, drawn) == (503, [])
    assert int(answer["Retry-After"]) > 0
    assert f"/agenda/editionen/{edition.key}/druck/" in answer.text
    client.get(f"/agenda/editionen/{edition.key}/agenda.pdf")
    with one_at_a_time():  # what is kept needs no turn
        assert client.get(f"/agenda/editionen/{edition.key}/agenda.pdf").content == b"%PDF"
    assert drawn == [edition.key]


def test_a_machine_that_draws_no_pdf_says_so_and_offers_the_page(
    lead: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(own: Edition, data: object) -> bytes:
        raise Unavailable

    adopted(lead)
    monkeypatch.setattr(pdf, "draw", refuse)
    answer = client.get(f"{ROOT}2025/agenda.pdf")
    assert answer.status_code == 503
    assert "PDF-Dateien gibt es hier gerade nicht" in answer.content.decode()
    assert f'href="{ROOT}2025/druck/"' in answer.content.decode()
