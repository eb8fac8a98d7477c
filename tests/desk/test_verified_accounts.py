"""The lead enters that somebody has shown who they are; that person can then vote where only such people may."""

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from accounts.models import User
from accounts.roles import Role
from participation.models import Ballot
from tests.factories import UserFactory
from tests.factories.participation import competition, entry

pytestmark = pytest.mark.django_db
PAGE = "/admin/personen/"


@pytest.fixture
def at_desk(client: Client) -> Client:
    client.force_login(UserFactory(lead=True, email="leitung@example.org"))
    return client


def test_whoever_showed_their_papers_can_vote_until_the_entry_is_taken_back(at_desk: Client) -> None:
    user, found = UserFactory(email="pia@example.org"), competition(electorate="verified")
    one = entry(found)
    voter = Client()
    voter.force_login(user)
    url = f"/wettbewerbe/{found.slug}/abstimmen/"
    form = {"action": "cast", f"idee-{one.idea.number}": "on"}
    voter.post(url, form)
    assert not Ballot.objects.exists()

    page = at_desk.post(PAGE, {"action": "verify", "email": "Pia@Example.org", "how": "Ausweis vorgelegt"}, follow=True)
    assert "Die Person hinter pia@example.org ist geprüft." in page.text
    assert "Ausweis vorgelegt" in page.text
    voter.post(url, form)
    assert Ballot.objects.get().state == "cast"

    page = at_desk.post(PAGE, {"action": "unverify", "email": "pia@example.org"}, follow=True)
    assert "gilt nicht mehr als geprüft" in page.text
    assert "Kommen Sie mit Ihrem Ausweis" in voter.get(url).text
    steps = ModelLogEntry.objects.filter(action__startswith="accounts.").order_by("pk")
    assert [step.action for step in steps] == ["accounts.verified", "accounts.unverified"]
    assert {step.user.email for step in steps} == {"leitung@example.org"}
    assert steps[0].data["how"] == "Ausweis vorgelegt"


def test_taking_back_a_check_of_somebody_unknown_changes_nothing(at_desk: Client) -> None:
    for email in ("niemand@example.org", "a\x00b@example.org", "", "x" * 100_000):
        assert at_desk.post(PAGE, {"action": "unverify", "email": email}).status_code == 302
    assert not ModelLogEntry.objects.filter(action="accounts.unverified").exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"email": "niemand@example.org", "how": "Ausweis"}, "gibt es kein Konto"),
        ({"email": "keine", "how": "Ausweis"}, "nicht vollständig"),
        ({"email": "", "how": "Ausweis"}, "Bitte geben Sie die E-Mail-Adresse an"),
        ({"email": "person@example.org", "how": " "}, "wie Sie die Person geprüft haben"),
        ({"email": "person@example.org", "how": "x" * 81}, "höchstens 80 Zeichen"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_entered(at_desk: Client, form: dict[str, str], sentence: str) -> None:
    UserFactory(email="person@example.org")
    page = at_desk.post(PAGE, {"action": "verify", **form})
    assert page.status_code == 422
    assert sentence in page.text
    assert not User.objects.filter(verified_at__isnull=False).exists()


@pytest.mark.parametrize("roles", [(), *((role,) for role in Role if role is not Role.LEAD)])
def test_nobody_but_the_lead_enters_it(client: Client, roles: tuple[Role, ...]) -> None:
    user = UserFactory(roles=roles, email="selbst@example.org")
    client.force_login(user)
    assert client.get(PAGE).status_code == 302
    client.post(PAGE, {"action": "verify", "email": "selbst@example.org", "how": "Ausweis"})
    assert not User.objects.get(pk=user.pk).is_verified
    client.logout()
    assert client.post(PAGE, {"action": "verify", "email": "selbst@example.org", "how": "Ausweis"}).status_code == 302
    assert not User.objects.get(pk=user.pk).is_verified
