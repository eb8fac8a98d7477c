"""Votes, closes, counts and publications at the same moment. What protects an acknowledged vote is taken away once, in the test
itself, to see that it is what protects it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from participation import actions
from participation.actions import ballots as ballot_actions
from participation.models import Ballot, Competition, CompetitionStep, Entry, QuarantineStep, Tally
from tests.at_once import at_once
from tests.factories import participation as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
AFTER_VOTING, AFTER_ALL = NOW + timedelta(days=6), NOW + timedelta(days=20)


def leads(number: int) -> list[User]:
    people = [UserFactory(lead=True) for _each in range(number)]
    for person in people:
        assert person.roles  # asked before the race, as the page did
    return people


def fresh(found: Competition) -> Competition:
    return Competition.objects.with_phases().get(pk=found.pk)


def count_of(found: Competition, lead: User) -> Tally:
    return actions.count(fresh(found), by=lead, now=AFTER_ALL)


def close_beside_an_open_vote(vote: Callable[[Competition], Any], found: Competition, lead: User) -> list[str]:
    """A vote stands just before its commit while somebody closes; returns the order in which they ended."""
    voted, ended = threading.Event(), []

    def slowly() -> None:
        with transaction.atomic():
            vote(fresh(found))
            voted.set()
            closing.join(timeout=1.5)  # a close that doesn't wait has ended by then
        ended.append("vote")
        connection.close()

    def close() -> None:
        assert voted.wait(timeout=20)
        actions.close(fresh(found), by=lead, now=AFTER_VOTING)
        ended.append("close")
        connection.close()

    closing = threading.Thread(target=close)
    voting = threading.Thread(target=slowly)
    for thread in (closing, voting):
        thread.start()
    for thread in (voting, closing):
        thread.join(timeout=30)
        assert not thread.is_alive(), "a deadlock"
    return ended


@pytest.mark.postgres
@pytest.mark.parametrize("first_time", [True, False])
def test_a_close_waits_for_a_vote_that_is_being_cast_and_counts_it(first_time: bool) -> None:
    found = make.competition(now=NOW, voting="support")
    entry, other, voter = make.entry(found), make.entry(found), make.guest()
    if not first_time:
        actions.cast(found, voter, points={other.pk: 1}, now=NOW)
    [lead] = leads(1)
    order = close_beside_an_open_vote(lambda here: actions.cast(here, voter, points={entry.pk: 1}, now=NOW), found, lead)
    assert order == ["vote", "close"]
    assert Ballot.objects.get().is_sealed
    assert [row["votes"] for row in count_of(found, lead).result["entries"]] == [1, 0]


@pytest.mark.postgres
def test_without_holding_the_competition_a_close_would_overlook_a_new_ballot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the foreign key alone lets the close pass, and the ballot would come after it, unsealed."""
    monkeypatch.setattr(ballot_actions, "_hold_open", lambda competition: None)
    found = make.competition(now=NOW, voting="support")
    entry, voter = make.entry(found), make.guest()
    [lead] = leads(1)
    order = close_beside_an_open_vote(lambda here: actions.cast(here, voter, points={entry.pk: 1}, now=NOW), found, lead)
    assert order == ["close", "vote"]
    assert not Ballot.objects.get().is_sealed


@pytest.mark.postgres
def test_a_vote_that_comes_while_a_close_is_under_way_is_refused() -> None:
    found = make.competition(now=NOW, voting="support")
    entry, known, new = make.entry(found), make.guest(), make.guest()
    actions.cast(found, known, points={entry.pk: 1}, now=NOW)
    [lead] = leads(1)
    answers: list[Any] = []

    def vote(voter: Any) -> None:
        try:
            answers.append(actions.cast(fresh(found), voter, points={entry.pk: 1}, now=NOW))
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=vote, args=(voter,)) for voter in (known, new)]
    with transaction.atomic():
        actions.close(fresh(found), by=lead, now=AFTER_VOTING)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=0.7)
        assert answers == [], "both wait"
    for thread in threads:
        thread.join(timeout=20)
    assert [type(answer) for answer in answers] == [actions.NoLongerOpen] * 2, answers
    assert Ballot.objects.get().version == 1


def test_of_many_votes_beside_a_close_exactly_the_acknowledged_ones_count() -> None:
    [lead] = leads(1)
    for _turn in range(4):
        found = make.competition(now=NOW, voting="budget", votes=2, votes_per_entry=2)
        entry = make.entry(found)
        people = [make.guest() for _each in range(8)]
        for voter in people[:3]:
            actions.give(found, voter, entry, now=NOW)
        calls: list[Callable[[], Any]] = [partial(actions.give, fresh(found), voter, entry, now=NOW) for voter in people]
        calls.insert(4, partial(actions.close, fresh(found), by=lead, now=AFTER_VOTING))
        answers = at_once(calls)
        assert isinstance(answers.pop(4), CompetitionStep), "the close itself always succeeds"
        acknowledged = [answer for answer in answers if isinstance(answer, Ballot)]
        refused = [answer for answer in answers if isinstance(answer, actions.NoLongerOpen)]
        assert len(acknowledged) + len(refused) == len(people), answers
        assert not Ballot.objects.filter(competition=found, is_sealed=False).exists()
        [row] = count_of(found, lead).result["entries"]
        assert row["votes"] == 3 + len(acknowledged)


def ready() -> tuple[Competition, Entry, list[Ballot], Tally, list[User]]:
    """Counted, and two more people of the lead who look at the result."""
    found = make.competition(now=NOW, voting="support")
    entry = make.entry(found)
    ballots = [actions.cast(found, make.guest(), points={entry.pk: 1}, now=NOW) for _each in range(2)]
    people = leads(3)
    actions.close(found, by=people[0], now=AFTER_VOTING)
    return found, entry, ballots, count_of(found, people[0]), people


def test_of_two_people_who_publish_at_once_one_does() -> None:
    found, _entry, _ballots, tally, people = ready()
    calls = [partial(actions.publish, fresh(found), seen=tally.head, by=by, now=AFTER_ALL) for by in people[1:]]
    answers = at_once(calls)
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Tally"], answers
    assert found.steps.filter(kind="published").count() == 1


def test_two_counts_at_once_leave_one() -> None:
    found, _entry, _ballots, tally, people = ready()
    answers = at_once([partial(actions.count, fresh(found), by=by, now=AFTER_ALL) for by in people[1:]])
    assert [answer.head for answer in answers] == [tally.head] * 2
    assert Tally.objects.count() == 1


def publish_beside(change: str) -> tuple[Any, Any, Competition, Entry]:
    """Somebody publishes while another one sets a ballot aside or takes the entry out; what each was told."""
    found, entry, ballots, tally, people = ready()
    entry.competition = ballots[0].competition = fresh(found)
    disturb: Callable[[], Any] = partial(actions.take_out, entry, by=people[1], reason="Doppelt.", now=AFTER_ALL)
    if change == "quarantine":
        disturb = partial(actions.set_aside, ballots[:1], "Aus einem Netz.", by=people[1], now=AFTER_ALL)
    publish = partial(actions.publish, fresh(found), seen=tally.head, by=people[2], now=AFTER_ALL)
    published, disturbed = at_once([publish, disturb])
    return published, disturbed, found, entry


@pytest.mark.parametrize("change", ["quarantine", "entry"])
def test_what_changes_a_result_at_the_moment_of_its_publication_comes_before_or_not_at_all(change: str) -> None:
    for _turn in range(3):
        published, disturbed, found, entry = publish_beside(change)
        if isinstance(published, Tally):
            assert isinstance(disturbed, actions.Refused), disturbed
            assert Tally.objects.get(competition=found).is_published
            assert not QuarantineStep.objects.filter(ballot__competition=found).exists()
        else:
            assert isinstance(published, actions.Refused), published
            assert not Tally.objects.filter(competition=found).exists()
        entry.refresh_from_db()
        assert entry.is_in == (change == "quarantine" or isinstance(published, Tally))
