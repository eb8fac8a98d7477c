"""What the database refuses about competitions, whoever types it: on both databases, by SQL."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from participation import actions
from participation.models import (
    Ballot,
    Choice,
    Competition,
    CompetitionStep,
    EntryStep,
    JurySheet,
    QuarantineStep,
    Tally,
    VoterLink,
)
from tests.factories import participation as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def refused(sql: str, *values: object) -> bool:
    """Whether the database refuses this statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError as error:
        return any(word in str(error) for word in ("never", "only", "before", "stay"))
    return False


@pytest.fixture
def found() -> Competition:
    return make.competition(now=NOW, voting="budget", votes=3, votes_per_entry=2)


def test_a_voter_has_one_ballot_however_they_vote(found: Competition) -> None:
    voter, first, second = make.guest(), make.entry(found), make.entry(found)
    ballot = actions.cast(found, voter, points={first.pk: 2}, now=NOW)
    again = actions.cast(found, voter, points={first.pk: 1, second.pk: 2}, now=NOW)
    assert (again.pk, again.receipt, again.spent) == (ballot.pk, ballot.receipt, 3)
    assert Ballot.objects.count() == VoterLink.objects.count() == 1
    other = Ballot.objects.create(competition=found, receipt="X", voter="guest", allowed=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        VoterLink.objects.create(competition=found, ballot=other, contact=voter.contact, voter_key=voter.key(found))


def test_a_ballot_spends_no_more_than_it_has(found: Competition) -> None:
    voter, first, second = make.guest(), make.entry(found), make.entry(found)
    for each in (first, first, second):
        actions.give(found, voter, each, now=NOW)
    with pytest.raises(actions.Refused, match="3 Stimmen"):
        actions.give(found, voter, second, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.update(spent=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Choice.objects.filter(entry=first).update(points=3)
    actions.take_back(found, voter, first, now=NOW)
    assert actions.give(found, voter, second, now=NOW).spent == 3


def test_a_choice_names_an_entry_of_its_own_competition(found: Competition) -> None:
    ballot = actions.cast(found, make.guest(), points={make.entry(found).pk: 1}, now=NOW)
    elsewhere = make.entry(make.competition(now=NOW))
    with pytest.raises(Exception, match="own competition"), transaction.atomic():
        Choice.objects.create(ballot=ballot, entry=elsewhere, points=1, most=2)


def test_a_ballot_has_the_votes_that_the_rules_give_and_no_more(found: Competition) -> None:
    entry, other = make.entry(found), make.entry(found)
    ballot = actions.cast(found, make.guest(), points={entry.pk: 1}, now=NOW)
    assert refused("UPDATE participation_ballot SET allowed = 100")
    assert refused("UPDATE participation_ballot SET allowed = NULL")
    assert refused("UPDATE participation_choice SET most = 3, points = 3")
    for allowed in (4, None):
        with pytest.raises(DatabaseError, match="only the votes"), transaction.atomic():
            Ballot.objects.create(competition=found, receipt="X", voter="guest", allowed=allowed)
    with pytest.raises(DatabaseError, match="only what the rules"), transaction.atomic():
        Choice.objects.create(ballot=ballot, entry=other, points=3, most=3)


def test_a_voter_has_a_ballot_of_the_same_competition(found: Competition) -> None:
    voter, elsewhere = make.guest(), make.competition(now=NOW, voting="support")
    actions.cast(found, voter, points={make.entry(found).pk: 1}, now=NOW)
    second = Ballot.objects.create(competition=found, receipt="X", voter="guest", allowed=3)
    with pytest.raises(DatabaseError, match="same competition"), transaction.atomic():
        VoterLink.objects.create(competition=elsewhere, ballot=second, contact=voter.contact, voter_key=voter.key(elsewhere))


def test_a_member_of_a_jury_scores_no_entry_of_another_competition() -> None:
    found = make.jury_competition(now=NOW)
    seat, own, elsewhere = make.member(found), make.entry(found), make.entry(make.jury_competition(now=NOW))
    with pytest.raises(DatabaseError, match="same competition"), transaction.atomic():
        JurySheet.objects.create(member=seat, entry=elsewhere)
    JurySheet.objects.create(member=seat, entry=own)
    assert refused("UPDATE participation_jurysheet SET entry_id = %s", elsewhere.pk)


def test_nothing_is_cast_or_changed_after_the_close(found: Competition) -> None:
    entry, voter = make.entry(found), make.guest()
    ballot = actions.cast(found, voter, points={entry.pk: 1}, now=NOW)
    Competition.objects.update(closed_at=NOW)
    Ballot.objects.update(is_sealed=True)
    with pytest.raises(actions.NoLongerOpen):
        actions.cast(found, voter, points={entry.pk: 2}, now=NOW)
    assert refused("UPDATE participation_ballot SET spent = 2")
    assert refused("UPDATE participation_ballot SET is_sealed = %s", False)
    assert refused("UPDATE participation_ballot SET state = 'quarantined'")
    assert refused("UPDATE participation_choice SET points = 2")
    assert refused("DELETE FROM participation_choice")
    assert refused("DELETE FROM participation_ballot")
    assert refused("UPDATE participation_competition SET closed_at = NULL")
    with pytest.raises(Exception, match="before the close"), transaction.atomic():
        Ballot.objects.create(id=uuid.uuid4(), competition=found, receipt="Y", voter="guest", allowed=3)
    QuarantineStep.objects.create(ballot=ballot, action="set", reason="Viele aus einem Netz.")
    assert not refused("UPDATE participation_ballot SET state = 'quarantined'")
    assert refused("UPDATE participation_quarantinestep SET reason = 'anders'")
    assert refused("DELETE FROM participation_quarantinestep")


def test_a_voter_stays_known_until_the_close(found: Competition) -> None:
    voter = make.guest()
    actions.cast(found, voter, points={make.entry(found).pk: 1}, now=NOW)
    assert refused("DELETE FROM participation_voterlink")
    voter.contact.delete()  # an erased account takes its contact along: the key still knows the voter
    assert VoterLink.objects.get().contact is None
    Competition.objects.update(closed_at=NOW)
    assert not refused("DELETE FROM participation_voterlink")


def test_the_rules_of_a_vote_stay_from_the_first_ballot_on(found: Competition) -> None:
    entry = make.entry(found)
    assert not refused("UPDATE participation_competition SET votes = 4")
    found.refresh_from_db()
    actions.cast(found, make.guest(), points={entry.pk: 1}, now=NOW)
    assert refused("UPDATE participation_competition SET votes = 5")
    assert refused("UPDATE participation_competition SET electorate = 'account'")
    assert not refused("UPDATE participation_competition SET closed_at = %s", NOW)


def test_an_entry_changes_only_with_a_step(found: Competition) -> None:
    entry = make.entry(found)
    assert refused("UPDATE participation_entry SET state = 'out'")
    assert refused("UPDATE participation_entrystep SET reason = 'anders'")
    assert refused("DELETE FROM participation_entrystep")
    assert refused("DELETE FROM participation_entry")
    step = actions.take_out(entry, by=UserFactory(lead=True), reason="Doppelt.", now=NOW)
    assert EntryStep.objects.filter(entry=entry).count() == 2
    step.actor.delete()
    assert EntryStep.objects.get(pk=step.pk).actor is None


def test_a_published_result_never_changes(found: Competition) -> None:
    lead = UserFactory(lead=True)
    tally = Tally.objects.create(competition=found, file="x", head="y", counted_by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tally.objects.update(published_at=NOW, published_by=lead)
    Tally.objects.update(published_at=NOW, published_by=UserFactory(lead=True))
    assert refused("UPDATE participation_tally SET file = 'z'")
    assert refused("UPDATE participation_tally SET result = '[]'"), "what the page shows is what the file says"
    assert refused("DELETE FROM participation_tally")
    lead.delete()
    tally.refresh_from_db()
    assert tally.counted_by is None


def test_the_log_of_a_competition_never_changes(found: Competition) -> None:
    CompetitionStep.objects.create(competition=found, kind="extended", note="Wegen der Ferien.")
    assert refused("UPDATE participation_competitionstep SET note = 'anders'")
    make.entry(found)
    assert refused("DELETE FROM participation_competitionstep"), "somebody takes part"
    with pytest.raises(IntegrityError), transaction.atomic():
        CompetitionStep.objects.create(competition=found, kind="extended")
