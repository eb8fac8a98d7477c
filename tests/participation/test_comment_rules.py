"""What the database refuses about comments, whoever types it: on both databases, by SQL.

What it can't refuse is said at the end, with the test that shows it."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from common import database_rules
from participation import actions, comment_rules
from participation.comment_workflow import Action, Ground, State
from participation.models import Block, Comment, CommentStep, CommentVersion, Complaint, Discussion, Report
from tests.factories import comments as make
from tests.factories.ideas import MeasureFactory, make_idea
from tests.ideas.sql import assert_refused, execute

pytestmark = pytest.mark.django_db
ONLY_WITH_A_STEP = "only together with a step"
# Rules about the first row of a comment are tried by inserts, all others by updates and deletes.
TRIED = {
    "comment_begins_unread", "comment_changes_state_with_a_step", "comment_shows_a_text_of_its_own",
    "comment_stays_where_it_was_written",
    "comment_never_goes", "comment_step_never_changes", "comment_step_never_goes", "comment_step_follows_the_last",
    "comment_text_never_changes", "comment_text_never_goes", "report_is_decided_once", "report_never_goes",
    "complaint_is_decided_once_by_another_person", "complaint_never_goes",
}  # fmt: skip


def a_step(comment: Comment, position: int, action: str, before: str, after: str) -> None:
    """Typed by hand."""
    execute(
        "INSERT INTO participation_commentstep (comment_id, position, action, who, from_state, to_state, ground, reason, note,"
        " happened_at) VALUES (%s, %s, %s, 'moderator', %s, %s, '', 'Grund', '', %s)",
        comment.pk, position, action, before, after, comment.submit_date,
    )  # fmt: skip


def a_complaint() -> Complaint:
    comment = make.comment(State.HIDDEN)
    return actions.complain(comment, "Das war ein Zitat.", comment.contact)


def test_every_rule_of_the_module_is_tried_here_and_stands_in_the_database() -> None:
    ours = {name for name, rule in database_rules._RULES.items() if rule[0] in comment_rules.TABLES}
    assert ours == TRIED
    assert database_rules.missing(connection) == []


@pytest.mark.parametrize("state", ["held", "hidden", "refused", "deleted", "unconfirmed"])
def test_a_comment_changes_its_state_only_with_a_step_that_leads_there(state: str) -> None:
    comment = make.comment()
    assert_refused("UPDATE participation_comment SET state = %s", state, because=ONLY_WITH_A_STEP)
    assert_refused("UPDATE participation_comment SET state = %s, step_count = step_count + 1", state, because=ONLY_WITH_A_STEP)
    a_step(comment, 2, "hide", "held", state)  # leads there, but from elsewhere
    changed = "UPDATE participation_comment SET state = %s, step_count = 2"
    assert_refused(changed, state, because=ONLY_WITH_A_STEP)


def test_a_comment_changes_its_state_with_the_step_that_leads_there() -> None:
    comment = make.comment()
    a_step(comment, 2, "hide", "public", "hidden")
    assert_refused("UPDATE participation_comment SET state = 'refused', step_count = 2", because=ONLY_WITH_A_STEP)
    execute("UPDATE participation_comment SET state = 'hidden', step_count = 2")


def test_a_step_that_says_written_leads_nowhere_a_second_time() -> None:
    comment = make.comment(State.HIDDEN)
    a_step(comment, 3, "write", "", "public")
    assert_refused("UPDATE participation_comment SET state = 'public', step_count = 3", because=ONLY_WITH_A_STEP)


@pytest.mark.parametrize("count", [0, 1, 3, 99])
def test_the_number_of_steps_is_never_set_by_hand(count: int) -> None:
    make.comment(State.HIDDEN)
    assert_refused("UPDATE participation_comment SET step_count = %s", count, because=ONLY_WITH_A_STEP)


def test_steps_follow_one_another() -> None:
    comment = make.comment()
    for position in (0, 3, 7):
        with pytest.raises(IntegrityError, match="follows the last"), transaction.atomic():
            a_step(comment, position, "hide", "public", "hidden")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_step(comment, 1, "hide", "public", "hidden")


def insert_comment(like: Comment, **changed: Any) -> None:
    """A row beside the ORM's way: as `like`, but for these values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_comments (content_type_id, object_pk, site_id, user_name, user_email, user_url, comment,"
            " submit_date, is_public, is_removed)"
            " SELECT content_type_id, object_pk, site_id, '', '', '', 'x', submit_date, is_public, is_removed"
            " FROM django_comments WHERE id = %s RETURNING id",
            [like.pk],
        )
        [[pk]] = cursor.fetchall()
        cursor.execute(
            'INSERT INTO django_comments_xtd_xtdcomment (comment_ptr_id, thread_id, parent_id, level, "order", followup,'
            " nested_count)"
            " VALUES (%s, %s, %s, 0, 1, %s, 0)",
            [pk, pk, pk, False],
        )
    columns = [field.column for field in Comment._meta.local_fields if field.column != "base_id"]
    row = {
        **Comment.objects.filter(pk=like.pk).values(*columns).get(),
        "base_id": pk, "key": uuid.uuid4(), "submission_key": uuid.uuid4(), "path": "", **changed,
    }  # fmt: skip
    for name in ("key", "submission_key"):
        row[name] = row[name].hex
    names = ", ".join(row)
    execute(f"INSERT INTO participation_comment ({names}) VALUES ({', '.join(['%s'] * len(row))})", *row.values())


NEW = {"state": "held", "step_count": 0, "shown_id": None, "waiting_id": None, "shown_at": None}


@pytest.mark.parametrize("state", ["public", "hidden", "refused", "deleted"])
def test_no_comment_begins_in_a_state_that_it_takes_a_step_to_reach(state: str) -> None:
    like = make.comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_comment(like, **{**NEW, "state": state})
    with pytest.raises(IntegrityError, match="begins unread"), transaction.atomic():
        insert_comment(like, state=state, step_count=1)


def test_a_new_comment_shows_nothing_and_has_no_steps() -> None:
    like = make.comment()
    for wrong in ({"step_count": 1}, {"shown_id": like.shown_id}, {"shown_at": like.shown_at}):
        with pytest.raises(IntegrityError, match="begins unread"), transaction.atomic():
            insert_comment(like, **{**NEW, **wrong})
    insert_comment(like, **NEW)


def test_a_comment_shows_only_a_text_of_its_own() -> None:
    comment, other = make.comment(), make.comment()
    for column in ("shown_id", "waiting_id"):
        assert_refused(
            f"UPDATE participation_comment SET {column} = %s WHERE base_id = %s", other.shown_id, comment.pk,
            because="only texts of its own",
        )  # fmt: skip


@pytest.mark.parametrize("column", ["discussion_id", "reply_to_id", "key", "path"])
def test_a_comment_stays_where_it_was_written(column: str) -> None:
    comment, other = make.comment(), make.comment()
    value = {"discussion_id": other.discussion_id, "reply_to_id": other.pk, "key": uuid.uuid4().hex, "path": other.path}[column]
    found = f"UPDATE participation_comment SET {column} = %s WHERE base_id = %s"
    assert_refused(found, value, comment.pk, because="stays where it was written")


@pytest.mark.parametrize("state", [State.HELD, State.PUBLIC, State.HIDDEN, State.REFUSED, State.DELETED])
def test_nothing_of_a_comment_ever_goes(state: State) -> None:
    make.comment(state)
    assert_refused("DELETE FROM participation_comment", because="a comment never goes")
    assert_refused("DELETE FROM participation_commentstep", because="a step never goes")
    assert_refused("DELETE FROM participation_commentversion", because="a text never goes")
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.all().delete()


def test_what_a_guest_never_confirmed_can_be_cleared_away() -> None:
    make.comment(State.UNCONFIRMED)
    for table in ("commentstep", "commentversion", "comment"):
        assert execute(f"DELETE FROM participation_{table}") == 1


@pytest.mark.parametrize(
    "change",
    [
        "position = 7", "action = 'keep'", "who = 'rule'", "from_state = 'held'", "to_state = 'hidden'", "version_id = NULL",
        "ground = 'other'", "reason = 'anders'", "happened_at = '2020-01-01'",
    ],
)  # fmt: skip
def test_a_step_never_changes(change: str) -> None:
    make.comment()
    assert_refused(f"UPDATE participation_commentstep SET {change}", because="a step never changes")


def test_a_step_is_never_said_to_be_anothers_but_forgets_who_took_it() -> None:
    comment, other = make.comment(), make.moderator()
    assert_refused("UPDATE participation_commentstep SET actor_id = %s", other.pk, because="a step never changes")
    comment.user.delete()
    assert list(CommentStep.objects.values_list("actor", flat=True)) == [None]


@pytest.mark.parametrize("change", ["text = 'anders'", "number = 7", "written_at = '2020-01-01'", "text = '', number = 7"])
def test_a_text_never_changes(change: str) -> None:
    make.comment()
    assert_refused(f"UPDATE participation_commentversion SET {change}", because="a text never changes")


def test_a_text_can_only_be_emptied_and_stays_so() -> None:
    make.comment()
    execute("UPDATE participation_commentversion SET text = ''")
    assert_refused("UPDATE participation_commentversion SET text = 'wieder da'", because="a text never changes")


def test_a_report_is_decided_once_and_never_goes() -> None:
    comment, other = make.comment(), make.comment()
    actions.report(comment, Ground.INSULT, contact=make.person())
    for change in (
        "ground = 'other'",
        "reported_at = '2020-01-01'",
        f"comment_id = {other.pk}",
        f"version_id = {other.shown_id}",
    ):
        assert_refused(f"UPDATE participation_report SET {change}", because="decided once")
    step = actions.decide(comment, Action.KEEP, by=make.moderator(), reason=make.WHY)
    for value in (None, CommentStep.objects.exclude(pk=step.pk).earliest("pk").pk):
        assert_refused("UPDATE participation_report SET decision_id = %s", value, because="decided once")
    assert_refused("DELETE FROM participation_report", because="a report never goes")
    assert execute("UPDATE participation_report SET name = '', email = ''") == 1, "who reported is forgotten some time later"


def test_a_complaint_is_decided_once_by_another_person_and_never_goes() -> None:
    complaint = a_complaint()
    first, second = complaint.step.actor, make.moderator()
    step = complaint.step.comment.steps.latest("position")
    decided = "UPDATE participation_complaint SET decision_id = %s, decided_by_id = %s"
    assert_refused(decided, step.pk, first.pk, because="by another person")
    assert_refused(decided, step.pk, None, because="by another person")
    for change in ("text = 'anders'", "filed_at = '2020-01-01'", f"step_id = {step.pk}"):
        assert_refused(f"UPDATE participation_complaint SET {change}", because="decided once")
    made = actions.decide_complaint(complaint, uphold=True, by=second, reason=make.WHY)
    assert_refused(decided, step.pk, make.moderator().pk, because="decided once")
    assert_refused("UPDATE participation_complaint SET decision_id = NULL, decided_by_id = NULL", because="decided once")
    assert_refused("DELETE FROM participation_complaint", because="a complaint never goes")
    second.delete()
    complaint.refresh_from_db()
    assert (complaint.decision, complaint.decided_by) == (made, None)


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["comment", "commentversion", "commentstep", "report", "complaint"])
def test_no_table_of_the_log_is_emptied_in_one_go(table: str) -> None:
    complaint = a_complaint()
    make.comment(reply_to=make.comment(on=complaint.step.comment.content_object))
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert_refused(f"TRUNCATE participation_{table} CASCADE", because="never emptied")


# --- constraints ------------------------------------------------------------------------------------------------------


def refused(sql: str, *values: Any) -> bool:
    try:
        with transaction.atomic():
            execute(sql, *values)
    except IntegrityError:
        return True
    return False


def test_a_public_comment_has_a_text_that_is_shown() -> None:
    make.comment()
    assert refused("UPDATE participation_comment SET shown_id = NULL")
    assert refused("UPDATE participation_comment SET shown_at = NULL")


@pytest.mark.parametrize("state", [State.UNCONFIRMED, State.HELD, State.PUBLIC, State.DELETED])
def test_a_complaint_is_about_what_is_not_public(state: State) -> None:
    make.comment(state)
    assert refused("UPDATE participation_comment SET has_complaint = %s", True)


@pytest.mark.parametrize("action", ["refuse", "hide", "keep", "restore", "refuse_edit", "uphold", "reject"])
def test_a_decision_about_a_comment_says_why(action: str) -> None:
    comment = make.comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentStep.objects.create(comment=comment, position=2, action=action, who="moderator", to_state="public")


def test_versions_and_steps_are_numbered_once() -> None:
    comment = make.comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentVersion.objects.create(comment=comment, number=1, text="Noch einer")
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentStep.objects.create(comment=comment, position=1, action="edit", who="author", to_state="public")


def test_a_form_is_one_comment_and_one_report() -> None:
    comment, other = make.comment(), make.comment()
    its = "SELECT submission_key FROM participation_{0} WHERE {1} = %s"
    taken = f"UPDATE participation_{{0}} SET submission_key = ({its}) WHERE {{1}} = %s"
    assert refused(taken.format("comment", "base_id"), comment.pk, other.pk)
    first, second = (actions.report(comment, Ground.INSULT, contact=make.person()) for _ in range(2))
    assert refused(taken.format("report", "id"), first.pk, second.pk)


def test_a_discussion_is_about_one_thing_and_a_thing_has_one_discussion() -> None:
    idea, measure = make_idea(), MeasureFactory()
    for wrong in ({}, {"idea": idea, "measure": measure}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Discussion.objects.create(**wrong)
    Discussion.objects.create(idea=idea)
    with pytest.raises(IntegrityError), transaction.atomic():
        Discussion.objects.create(idea=idea)


def test_a_complaint_and_a_block_say_why() -> None:
    comment = make.comment(State.HIDDEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.create(step=comment.steps.latest("position"), text="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(contact=comment.contact, reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(contact=comment.contact, reason="x", blocked_at=comment.submit_date, until=comment.submit_date)


def test_a_report_is_about_a_comment_that_exists() -> None:
    comment = make.comment()
    mark = transaction.savepoint()
    Report.objects.create(comment_id=10**6, version=comment.shown, ground="other")
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.savepoint_rollback(mark)


# --- which bad row could `manage.py shell` still insert? ----------------------------------------------------------------


def test_what_the_database_can_not_refuse_is_known() -> None:
    """The words that are read stand in the base's table. That they are those of the shown version is kept by the actions (and
    tests/participation/test_comment_life.py), and so are the two counts; the database would take other ones."""
    comment = make.comment(text="So geschrieben")
    assert execute("UPDATE django_comments SET comment = 'Anders' WHERE id = %s", comment.pk) == 1
    assert execute("UPDATE participation_discussion SET comment_count = 99") == 1
    assert execute("UPDATE participation_comment SET open_reports = 99") == 1
    assert execute("UPDATE participation_comment SET approved_at = submit_date FROM django_comments") >= 1
    assert execute("UPDATE participation_comment SET contact_id = %s", make.person().pk) == 1
