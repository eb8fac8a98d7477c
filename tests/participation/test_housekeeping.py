"""After a vote it is forgotten who cast which ballot, and from where."""

from datetime import UTC, datetime, timedelta

import pytest

from common import worker
from participation import actions, housekeeping
from participation.models import Ballot, Competition, CompetitionStep, VoterLink
from participation.phases import Phase
from tests.factories import participation as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CLOSED = NOW + timedelta(days=6)


def voted(**rules: object) -> Competition:
    found = make.competition(now=NOW, voting="support", **rules)
    actions.cast(found, make.guest(), points={make.entry(found).pk: 1}, network="f" * 64, now=NOW)
    return found


def test_ballots_are_cut_off_from_persons_the_set_number_of_days_after_the_close() -> None:
    found, running = voted(link_days=14), voted(link_days=0)
    actions.close(found, by=UserFactory(lead=True), now=CLOSED)
    assert housekeeping.delete_voter_links(CLOSED + timedelta(days=14, seconds=-1)) == 0
    assert VoterLink.objects.count() == 2
    due = CLOSED + timedelta(days=14)
    assert housekeeping.delete_voter_links(due) == 1
    assert list(VoterLink.objects.values_list("competition", flat=True)) == [running.pk], "a vote that runs keeps its links"
    assert Ballot.objects.count() == 2, "the ballots stay, with their receipts"
    found.refresh_from_db()
    assert found.links_deleted_at == due
    step = CompetitionStep.objects.get(kind="links_deleted")
    assert (step.competition, step.actor, step.happened_at) == (found, None, due)
    assert housekeeping.delete_voter_links(due + timedelta(days=1)) == 0, "once"


def test_the_number_of_days_is_that_of_the_competition() -> None:
    early, late = voted(link_days=3), voted(link_days=30)
    lead = UserFactory(lead=True)
    for found in (early, late):
        actions.close(found, by=lead, now=CLOSED)
    assert housekeeping.delete_voter_links(CLOSED + timedelta(days=5)) == 1
    assert VoterLink.objects.get().competition == late


def test_a_vote_that_nobody_closes_closes_by_itself_30_days_after_its_end() -> None:
    found, asked_nobody = voted(link_days=3), make.competition(now=NOW, voting="support")
    late = voted()
    make.plan(late, Phase.VOTING, now=NOW + timedelta(days=1))
    end = NOW + timedelta(days=5)  # of the phase, see the factory
    due = end + timedelta(days=30)
    assert housekeeping.close_forgotten_votes(due - timedelta(seconds=1)) == 0
    assert housekeeping.close_forgotten_votes(due) == 1
    found.refresh_from_db()
    assert (found.closed_at, Ballot.objects.get(competition=found).is_sealed) == (due, True)
    step = CompetitionStep.objects.get()
    assert (step.competition, step.kind, step.actor, step.happened_at) == (found, "closed", None, due)
    assert step.note == "Die Abstimmung hat sich 30 Tage nach ihrem Ende von selbst geschlossen."
    assert housekeeping.close_forgotten_votes(due) == 0, "once"
    assert not Competition.objects.filter(pk__in=[late.pk, asked_nobody.pk], closed_at__isnull=False).exists()
    assert housekeeping.delete_voter_links(due + timedelta(days=3)) == 1
    assert VoterLink.objects.get().competition == late


def test_the_lead_counts_what_closed_by_itself_and_a_close_stays_as_it_is() -> None:
    forgotten, closed, lead = voted(), voted(), UserFactory(lead=True)
    actions.close(closed, by=lead, now=CLOSED)
    due = CLOSED + timedelta(days=40)
    assert housekeeping.close_forgotten_votes(due) == 1
    assert not actions.close_forgotten(closed, now=due)
    closed.refresh_from_db()
    assert closed.closed_at == CLOSED
    found = Competition.objects.with_phases().get(pk=forgotten.pk)
    assert actions.count(found, by=lead, now=due).result["ballots"]["cast"] == 1


def test_a_network_is_forgotten_after_a_week() -> None:
    found = voted()
    assert housekeeping.forget_networks(NOW + timedelta(days=7)) == 0
    assert VoterLink.objects.get().network == "f" * 64
    assert housekeeping.forget_networks(NOW + timedelta(days=7, seconds=1)) == 1
    assert VoterLink.objects.get().network == ""
    assert VoterLink.objects.get().competition == found


def test_all_of_it_happens_by_itself() -> None:
    names = ("close_forgotten_votes", "delete_voter_links", "forget_networks")
    assert {getattr(housekeeping, name) for name in names} <= set(worker._chores)
