"""The pages with which people support, follow and stop: without an account by a mailed link, with one by a button."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.contacts import contact_of_address, contact_of_user
from accounts.models import Contact
from common import outbox
from ideas import actions, housekeeping, news
from ideas.models import ContactRequest, Follow, Frequency, Idea, Support
from ideas.workflow import Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, make_idea
from tests.ideas.test_mails import EVIL

GUEST = "gast@example.org"


def mailed_path(to: str = GUEST) -> str:
    """The path of the link in the last mail to this address."""
    outbox.drain()
    letter = [letter for letter in mail.outbox if letter.to == [to]][-1]
    found = re.search(r"https?://[^/]+(/mitmachen/\S+)", letter.body)
    assert found, letter.body
    return found.group(1)


def support_page(idea: Idea) -> str:
    return f"/ideen/{idea.number}/unterstuetzen/"


def test_an_account_supports_and_takes_back_with_one_button(client: Client, db: None) -> None:
    idea, user = make_idea(Status.KEPT), UserFactory()
    client.force_login(user)
    page = client.get(support_page(idea))
    assert "Idee unterstützen" in page.text
    assert page["Cache-Control"].count("no-store") == 1
    assert not Support.objects.exists(), "opening it changes nothing"
    page = client.post(support_page(idea), {"action": "start"}, follow=True)
    assert "Ihre Unterstützung zählt" in page.text
    assert Support.objects.get().contact == contact_of_user(user)
    assert "1 Unterstützung" in client.get("/ideen/").text
    assert "Unterstützen (1)" in re.sub(r"\s*</?span[^>]*>", "", client.get(idea.get_absolute_url()).text)
    client.post(support_page(idea), {"action": "stop"})
    assert not Support.objects.exists()


def test_a_guest_supports_by_a_mailed_link_and_then_needs_no_mail_for_the_next_idea(client: Client, db: None) -> None:
    first, second = make_idea(Status.KEPT), make_idea(Status.KEPT)
    page = client.post(support_page(first), {"email": GUEST, "language": "de"}, follow=True)
    assert "Bitte sehen Sie in Ihr Postfach" in page.text
    assert not Support.objects.exists()
    path = mailed_path()
    page = client.get(path)
    assert page["Referrer-Policy"] == "strict-origin"
    assert not Support.objects.exists(), "opening the link changes nothing"
    page = client.post(path, {"action": "start"}, follow=True)
    assert "Ihre Unterstützung zählt" in page.text
    assert "g…@example.org" in page.text
    client.post(support_page(second), {"action": "start"})
    assert [support.idea for support in Support.objects.order_by("pk")] == [first, second]
    client.post(support_page(first), {"action": "stop"})
    assert Support.objects.get().idea == second
    client.post(support_page(second), {"action": "forget"})
    assert "Ihre E-Mail-Adresse" in client.get(support_page(second)).text


def test_a_guest_takes_a_support_back_the_same_way(client: Client, db: None) -> None:
    idea = make_idea(Status.KEPT)
    actions.support(idea, contact_of_address(GUEST))
    client.post(support_page(idea), {"email": GUEST})
    path = mailed_path()
    assert "Unterstützung zurücknehmen" in client.get(path).text
    client.post(path, {"action": "stop"})
    assert not Support.objects.exists()
    assert Idea.objects.get(pk=idea.pk).support_count == 0


def test_a_mailed_link_works_once_and_for_seven_days(client: Client, db: None) -> None:
    idea = make_idea(Status.KEPT)
    client.post(support_page(idea), {"email": GUEST})
    path = mailed_path()
    ContactRequest.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert client.get(path).status_code == 404
    ContactRequest.objects.update(created_at=timezone.now())
    client.post(path)
    stranger = Client()
    page = stranger.post(path, {"action": "stop"}, follow=True)
    assert "schon benutzt" in page.text
    assert Support.objects.count() == 1
    assert "contact" not in stranger.session
    assert client.get("/mitmachen/falsch/").status_code == 404


def test_everybody_gets_the_same_answer_and_an_address_three_mails_an_hour(client: Client, db: None) -> None:
    idea = make_idea(Status.KEPT)
    UserFactory(email="bekannt@example.org")
    known = client.post(support_page(idea), {"email": "bekannt@example.org"}, follow=True)
    answers = [
        client.post(support_page(idea), {"email": "G.A+x@example.org".replace("G.A", "gast")}, follow=True) for _ in range(5)
    ]
    assert {answer.text for answer in answers} == {known.text}
    outbox.drain()
    assert sum("gast+x@example.org" in letter.to for letter in mail.outbox) == 3
    ContactRequest.objects.update(created_at=timezone.now() - timedelta(hours=2))
    client.post(support_page(idea), {"email": GUEST})
    assert mailed_path()


def test_the_mail_to_an_address_that_is_not_proved_repeats_nothing_that_a_stranger_typed(client: Client, db: None) -> None:
    idea = make_idea(Status.KEPT, title=EVIL)
    client.post(support_page(idea), {"email": "opfer@example.org"})
    client.post(f"/ideen/{idea.number}/folgen/", {"email": "opfer@example.org", "frequency": "weekly"})
    outbox.drain()
    letters = [letter for letter in mail.outbox if letter.to == ["opfer@example.org"]]
    assert len(letters) == 2
    for letter in letters:
        assert f"Idee {idea.number}" in letter.body
        for typed in ("Gewinn", "boese", "Bcc"):
            assert typed not in letter.subject + letter.body + str(letter.alternatives)


@pytest.mark.parametrize("typed", ["", "kein-at", "a@b", "x" * 250 + "@example.org"])
def test_an_address_that_is_none_gets_a_sentence_and_stays_in_the_field(client: Client, db: None, typed: str) -> None:
    page = client.post(support_page(make_idea(Status.KEPT)), {"email": typed})
    assert page.status_code == 422
    assert "Adresse" in page.text
    assert f'value="{typed}"' in page.text or not typed
    assert not ContactRequest.objects.exists()


def test_a_machine_that_fills_every_field_mails_nobody(client: Client, db: None) -> None:
    page = client.post(support_page(make_idea(Status.KEPT)), {"email": GUEST, "website": "https://boese.example"})
    assert page.status_code == 422
    assert not ContactRequest.objects.exists()


def test_idea_measure_and_loesung_are_followed_by_account_and_by_guest(client: Client, db: None) -> None:
    idea, measure, loesung = make_idea(Status.KEPT), MeasureFactory(), LoesungFactory()
    of_loesung = f"/agenda/{loesung.get_parent().slug}/{loesung.slug}/folgen/"
    pages = [f"/ideen/{idea.number}/folgen/", f"/massnahmen/{measure.slug}/folgen/", of_loesung]
    for thing, page in zip((idea, measure), pages, strict=False):
        public = client.get(thing.get_absolute_url())
        assert page in public.text
        assert 'method="post"' not in public.text
        assert not public.cookies
    signed_in = Client()
    signed_in.force_login(UserFactory())
    for page in pages:
        signed_in.post(page, {"action": "start", "frequency": "daily"})
    client.post(pages[0], {"email": GUEST, "frequency": "weekly", "language": "en"})
    client.post(mailed_path())
    client.post(pages[1], {"action": "start", "frequency": "at_once"})
    assert sorted(Follow.objects.values_list("frequency", flat=True)) == ["at_once", "daily", "daily", "daily", "weekly"]
    assert Contact.objects.get(user=None).language == "en"
    assert "Sie folgen" in client.get(pages[1]).text
    client.post(pages[1], {"action": "stop"})
    assert Follow.objects.count() == 4


def test_a_page_without_a_public_idea_is_not_there(client: Client, db: None) -> None:
    for number in (make_idea(Status.SUBMITTED).number, 999_999):
        assert client.get(f"/ideen/{number}/unterstuetzen/").status_code == 404
        assert client.post(f"/ideen/{number}/folgen/", {"email": GUEST, "frequency": "daily"}).status_code == 404


def test_the_list_sorts_by_support(client: Client, db: None) -> None:
    ideas = [make_idea(Status.KEPT) for _ in range(3)]
    for number, idea in enumerate((ideas[1], ideas[1], ideas[0])):
        actions.support(idea, contact_of_address(f"gast{number}@example.org"))
    page = client.get("/ideen/?sort=unterstuetzt")
    assert [row.number for row in page.context["ideas"]] == [ideas[1].number, ideas[0].number, ideas[2].number]


# --- stop -------------------------------------------------------------------------------------------------------------


def followed(frequency: str = Frequency.AT_ONCE) -> tuple[Follow, str]:
    follow, _new = actions.follow(contact_of_address(GUEST), make_idea(Status.KEPT), frequency)
    return follow, f"/abos/beenden/{news.stop_token(follow.key)}/"


def test_a_mail_program_stops_with_one_post_without_cookie_or_token(db: None) -> None:
    _follow, path = followed()
    strict = Client(enforce_csrf_checks=True)
    assert "E-Mails beenden" in strict.get(path).text
    assert Follow.objects.count() == 1, "opening it changes nothing: programs look at links by themselves"
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follow.objects.exists()
    assert strict.post(path).status_code == 200
    assert "keine E-Mails mehr" in strict.get("/abos/beenden/falsch/").text


def test_one_link_stops_everything_and_belongs_to_one_person(db: None) -> None:
    follow, _path = followed()
    actions.follow(follow.contact, MeasureFactory())
    other, _new = actions.follow(contact_of_address("andere@example.org"), MeasureFactory())
    token = news.stop_all_token(follow.contact)
    strict = Client(enforce_csrf_checks=True)
    strict.post(f"/abos/alle-beenden/{other.contact.pk}-{token.partition('-')[2]}/")
    assert Follow.objects.count() == 3
    assert "2 Sachen" in strict.get(f"/abos/alle-beenden/{token}/").text
    strict.post(f"/abos/alle-beenden/{token}/")
    assert Follow.objects.get() == other


def test_the_database_keeps_no_link_that_stops(db: None) -> None:
    follow, path = followed()
    assert path.split("/")[3] not in str(Follow.objects.values().get())
    assert follow.stop_digest


def test_an_account_sees_changes_and_stops_what_it_follows_and_nobody_else_s(client: Client, db: None) -> None:
    user, idea = UserFactory(), make_idea(Status.KEPT)
    mine, _new = actions.follow(contact_of_user(user), MeasureFactory())
    foreign, _path = followed()
    actions.support(idea, contact_of_user(user))
    assert client.get("/konto/abos/").status_code == 302
    client.force_login(user)
    page = client.get("/konto/abos/")
    assert mine.target.title in page.text
    assert f"Idee {idea.number}" in page.text
    assert foreign.target.title not in re.sub(rf"Idee {idea.number}: <span>[^<]*", "", page.text)
    client.post("/konto/abos/", {"follow": mine.pk, "action": "save", "frequency": "weekly"})
    assert Follow.objects.get(pk=mine.pk).frequency == "weekly"
    client.post("/konto/abos/", {"follow": foreign.pk, "action": "stop"})
    client.post("/konto/abos/", {"follow": "x", "action": "stop"})
    client.post("/konto/abos/", {"follow": mine.pk, "action": "stop"})
    assert Follow.objects.get() == foreign


def test_addresses_that_were_not_proved_are_deleted_after_a_week(client: Client, db: None) -> None:
    client.post(support_page(make_idea(Status.KEPT)), {"email": GUEST})
    now = timezone.now()
    assert housekeeping.delete_expired_requests(now + timedelta(days=6)) == 0
    assert housekeeping.delete_expired_requests(now + timedelta(days=8)) == 1
    assert not Contact.objects.exists()
