"""Editions at the desk of the lead: from opening one to its resolution, with every error beside its field."""

from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from ideas import actions
from ideas.models import Edition, Measure
from tests.factories import MeasureFactory, UserFactory

pytestmark = pytest.mark.django_db
DESK = "/admin/ideen/editionen/"


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(lead=True)


@pytest.fixture
def desk(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def test_the_lead_opens_an_edition_reads_what_changed_proposes_and_enters_the_resolution(desk: Client) -> None:
    MeasureFactory(code="3.1", title="Rufbus")
    sent = desk.post(f"{DESK}neu/", {"year": "2026", "title": "Agenda 2026", "foreword": "Guten Tag"}, follow=True)
    edition = Edition.objects.get()
    assert sent.redirect_chain == [(f"{DESK}{edition.pk}/", 302)]
    assert "Die Agenda ist übernommen" in sent.content.decode()
    assert "Vorschau der Seiten" in sent.content.decode()
    Measure.objects.update(summary="Neu")
    desk.post(f"{DESK}{edition.pk}/neu-uebernehmen/", {"seen": edition.seen})
    edition.refresh_from_db()
    desk.post(f"{DESK}{edition.pk}/texte/", {"title": "Agenda", "foreword": "Hallo", "seen": edition.seen})
    edition.refresh_from_db()
    desk.post(f"{DESK}{edition.pk}/vorschlagen/", {"seen": edition.seen})
    form = desk.get(f"{DESK}{edition.pk}/beschluss/").content.decode()
    assert 'value="Kreistag"' in form
    assert f'name="seen" value="{edition.seen}"' in form
    resolution = {"body": "Kreistag", "adopted_on": "2026-01-15", "resolution_number": "7/26"}
    desk.post(f"{DESK}{edition.pk}/beschluss/", {**resolution, "seen": edition.seen})
    kept = Edition.objects.get()
    assert (kept.state, kept.title, kept.foreword, kept.resolution_number) == ("adopted", "Agenda", "Hallo", "7/26")
    html = desk.get(f"{DESK}{kept.pk}/").content.decode()
    assert "ändert sich nicht mehr" in html
    desk.post(f"{DESK}{kept.pk}/berichtigung/", {"correction": "Ein Datum war falsch.", "seen": kept.seen})
    assert Edition.objects.get(version=2).correction == "Ein Datum war falsch."
    assert "2026-2" in desk.get(DESK).content.decode()


def test_the_page_of_an_edition_tells_what_changed_since_the_one_before(desk: Client, lead: User) -> None:
    MeasureFactory(code="3.1", title="Rufbus")
    first = actions.open_edition(2025, "Alt", by=lead)
    actions.propose_edition(first, by=lead)
    actions.adopt_edition(first, body="Rat", adopted_on=date(2025, 1, 1), resolution_number="1", by=lead)
    Measure.objects.update(summary="Kommt auf Zuruf.")
    second = actions.open_edition(2026, "Neu", by=lead)
    html = desk.get(f"{DESK}{second.pk}/").content.decode()
    assert "2025 → 2026" in html
    assert "Kommt auf Zuruf." in html


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(desk: Client, lead: User) -> None:
    answer = desk.post(f"{DESK}neu/", {"year": "26", "title": "", "foreword": "Mein langer Text"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"year", "title"}
    assert "Mein langer Text" in answer.content.decode()
    edition = actions.open_edition(2026, "Agenda", by=lead)
    actions.propose_edition(edition, by=lead)
    sent = {"body": "Kreistag", "adopted_on": "2999-01-01", "resolution_number": "7/26", "seen": edition.seen}
    answer = desk.post(f"{DESK}{edition.pk}/beschluss/", sent)
    assert answer.status_code == 422
    assert "liegt in der Zukunft" in answer.content.decode()
    assert 'value="7/26"' in answer.content.decode()
    again = desk.post(f"{DESK}neu/", {"year": "2026", "title": "Noch eine", "foreword": ""})
    assert again.status_code == 422
    assert "gibt es schon eine Edition" in again.content.decode()


def test_a_step_from_an_old_page_is_a_message_and_changes_nothing(desk: Client, lead: User) -> None:
    edition = actions.open_edition(2026, "Agenda", by=lead)
    for step in ("vorschlagen", "loeschen", "neu-uebernehmen"):
        answer = desk.post(f"{DESK}{edition.pk}/{step}/", {"seen": "alt"}, follow=True)
        assert "inzwischen geändert" in answer.content.decode(), step
    assert Edition.objects.get().state == "draft"
    assert desk.get(f"{DESK}{edition.pk}/vorschlagen/").status_code == 405


def test_a_lead_does_not_adopt_what_another_has_frozen_anew_meanwhile(desk: Client, lead: User) -> None:
    """The first has the form open while the second takes the proposal back, freezes again and proposes again."""
    other = UserFactory(lead=True)
    edition = actions.open_edition(2026, "Agenda", by=lead)
    actions.propose_edition(edition, by=lead)
    old = edition.seen
    MeasureFactory()
    actions.take_back_edition(edition, by=other)
    actions.refreeze(edition, by=other)
    actions.propose_edition(edition, by=other)
    sent = {"body": "Stadtrat", "adopted_on": "2026-01-15", "resolution_number": "7/26", "seen": old}
    answer = desk.post(f"{DESK}{edition.pk}/beschluss/", sent)
    assert answer.status_code == 422
    assert "inzwischen geändert" in answer.text
    assert "So steht die Edition jetzt" in answer.text
    assert 'value="Stadtrat"' in answer.text, "nothing typed is lost"
    assert Edition.objects.get().state == "proposal"
    newest = Edition.objects.get().seen
    assert f'name="seen" value="{newest}"' in answer.text
    desk.post(f"{DESK}{edition.pk}/beschluss/", {**sent, "seen": newest})
    assert Edition.objects.get().state == "adopted"


def test_texts_written_meanwhile_are_shown_and_not_overwritten(desk: Client, lead: User) -> None:
    edition = actions.open_edition(2026, "Agenda", by=lead)
    old = edition.seen
    actions.describe_edition(edition, title="Agenda der anderen", foreword="Deren Vorwort", by=lead)
    answer = desk.post(f"{DESK}{edition.pk}/texte/", {"title": "Meine", "foreword": "Mein Vorwort", "seen": old})
    assert answer.status_code == 422
    assert "Agenda der anderen" in answer.text
    assert "Deren Vorwort" in answer.text
    assert "Mein Vorwort" in answer.text
    assert Edition.objects.get().foreword == "Deren Vorwort"
    desk.post(f"{DESK}{edition.pk}/vorschlagen/", {"seen": old})
    assert Edition.objects.get().state == "draft", "a step without a form looks at the texts too"
    desk.post(f"{DESK}{edition.pk}/vorschlagen/", {})
    assert Edition.objects.get().state == "draft", "and a step that says nothing of what was seen is not taken"


def test_a_correction_is_opened_for_what_was_seen(desk: Client, lead: User) -> None:
    edition = actions.open_edition(2026, "Agenda", by=lead)
    actions.propose_edition(edition, by=lead)
    actions.adopt_edition(edition, body="Rat", adopted_on=date(2026, 1, 1), resolution_number="1", by=lead)
    answer = desk.post(f"{DESK}{edition.pk}/berichtigung/", {"correction": "Ein Datum war falsch.", "seen": "alt"})
    assert answer.status_code == 422
    assert "Ein Datum war falsch." in answer.text
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("role", ["reviewer", "editor", "project_lead", "admin"])
def test_nobody_but_the_lead_comes_in(client: Client, lead: User, role: str) -> None:
    edition = actions.open_edition(2026, "Agenda", by=lead)
    client.force_login(UserFactory(**{role: True}))
    for page in (
        "",
        "neu/",
        f"{edition.pk}/",
        f"{edition.pk}/texte/",
        f"{edition.pk}/beschluss/",
        f"{edition.pk}/berichtigung/",
    ):
        assert client.get(f"{DESK}{page}").status_code == 302, page
    for step in ("vorschlagen", "loeschen", "neu-uebernehmen", "zuruecknehmen"):
        client.post(f"{DESK}{edition.pk}/{step}/", {"seen": edition.seen})
    assert Edition.objects.get().state == "draft"
