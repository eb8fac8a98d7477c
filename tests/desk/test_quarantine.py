"""Ballots that came alike are set aside with a public reason and can count again. Nothing on the page says what they say."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation import actions, anomalies
from participation.models import Ballot, Competition, QuarantineStep, VoterLink
from participation.phases import Phase
from tests.factories import UserFactory
from tests.factories.participation import competition, entry, guest

pytestmark = pytest.mark.django_db
REASON = "Zwölf Stimmzettel kamen in einer Minute aus einem Netz."


@pytest.fixture
def own(db: None) -> Competition:
    """A vote with twelve ballots from one network, one every ten minutes, and one from elsewhere."""
    made = competition(Phase.VOTING, voting="support")
    liked = entry(made)
    start = timezone.now() - timedelta(hours=3)
    for place in range(13):
        network = "ein-netz" if place < 12 else "ein-anderes"
        actions.give(made, guest(), liked, network=network, now=start + timedelta(minutes=10 * place))
    return made


@pytest.fixture
def desk(lead: Any, site: Any) -> Client:
    client = Client()
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(own: Competition) -> str:
    return reverse("competitions_desk:quarantine", args=[own.pk])


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def set_aside(desk: Client, own: Competition, reason: str = REASON, **marked: Any) -> Any:
    return desk.post(address(own), {"schritt": "quarantaene", "quarantaene-reason": reason, "ab": "10", **marked})


def lift(desk: Client, own: Competition, reason: str = "Es war eine Schule.", **marked: Any) -> Any:
    return desk.post(address(own), {"schritt": "aufheben", "aufheben-reason": reason, "ab": "10", **marked})


def set_aside_now(own: Competition) -> int:
    return Ballot.objects.filter(competition=own, state=Ballot.State.QUARANTINED).count()


def test_without_anything_to_see_the_page_says_so(desk: Client) -> None:
    page = text_of(desk.get(address(competition(Phase.VOTING))))
    assert "Nichts Auffälliges." in page
    assert "Kein Stimmzettel steht unter Quarantäne." in page


def test_a_group_is_set_aside_and_counts_again(desk: Client, own: Competition) -> None:
    [group] = anomalies.groups(own)
    page = text_of(desk.get(address(own)))
    assert "12 Stimmzettel aus einem Netz" in page
    assert "0 mit Konto, 12 ohne Konto" in page
    assert set_aside(desk, own, gruppe=[group.key]).status_code == 302
    assert set_aside_now(own) == 12
    page = text_of(desk.get(address(own)))
    assert "12 Stimmzettel stehen unter Quarantäne." in page
    assert "12 Stimmzettel unter Quarantäne gestellt" in page  # one row of the log
    [batch] = anomalies.set_aside(own)
    assert (batch.reason, len(batch.ballots)) == (REASON, 12)

    assert lift(desk, own, gruppe=[batch.key]).status_code == 302
    assert set_aside_now(own) == 0
    page = text_of(desk.get(address(own)))
    assert "12 Stimmzettel Quarantäne aufgehoben" in page
    assert "Es war eine Schule." in page
    assert REASON in page
    assert QuarantineStep.objects.count() == 24


def test_single_ballots_are_marked_by_their_short_name(desk: Client, own: Competition) -> None:
    [group] = anomalies.groups(own)
    names = [anomalies.short(ballot) for ballot in group.ballots]
    set_aside(desk, own, stimmzettel=names[:2])
    assert set_aside_now(own) == 2
    lift(desk, own, stimmzettel=names[:1])
    assert [anomalies.short(each) for each in Ballot.objects.filter(state=Ballot.State.QUARANTINED)] == names[1:2]


def test_the_page_shows_no_choice_no_receipt_no_address_and_no_network(desk: Client, own: Competition) -> None:
    [group] = anomalies.groups(own)
    set_aside(desk, own, stimmzettel=[anomalies.short(group.ballots[0])])
    page = desk.get(address(own)).content.decode()
    for link in VoterLink.objects.select_related("ballot", "contact"):
        assert link.contact is not None
        for secret in (link.ballot.receipt, str(link.ballot.pk), link.contact.address, link.voter_key, link.network):
            assert secret not in page
    for chosen in own.entries.all():
        assert chosen.idea.released_version.title not in page


def test_without_a_reason_or_a_mark_nothing_happens_and_nothing_is_lost(desk: Client, own: Competition) -> None:
    [group] = anomalies.groups(own)
    for reason in ("", "  ", "…"):
        response = set_aside(desk, own, reason, gruppe=[group.key])
        page = text_of(response, 422)
        assert "Bitte geben Sie einen Grund an. Er ist öffentlich." in page
        assert f'value="{group.key}" checked' in page
    page = text_of(set_aside(desk, own), 422)
    assert "Bitte wählen Sie mindestens einen Stimmzettel." in page
    assert REASON in page
    for junk in ({"gruppe": ["../x"]}, {"stimmzettel": ["' OR 1=1"]}, {"ab": "-1"}, {"ab": "viele"}):
        assert set_aside(desk, own, **junk).status_code == 422
    assert desk.post(address(own), {"schritt": "loeschen"}).status_code == 200
    assert lift(desk, own).status_code == 422
    assert set_aside_now(own) == 0


def test_two_who_set_the_same_aside_are_told(desk: Client, own: Competition) -> None:
    [group] = anomalies.groups(own)
    set_aside(desk, own, gruppe=[group.key])
    assert "Über diese Stimmzettel wurde inzwischen entschieden." in text_of(set_aside(desk, own, gruppe=[group.key]), 422)
    assert QuarantineStep.objects.count() == 12


def test_before_the_voting_nothing_can_be_set_aside(desk: Client) -> None:
    page = text_of(desk.get(address(competition(Phase.SUBMISSION))))
    assert "Gerade lassen sich keine Stimmzettel unter Quarantäne stellen." in page
    assert "Öffentlicher Grund" not in page


def test_only_the_lead_sets_ballots_aside(own: Competition, site: Any) -> None:
    [group] = anomalies.groups(own)
    client = Client()
    assert client.get(address(own)).status_code == 302
    client.force_login(UserFactory(editor=True), backend="django.contrib.auth.backends.ModelBackend")
    assert set_aside(client, own, gruppe=[group.key]).status_code == 302
    assert set_aside_now(own) == 0
