"""One voter in fifty windows that press at the same moment, over HTTP: one ballot counts, and it spends no more than it has.

What keeps it so is taken away in runs of their own, which must see it break: else the others would prove nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Sum

from accounts.contacts import contact_of_address
from accounts.models import Contact, User
from common import database_rules
from participation import actions
from participation.actions import ballots
from participation.models import Ballot, Choice, Competition, Entry, VoterLink
from participation.voters import Voter
from tests.factories import UserFactory
from tests.factories.participation import competition, entry
from tests.participation.crowd import Crowd, crowd, session_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WINDOWS = 50


@pytest.fixture
def windows(live_site: Any) -> Iterator[Crowd]:
    with crowd(live_site, WINDOWS) as found:
        yield found


# --- one ballot -------------------------------------------------------------------------------------------------------


def somebody(run: int) -> User | Contact:
    """In turn somebody with an account, and a guest with a proved address."""
    return UserFactory() if run % 2 else contact_of_address(f"fenster{run}@example.org")


def ballots_at_once(
    windows: Crowd, found: Competition, entries: list[Entry], run: int
) -> tuple[list[int], list[dict[int, int]]]:
    """Each window sends a whole ballot of its own; the answers, and what was sent."""
    sent = [{each.pk: (window >> place) % 4 for place, each in enumerate(entries)} for window in range(1, WINDOWS + 1)]
    sent = [{key: points for key, points in one.items() if points} or {entries[0].pk: 1} for one in sent]
    numbers = {each.pk: each.idea.number for each in entries}
    path = f"/wettbewerbe/{found.slug}/abstimmen/"
    forms = [{"action": "cast", **{f"idee-{numbers[key]}": points for key, points in one.items()}} for one in sent]
    return windows.send(session_of(somebody(run)), [(path, form) for form in forms]), sent


def open_vote() -> tuple[Competition, list[Entry]]:
    found = competition(voting="budget", votes=20, votes_per_entry=3)
    return found, [entry(found) for _each in range(5)]


def assert_one_ballot_counts(windows: Crowd, runs: int) -> None:
    found, entries = open_vote()
    for run in range(runs):
        answers, sent = ballots_at_once(windows, found, entries, run)
        assert answers == [302] * WINDOWS, f"run {run}"
        assert Ballot.objects.count() == VoterLink.objects.count() == run + 1, f"run {run}"
        ballot = VoterLink.objects.latest("pk").ballot
        said = dict(ballot.choices.values_list("entry_id", "points"))
        assert said in sent, f"run {run}: a mixture of two ballots"
        assert ballot.spent == sum(said.values())


@pytest.mark.postgres
def test_of_fifty_ballots_that_one_voter_sends_at_once_exactly_one_counts_in_each_of_fifty_runs(windows: Crowd) -> None:
    assert_one_ballot_counts(windows, runs=50)


@pytest.mark.sqlite
def test_of_fifty_ballots_that_one_voter_sends_at_once_exactly_one_counts(windows: Crowd) -> None:
    """Whoever finds the database busy waits for it (the settings take the lock at BEGIN): nobody sees an error."""
    assert_one_ballot_counts(windows, runs=5)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_of_fifty_ballots_at_once_exactly_one_counts_in_each_of_five_hundred_runs(windows: Crowd) -> None:
    assert_one_ballot_counts(windows, runs=500)


@contextmanager
def without(model: type[models.Model], *names: str) -> Iterator[None]:
    """These constraints and all triggers taken away; put back once the rows that they forbid are gone."""
    every = model._meta.constraints
    constraints = [each for each in every if each.name in names]
    assert len(constraints) == len(names)
    database_rules.lift(connection)
    # SQLite builds the table anew from what the model says.
    model._meta.constraints = [each for each in every if each not in constraints]
    for each in constraints:
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, each)
    try:
        yield
    finally:
        Choice.objects.all().delete()
        VoterLink.objects.all().delete()
        Ballot.objects.all().delete()
        model._meta.constraints = every
        for each in constraints:
            with connection.schema_editor() as editor:
                editor.add_constraint(model, each)
        database_rules.install(connection)


def without_one_ballot_a_voter() -> Any:
    return without(VoterLink, "a_voter_has_one_ballot", "a_contact_has_one_ballot")


def most_ballots_of_one_voter(windows: Crowd, runs: int) -> int:
    found, entries = open_vote()
    most = 0
    for run in range(runs):
        before = VoterLink.objects.count()
        ballots_at_once(windows, found, entries, run)
        most = max(most, VoterLink.objects.count() - before)
    return most


@pytest.mark.postgres
def test_without_the_unique_constraints_one_voter_would_have_several_ballots(windows: Crowd) -> None:
    """The control of the runs above."""
    with without_one_ballot_a_voter():
        assert most_ballots_of_one_voter(windows, runs=3) > 1


@pytest.mark.sqlite
def test_without_constraint_and_transaction_one_voter_would_have_several_ballots(
    windows: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control on SQLite, where a transaction alone lets one in after the other."""

    class NoTransaction:
        atomic = staticmethod(nullcontext)

    monkeypatch.setattr(ballots, "transaction", NoTransaction)
    with without_one_ballot_a_voter():
        assert most_ballots_of_one_voter(windows, runs=3) > 1


# --- the budget -------------------------------------------------------------------------------------------------------


def single_votes_at_once(windows: Crowd, runs: int) -> list[tuple[list[int], int, int]]:
    """Fifty windows each give one vote to one of five ideas, with a budget of three: answers, votes given, votes spent."""
    found = competition(voting="budget", votes=3, votes_per_entry=3)
    entries = [entry(found) for _each in range(5)]
    seen = []
    for run in range(runs):
        pages = [f"/wettbewerbe/{found.slug}/abstimmen/{entries[window % 5].idea.number}/" for window in range(WINDOWS)]
        answers = windows.send(session_of(somebody(run)), [(page, {"action": "give"}) for page in pages])
        mine = VoterLink.objects.latest("pk").ballot
        given = Choice.objects.filter(ballot=mine).aggregate(sum=Sum("points"))["sum"] or 0
        seen.append((answers, given, mine.spent))
    assert VoterLink.objects.count() == runs
    return seen


@pytest.mark.parametrize(
    "runs", [pytest.param(10, marks=pytest.mark.postgres), pytest.param(3, marks=pytest.mark.sqlite)], ids=["ten", "three"]
)
def test_of_fifty_single_votes_at_once_exactly_three_count_where_there_are_three(windows: Crowd, runs: int) -> None:
    assert single_votes_at_once(windows, runs) == [([302] * WINDOWS, 3, 3)] * runs


def test_votes_given_taken_back_and_whole_ballots_at_once_never_exceed_the_budget(windows: Crowd) -> None:
    found = competition(voting="budget", votes=3, votes_per_entry=3)
    entries = [entry(found) for _each in range(5)]
    whole = f"/wettbewerbe/{found.slug}/abstimmen/"
    for run in range(3):
        posts: list[tuple[str, dict[str, Any]]] = []
        for window in range(WINDOWS):
            number = entries[window % 5].idea.number
            posts.append(
                [
                    (f"{whole}{number}/", {"action": "give"}),
                    (f"{whole}{number}/", {"action": "give"}),
                    (f"{whole}{number}/", {"action": "take_back"}),
                    (whole, {"action": "cast", f"idee-{number}": 3}),
                    (whole, {"action": "withdraw"}),
                ][window // 5 % 5]
            )
        answers = windows.send(session_of(somebody(run)), posts)
        assert set(answers) == {302}
        ballot = VoterLink.objects.latest("pk").ballot
        given = ballot.choices.aggregate(sum=Sum("points"))["sum"] or 0
        assert given == ballot.spent <= 3
        assert (ballot.state == "withdrawn") == (given == 0)


def give_check_then_write(competition: Competition, voter: Voter, entry: Entry, **_else: Any) -> Ballot:
    """As one writes it without thinking of others: look how many votes are left, then write."""
    ballot = ballots.ballot_of(competition, voter)
    if ballot is None:
        try:
            with transaction.atomic():
                ballot = ballots._new_ballot(competition, voter, "", competition.created_at)
        except IntegrityError:
            ballot = ballots.ballot_of(competition, voter)
    assert ballot is not None
    if (ballot.choices.aggregate(sum=Sum("points"))["sum"] or 0) >= competition.votes:
        raise actions.Refused("Keine Stimme mehr.")
    with transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(spent=F("spent") + 1)
        if not Choice.objects.filter(ballot=ballot, entry=entry).update(points=F("points") + 1):
            Choice.objects.create(ballot=ballot, entry=entry, points=1, most=3)
    return ballot


def test_without_the_conditional_update_more_than_three_votes_would_be_given(
    windows: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the runs above."""
    monkeypatch.setattr(actions, "give", give_check_then_write)
    with without(Ballot, "a_ballot_spends_no_more_than_it_has"):
        assert max(given for _answers, given, _spent in single_votes_at_once(windows, runs=3)) > 3


def test_the_check_alone_keeps_the_budget_too(windows: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loser would see an error instead of a sentence; what is stored is right in any case."""
    monkeypatch.setattr(actions, "give", give_check_then_write)
    assert [given for _answers, given, _spent in single_votes_at_once(windows, runs=2)] == [3, 3]
