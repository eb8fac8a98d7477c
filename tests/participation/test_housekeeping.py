"""After a vote it is forgotten who cast which ballot, and from where."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import AddressProof
from common import worker
from participation import actions, housekeeping
from participation.models import Ballot, Competition, CompetitionStep, VoterLink
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


def test_a_network_is_forgotten_after_a_week() -> None:
    found = voted()
    assert housekeeping.forget_networks(NOW + timedelta(days=7)) == 0
    assert VoterLink.objects.get().network == "f" * 64
    assert housekeeping.forget_networks(NOW + timedelta(days=7, seconds=1)) == 1
    assert VoterLink.objects.get().network == ""
    assert VoterLink.objects.get().competition == found


def test_an_address_that_nobody_proved_is_forgotten() -> None:
    AddressProof.objects.create(email="anna@example.org", address_key="k", leads_to="/ideen/", digest="d", created_at=NOW)
    assert housekeeping.delete_expired_proofs(NOW + timedelta(days=AddressProof.DAYS)) == 0
    assert housekeeping.delete_expired_proofs(NOW + timedelta(days=AddressProof.DAYS, seconds=1)) == 1
    assert not AddressProof.objects.exists()


def test_all_of_it_happens_by_itself() -> None:
    chores = {housekeeping.delete_voter_links, housekeeping.forget_networks, housekeeping.delete_expired_proofs}
    assert chores <= set(worker._chores)
