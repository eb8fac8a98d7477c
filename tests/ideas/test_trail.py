"""The decision trail is append-only, whoever types it: checked below the ORM and by the databases' own clients."""

import hashlib
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import User
from common import database_rules
from ideas import actions, housekeeping
from ideas.models import Idea, IdeaAuthor, IdeaPicture, IdeaVersion, TrailEntry, TrailText
from ideas.workflow import Action, Contribution, Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, draft, make_idea, picture_of
from tests.ideas.sql import assert_refused, execute, run_psql, type_into_sqlite

BY_TRAIL, NUMBER, REASON = "only together with a row of its trail", "number never changes", "needs a public reason"
TRAIL_FIELDS = "idea_id, position, action, from_status, to_status, office, happened_at, recorded_at, reason_hash, changes, progress, text_id"


def add_trail_row(idea: Idea, action: str, to_status: str, reason: str, reason_hash: str | None = None, **other: Any) -> None:
    """A row of the trail typed by hand, as far as the database lets us."""
    text = TrailText.objects.create(reason=reason)
    hashed = hashlib.sha256(reason.encode()).hexdigest() if reason_hash is None else reason_hash
    now = timezone.now()
    values = {"position": idea.trail_length + 1, "from_status": idea.status, **other}
    execute(
        f"INSERT INTO ideas_trailentry ({TRAIL_FIELDS}) VALUES (%s, %s, %s, %s, %s, '', %s, %s, %s, '[]', '', %s)",
        idea.pk, values["position"], action, values["from_status"], to_status, now, now, hashed, text.pk,
    )  # fmt: skip


# --- the idea ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", [Status.UNCONFIRMED, Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED]
)
def test_a_status_typed_by_hand_is_refused(db: None, status: Status) -> None:
    idea = make_idea(status)
    for target in {*Status.values, "nonsense"} - {status}:
        assert_refused("UPDATE ideas_idea SET status = %s WHERE id = %s", target, idea.pk, because=BY_TRAIL)


def test_a_bulk_update_through_the_orm_is_refused_like_typed_sql(db: None) -> None:
    make_idea(Status.KEPT)
    with pytest.raises(DatabaseError, match=BY_TRAIL), transaction.atomic():
        Idea.objects.update(status=Status.REJECTED, progress="")


def test_a_status_goes_with_its_row_of_the_trail_and_only_where_that_row_leads(db: None) -> None:
    idea = make_idea(Status.IN_REVIEW)
    add_trail_row(idea, "reject", "rejected", "Zu teuer.")
    change = "UPDATE ideas_idea SET status = %s, trail_length = trail_length + %s WHERE id = %s"
    assert_refused(change, "kept", 1, idea.pk, because=BY_TRAIL)
    assert_refused(change, "rejected", 0, idea.pk, because=BY_TRAIL)
    assert_refused(change, "rejected", 2, idea.pk, because=BY_TRAIL)
    assert execute(change, "rejected", 1, idea.pk) == 1
    assert_refused(change, "in_review", -1, idea.pk, because=BY_TRAIL)
    assert_refused(change, "in_review", 0, idea.pk, because=BY_TRAIL)


def test_an_idea_is_not_moved_to_another_loesung_by_hand(db: None) -> None:
    idea, other = make_idea(loesung=LoesungFactory()), LoesungFactory()
    assert_refused("UPDATE ideas_idea SET loesung_id = %s WHERE id = %s", other.pk, idea.pk, because=BY_TRAIL)
    assert_refused("UPDATE ideas_idea SET loesung_id = NULL WHERE id = %s", idea.pk, because=BY_TRAIL)


def test_a_step_of_another_kind_moves_no_idea_to_another_loesung(db: None) -> None:
    idea, other = make_idea(Status.IN_REVIEW), LoesungFactory()
    add_trail_row(idea, "ask_back", "question", "Wo genau?")
    sql = "UPDATE ideas_idea SET status = 'question', trail_length = trail_length + 1, loesung_id = %s WHERE id = %s"
    assert_refused(sql, other.pk, idea.pk, because=BY_TRAIL)


def test_an_idea_is_neither_made_public_nor_hidden_by_hand(db: None) -> None:
    hidden, shown = make_idea(), make_idea(Status.KEPT)
    sql = "UPDATE ideas_idea SET released_version_id = %s WHERE id = %s"
    assert_refused(sql, hidden.latest_version.pk, hidden.pk, because=BY_TRAIL)
    assert_refused(sql, None, shown.pk, because=BY_TRAIL)


def test_no_text_written_after_the_release_is_slipped_under_it_by_hand(db: None) -> None:
    idea = make_idea(Status.KEPT)
    newer = IdeaVersion.objects.create(idea=idea, version=2, title="Anders", text="Anders")
    assert_refused("UPDATE ideas_idea SET released_version_id = %s WHERE id = %s", newer.pk, idea.pk, because=BY_TRAIL)


def test_no_idea_becomes_part_of_another_by_hand(db: None) -> None:
    idea, other = make_idea(Status.KEPT), make_idea(Status.KEPT)
    sql = "UPDATE ideas_idea SET merged_into_id = %s, merged_root_id = %s WHERE id = %s"
    assert_refused(sql, other.pk, other.pk, idea.pk, because=BY_TRAIL)
    add_trail_row(idea, "reclassify", "kept", "Passt besser.")
    sql = sql.replace("WHERE", ", trail_length = trail_length + 1 WHERE")
    assert_refused(sql, other.pk, other.pk, idea.pk, because=BY_TRAIL)


def test_a_progress_typed_by_hand_is_refused(db: None) -> None:
    assert_refused("UPDATE ideas_idea SET progress = 'done' WHERE id = %s", make_idea(Status.KEPT).pk, because=BY_TRAIL)


@pytest.mark.parametrize("number", [4711, None])
def test_a_public_number_never_changes(db: None, number: int | None) -> None:
    for status in (Status.UNCONFIRMED, Status.KEPT):
        assert_refused("UPDATE ideas_idea SET number = %s WHERE id = %s", number, make_idea(status).pk, because=NUMBER)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DRAFT])
def test_no_idea_begins_its_life_already_handed_in(db: None, status: Status) -> None:
    with pytest.raises(DatabaseError, match="begins as a draft"), transaction.atomic():
        Idea.objects.create(status=status, number=4711)


def test_a_draft_has_no_trail_and_nothing_public_at_its_birth(db: None) -> None:
    version = make_idea().latest_version
    for fields in ({"trail_length": 1}, {"released_version": version}):
        with pytest.raises(DatabaseError, match="begins as a draft"), transaction.atomic():
            Idea.objects.create(**fields)


def test_other_facts_of_an_idea_can_be_corrected(db: None) -> None:
    """The rules guard what is decided, not a typing error in the place."""
    assert execute("UPDATE ideas_idea SET place_text = 'am Brunnen' WHERE id = %s", make_idea(Status.KEPT).pk) == 1


# --- the rows of the trail --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "keep"),
        ("to_status", "kept"),
        ("office", "Andere"),
        ("happened_at", "2020-01-01 00:00"),
        ("reason_hash", ""),
        ("position", 9),
    ],
)
def test_a_row_of_the_trail_never_changes(db: None, column: str, value: Any) -> None:
    idea = make_idea(Status.REJECTED)
    assert_refused(f"UPDATE ideas_trailentry SET {column} = %s WHERE idea_id = %s", value, idea.pk, because="never changes")


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED])
def test_a_row_of_the_trail_never_goes(db: None, status: Status) -> None:
    idea = make_idea(status)
    assert_refused("DELETE FROM ideas_trailentry WHERE idea_id = %s", idea.pk, because="never goes")
    with pytest.raises(DatabaseError, match="never goes"), transaction.atomic():
        TrailEntry.objects.filter(idea=idea).delete()


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED])
def test_an_idea_that_was_handed_in_is_never_deleted(db: None, status: Status) -> None:
    idea = make_idea(status)
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        idea.delete()
    # The sqlite3 program checks no foreign keys: the rule has to hold without them.
    assert_refused("DELETE FROM ideas_idea WHERE id = %s", idea.pk, because="never goes")


def test_no_row_is_put_into_the_trail_out_of_turn(db: None) -> None:
    idea = make_idea(Status.IN_REVIEW)
    for other in ({"position": 1}, {"position": 9}, {"from_status": "submitted"}):
        with pytest.raises(DatabaseError, match="goes on where its idea stands"), transaction.atomic():
            add_trail_row(idea, "reject", "rejected", "Zu teuer.", **other)


@pytest.mark.sqlite
def test_no_row_is_overwritten_by_sqlites_replace(db: None) -> None:
    """INSERT OR REPLACE deletes the old row without asking the rules for DELETE."""
    idea = make_idea(Status.REJECTED)
    entry, text = idea.public_trail()[-1], idea.public_trail()[-1].text
    assert_refused(
        f"INSERT OR REPLACE INTO ideas_trailentry (id, {TRAIL_FIELDS}) SELECT id, idea_id, position, 'keep', from_status,"
        " to_status, office, happened_at, recorded_at, reason_hash, changes, progress, text_id FROM ideas_trailentry WHERE id = %s",
        entry.pk, because="goes on where its idea stands",
    )  # fmt: skip
    assert_refused(
        "INSERT OR REPLACE INTO ideas_trailtext (id, reason, internal_note) VALUES (%s, 'Anders', '')",
        text.pk,
        because="never replaced",
    )
    columns = "id, number, status, status_since, progress, trail_length, submission_key, place_text, target_groups, channel"
    assert_refused(
        f"INSERT OR REPLACE INTO ideas_idea ({columns}) SELECT id, number, 'draft', status_since, '', 0,"
        " submission_key, '', '[]', channel"
        " FROM ideas_idea WHERE id = %s", idea.pk, because="begins as a draft of its own",
    )  # fmt: skip


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["ideas_trailentry", "ideas_trailtext", "ideas_idea"])
def test_the_trail_is_not_emptied_as_a_whole(db: None, table: str) -> None:
    assert_refused(f"TRUNCATE {table} CASCADE", because="never emptied")


# --- reasons ----------------------------------------------------------------------------------------------------------


def test_a_rejection_without_a_reason_is_refused_by_the_action(db: None) -> None:
    idea = make_idea(Status.IN_REVIEW)
    with pytest.raises(actions.Refused, match="begründen"):
        actions.take(idea, Action.REJECT, by=UserFactory(lead=True))
    assert Idea.objects.get(pk=idea.pk).status == Status.IN_REVIEW


@pytest.mark.parametrize("reason", ["", "   ", "\n\t "])
@pytest.mark.parametrize("action", ["ask_back", "reclassify", "reject", "reopen", "unlink_measure"])
def test_a_blank_reason_is_refused_by_the_trigger_alone(db: None, action: str, reason: str) -> None:
    """The hash says that there is a reason, so the constraint has nothing against it; the trigger looks at the words."""
    idea = make_idea(Status.IN_REVIEW)
    with pytest.raises(DatabaseError, match=REASON), transaction.atomic():
        add_trail_row(idea, action, "in_review", reason, reason_hash="0" * 64)


@pytest.mark.parametrize("action", ["ask_back", "reclassify", "reject", "reopen", "unlink_measure"])
def test_a_missing_reason_is_refused_by_the_constraint_alone(db: None, action: str) -> None:
    idea = make_idea(Status.IN_REVIEW)
    database_rules.lift(connection)
    with pytest.raises(DatabaseError, match="such_a_step_needs_a_public_reason"), transaction.atomic():
        add_trail_row(idea, action, "in_review", "", reason_hash="")


@pytest.mark.parametrize("target", ["rejected", "merged"])
def test_a_rejection_or_merge_under_another_name_needs_its_reason_too(db: None, target: str) -> None:
    idea = make_idea(Status.IN_REVIEW)
    with pytest.raises(DatabaseError, match=REASON), transaction.atomic():
        add_trail_row(idea, "keep", target, "")


def test_the_hash_of_a_reason_stands_in_the_trail(db: None) -> None:
    entry = make_idea(Status.REJECTED).public_trail()[-1]
    assert entry.reason_hash == hashlib.sha256(entry.text.reason.encode()).hexdigest()


# --- blacking out -----------------------------------------------------------------------------------------------------


def test_a_reason_that_names_a_person_can_be_blacked_out_and_the_trail_says_so(db: None) -> None:
    idea = make_idea(Status.REJECTED)
    entry = idea.public_trail()[-1]
    hashed = entry.reason_hash
    TrailText.objects.filter(pk=entry.text_id).update(reason="", internal_note="", redacted_at=timezone.now())
    entry = idea.public_trail()[-1]
    assert entry.reason == "Dieser Text wurde entfernt, weil er Angaben über eine Person enthielt."
    assert (entry.reason_hash, entry.to_status) == (hashed, "rejected")


def test_the_words_of_a_step_are_never_put_differently(db: None) -> None:
    text = make_idea(Status.REJECTED).public_trail()[-1].text
    for sql in (
        "UPDATE ideas_trailtext SET reason = 'Anders' WHERE id = %s",
        "UPDATE ideas_trailtext SET reason = '' WHERE id = %s",
        "UPDATE ideas_trailtext SET internal_note = 'Anders' WHERE id = %s",
        "UPDATE ideas_trailtext SET reason = 'Anders', redacted_at = CURRENT_TIMESTAMP WHERE id = %s",
    ):
        assert_refused(sql, text.pk, because="only when they are blacked out")
    assert_refused("DELETE FROM ideas_trailtext WHERE id = %s", text.pk, because="stay with it")


def test_what_was_blacked_out_stays_black(db: None) -> None:
    text = make_idea(Status.REJECTED).public_trail()[-1].text
    TrailText.objects.filter(pk=text.pk).update(reason="", redacted_at=timezone.now())
    for sql in (
        "UPDATE ideas_trailtext SET redacted_at = NULL WHERE id = %s",
        "UPDATE ideas_trailtext SET reason = 'Anders' WHERE id = %s",
        "UPDATE ideas_trailtext SET reason = 'Anders', redacted_at = NULL WHERE id = %s",
    ):
        assert_refused(sql, text.pk, because="only when they are blacked out")


def test_no_step_is_pinned_on_another_person(db: None) -> None:
    text = make_idea(Status.REJECTED).public_trail()[-1].text
    sql = "UPDATE ideas_trailtext SET actor_id = %s WHERE id = %s"
    assert_refused(sql, UserFactory().pk, text.pk, because="only when they are blacked out")


def test_a_colleague_who_leaves_goes_and_their_decisions_stay(db: None) -> None:
    idea, lead = make_idea(Status.IN_REVIEW), UserFactory(lead=True)
    entry = actions.take(idea, Action.KEEP, by=lead, decision=actions.Decision(reason="Gut."))
    rows = list(TrailEntry.objects.values())
    lead.delete()
    assert list(TrailEntry.objects.values()) == rows
    entry.text.refresh_from_db()
    assert (entry.text.actor, entry.text.reason) == (None, "Gut.")


def test_an_author_who_closes_their_account_leaves_the_idea_and_its_trail(db: None) -> None:
    author: User = UserFactory()
    idea = make_idea(Status.KEPT, user=author)
    author.delete()
    assert Idea.objects.public().get() == idea
    assert IdeaAuthor.objects.get(idea=idea).address == ""


# --- ideas that nobody confirmed --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_idea_that_was_not_confirmed_vanishes_after_seven_days_with_everything_it_brought() -> None:
    now = timezone.now()
    idea = make_idea(Status.UNCONFIRMED, now=now - timedelta(days=7, minutes=1))
    picture = picture_of(idea)
    files = [Path(picture.file.path), Path(picture.thumbnail.path)]
    assert all(file.exists() for file in files)
    assert housekeeping.delete_expired_ideas(now) == 1
    for model in (Idea, IdeaVersion, IdeaAuthor, IdeaPicture, TrailEntry, TrailText):
        assert not model._default_manager.exists(), model
    assert not any(file.exists() for file in files)


def test_an_idea_that_was_not_confirmed_stays_for_seven_days(db: None) -> None:
    now = timezone.now()
    make_idea(Status.UNCONFIRMED, now=now - timedelta(days=6, hours=23))
    assert housekeeping.delete_expired_ideas(now) == 0
    assert Idea.objects.count() == 1


def test_an_idea_that_was_confirmed_never_vanishes(db: None) -> None:
    now = timezone.now()
    make_idea(Status.SUBMITTED, email="gast@example.org", now=now - timedelta(days=400))
    assert housekeeping.delete_expired_ideas(now) == 0
    assert Idea.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_when_clearing_away_fails_the_pictures_are_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    picture = picture_of(make_idea(Status.UNCONFIRMED, now=now - timedelta(days=8)))

    def fail(self: Idea) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(Idea, "delete", fail)
    with pytest.raises(RuntimeError):
        housekeeping.delete_expired_ideas(now)
    assert IdeaPicture.objects.get() == picture
    assert Path(picture.file.path).exists()


@pytest.mark.django_db(transaction=True)
def test_a_picture_whose_form_was_never_sent_goes_after_a_day_and_others_stay() -> None:
    now = timezone.now()
    kept, forgotten, fresh = picture_of(make_idea()), picture_of(make_idea()), picture_of(make_idea())
    IdeaPicture.objects.exclude(pk=kept.pk).update(version=None)
    IdeaPicture.objects.exclude(pk=fresh.pk).update(created_at=now - timedelta(hours=25))
    assert housekeeping.delete_forgotten_pictures(now) == 1
    assert set(IdeaPicture.objects.all()) == {kept, fresh}
    assert not Path(forgotten.file.path).exists()
    assert Path(kept.file.path).exists()


def test_an_idea_in_a_measure_is_protected_twice(db: None) -> None:
    idea, measure = make_idea(Status.KEPT), MeasureFactory()
    actions.link_measure(idea, measure, Contribution.FULL, by=UserFactory(lead=True))
    with pytest.raises(ProtectedError):
        measure.delete()
    with pytest.raises(ProtectedError):
        idea.delete()


# --- typed into the databases' own programs ---------------------------------------------------------------------------

TYPED = {
    "UPDATE ideas_idea SET status='rejected'": BY_TRAIL,
    "UPDATE ideas_idea SET number=number+1000": NUMBER,
    "UPDATE ideas_trailentry SET office='x'": "never changes",
    "DELETE FROM ideas_trailentry": "never goes",
    "DELETE FROM ideas_trailtext": "stay with it",
    "DELETE FROM ideas_idea": "never goes",
    "INSERT INTO ideas_idea (number, status, status_since, progress, trail_length, submission_key, place_text,"
    " target_groups, channel) VALUES (9, 'rejected', '2026-01-01', '', 0,"
    " '00000000-0000-0000-0000-000000000000', '', '[]', 'website')": "begins as a draft",
}


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", TYPED, ids=lambda sql: sql[:30])
def test_what_is_typed_into_sqlite_past_the_trail_fails(sql: str) -> None:
    make_idea(Status.KEPT)
    before = list(Idea.objects.values())
    with pytest.raises(sqlite3.DatabaseError, match=TYPED[sql]):
        type_into_sqlite(sql)
    assert list(Idea.objects.values()) == before
    assert TrailEntry.objects.count() == before[0]["trail_length"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", [*TYPED, "TRUNCATE ideas_trailentry CASCADE"], ids=lambda sql: sql[:30])
def test_what_is_typed_into_psql_past_the_trail_fails(sql: str) -> None:
    make_idea(Status.KEPT)
    before = list(Idea.objects.values())
    result = run_psql(sql)
    assert result.returncode != 0
    assert TYPED.get(sql, "never emptied") in result.stderr
    assert list(Idea.objects.values()) == before
    assert TrailEntry.objects.count() == before[0]["trail_length"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_psql_itself_works_here_and_without_the_rules_the_database_obeys() -> None:
    """The control for the test above: it was the rules that refused."""
    idea = make_idea(Status.KEPT)
    assert run_psql("UPDATE ideas_idea SET place_text='am Brunnen'").returncode == 0
    database_rules.lift(connection)
    try:
        assert run_psql("UPDATE ideas_idea SET status='rejected'").returncode == 0
        assert Idea.objects.get(pk=idea.pk).status == Status.REJECTED
    finally:
        database_rules.install(connection)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_without_the_rules_sqlite_obeys() -> None:
    """The control: it was the rules that refused."""
    idea = make_idea(Status.KEPT)
    database_rules.lift(connection)
    type_into_sqlite("UPDATE ideas_idea SET status='rejected'")
    assert Idea.objects.get(pk=idea.pk).status == Status.REJECTED


# --- the rules stay in place ------------------------------------------------------------------------------------------


def test_every_rule_is_in_place_after_the_migrations(db: None) -> None:
    assert database_rules.missing(connection) == []
    assert run_checks(databases=["default"], tags=["database"]) == []


def test_a_rule_that_was_lifted_is_reported_to_the_operator(db: None) -> None:
    database_rules.lift(connection)
    assert "idea_changes_with_its_trail" in database_rules.missing(connection)
    [warning] = run_checks(databases=["default"], tags=["database"])
    assert warning.id == "ideas.W001"
    assert "trail_never_goes" in warning.msg


@pytest.mark.postgres
def test_a_rule_that_was_switched_off_is_reported_too(db: None) -> None:
    execute("ALTER TABLE ideas_trailentry DISABLE TRIGGER trail_never_goes")
    assert database_rules.missing(connection) == ["trail_never_goes"]


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_lifted_rules_back_in_place() -> None:
    database_rules.lift(connection)
    call_command("migrate", verbosity=0)
    assert database_rules.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_the_rules_survive_a_migration_that_rebuilds_their_table() -> None:
    idea = make_idea(Status.KEPT)
    field = Idea._meta.get_field("place_text")
    longer = field.clone()
    longer.max_length = 200
    longer.set_attributes_from_name("place_text")
    for before, after in ((field, longer), (longer, field)):
        database_rules.lift_before_migrating("default")
        with connection.schema_editor() as editor:
            editor.alter_field(Idea, before, after, strict=False)
        database_rules.install_after_migrating("default")
        assert database_rules.missing(connection) == []
        assert_refused("UPDATE ideas_idea SET status = 'rejected' WHERE id = %s", idea.pk, because=BY_TRAIL)


def test_the_check_says_nothing_before_the_first_migration(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_rules, "tables_exist", lambda connection: False)
    database_rules.lift(connection)
    assert run_checks(databases=["default"], tags=["database"]) == []


def test_a_draft_can_be_thrown_away(db: None) -> None:
    draft().delete()
    assert not Idea.objects.exists()


def test_an_answer_that_was_shown_is_not_hidden_again(db: None) -> None:
    waiting = TrailText.objects.create(reason="Am Marktplatz.", awaits_release=True)
    assert execute("UPDATE ideas_trailtext SET awaits_release = %s WHERE id = %s", False, waiting.pk) == 1
    assert_refused(
        "UPDATE ideas_trailtext SET awaits_release = %s WHERE id = %s", True, waiting.pk, because="only when they are"
    )
