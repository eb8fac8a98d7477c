"""What happens when people press at the same moment. Each guard was taken away once to see the test turn red; where that is
possible in a test, it is part of it."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from common import database_rules
from common.models import OutboxMessage
from ideas import actions, housekeeping
from ideas.models import Idea, IdeaVersion, MeasureIdea, NumberCounter, TrailEntry, TrailText
from ideas.workflow import Action, Channel, Contribution, MeasureStatus, Status
from tests.at_once import at_once
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, make_idea, submission
from tests.ideas.pictures_for_tests import jpeg

WHY = actions.Decision(reason="Irrtum.")
pytestmark = pytest.mark.django_db(transaction=True)


# --- two people decide ------------------------------------------------------------------------------------------------


def keep_and_reject_at_once() -> tuple[Idea, list[Any]]:
    idea = make_idea(Status.IN_REVIEW)
    first, second = UserFactory(lead=True), UserFactory(lead=True)
    for lead in (first, second):
        assert lead.roles  # asked before the race, as the page did
    pages = [Idea.objects.select_related("author").get(pk=idea.pk) for _ in range(2)]  # both look at the same state
    reason = actions.Decision(reason="Zu teuer.")
    results = at_once(
        [
            lambda: actions.take(pages[0], Action.KEEP, by=first),
            lambda: actions.take(pages[1], Action.REJECT, by=second, decision=reason),
        ]
    )
    return idea, results


def assert_one_wins_and_the_other_is_told(idea: Idea, results: list[Any]) -> None:
    before = idea.trail_length
    won = [result for result in results if isinstance(result, TrailEntry)]
    told = [result for result in results if isinstance(result, actions.Overtaken)]
    assert (len(won), len(told)) == (1, 1), results
    idea.refresh_from_db()
    assert idea.status == won[0].to_status
    assert idea.trail_length == idea.trail.count() == before + 1
    assert TrailText.objects.count() == TrailEntry.objects.count(), "the words of the loser are gone"
    mails = OutboxMessage.objects.filter(kind="ideas.step", payload__entry=won[0].pk)
    assert mails.count() == 1


@contextmanager
def without_numbered_steps() -> Iterator[None]:
    """The unique constraint of the trail taken away; put back once the rows that it forbids are gone."""
    [constraint] = [one for one in TrailEntry._meta.constraints if one.name == "steps_of_an_idea_are_numbered"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(TrailEntry, constraint)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ideas_trailentry")
        with connection.schema_editor() as editor:
            editor.add_constraint(TrailEntry, constraint)


@contextmanager
def without_rules() -> Iterator[None]:
    database_rules.lift(connection)
    try:
        yield
    finally:
        database_rules.install(connection)


@contextmanager
def without_conditional_update() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions.record, "_unless_overtaken", lambda idea: Idea.objects.filter(pk=idea.pk))
        yield


@pytest.mark.postgres
def test_of_two_people_who_decide_at_the_same_moment_one_wins_and_the_other_is_told() -> None:
    for _ in range(5):
        assert_one_wins_and_the_other_is_told(*keep_and_reject_at_once())


@pytest.mark.postgres
def test_without_the_guards_both_would_decide() -> None:
    """The control: the test above can turn red, and does when all that protects an idea is taken away."""
    with ExitStack() as guards:
        for guard in (without_rules(), without_numbered_steps(), without_conditional_update()):
            guards.enter_context(guard)
        idea, results = keep_and_reject_at_once()
        with pytest.raises(AssertionError):
            assert_one_wins_and_the_other_is_told(idea, results)
        assert all(isinstance(result, TrailEntry) for result in results), "two winners"


@pytest.mark.postgres
@pytest.mark.parametrize("left", ["constraint", "conditional update"])
def test_each_guard_holds_alone(left: str) -> None:
    with ExitStack() as guards:
        guards.enter_context(without_rules())
        if left == "constraint":
            # Its loser would see "unique" instead of the sentence for people; the trail stays sound all the same.
            guards.enter_context(without_conditional_update())
        else:
            guards.enter_context(without_numbered_steps())
        idea, results = keep_and_reject_at_once()
        assert sum(isinstance(result, TrailEntry) for result in results) == 1
        assert idea.trail.count() == idea.trail_length + 1


def test_of_many_who_decide_at_once_exactly_one_wins() -> None:
    """Also on SQLite, where people queue up for the one lock and nobody sees "database is locked"."""
    idea = make_idea(Status.IN_REVIEW)
    leads = [UserFactory(lead=True) for _ in range(8)]
    pages = [Idea.objects.select_related("author").get(pk=idea.pk) for _ in leads]
    results = at_once(
        [lambda page=page, lead=lead: actions.take(page, Action.KEEP, by=lead) for page, lead in zip(pages, leads, strict=True)]
    )
    assert sum(isinstance(result, TrailEntry) for result in results) == 1
    assert sum(isinstance(result, actions.Overtaken) for result in results) == 7, results
    assert Idea.objects.get().trail.count() == idea.trail_length + 1


def test_the_mailed_link_pressed_in_two_windows_at_once_confirms_once() -> None:
    idea = make_idea(Status.UNCONFIRMED)
    pages = [Idea.objects.select_related("author").get(pk=idea.pk) for _ in range(4)]
    assert at_once([lambda page=page: actions.confirm(page) for page in pages]) == [None] * 4
    assert [entry.action for entry in idea.trail.order_by("position")] == ["submit", "confirm"]
    assert OutboxMessage.objects.filter(kind="ideas.step").count() == 1


def test_a_confirmation_at_the_moment_of_clearing_away_wins_or_finds_nothing() -> None:
    now = timezone.now()
    for _ in range(4):
        idea = make_idea(Status.UNCONFIRMED, now=now - timedelta(days=8))
        page = Idea.objects.select_related("author").get(pk=idea.pk)
        confirmed, _cleared = at_once([lambda page=page: actions.confirm(page), housekeeping.delete_expired_ideas])
        left = Idea.objects.filter(pk=idea.pk).first()
        if left is None:
            assert isinstance(confirmed, actions.Refused), confirmed
            assert not TrailEntry.objects.filter(idea_id=idea.pk).exists()
        else:
            assert confirmed is None
            assert (left.status, left.trail.count()) == (Status.SUBMITTED, 2)


# --- many hand in -----------------------------------------------------------------------------------------------------


def test_twenty_people_who_hand_in_at_once_get_twenty_numbers_in_a_row() -> None:
    before = actions.submit(submission())[0].number
    people = [UserFactory() for _ in range(20)]
    results = at_once([lambda person=person: actions.submit(submission(user=person)) for person in people])
    assert [result for result in results if isinstance(result, Exception)] == []
    assert sorted(idea.number for idea, _new in results) == list(range(before + 1, before + 21))
    assert Idea.objects.count() == 21


def test_the_very_first_ideas_of_a_new_site_get_different_numbers_too() -> None:
    NumberCounter.objects.all().delete()
    people = [UserFactory() for _ in range(10)]
    results = at_once([lambda person=person: actions.submit(submission(user=person)) for person in people])
    assert sorted(idea.number for idea, _new in results) == list(range(1, 11)), results


def test_a_form_sent_twenty_times_at_once_makes_one_idea_and_gives_twenty_equal_answers() -> None:
    person, key = UserFactory(), uuid.uuid4()
    results = at_once([lambda: actions.submit(submission(user=person, key=key))] * 20)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert len({(idea.pk, idea.number, idea.receipt_token) for idea, _new in results}) == 1
    assert [new for _idea, new in results].count(True) == 1
    assert (Idea.objects.count(), TrailEntry.objects.count()) == (1, 1)
    assert OutboxMessage.objects.filter(kind="ideas.step").count() == 1
    next_one, _new = actions.submit(submission())
    assert next_one.number == results[0][0].number + 1, "the refused ones took no number"


def test_a_form_with_a_picture_sent_several_times_at_once_keeps_the_picture() -> None:
    data = jpeg()
    for turn in range(5):
        filled = {"title": "Bank am Ufer", "text": "Eine Bank mit Blick auf den Rhein.", "email": f"gast-{turn}@example.org"}
        filled |= {"consent": "on", "picture_alt": "Das Ufer", "submission_key": str(uuid.uuid4())}

        def send(filled: dict[str, str] = filled) -> Any:
            return Client().post("/ideen/einreichen/", {**filled, "picture": SimpleUploadedFile("ufer.jpg", data)})

        answers = at_once([send] * 4)
        assert [getattr(answer, "status_code", answer) for answer in answers] == [302] * 4
        assert len({answer.headers["Location"] for answer in answers}) == 1
        version = IdeaVersion.objects.get(idea__submission_key=filled["submission_key"])
        [picture] = version.pictures.all()
        assert picture.file.storage.exists(picture.file.name)


def test_a_number_is_never_given_again_after_its_idea_was_cleared_away() -> None:
    now = timezone.now()
    gone = make_idea(Status.UNCONFIRMED, now=now - timedelta(days=8)).number
    assert housekeeping.delete_expired_ideas(now) == 1
    assert make_idea().number == gone + 1


def test_an_idea_whose_transaction_fails_takes_no_number() -> None:
    first = make_idea().number
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        make_idea()
        raise RuntimeError("power cut")
    assert make_idea().number == first + 1


def test_imported_ideas_keep_their_numbers_and_new_ones_go_above() -> None:
    def take_over(number: int) -> Idea:
        return actions.import_kept(
            actions.ImportedIdea(number, "Titel", "Text", LoesungFactory(), Channel.WORKSHOP, timezone.now())
        )

    assert [take_over(number).number for number in (160, 3, 81)] == [160, 3, 81]
    assert make_idea().number == 161
    with pytest.raises(IntegrityError):
        take_over(81)
    assert make_idea().number == 162


# --- a measure moves on while people link -----------------------------------------------------------------------------


def assert_progress_is_what_the_links_say() -> None:
    for idea in Idea.objects.all():
        assert idea.progress == actions.current_progress(idea), idea
        assert idea.trail_length == idea.trail.count()


@pytest.mark.postgres
def test_an_idea_linked_while_its_measure_moves_on_shows_the_new_progress() -> None:
    lead = UserFactory(lead=True)
    for _ in range(15):
        measure, idea = MeasureFactory(status=MeasureStatus.PLANNING), make_idea(Status.KEPT)
        results = at_once(
            [
                lambda measure=measure: actions.change_measure_status(measure, MeasureStatus.DONE),
                lambda idea=idea, measure=measure: actions.link_measure(idea, measure, Contribution.FULL, by=lead),
            ]
        )
        assert not [result for result in results if isinstance(result, Exception)], results
        assert_progress_is_what_the_links_say()


@pytest.mark.postgres
def test_an_idea_taken_out_of_one_measure_while_another_moves_on_shows_the_others_progress() -> None:
    lead = UserFactory(lead=True)
    for _ in range(15):
        gone, stays = MeasureFactory(status=MeasureStatus.DONE), MeasureFactory(status=MeasureStatus.PLANNING)
        idea = make_idea(Status.KEPT, measures=(gone, stays))
        results = at_once(
            [
                lambda stays=stays: actions.change_measure_status(stays, MeasureStatus.PREPARATION),
                lambda idea=idea, gone=gone: actions.unlink_measure(idea, gone, by=lead, decision=WHY),
            ]
        )
        # Whoever comes second may be told so; what is stored is right in any case.
        assert all(isinstance(result, int | TrailEntry | actions.Overtaken) for result in results), results
        assert_progress_is_what_the_links_say()


@pytest.mark.postgres
def test_two_measures_of_the_same_ideas_that_move_on_at_once_wait_for_each_other() -> None:
    first, second = MeasureFactory(status=MeasureStatus.PLANNING), MeasureFactory(status=MeasureStatus.PLANNING)
    for _ in range(4):
        make_idea(Status.KEPT, measures=(first, second))
    for status in (MeasureStatus.PREPARATION, MeasureStatus.IMPLEMENTATION, MeasureStatus.PLANNING, MeasureStatus.DONE):
        results = at_once(
            [
                lambda measure=measure, status=status: actions.change_measure_status(measure, status)
                for measure in (first, second)
            ]
        )
        assert not [result for result in results if isinstance(result, Exception)], results
        assert_progress_is_what_the_links_say()


def test_an_idea_linked_twice_at_once_is_in_the_measure_once() -> None:
    measure, idea, lead = MeasureFactory(), make_idea(Status.KEPT), UserFactory(lead=True)
    pages = [Idea.objects.select_related("author").get(pk=idea.pk) for _ in range(4)]
    results = at_once([lambda page=page: actions.link_measure(page, measure, Contribution.FULL, by=lead) for page in pages])
    assert sum(isinstance(result, TrailEntry) for result in results) == 1
    assert sum(isinstance(result, actions.Refused) for result in results) == 3, results
    assert MeasureIdea.objects.count() == 1
    assert_progress_is_what_the_links_say()
