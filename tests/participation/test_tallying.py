"""Closing, counting, publishing with a second person, and setting ballots aside."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from ideas.actions import withdraw
from participation import actions
from participation.models import Ballot, Competition, CompetitionStep, Entry, QuarantineStep, Tally, VoterLink
from participation.phases import Phase
from participation.tally import file_for
from tests.factories import participation as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
AFTER_VOTING = NOW + timedelta(days=6)
AFTER_ALL = NOW + timedelta(days=20)


@pytest.fixture
def lead() -> User:
    return UserFactory(lead=True)


@pytest.fixture
def second() -> User:
    return UserFactory(lead=True)


@pytest.fixture
def found() -> Competition:
    return make.competition(now=NOW, voting="budget", votes=3, votes_per_entry=2)


@pytest.fixture
def entries(found: Competition) -> list[Entry]:
    return [make.entry(found) for _each in range(3)]


@pytest.fixture
def ballots(found: Competition, entries: list[Entry]) -> list[Ballot]:
    """2 for the first entry, 1 and 2 for the second, 1 for the third."""
    first, second, third = (entry.pk for entry in entries)
    said = ({first: 2, second: 1}, {second: 2}, {third: 1})
    return [actions.cast(found, make.guest(), points=points, now=NOW) for points in said]


def fresh(found: Competition) -> Competition:
    return Competition.objects.with_phases().get(pk=found.pk)


def counted(found: Competition, lead: User) -> Tally:
    if not found.is_closed:
        actions.close(found, by=lead, now=AFTER_VOTING)
    return actions.count(found, by=lead, now=AFTER_ALL)


def votes(tally: Tally) -> list[Any]:
    return [(entry["number"], entry["votes"]) for entry in tally.result["entries"] if entry["place"]]


# --- close ------------------------------------------------------------------------------------------------------------


def test_a_close_seals_every_ballot_and_says_so(found: Competition, ballots: list[Ballot], lead: User) -> None:
    step = actions.close(found, by=lead, now=AFTER_VOTING)
    assert (step.kind, step.actor, step.happened_at) == ("closed", lead, AFTER_VOTING)
    assert found.closed_at == fresh(found).closed_at == AFTER_VOTING
    assert list(Ballot.objects.values_list("is_sealed", flat=True)) == [True] * 3
    with pytest.raises(actions.Refused, match="schon geschlossen"):
        actions.close(found, by=lead, now=AFTER_VOTING)
    assert CompetitionStep.objects.count() == 1


def test_a_vote_that_runs_is_not_closed_and_nobody_but_the_lead_closes(found: Competition, lead: User) -> None:
    with pytest.raises(actions.Refused, match="erst, wenn sie zu Ende ist"):
        actions.close(found, by=lead, now=NOW)
    for person in (UserFactory(), UserFactory(editor=True), UserFactory(jury=True), UserFactory(admin=True)):
        for deed in (actions.close, actions.count):
            with pytest.raises(actions.Refused, match="Berechtigung"):
                deed(found, by=person, now=AFTER_ALL)
    assert not fresh(found).is_closed


def test_ballots_of_another_competition_stay_open(found: Competition, ballots: list[Ballot], lead: User) -> None:
    other = make.competition(now=NOW, voting="support")
    elsewhere = actions.cast(other, make.guest(), points={make.entry(other).pk: 1}, now=NOW)
    actions.close(found, by=lead, now=AFTER_VOTING)
    elsewhere.refresh_from_db()
    assert not elsewhere.is_sealed


# --- count ------------------------------------------------------------------------------------------------------------


def test_nothing_is_counted_before_the_close_nor_while_the_jury_works(
    found: Competition, ballots: list[Ballot], lead: User
) -> None:
    with pytest.raises(actions.Refused, match="Auszählen lässt sich erst"):
        actions.count(found, by=lead, now=NOW)
    with pytest.raises(actions.Refused, match="schließen Sie zuerst"):
        actions.count(found, by=lead, now=AFTER_ALL)
    actions.close(found, by=lead, now=AFTER_VOTING)
    with pytest.raises(actions.Refused, match="Auszählen lässt sich erst"):
        actions.count(found, by=lead, now=AFTER_VOTING)
    assert not Tally.objects.exists()
    actions.count(found, by=lead, now=AFTER_ALL)
    assert Tally.objects.count() == 1


def test_a_count_can_be_repeated_and_gives_the_same(found: Competition, ballots: list[Ballot], lead: User) -> None:
    first = counted(found, lead)
    second = actions.count(found, by=lead, now=AFTER_ALL)
    assert (first.head, first.file, first.result) == (second.head, second.file, second.result)
    assert Tally.objects.get().pk == second.pk
    kinds = list(CompetitionStep.objects.values_list("kind", flat=True))
    assert kinds == ["closed", "counted", "counted"]
    assert CompetitionStep.objects.last().details == {"head": second.head}


def test_the_log_says_nothing_of_the_result_before_it_is_published(
    found: Competition, ballots: list[Ballot], lead: User
) -> None:
    counted(found, lead)
    for step in CompetitionStep.objects.all():
        assert set(step.details) <= {"head"}


# --- publish ----------------------------------------------------------------------------------------------------------


def test_a_second_person_publishes(found: Competition, ballots: list[Ballot], lead: User, second: User) -> None:
    tally = counted(found, lead)
    with pytest.raises(actions.Refused, match="eine zweite Person"):
        actions.publish(found, seen=tally.head, by=lead, now=AFTER_ALL)
    with pytest.raises(actions.Refused, match="Berechtigung"):
        actions.publish(found, seen=tally.head, by=UserFactory(editor=True), now=AFTER_ALL)
    published = actions.publish(found, seen=tally.head, by=second, now=AFTER_ALL)
    assert (published.published_at, published.published_by, published.head) == (AFTER_ALL, second, tally.head)
    assert fresh(found).tally.is_published
    for again in (actions.count, lambda *args, **fields: actions.publish(*args, seen=tally.head, **fields)):
        with pytest.raises(actions.Refused, match="schon veröffentlicht"):
            again(found, by=second, now=AFTER_ALL)
    assert [step.kind for step in CompetitionStep.objects.all()] == ["closed", "counted", "published"]


def test_nothing_is_published_that_was_not_counted_or_not_seen(
    found: Competition, ballots: list[Ballot], lead: User, second: User
) -> None:
    actions.close(found, by=lead, now=AFTER_VOTING)
    with pytest.raises(actions.Refused, match="zuerst aus"):
        actions.publish(found, seen="", by=second, now=AFTER_ALL)
    tally = counted(found, lead)
    with pytest.raises(actions.Overtaken):
        actions.publish(found, seen="0" * 64, by=second, now=AFTER_ALL)
    actions.set_aside([ballots[0]], "Aus einem Netz.", by=lead, now=AFTER_ALL)
    newer = actions.count(found, by=lead, now=AFTER_ALL)
    assert newer.head != tally.head
    with pytest.raises(actions.Overtaken):
        actions.publish(found, seen=tally.head, by=second, now=AFTER_ALL)
    assert not fresh(found).tally.is_published
    assert actions.publish(found, seen=newer.head, by=second, now=AFTER_ALL).is_published


def test_a_count_is_not_published_when_an_author_withdrew_an_idea_since(
    found: Competition, entries: list[Entry], ballots: list[Ballot], lead: User, second: User
) -> None:
    tally = counted(found, lead)
    withdraw(entries[0].idea)
    with pytest.raises(actions.Overtaken, match="noch einmal"):
        actions.publish(found, seen=tally.head, by=second, now=AFTER_ALL)
    newer = actions.count(found, by=lead, now=AFTER_ALL)
    assert votes(newer) == [(entries[1].idea.number, 3), (entries[2].idea.number, 1)]
    assert actions.publish(found, seen=newer.head, by=second, now=AFTER_ALL).is_published


# --- quarantine -------------------------------------------------------------------------------------------------------


def test_a_ballot_under_quarantine_does_not_count_and_stands_in_the_file_with_its_reason(
    found: Competition, entries: list[Entry], ballots: list[Ballot], lead: User
) -> None:
    assert actions.set_aside(ballots[1:2], "Viele aus einem Netz.", by=lead, now=NOW) == 1, "also while people vote"
    tally = counted(found, lead)
    assert votes(tally) == [(entry.idea.number, count) for entry, count in zip(entries, (2, 1, 1), strict=True)]
    assert f'"reason":"Viele aus einem Netz.","receipt":"{ballots[1].receipt}"' in tally.file
    step = QuarantineStep.objects.get()
    assert (step.action, step.reason, step.actor, step.happened_at) == ("set", "Viele aus einem Netz.", lead, NOW)


def test_a_quarantine_after_a_count_makes_the_count_void(found: Competition, ballots: list[Ballot], lead: User) -> None:
    before = counted(found, lead)
    actions.set_aside(ballots, "Aus einem Netz.", by=lead, now=AFTER_ALL)
    assert not Tally.objects.exists()
    assert getattr(fresh(found), "tally", None) is None
    assert actions.count(found, by=lead, now=AFTER_ALL).result["ballots"]["quarantined"] == 3
    assert actions.lift(ballots, "Geprüft: eine Schulklasse.", by=lead, now=AFTER_ALL) == 3
    assert not Tally.objects.exists()
    assert actions.count(found, by=lead, now=AFTER_ALL).head == before.head, "as if nothing had happened"
    assert [step.action for step in QuarantineStep.objects.order_by("pk")] == ["set"] * 3 + ["lifted"] * 3


def test_the_reason_of_the_latest_quarantine_is_published(found: Competition, ballots: list[Ballot], lead: User) -> None:
    for reason in ("Erster Grund.", "Zweiter Grund."):
        actions.set_aside(ballots[:1], reason, by=lead, now=AFTER_VOTING)
        if reason.startswith("Erster"):
            actions.lift(ballots[:1], "Geprüft.", by=lead, now=AFTER_VOTING)
    file = counted(found, lead).file
    assert "Zweiter Grund." in file
    assert "Erster Grund." not in file


def test_a_quarantine_needs_a_reason_a_ballot_and_the_lead(found: Competition, ballots: list[Ballot], lead: User) -> None:
    for reason in ("", "   ", "…"):
        with pytest.raises(actions.Refused, match="Grund"):
            actions.set_aside(ballots, reason, by=lead, now=NOW)
    with pytest.raises(actions.Refused, match="mindestens einen"):
        actions.set_aside([], "Aus einem Netz.", by=lead, now=NOW)
    with pytest.raises(actions.Refused, match="Berechtigung"):
        actions.set_aside(ballots, "Aus einem Netz.", by=UserFactory(editor=True), now=NOW)
    with pytest.raises(actions.Overtaken):
        actions.lift(ballots, "Geprüft.", by=lead, now=NOW)
    assert not QuarantineStep.objects.exists()


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_ballot_withdrawn_under_quarantine_is_a_withdrawn_one_when_that_ends(
    found: Competition, entries: list[Entry], lead: User, is_closed: bool
) -> None:
    voter = make.guest()
    ballot = actions.cast(found, voter, points={entries[0].pk: 2}, now=NOW)
    actions.set_aside([ballot], "Aus einem Netz.", by=lead, now=NOW)
    actions.withdraw_ballot(found, voter, now=NOW)
    ballot.refresh_from_db()
    assert ballot.state == Ballot.State.QUARANTINED, "nobody gets out of it on their own"
    if is_closed:
        actions.close(found, by=lead, now=AFTER_VOTING)
    moment = AFTER_VOTING if is_closed else NOW
    assert actions.lift([ballot], "Geprüft: eine Schulklasse.", by=lead, now=moment) == 1
    ballot.refresh_from_db()
    assert ballot.state == Ballot.State.WITHDRAWN
    counted_ballots = file_for(fresh(found)).result["ballots"]
    assert (counted_ballots["cast"], counted_ballots["withdrawn"]) == (0, 1)


def test_what_is_set_aside_or_withdrawn_already_stays_as_it_is(found: Competition, ballots: list[Ballot], lead: User) -> None:
    voter = make.guest()
    withdrawn = actions.cast(found, voter, points={Entry.objects.all()[0].pk: 1}, now=NOW)
    actions.withdraw_ballot(found, voter, now=NOW)
    actions.set_aside(ballots[:1], "Aus einem Netz.", by=lead, now=NOW)
    assert actions.set_aside([*ballots, withdrawn], "Aus einem Netz.", by=lead, now=NOW) == 2
    assert QuarantineStep.objects.count() == 3
    withdrawn.refresh_from_db()
    assert withdrawn.state == Ballot.State.WITHDRAWN


def test_a_published_result_holds_against_everything(
    found: Competition, entries: list[Entry], ballots: list[Ballot], lead: User, second: User
) -> None:
    tally = counted(found, lead)
    actions.publish(found, seen=tally.head, by=second, now=AFTER_ALL)
    for refused in (
        lambda: actions.set_aside(ballots, "Aus einem Netz.", by=lead, now=AFTER_ALL),
        lambda: actions.take_out(Entry.objects.get(pk=entries[0].pk), by=lead, reason="Doppelt.", now=AFTER_ALL),
        lambda: actions.close(found, by=lead, now=AFTER_ALL),
    ):
        with pytest.raises(actions.Refused):
            refused()
    assert Tally.objects.get().file == tally.file


# --- entries ----------------------------------------------------------------------------------------------------------


def test_an_entry_taken_out_after_a_count_makes_the_count_void(
    found: Competition, entries: list[Entry], ballots: list[Ballot], lead: User
) -> None:
    counted(found, lead)
    actions.take_out(entries[1], by=lead, reason="Verstößt gegen die Regeln.", now=AFTER_ALL)
    assert not Tally.objects.exists()
    tally = actions.count(found, by=lead, now=AFTER_ALL)
    assert votes(tally) == [(entries[0].idea.number, 2), (entries[2].idea.number, 1)]
    assert tally.result["entries"][-1]["state"] == "out"


def test_an_entry_refused_leaves_a_count_alone(found: Competition, ballots: list[Ballot], lead: User) -> None:
    waiting = make.entry(found, state=Entry.State.PROPOSED)
    counted(found, lead)
    actions.decline(waiting, by=lead, reason="Kam zu spät.", now=AFTER_ALL)
    assert Tally.objects.count() == 1


def test_a_competition_with_a_jury_alone_needs_no_close(lead: User) -> None:
    phases = (Phase.SUBMISSION, Phase.JURY, Phase.RESULT)
    found = make.competition(Phase.RESULT, now=NOW, phases=phases, voting="none")
    with pytest.raises(actions.Refused, match="nichts zu zählen"):
        actions.count(found, by=lead, now=NOW)
    assert not VoterLink.objects.exists()
