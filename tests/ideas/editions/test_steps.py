"""The steps with an edition: who may, in which order, and that an adopted one never changes, whoever tries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from common.models import OutboxMessage
from ideas import actions
from ideas.actions import Overtaken, Refused
from ideas.editions import freeze, pdf
from ideas.models import Edition, EditionFile, Measure
from ideas.models.edition import Unchangeable
from tests.at_once import at_once
from tests.factories import MeasureFactory, UserFactory
from tests.ideas.sql import assert_refused, execute

pytestmark = pytest.mark.django_db
RESOLUTION: dict[str, Any] = {"body": "Kreistag", "adopted_on": date(2026, 1, 15), "resolution_number": "12/2026"}


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(lead=True)


def draft(lead: User, year: int = 2026) -> Edition:
    return actions.open_edition(year, "Agenda", by=lead)


def proposal(lead: User) -> Edition:
    edition = draft(lead)
    actions.propose_edition(edition, by=lead)
    return edition


def adopted(lead: User) -> Edition:
    edition = proposal(lead)
    actions.adopt_edition(edition, by=lead, **RESOLUTION)
    return edition


# --- the way ----------------------------------------------------------------------------------------------------------


def test_an_edition_goes_from_draft_over_proposal_to_adopted_and_the_log_says_who_took_each_step(lead: User) -> None:
    measure = MeasureFactory(title="Alt")
    edition = draft(lead)
    assert (edition.state, edition.key, edition.data_hash) == ("draft", "2026", freeze.hash_of(edition.data))
    Measure.objects.filter(pk=measure.pk).update(summary="Neu")
    actions.refreeze(edition, by=lead)
    actions.describe_edition(edition, title=" Neuer  Titel ", foreword="Guten Tag", by=lead)
    actions.propose_edition(edition, by=lead)
    actions.take_back_edition(edition, by=lead)
    actions.propose_edition(edition, by=lead)
    actions.adopt_edition(edition, by=lead, **RESOLUTION)
    kept = Edition.objects.get()
    assert (kept.state, kept.title, kept.foreword) == ("adopted", "Neuer Titel", "Guten Tag")
    assert (kept.body, kept.resolution_number) == ("Kreistag", "12/2026")
    assert freeze.measures_of(kept.data)[0]["summary"] == "Neu"
    assert freeze.hash_of(kept.data) == kept.data_hash
    steps = ModelLogEntry.objects.filter(object_id=str(edition.pk)).order_by("timestamp")
    assert [(entry.action.removeprefix("ideas.edition."), entry.user) for entry in steps] == [
        (name, lead) for name in ("open", "refreeze", "describe", "propose", "take_back", "propose", "adopt")
    ]


def test_the_edition_stays_as_it_is_when_the_agenda_moves_on(lead: User) -> None:
    measure = MeasureFactory(title="Bus", text="Wie damals.")
    edition = adopted(lead)
    before = freeze.canonical(edition.data)
    Measure.objects.filter(pk=measure.pk).update(text="Ganz anders.")
    measure.zielbild.title = "Neuer Titel"
    measure.zielbild.save()
    assert freeze.canonical(Edition.objects.get().data) == before
    assert freeze.hash_of(Edition.objects.get().data) == edition.data_hash


def test_a_correction_is_a_new_version_that_says_what_it_corrects(lead: User) -> None:
    edition = adopted(lead)
    with pytest.raises(Refused, match="was diese Fassung berichtigt"):
        actions.open_correction(edition, "…", by=lead)
    MeasureFactory(slug="vergessen")
    second = actions.open_correction(edition, "Eine Maßnahme fehlte.", by=lead)
    assert (second.key, second.state, second.correction) == ("2026-2", "draft", "Eine Maßnahme fehlte.")
    assert [row["slug"] for row in freeze.measures_of(second.data)] == ["vergessen"]
    assert freeze.measures_of(Edition.objects.get(version=1).data) == []
    with pytest.raises(Overtaken, match="schon eine Fassung offen"):
        actions.open_correction(edition, "Noch etwas.", by=lead)


def test_a_year_is_opened_once_and_only_an_adopted_edition_is_corrected(lead: User) -> None:
    edition = draft(lead)
    with pytest.raises(Refused, match="gibt es schon eine Edition"):
        draft(lead)
    with pytest.raises(Refused, match="nur eine beschlossene"):
        actions.open_correction(edition, "Etwas.", by=lead)
    with pytest.raises(Refused, match="vier Ziffern"):
        actions.open_edition(26, "Agenda", by=lead)
    with pytest.raises(Refused, match="Titel"):
        actions.open_edition(2030, "  ", by=lead)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"body": " "}, "Gremium, Datum und Nummer"),
        ({"resolution_number": "–"}, "Gremium, Datum und Nummer"),
        ({"adopted_on": date.today() + timedelta(days=2)}, "in der Zukunft"),
    ],
)
def test_a_resolution_has_a_body_a_number_and_a_day_that_has_come(lead: User, change: dict[str, Any], sentence: str) -> None:
    edition = proposal(lead)
    with pytest.raises(Refused, match=sentence):
        actions.adopt_edition(edition, by=lead, **{**RESOLUTION, **change})
    assert Edition.objects.get().state == "proposal"


def test_no_step_is_taken_out_of_turn(lead: User) -> None:
    edition = draft(lead)
    for step in (actions.take_back_edition, lambda own, by: actions.adopt_edition(own, by=by, **RESOLUTION)):
        with pytest.raises(Overtaken):
            step(edition, by=lead)
    actions.propose_edition(edition, by=lead)
    for step in (actions.refreeze, actions.propose_edition, actions.delete_draft):
        with pytest.raises(Overtaken):
            step(edition, by=lead)
    assert Edition.objects.get().state == "proposal"


def test_a_draft_can_be_thrown_away(lead: User) -> None:
    actions.delete_draft(draft(lead), by=lead)
    assert not Edition.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "project_lead", "editor", "moderator", "jury", "admin", None])
def test_only_the_lead_takes_steps(lead: User, role: str | None) -> None:
    other = UserFactory(**({role: True} if role else {}))
    edition, standing = draft(lead, 2025), None
    actions.propose_edition(edition, by=lead)
    actions.adopt_edition(edition, by=lead, **RESOLUTION)
    standing = draft(lead)
    calls = [
        lambda: actions.open_edition(2030, "Agenda", by=other),
        lambda: actions.open_correction(edition, "Etwas.", by=other),
        lambda: actions.refreeze(standing, by=other),
        lambda: actions.describe_edition(standing, title="x", foreword="", by=other),
        lambda: actions.propose_edition(standing, by=other),
        lambda: actions.take_back_edition(standing, by=other),
        lambda: actions.adopt_edition(standing, by=other, **RESOLUTION),
        lambda: actions.delete_draft(standing, by=other),
    ]
    for call in calls:
        with pytest.raises(Refused, match="fehlt Ihnen die Berechtigung"):
            call()
    assert Edition.objects.count() == 2


# --- adopted is adopted -----------------------------------------------------------------------------------------------


def test_the_model_refuses_to_save_or_delete_an_adopted_edition(lead: User) -> None:
    edition = adopted(lead)
    edition.title = "Anders"
    with pytest.raises(Unchangeable, match="Edition 2026 ist beschlossen"):
        edition.save()
    with pytest.raises(Unchangeable):
        edition.delete()
    edition.state = Edition.State.DRAFT  # what the object says of itself counts for nothing
    with pytest.raises(Unchangeable):
        edition.save()
    assert Edition.objects.get().title == "Agenda"


def test_the_database_refuses_too(lead: User) -> None:
    edition = adopted(lead)
    never = "never changes|never goes"
    assert_refused("UPDATE ideas_edition SET title = 'Anders' WHERE id = %s", edition.pk, because=never)
    assert_refused("UPDATE ideas_edition SET state = 'draft' WHERE id = %s", edition.pk, because=never)
    assert_refused("DELETE FROM ideas_edition", because=never)
    for change in (lambda: Edition.objects.update(data={}), lambda: Edition.objects.all().delete()):
        with pytest.raises(DatabaseError, match=never), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(
            "INSERT INTO ideas_edition"
            " (year, version, state, title, foreword, correction, data, data_hash, as_of, body, resolution_number)"
            " VALUES (2026, 1, 'draft', 'x', '', '', '{}', '', '2026-01-01', '', '')"
        )
    assert Edition.objects.get().title == "Agenda"


@pytest.mark.postgres
def test_postgresql_does_not_empty_the_table_either(lead: User) -> None:
    adopted(lead)
    assert_refused("TRUNCATE ideas_edition CASCADE", because="never emptied")


# --- two at the same moment -------------------------------------------------------------------------------------------


def test_whoever_decides_from_an_older_state_is_told(lead: User) -> None:
    edition = draft(lead)
    older = Edition.objects.get()
    MeasureFactory()
    actions.refreeze(edition, by=lead)
    with pytest.raises(Overtaken, match="inzwischen geändert"):
        actions.propose_edition(older, by=lead)  # they saw other data


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_leads_who_adopt_at_the_same_moment_one_is_told() -> None:
    first, second = UserFactory(lead=True), UserFactory(lead=True)
    proposal(first)
    pages = [Edition.objects.get() for _ in range(2)]
    assert first.roles
    assert second.roles
    results = at_once(
        [
            lambda: actions.adopt_edition(pages[0], by=first, **RESOLUTION),
            lambda: actions.adopt_edition(pages[1], by=second, **{**RESOLUTION, "resolution_number": "13/2026"}),
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Overtaken"]
    assert Edition.objects.get().resolution_number == ("12/2026" if results[0] is None else "13/2026")
    assert ModelLogEntry.objects.filter(action="ideas.edition.adopt").count() == 1
    assert connection.vendor == "postgresql"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_leads_who_open_the_same_year_one_is_told() -> None:
    leads = [UserFactory(lead=True) for _ in range(2)]
    assert all(lead.roles for lead in leads)
    results = at_once([lambda lead=lead: actions.open_edition(2026, "Agenda", by=lead) for lead in leads])  # type: ignore[misc]
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Edition.objects.count() == 1


# --- the file ---------------------------------------------------------------------------------------------------------


def test_proposing_and_adopting_have_the_file_drawn(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = adopted(lead)
    messages = OutboxMessage.objects.filter(kind=pdf.KIND)
    assert [message.payload for message in messages] == [{"edition": edition.pk}] * 2
    drawn: list[str] = []
    monkeypatch.setattr(pdf, "draw", lambda own, data: drawn.append(own.key) or b"%PDF")
    for message in messages:
        pdf.draw_beforehand(message)
    assert drawn == ["2026"], "a second message finds the file there"
    assert bytes(EditionFile.objects.get().content) == b"%PDF"


def test_the_file_of_an_adopted_edition_is_not_that_of_its_proposal(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "draw", lambda own, data: own.state.encode())
    edition = proposal(lead)
    assert pdf.pdf_of(edition) == b"proposal"
    late = Edition.objects.get()  # somebody has begun to draw it just before the resolution
    actions.adopt_edition(edition, by=lead, **RESOLUTION)
    assert pdf.pdf_of(late) == b"proposal"
    assert not EditionFile.objects.exists(), "what was drawn from the proposal is not kept"
    assert pdf.pdf_of(edition) == b"adopted"
    assert bytes(EditionFile.objects.get().content) == b"adopted"
    assert pdf.pdf_of(Edition.objects.get()) == b"adopted"


def test_the_file_of_a_draft_is_drawn_again_when_its_data_change(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    edition, drawn = draft(lead), []
    monkeypatch.setattr(pdf, "draw", lambda own, data: drawn.append(own.data_hash) or f"{len(drawn)}".encode())
    assert [pdf.pdf_of(edition), pdf.pdf_of(edition)] == [b"1", b"1"]
    MeasureFactory()
    actions.refreeze(edition, by=lead)
    assert pdf.pdf_of(edition) == b"2"
    assert EditionFile.objects.count() == 1
    assert timezone.now() >= EditionFile.objects.get().made_at
