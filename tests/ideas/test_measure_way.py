"""The way of a measure: new labels with before, after and reason; append-only, whoever types it."""

import hashlib
import sqlite3
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from common import database_rules
from ideas import actions
from ideas.actions import Decision, Labels
from ideas.models import Measure, MeasureEntry, TrailText
from ideas.workflow import MeasureStatus
from tests.at_once import at_once
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, ZielbildFactory
from tests.ideas.sql import assert_refused, execute, run_psql, type_into_sqlite

WHY = Decision(reason="Der Kreistag hat die Maßnahme umbenannt.", office="Stabsstelle")
BY_TRAIL = "only together with a row of its trail"
FIELDS = "measure_id, position, kind, from_status, to_status, office, happened_at, recorded_at, reason_hash, changes, text_id"


def rename(measure: Measure, title: str = "Neuer Name", **options: Any) -> MeasureEntry:
    return actions.relabel(
        measure, replace(Labels.of(measure), title=title), **{"by": UserFactory(lead=True), "decision": WHY, **options}
    )


def add_row(measure: Measure, kind: str, to_status: str, reason: str = "Weil.", **other: Any) -> None:
    """A row of the measure's way typed by hand, as far as the database lets us."""
    text, now = TrailText.objects.create(reason=reason), timezone.now()
    values = {"position": measure.trail_length + 1, "from_status": measure.status, **other}
    execute(
        f"INSERT INTO ideas_measureentry ({FIELDS}) VALUES (%s, %s, %s, %s, %s, '', %s, %s, %s, '[]', %s)",
        measure.pk, values["position"], kind, values["from_status"], to_status, now, now,
        hashlib.sha256(reason.encode()).hexdigest(), text.pk,
    )  # fmt: skip


# --- new labels ---------------------------------------------------------------------------------------------------------


def test_a_new_title_stands_in_the_way_with_before_after_and_reason(db: None) -> None:
    measure = MeasureFactory(title="Alter Name", status=MeasureStatus.PLANNING)
    entry = rename(measure)
    assert (entry.kind, entry.from_status, entry.to_status, entry.position) == ("relabel", "planning", "planning", 1)
    assert entry.changes == [{"label": "Titel", "before": "Alter Name", "after": "Neuer Name"}]
    assert (entry.text.reason, entry.office) == ("Der Kreistag hat die Maßnahme umbenannt.", "Stabsstelle")
    stored = Measure.objects.get(pk=measure.pk)
    assert (stored.title, stored.trail_length, stored.updated_on) == ("Neuer Name", 1, timezone.localdate())


def test_number_zielbild_and_loesung_change_together_and_each_is_named(db: None) -> None:
    old, new = LoesungFactory(title="Alte Lösung"), LoesungFactory(title="Neue Lösung")
    measure = MeasureFactory(code="1.1", zielbild=old.zielbild, loesung=old)
    entry = actions.relabel(
        measure, Labels("2.7", measure.title, new.zielbild, new), by=UserFactory(reviewer=True), decision=WHY
    )
    assert [(change["label"], change["before"], change["after"]) for change in entry.changes] == [
        ("Nummer", "1.1", "2.7"),
        ("Zielbild", old.zielbild.title, new.zielbild.title),
        ("Lösung", "Alte Lösung", "Neue Lösung"),
    ]
    stored = Measure.objects.get(pk=measure.pk)
    assert (stored.code, stored.zielbild, stored.loesung) == ("2.7", new.zielbild, new)


def test_a_measure_can_leave_its_loesung(db: None) -> None:
    loesung = LoesungFactory(title="Paketstationen")
    measure = MeasureFactory(zielbild=loesung.zielbild, loesung=loesung)
    entry = actions.relabel(measure, replace(Labels.of(measure), loesung=None), by=None, decision=WHY)
    assert entry.changes == [{"label": "Lösung", "before": "Paketstationen", "after": "nicht zugeordnet"}]


@pytest.mark.parametrize(
    ("change", "decision", "sentence"),
    [
        ({"title": "Neu"}, Decision(), "Bitte begründen Sie die Änderung"),
        ({"title": "Neu"}, Decision(reason=" … "), "Bitte begründen Sie die Änderung"),
        ({}, WHY, "heißt schon so"),
        ({"title": "  "}, WHY, "einen Titel"),
        ({"title": "x" * 201}, WHY, "einen Titel"),
        ({"code": ""}, WHY, "eine Nummer"),
        ({"code": "T.taken"}, WHY, "Diese Nummer ist schon vergeben"),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence_and_changes_nothing(
    db: None, change: dict[str, str], decision: Decision, sentence: str
) -> None:
    MeasureFactory(code="T.taken")
    measure = MeasureFactory()
    before = Measure.objects.values().get(pk=measure.pk)
    with pytest.raises(actions.Refused, match=sentence):
        actions.relabel(measure, replace(Labels.of(measure), **change), by=UserFactory(lead=True), decision=decision)
    assert Measure.objects.values().get(pk=measure.pk) == before
    assert not MeasureEntry.objects.exists()


def test_a_loesung_of_another_zielbild_is_refused(db: None) -> None:
    measure = MeasureFactory()
    with pytest.raises(actions.Refused, match="nicht zu diesem Zielbild"):
        actions.relabel(measure, replace(Labels.of(measure), loesung=LoesungFactory()), by=None, decision=WHY)


def test_who_looked_at_an_old_page_is_told_so(db: None) -> None:
    measure = MeasureFactory()
    rename(measure, "Erster Name", decision=replace_seen(0))
    with pytest.raises(actions.Overtaken, match="diese Maßnahme inzwischen"):
        rename(measure, "Zweiter Name", decision=replace_seen(0))
    assert Measure.objects.get(pk=measure.pk).title == "Erster Name"


def replace_seen(seen: int) -> Decision:
    return Decision(reason="Umbenannt.", seen=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_rename_at_once_one_wins_and_the_other_is_told() -> None:
    measure, leads = MeasureFactory(), [UserFactory(lead=True), UserFactory(lead=True)]
    for lead in leads:
        assert lead.roles
    pages = [Measure.objects.select_related("zielbild").get(pk=measure.pk) for _ in leads]
    results = at_once(
        [
            lambda page=page, lead=lead, name=name: rename(page, name, by=lead, decision=replace_seen(0))
            for page, lead, name in zip(pages, leads, ("Eins", "Zwei"), strict=True)
        ]
    )
    won = [result for result in results if isinstance(result, MeasureEntry)]
    assert (len(won), sum(isinstance(result, actions.Overtaken) for result in results)) == (1, 1), results
    assert Measure.objects.get(pk=measure.pk).title == won[0].changes[0]["after"]
    assert (MeasureEntry.objects.count(), TrailText.objects.count()) == (1, 1)


MAY_RELABEL = {
    Role.CITIZEN: False,
    Role.REVIEWER: True,
    Role.LEAD: True,
    Role.PROJECT_LEAD: False,
    Role.EDITOR: False,
    Role.MODERATOR: False,
    Role.JURY: False,
    Role.ADMIN: False,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("own", [True, False])
def test_who_gives_a_measure_another_name(db: None, role: Role, own: bool) -> None:
    measure, person = MeasureFactory(), UserFactory(roles=[role])
    if own:
        measure.project_leads.add(person)
    if MAY_RELABEL[role]:
        rename(measure, by=person)
    else:
        with pytest.raises(actions.Refused, match="Berechtigung"):
            rename(measure, by=person)
    assert MeasureEntry.objects.exists() is MAY_RELABEL[role]


# --- what its page shows ------------------------------------------------------------------------------------------------


def test_the_page_shows_the_way_in_the_order_in_which_things_happened(client: Client, db: None) -> None:
    lead, measure = UserFactory(lead=True), MeasureFactory(status=MeasureStatus.PLANNING, title="Mitfahrbänke")
    actions.change_measure_status(measure, MeasureStatus.IMPLEMENTATION, by=lead, decision=Decision(office="Stabsstelle"))
    rename(measure, "Digitale Mitfahrbänke")
    actions.propose_note(measure, happened_on=date(2024, 3, 1), text="Die erste Bank steht.", by=lead)
    page = client.get(measure.get_absolute_url())
    assert [entry.label for entry in page.context["way"]] == ["Bericht", "Neuer Stand", "Neu bezeichnet"]
    text = page.content.decode()
    assert "Die erste Bank steht." in text
    assert "<del>Mitfahrbänke</del>" in text
    assert "<del>In Planung</del>" in text
    assert "1. März 2024" in text


# --- typed below the ORM ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["title", "code", "zielbild_id", "loesung_id", "status"])
def test_a_label_or_status_of_a_measure_typed_by_hand_is_refused(db: None, column: str) -> None:
    loesung = LoesungFactory()
    measure = MeasureFactory(zielbild=loesung.zielbild, loesung=loesung)
    value = {"zielbild_id": ZielbildFactory().pk, "loesung_id": None, "status": "done"}.get(column, "x")
    assert_refused(f"UPDATE ideas_measure SET {column} = %s WHERE id = %s", value, measure.pk, because=BY_TRAIL)
    with pytest.raises(DatabaseError, match=BY_TRAIL), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(**{column: value})


def test_a_title_changes_with_a_row_that_says_so_and_with_no_other(db: None) -> None:
    change = "UPDATE ideas_measure SET title = 'Neu', trail_length = trail_length + 1 WHERE id = %s"
    noted, relabelled = MeasureFactory(), MeasureFactory()
    add_row(noted, "note", noted.status)
    assert_refused(change, noted.pk, because=BY_TRAIL)
    add_row(relabelled, "relabel", relabelled.status)
    assert execute(change, relabelled.pk) == 1


def test_a_report_moves_no_status(db: None) -> None:
    measure = MeasureFactory()
    add_row(measure, "note", "done")
    sql = "UPDATE ideas_measure SET status = 'done', trail_length = trail_length + 1 WHERE id = %s"
    assert_refused(sql, measure.pk, because=BY_TRAIL)


@pytest.mark.parametrize("kind", ["relabel", "note"])
def test_a_new_label_or_report_without_words_is_refused(db: None, kind: str) -> None:
    measure = MeasureFactory()
    with pytest.raises(DatabaseError, match="needs public words"), transaction.atomic():
        add_row(measure, kind, measure.status, reason=" \n")


def test_a_row_that_does_not_go_on_where_the_measure_stands_is_refused(db: None) -> None:
    measure = MeasureFactory()
    for other in ({"position": 2}, {"from_status": "done"}):
        with pytest.raises(DatabaseError, match="goes on where its measure stands"), transaction.atomic():
            add_row(measure, "note", measure.status, **other)


def test_no_measure_is_put_in_the_place_of_another_and_none_begins_with_a_past(db: None) -> None:
    measure = MeasureFactory()
    columns = [field.column for field in Measure._meta.concrete_fields]
    listed = ", ".join(columns)
    if connection.vendor == "sqlite":
        assert_refused(
            f"INSERT OR REPLACE INTO ideas_measure ({listed}) SELECT {listed} FROM ideas_measure WHERE id = %s",
            measure.pk,
            because="never replaced",
        )
    with pytest.raises(DatabaseError, match="never replaced"), transaction.atomic():
        MeasureFactory(trail_length=1)


@pytest.mark.parametrize(
    ("sql", "because"),
    [
        ("UPDATE ideas_measureentry SET office = 'Andere'", "never changes"),
        ("UPDATE ideas_measureentry SET happened_at = '2020-01-01 00:00'", "never changes"),
        ("DELETE FROM ideas_measureentry", "never goes"),
        ("UPDATE ideas_trailtext SET reason = 'Anders'", "only when they are blacked out"),
    ],
)
def test_a_row_of_a_measures_way_never_changes_and_never_goes(db: None, sql: str, because: str) -> None:
    rename(MeasureFactory())
    assert_refused(sql, because=because)


def test_the_words_of_a_step_are_blacked_out_on_the_page(client: Client, db: None) -> None:
    measure = MeasureFactory()
    entry = rename(measure)
    TrailText.objects.filter(pk=entry.text_id).update(reason="", redacted_at=timezone.now())
    page = client.get(measure.get_absolute_url()).content.decode()
    assert "Dieser Text wurde entfernt" in page
    assert "Der Kreistag" not in page


TYPED = {
    "UPDATE ideas_measure SET title='x'": BY_TRAIL,
    "UPDATE ideas_measureentry SET office='x'": "never changes",
    "DELETE FROM ideas_measureentry": "never goes",
}


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", TYPED)
def test_what_is_typed_into_sqlite_past_the_way_fails(sql: str) -> None:
    rename(MeasureFactory())
    with pytest.raises(sqlite3.DatabaseError, match=TYPED[sql]):
        type_into_sqlite(sql)
    assert MeasureEntry.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", [*TYPED, "TRUNCATE ideas_measureentry CASCADE"])
def test_what_is_typed_into_psql_past_the_way_fails(sql: str) -> None:
    rename(MeasureFactory())
    result = run_psql(sql)
    assert result.returncode != 0
    assert TYPED.get(sql, "never emptied") in result.stderr
    assert MeasureEntry.objects.count() == 1


def test_without_the_rules_a_title_changes_silently(db: None) -> None:
    """The control: it was the rules that refused."""
    measure = MeasureFactory()
    database_rules.lift(connection)
    try:
        assert execute("UPDATE ideas_measure SET title = 'x' WHERE id = %s", measure.pk) == 1
    finally:
        database_rules.install(connection)
