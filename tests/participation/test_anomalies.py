"""What the office is shown of ballots that came alike: how they came, never what they say or from whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from participation import anomalies
from participation.models import Ballot, Competition, VoterLink
from participation.phases import Phase
from participation.voters import network_digest
from tests.factories.participation import competition, guest

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def from_address(own: Competition, address: str) -> str:
    return network_digest(RequestFactory().get("/", REMOTE_ADDR=address), own)


def cast(own: Competition, networks: list[str], when: list[datetime], voter: str = "guest") -> list[Ballot]:
    """Ballots of as many voters, each from its network at its moment."""
    known = Ballot.objects.count()
    ballots = Ballot.objects.bulk_create(
        Ballot(competition=own, receipt=f"R{known + place:06}", voter=voter) for place in range(len(networks))
    )
    VoterLink.objects.bulk_create(
        VoterLink(competition=own, ballot=ballot, voter_key=str(ballot.pk), network=network, cast_at=moment)
        for ballot, network, moment in zip(ballots, networks, when, strict=True)
    )
    return ballots


def hourly(number: int) -> list[datetime]:
    return [NOON + place * HOUR for place in range(number)]


def test_behind_a_proxy_each_voter_has_a_network_of_their_own(settings: Any) -> None:
    own = competition()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def behind(address: str) -> str:
        return network_digest(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": address}), own)

    assert behind("203.0.113.7") == behind("203.0.113.8") == behind("::ffff:203.0.113.9")
    assert behind("203.0.113.7") != behind("198.51.100.7")
    assert network_digest(RequestFactory().get("/", REMOTE_ADDR=""), own) == ""


@pytest.mark.parametrize("network", ["203.0.113.{}", "2001:db8:7:{:x}::1"])
def test_a_thousand_voters_from_one_net_are_flagged_and_their_neighbours_are_not(network: str) -> None:
    own = competition(Phase.VOTING)
    swarm = cast(own, [from_address(own, network.format(place % 250)) for place in range(1000)], hourly(1000))
    cast(own, [from_address(own, f"198.51.{place}.9") for place in range(100)], hourly(100))
    cast(own, [""] * 20, hourly(20))  # their network is deleted
    [group] = anomalies.groups(own)
    assert (group.kind, group.size, group.guests, group.accounts) == ("network", 1000, 1000, 0)
    assert {ballot.pk for ballot in group.ballots} == {ballot.pk for ballot in swarm}
    assert (group.since, group.until) == (NOON, NOON + 999 * HOUR)


def test_a_net_is_shown_from_the_size_on_that_the_office_asks_for() -> None:
    own = competition(Phase.VOTING)
    cast(own, [from_address(own, "203.0.113.1")] * 9, hourly(9))
    assert anomalies.groups(own) == []
    assert [group.size for group in anomalies.groups(own, least=9)] == [9]


def test_ballots_of_another_competition_and_withdrawn_ones_are_left_out() -> None:
    own, other = competition(Phase.VOTING), competition(Phase.VOTING)
    cast(other, [from_address(other, "203.0.113.1")] * 10, hourly(10))
    withdrawn = cast(own, [from_address(own, "203.0.113.1")] * 10, hourly(10))
    Ballot.objects.filter(pk__in=[ballot.pk for ballot in withdrawn]).update(state=Ballot.State.WITHDRAWN)
    assert anomalies.groups(own) == []


@pytest.mark.parametrize(("seconds", "found"), [(6, [10]), (7, [])])
def test_ten_within_a_minute_are_a_group(seconds: int, found: list[int]) -> None:
    """Ten ballots every six seconds take 54 seconds; every seven, 63."""
    own = competition(Phase.VOTING)
    cast(own, [""] * 10, [NOON + timedelta(seconds=seconds * place) for place in range(10)])
    assert [group.size for group in anomalies.groups(own)] == found


def test_a_minute_ends_just_before_it_is_full() -> None:
    own = competition(Phase.VOTING)
    cast(own, [""] * 5, [NOON] * 4 + [NOON + timedelta(minutes=1)])
    assert anomalies.groups(own, least=5) == []
    assert [group.size for group in anomalies.groups(own, least=4)] == [4]


def test_a_flood_is_one_group_and_who_came_before_or_after_is_not_in_it() -> None:
    own = competition(Phase.VOTING)
    flood = [NOON + timedelta(seconds=place) for place in range(200)]
    cast(own, [""] * 202, [NOON - HOUR, *flood, NOON + HOUR])
    [group] = anomalies.groups(own)
    assert (group.kind, group.size, group.since, group.until) == ("time", 200, flood[0], flood[-1])


def test_throw_away_addresses_are_those_on_the_operators_list(settings: Any) -> None:
    own = competition(Phase.VOTING)
    for place, address in enumerate(
        ["a@wegwerf.example", "b@Post.Wegwerf.example", "c@nicht-wegwerf.example", "d@example.org"]
    ):
        [ballot] = cast(own, [""], [NOON + place * HOUR])
        VoterLink.objects.filter(ballot=ballot).update(contact=guest(address).contact)
    assert anomalies.groups(own) == []  # the list is empty at first
    settings.THROWAWAY_DOMAINS = ["Wegwerf.example", ""]
    [group] = anomalies.groups(own)
    assert (group.kind, group.size) == ("domain", 2)
    assert "wegwerf.example" in str(group.label)
    assert "a@" not in str(group.label)


def test_looking_costs_the_same_for_any_number(django_assert_num_queries: Any, settings: Any) -> None:
    settings.THROWAWAY_DOMAINS = ["wegwerf.example"]
    own = competition(Phase.VOTING)
    cast(own, [from_address(own, "203.0.113.1")] * 50, hourly(50))
    with django_assert_num_queries(1):
        assert [group.size for group in anomalies.groups(own)] == [50]


def test_a_marked_ballot_is_found_once_and_a_made_up_one_not_at_all() -> None:
    own = competition(Phase.VOTING)
    ballots = cast(own, [from_address(own, "203.0.113.1")] * 12, [NOON] * 12)
    groups = anomalies.groups(own)
    assert {group.kind for group in groups} == {"network", "time"}
    everything = anomalies.chosen(groups, [group.key for group in groups], [])
    assert sorted(ballot.pk for ballot in everything) == sorted(ballot.pk for ballot in ballots)
    assert [ballot.pk for ballot in anomalies.chosen(groups, [], [anomalies.short(ballots[3]), "12345678"])] == [ballots[3].pk]
    assert anomalies.chosen(groups, ["unbekannt"], ["x" * 5000]) == []


def test_the_name_of_a_ballot_at_the_desk_tells_nothing_of_its_receipt() -> None:
    ballot = Ballot(receipt="AAAA-BBBB-CCCC-DDDD")
    name = anomalies.short(ballot)
    ballot.receipt = "7K2M-0000-0000-0000"
    assert anomalies.short(ballot) == name
    assert name not in str(ballot.pk)
