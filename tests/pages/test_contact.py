"""Writing to the office: one message for one person's press, a number for each, mails to both sides, and nobody flooded."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from common import limits, outbox
from common.guarding import stamp
from common.limits import within_limit
from common.models import OutboxMessage
from pages import enquiries, housekeeping
from pages.enquiries import Enquiry
from pages.enquiry_forms import own_path
from pages.enquiry_views import AN_HOUR, AN_HOUR_PROVED, sent_token
from pages.models import Message, SiteSettings, TicketCounter
from tests.at_once import at_once
from tests.broken_caches import BrokenCache, SilentCache
from tests.factories import UserFactory, home_page
from tests.proofs import a_proof, proof_of_page

TEXT = "Wann öffnet das Bürgerbüro am Freitag?"
YEAR = timezone.localdate().year
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(db: None) -> None:
    home_page()
    house = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    house.email, house.office = "stelle@example.org", "Stabsstelle"
    house.save()


def filled(**fields: Any) -> dict[str, Any]:
    return {"text": TEXT, "started": stamp("enquiry", 60), "submission_key": str(uuid.uuid4()), **fields}


def send(client: Client, **fields: Any) -> Any:
    return client.post("/kontakt/", filled(**fields))


def an_enquiry(**fields: Any) -> Enquiry:
    return Enquiry(**{"kind": Message.Kind.CONTACT, "text": TEXT, "key": uuid.uuid4(), **fields})


def letters() -> list[Any]:
    outbox.drain()
    return list(mail.outbox)


# --- the form ---------------------------------------------------------------------------------------------------------


def test_somebody_without_name_and_address_writes_and_gets_a_number(client: Client) -> None:
    assert client.get("/kontakt/").status_code == 200
    page = client.post("/kontakt/", filled(), follow=True)
    assert f"K-{YEAR}-0001" in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0") or "no-store" in page["Cache-Control"]
    message = Message.objects.get()
    assert (message.kind, message.text, message.email, message.answer_due) == (Message.Kind.CONTACT, TEXT, "", None)
    assert TEXT not in page.content.decode(), "the address of this page may be passed on"


def test_an_empty_form_names_the_field_and_keeps_what_was_typed(client: Client) -> None:
    page = send(client, text="  ", name="Pia", email="pia@", subject="Öffnungszeiten")
    html = page.content.decode()
    assert page.status_code == 422
    assert "Bitte schreiben Sie uns, worum es geht." in html
    assert "Diese E-Mail-Adresse ist nicht vollständig" in html
    assert 'value="Pia"' in html
    assert 'value="Öffnungszeiten"' in html
    assert not Message.objects.exists()


def test_what_is_too_long_is_refused_with_words_and_not_cut_off(client: Client) -> None:
    page = send(client, text="x" * 4001)
    assert page.status_code == 422
    assert "höchstens 4000 Zeichen" in page.content.decode()
    assert "x" * 4001 in page.content.decode()


@pytest.mark.parametrize("trap", ["filled", "too quick", "forged"])
def test_a_programme_that_fills_the_trap_or_is_too_quick_gets_no_number(client: Client, trap: str) -> None:
    quick = {"started": stamp("enquiry")}
    fields = {"filled": {"website": "https://boese.example"}, "too quick": quick, "forged": {"started": "x:y:z"}}
    page = send(client, **fields[trap])
    assert page.status_code == 422
    assert TEXT in page.content.decode(), "a person loses nothing"
    assert not Message.objects.exists()


def test_the_page_that_says_too_quick_can_be_sent_again_a_moment_later(client: Client) -> None:
    html = send(client, started="").content.decode()
    again = re.search(r'name="started" value="([^"]+)"', html)
    assert again, "the page carries a new stamp"


def test_two_presses_are_one_message_and_one_page(client: Client) -> None:
    data = filled(email="pia@example.org")
    first, second = client.post("/kontakt/", data), client.post("/kontakt/", data)
    number = f"K-{YEAR}-0001"
    assert number in client.get(first["Location"]).content.decode()
    assert number in client.get(second["Location"]).content.decode()
    assert Message.objects.count() == 1
    assert len(letters()) == 2, "one to the office, one to the sender"


def test_another_text_from_the_same_form_is_not_lost(client: Client) -> None:
    data = filled()
    client.post("/kontakt/", data)
    page = client.post("/kontakt/", {**data, "text": "Und noch etwas ganz anderes."})
    assert page.status_code == 409
    assert "Und noch etwas ganz anderes." in page.content.decode()
    key = re.search(r'name="submission_key" value="([^"]+)"', page.content.decode())
    assert key
    client.post("/kontakt/", {**data, "text": "Und noch etwas ganz anderes.", "submission_key": key.group(1)})
    assert Message.objects.count() == 2


def test_after_many_messages_from_one_connection_a_person_is_asked_to_wait_and_keeps_the_text(client: Client) -> None:
    for _ in range(AN_HOUR):
        assert send(client).status_code == 302
    page = send(client)
    assert page.status_code == 429
    assert TEXT in page.content.decode()
    assert Message.objects.count() == AN_HOUR
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert send(elsewhere).status_code == 302


def test_whose_browser_did_the_sum_may_write_more_and_nobody_needs_it(client: Client) -> None:
    for _ in range(AN_HOUR):
        assert send(client).status_code == 302
    for _ in range(AN_HOUR_PROVED - AN_HOUR):
        assert send(client, proof=a_proof("enquiry")).status_code == 302
    assert send(client, proof=a_proof("enquiry")).status_code == 429


def test_a_second_press_of_the_button_costs_no_second_proof(client: Client) -> None:
    data = filled(proof=proof_of_page(client.get("/kontakt/").content.decode()))
    assert [client.post("/kontakt/", data).status_code for _ in range(2)] == [302, 302]
    assert Message.objects.count() == 1


@pytest.mark.parametrize("broken", [BrokenCache, SilentCache])
def test_a_message_comes_in_while_nobody_can_count(client: Client, monkeypatch: pytest.MonkeyPatch, broken: Any) -> None:
    monkeypatch.setattr(limits, "cache", broken())
    assert send(client).status_code == 302
    assert Message.objects.count() == 1


def test_a_household_with_many_addresses_has_one_limit(rf: Any) -> None:
    calls = [rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{number}") for number in range(3)]
    assert [within_limit(call, "probe", most=2, seconds=60) for call in calls] == [True, True, False]


def test_the_page_with_the_number_opens_for_nobody_who_guesses(client: Client) -> None:
    message, _new = enquiries.receive(an_enquiry())
    assert client.get(f"/kontakt/danke/{sent_token(message)}/").status_code == 200
    for token in (str(message.pk), "falsch", sent_token(message)[:-1] + "_"):
        assert client.get(f"/kontakt/danke/{token}/").status_code == 404


def test_reading_the_form_in_english_makes_an_english_message(client: Client) -> None:
    answer = client.post("/en/kontakt/", filled(email="pia@example.org"))
    assert answer["Location"].startswith("/en/kontakt/danke/")
    assert Message.objects.get().language == "en"


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_each_kind_counts_for_itself_and_anew_each_year() -> None:
    def ticket(year: int, kind: Message.Kind = Message.Kind.CONTACT) -> str:
        return enquiries.receive(an_enquiry(kind=kind), now=datetime(year, 6, 1, tzinfo=UTC))[0].ticket

    given = [ticket(2026), ticket(2026), ticket(2026, Message.Kind.BARRIER), ticket(2027), ticket(2026)]
    assert given == ["K-2026-0001", "K-2026-0002", "B-2026-0001", "K-2027-0001", "K-2026-0003"]


def test_a_deleted_message_gives_its_number_to_nobody() -> None:
    enquiries.receive(an_enquiry())[0].delete()
    assert enquiries.receive(an_enquiry())[0].ticket == f"K-{YEAR}-0002"


def test_the_year_of_a_number_is_the_one_on_the_wall() -> None:
    new_years_eve = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    assert enquiries.receive(an_enquiry(), now=new_years_eve)[0].ticket == "K-2027-0001"


@pytest.mark.django_db(transaction=True)
def test_twenty_people_who_write_at_once_get_twenty_numbers_in_a_row() -> None:
    results = at_once([lambda: enquiries.receive(an_enquiry())] * 20)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert sorted(message.ticket for message, _new in results) == [f"K-{YEAR}-{number:04d}" for number in range(1, 21)]
    assert TicketCounter.objects.get().last == 20


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_ten_times_at_once_is_one_message() -> None:
    key = uuid.uuid4()
    results = at_once([lambda: enquiries.receive(an_enquiry(key=key, email="pia@example.org"))] * 10)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert len({message.pk for message, _new in results}) == 1
    assert [new for _message, new in results].count(True) == 1
    assert OutboxMessage.objects.filter(kind__startswith="pages.").count() == 2
    assert enquiries.receive(an_enquiry())[0].ticket == f"K-{YEAR}-0002", "the refused ones took no number"


# --- mails ------------------------------------------------------------------------------------------------------------


def test_the_office_gets_the_message_and_answers_straight_to_the_sender(client: Client) -> None:
    send(client, subject="Öffnungszeiten", name="Pia", email="pia@example.org")
    to_office, to_sender = letters()
    assert (to_office.to, to_office.reply_to) == (["stelle@example.org"], ["pia@example.org"])
    assert to_office.subject == f"Neue Nachricht: K-{YEAR}-0001"
    for words in (TEXT, "Öffnungszeiten", "Pia", "/admin/nachrichten/edit/"):
        assert words in to_office.body, words
    assert (to_sender.to, to_sender.reply_to) == (["pia@example.org"], ["stelle@example.org"])
    assert to_sender.subject == f"Ihre Nachricht ist da: K-{YEAR}-0001"


def test_the_mail_to_an_address_that_is_not_proved_repeats_nothing_that_a_stranger_typed(client: Client) -> None:
    evil = "Gewinn!\r\nBcc: opfer@example.org https://boese.example"
    send(client, subject=evil, text=evil * 2, name=evil, email="opfer@example.org")
    to_sender = letters()[-1]
    assert to_sender.to == ["opfer@example.org"]
    for typed in ("Gewinn", "boese", "Bcc"):
        assert typed not in to_sender.subject + to_sender.body
    assert letters()[0].message()["Bcc"] is None


@pytest.mark.parametrize("again", ["opfer@example.org", "OPFER@Example.org", "opfer+2@example.org"])
def test_nobody_is_flooded_with_mails_through_us(again: str) -> None:
    now = timezone.now()
    for minutes, address in ((0, "opfer@example.org"), (1, again), (59, again), (125, again)):
        enquiries.receive(an_enquiry(email=address), now=now + timedelta(minutes=minutes))
    outbox.drain()
    to_sender = [letter for letter in mail.outbox if letter.to != ["stelle@example.org"]]
    assert len(to_sender) == 2, "the first one, and one after two hours"
    assert len(mail.outbox) == 6, "the office gets all four"


def test_without_an_address_of_the_office_the_message_still_lies_in_the_list(client: Client) -> None:
    SiteSettings.objects.update(email="")
    send(client)
    assert letters() == []
    assert Message.objects.count() == 1


def test_no_words_of_a_person_lie_in_the_outbox(client: Client) -> None:
    send(client, text="canary im Text der Nachricht", email="canary@example.org")
    assert "canary" not in str(list(OutboxMessage.objects.values()))


# --- the office -------------------------------------------------------------------------------------------------------


def at_office(**traits: Any) -> Client:
    client = Client()
    client.force_login(UserFactory(**traits), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_editor_answers_and_the_day_of_the_answer_is_kept() -> None:
    message, _new = enquiries.receive(an_enquiry(email="pia@example.org"))
    editor, address = at_office(editor=True), reverse("messages_admin:edit", args=[message.pk])
    assert "Nachrichten (1)" in editor.get("/admin/").content.decode()
    page = editor.get(address).content.decode()
    assert TEXT in page
    assert 'name="text"' not in page, "nobody changes what people wrote"
    assert editor.post(address, {"new_state": "beantwortet", "note": "Per E-Mail."}).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.note, message.text) == (Message.State.ANSWERED, "Per E-Mail.", TEXT)
    assert message.answered_at is not None
    first = message.answered_at
    editor.post(address, {"new_state": "beantwortet", "note": "Noch eine Notiz."})
    message.refresh_from_db()
    assert message.answered_at == first
    editor.post(address, {"new_state": "offen", "note": ""})
    message.refresh_from_db()
    assert (message.state, message.answered_at) == (Message.State.OPEN, None)


def test_what_is_overdue_stands_first_then_what_is_due_then_the_rest() -> None:
    today = timezone.localdate()
    for name, due, state in (
        ("beantwortet", today - timedelta(days=9), Message.State.ANSWERED),
        ("ohne Frist", None, Message.State.OPEN),
        ("bald", today + timedelta(days=3), Message.State.OPEN),
        ("überfällig", today - timedelta(days=2), Message.State.OPEN),
    ):
        message, _new = enquiries.receive(an_enquiry(subject=name))
        Message.objects.filter(pk=message.pk).update(answer_due=due, state=state)
    assert [message.subject for message in Message.objects.in_working_order()] == [
        "überfällig",
        "bald",
        "ohne Frist",
        "beantwortet",
    ]
    page = at_office(lead=True).get(reverse("messages_admin:list")).content.decode()
    assert page.index("überfällig seit dem") < page.index("ohne Frist")
    only = at_office(lead=True).get(reverse("messages_admin:list"), {"state": "offen", "kind": "kontakt"}).content.decode()
    assert "ohne Frist" in only
    assert ">beantwortet<" not in only


@pytest.mark.parametrize("role", ["reviewer", "project_lead", "moderator", "jury", "admin"])
def test_other_roles_read_no_messages(role: str) -> None:
    message, _new = enquiries.receive(an_enquiry())
    client = at_office(**{role: True})
    for address in (reverse("messages_admin:list"), reverse("messages_admin:edit", args=[message.pk])):
        answer = client.get(address)
        assert answer.status_code == 302
        assert TEXT not in answer.content.decode()


def test_nobody_writes_a_message_in_somebody_elses_name() -> None:
    boss = Client()
    boss.force_login(UserFactory(is_superuser=True), backend="django.contrib.auth.backends.ModelBackend")
    assert boss.get(reverse("messages_admin:add")).status_code == 302


def test_messages_are_deleted_a_year_after_their_answer_and_open_ones_never() -> None:
    now = timezone.now()
    for days, state in ((364, Message.State.ANSWERED), (366, Message.State.ANSWERED), (900, Message.State.OPEN)):
        message, _new = enquiries.receive(an_enquiry(subject=f"vor {days}"), now=now - timedelta(days=days))
        message.move_to(state, now=now - timedelta(days=days))
        message.save()
    assert housekeeping.delete_answered_messages(now) == 1
    assert set(Message.objects.values_list("subject", flat=True)) == {"vor 364", "vor 900"}


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/ideen/145/", "/ideen/145/"),
        ("/en/ideen/", "/en/ideen/"),
        ("https://boese.example/", ""),
        ("//boese.example/", ""),
        ("/\\boese.example", ""),
        ("javascript:alert(1)", ""),
        ("ideen/", ""),
        ("/ideen/verfolgen/" + "A" * 43 + "/", ""),
        ("/mitmachen/" + "b" * 43 + "/", ""),
        ("/konto/password/reset/key/1-abc-def/", ""),
        ("/" + "x" * 300, ""),
    ],
)
def test_only_a_path_of_ours_without_a_secret_is_taken_along(address: str, kept: str) -> None:
    assert own_path(address) == kept
