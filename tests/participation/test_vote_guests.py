"""Guests prove their address by a mailed link and vote in the same browser; and nobody learns from it who has voted."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import known
from accounts.contacts import contact_of_user
from accounts.models import AddressProof, Contact
from common import outbox
from participation.models import Ballot, VoterLink
from participation.phases import Phase
from tests.factories import UserFactory, make_idea
from tests.factories.participation import competition, entry, plan
from tests.ideas.test_mails import EVIL

pytestmark = pytest.mark.django_db
GUEST = "gast@example.org"


def vote_url(found: Any, number: int | None = None) -> str:
    return f"/wettbewerbe/{found.slug}/abstimmen/" + (f"{number}/" if number else "")


def mailed_path(to: str = GUEST) -> str:
    outbox.drain()
    letter = [letter for letter in mail.outbox if letter.to == [to]][-1]
    found = re.search(r"https?://[^/]+(\S*/konto/adresse/\S+)", letter.body)
    assert found, letter.body
    return found.group(1)


def proved(client: Client, found: Any, email: str = GUEST, number: int | None = None) -> Any:
    """This browser asks for the link, opens it and presses the button; the page that it leads to."""
    client.post(vote_url(found, number), {"email": email, "language": "de"})
    return client.post(mailed_path(email), follow=True)


def test_a_guest_proves_the_address_votes_and_is_shown_apart(client: Client) -> None:
    found = competition()
    one = entry(found)
    page = client.get(vote_url(found))
    assert 'name="email"' in page.text
    assert f"/konto/login/?next={vote_url(found)}" in page.text
    page = client.post(vote_url(found), {"email": GUEST, "language": "de"}, follow=True)
    assert "Bitte sehen Sie in Ihr Postfach" in page.text
    path = mailed_path()
    page = client.get(path)
    assert page["Referrer-Policy"] == "strict-origin"
    assert "g…@example.org" in page.text
    assert GUEST not in page.text
    assert not Contact.objects.exists(), "opening the link changes nothing"
    page = client.post(path, follow=True)
    assert page.redirect_chain[-1][0] == vote_url(found)
    assert "ist bestätigt" in page.text
    assert "g…@example.org" in page.text
    page = client.post(vote_url(found), {"action": "cast", f"idee-{one.idea.number}": "on"}, follow=True)
    assert Ballot.objects.get().voter == "guest"
    assert Ballot.objects.get().receipt in page.text


def test_the_link_leads_to_the_page_for_one_idea_where_it_was_asked_for(client: Client) -> None:
    found = competition()
    one = entry(found)
    page = proved(client, found, number=one.idea.number)
    assert page.redirect_chain[-1][0] == vote_url(found, one.idea.number)
    client.post(vote_url(found, one.idea.number), {"action": "give"})
    assert Ballot.objects.get().spent == 1


def test_a_guest_who_asks_in_english_gets_an_english_link(client: Client) -> None:
    found = competition()
    client.post("/en" + vote_url(found), {"email": GUEST, "language": "en"})
    path = mailed_path()
    assert path.startswith("/en/konto/adresse/")
    assert client.post(path)["Location"] == "/en" + vote_url(found)


def test_a_guest_on_a_shared_computer_is_forgotten_by_a_button_and_the_ballot_stays(client: Client) -> None:
    found = competition()
    one = entry(found)
    proved(client, found)
    client.post(vote_url(found), {"action": "cast", f"idee-{one.idea.number}": "on"})
    receipt = Ballot.objects.get().receipt
    page = client.post(vote_url(found), {"action": "forget"}, follow=True)
    assert 'name="email"' in page.text
    assert receipt not in page.text
    assert Ballot.objects.count() == 1


def test_the_same_address_in_another_spelling_finds_the_same_ballot(client: Client) -> None:
    found = competition()
    one = entry(found)
    proved(client, found)
    client.post(vote_url(found), {"action": "cast", f"idee-{one.idea.number}": "on"})
    other = Client()
    page = proved(other, found, "Gast+zweite@Example.org")
    assert Ballot.objects.get().receipt in page.text
    other.post(vote_url(found), {"action": "cast", f"idee-{one.idea.number}": "on"})
    assert (Ballot.objects.count(), VoterLink.objects.count()) == (1, 1)


def test_a_guest_whose_address_has_an_account_shares_its_ballot(client: Client) -> None:
    found, user = competition(), UserFactory(email=GUEST)
    one = entry(found)
    client.force_login(user)
    client.post(vote_url(found), {"action": "cast", f"idee-{one.idea.number}": "on"})
    guest = Client()
    assert Ballot.objects.get().receipt in proved(guest, found).text
    guest.post(vote_url(found), {"action": "cast", f"idee-{one.idea.number}": "on"})
    assert Ballot.objects.count() == 1
    assert VoterLink.objects.get().contact == contact_of_user(user)


def test_somebody_signed_in_stays_who_they_are_when_they_open_a_link(client: Client) -> None:
    found, user = competition(), UserFactory()
    client.force_login(user)
    asked = known.ask_to_prove(GUEST, leads_to=vote_url(found))
    assert asked
    page = client.post(f"/konto/adresse/{known.proof_token(asked.key)}/", follow=True)
    assert "g…@example.org" not in page.text
    assert known.SESSION_KEY not in client.session


def test_everybody_gets_the_same_answer_and_an_address_three_mails_an_hour(client: Client) -> None:
    found = competition()
    one = entry(found)
    proved(client, found, "hat-gewaehlt@example.org")
    client.post(vote_url(found), {"action": "cast", f"idee-{one.idea.number}": "on"})
    UserFactory(email="konto@example.org")

    def answer(email: str) -> Any:
        return Client().post(vote_url(found), {"email": email}, follow=True)

    for email in ("hat-gewaehlt@example.org", "konto@example.org", *["neu@example.org"] * 5):
        page = answer(email)
        assert page.redirect_chain == [(f"{vote_url(found)}?gesendet", 302)]
        assert "Bitte sehen Sie in Ihr Postfach" in page.text
        assert email not in page.text
    outbox.drain()
    assert sum(letter.to == ["neu@example.org"] for letter in mail.outbox) == 3


def test_the_mail_repeats_nothing_that_a_stranger_typed(client: Client) -> None:
    found = competition(title="Ideen für den Fluss")
    entry(found, idea=make_idea(title=EVIL, released=True))
    client.post(vote_url(found), {"email": "opfer@example.org"})
    outbox.drain()
    [letter] = [letter for letter in mail.outbox if letter.to == ["opfer@example.org"]]
    assert letter.subject == "Bitte bestätigen Sie Ihre E-Mail-Adresse"
    for typed in ("Gewinn", "boese", "Bcc", "Fluss"):
        assert typed not in letter.subject + letter.body + str(letter.alternatives)


def test_a_link_works_once_and_for_seven_days(client: Client) -> None:
    found = competition()
    client.post(vote_url(found), {"email": GUEST})
    path = mailed_path()
    AddressProof.objects.update(created_at=timezone.now() - timedelta(days=8))
    page = client.get(path)
    assert page.status_code == 404
    assert "Dieser Link gilt nicht mehr" in page.text
    AddressProof.objects.update(created_at=timezone.now())
    client.post(path)
    stranger = Client()
    for page in (stranger.get(path, follow=True), stranger.post(path, follow=True)):
        assert "schon benutzt" in page.text
        assert known.SESSION_KEY not in stranger.session
    assert client.get("/konto/adresse/falsch/").status_code == 404


def test_an_address_that_was_never_proved_is_deleted_after_seven_days() -> None:
    now = timezone.now()
    known.ask_to_prove("alt@example.org", leads_to="/", now=now - timedelta(days=8))
    known.ask_to_prove("neu@example.org", leads_to="/", now=now - timedelta(days=6))
    assert known.delete_expired_proofs(now) == 1
    assert AddressProof.objects.get().email == "neu@example.org"


@pytest.mark.parametrize("typed", ["", "kein-at", "a@b", "x" * 250 + "@example.org"])
def test_an_address_that_is_none_gets_a_sentence_and_stays_in_the_field(client: Client, typed: str) -> None:
    page = client.post(vote_url(competition()), {"email": typed})
    assert page.status_code == 422
    assert "Adresse" in page.text
    assert f'value="{typed}"' in page.text or not typed
    assert not AddressProof.objects.exists()


def test_a_machine_that_fills_every_field_mails_nobody(client: Client) -> None:
    page = client.post(vote_url(competition()), {"email": GUEST, "website": "https://boese.example"})
    assert page.status_code == 422
    assert not AddressProof.objects.exists()


@pytest.mark.parametrize("rules", [{"electorate": "account"}, {"electorate": "verified"}, {"voting": "none"}])
def test_where_an_address_is_not_enough_none_is_asked_for_and_none_is_taken(client: Client, rules: dict[str, str]) -> None:
    found = competition(**rules)
    assert 'name="email"' not in client.get(vote_url(found)).text
    client.post(vote_url(found), {"email": GUEST})
    assert not AddressProof.objects.exists()


def test_after_the_end_no_address_is_asked_for(client: Client) -> None:
    found = competition()
    plan(found, Phase.JURY)
    assert 'name="email"' not in client.get(vote_url(found)).text
    client.post(vote_url(found), {"email": GUEST})
    assert not AddressProof.objects.exists()


def test_a_guest_with_a_proved_address_is_sent_to_the_door_where_an_account_is_needed(client: Client) -> None:
    proved(client, competition())
    found = competition(electorate="account")
    page = client.get(vote_url(found))
    assert "stimmt ab, wer ein Konto hat" in page.text
    assert "Andere Adresse nehmen" in page.text
