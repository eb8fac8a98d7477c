"""The receipt through the pages: with its secret link or with an account, and for nobody else."""

import base64
import re
import sys
from datetime import timedelta
from typing import Any

import pytest
import segno
from django.core import mail
from django.test import Client
from django.utils import timezone

from common import outbox
from common.models import OutboxMessage
from ideas import actions
from ideas.housekeeping import forget_receipt_requests
from ideas.models import Idea, ReceiptRequest, TrailEntry
from ideas.receipts import qr_code
from ideas.workflow import Action, Contribution, Status
from tests import pdf
from tests.factories import MeasureFactory, UserFactory, make_idea, picture_of

pytestmark = pytest.mark.django_db

GUEST = "gast@example.org"
ANSWER = "Am Kilometer 7, unter der Linde."
TEXT = "Mit Lehne und Schatten, damit auch Ältere gern sitzen."
PAGES = ["", "aendern/", "zurueckziehen/", "uebernehmen/", "beleg.pdf"]


def url(idea: Idea, page: str = "") -> str:
    return f"/ideen/verfolgen/{idea.number}/{page}"


def secret(idea: Idea) -> str:
    return f"/ideen/verfolgen/{idea.receipt_token}/"


def holder(*ideas: Idea) -> Client:
    """Somebody who has opened the receipts of these ideas."""
    client = Client()
    for idea in ideas:
        assert client.get(secret(idea)).status_code == 302
    return client


def text(answer: Any) -> str:
    return answer.content.decode()


# --- the secret link --------------------------------------------------------------------------------------------------


def test_the_link_leads_to_an_address_without_the_secret() -> None:
    idea = make_idea(email=GUEST)
    answer = Client().get(secret(idea))
    assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (302, url(idea), "no-referrer")
    assert "no-store" in answer["Cache-Control"]
    page = holder(idea).get(url(idea))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert not re.search(rf'(href|action|src)="[^"]*{idea.receipt_token}', text(page)), "no link carries the secret on"


def test_neither_session_nor_any_table_holds_the_secret() -> None:
    from tests.ideas.test_authors import places_of

    idea = make_idea(email=GUEST)
    client = holder(idea)
    assert idea.receipt_token not in str(dict(client.session.items()))
    outbox.drain()
    assert places_of(idea.receipt_token) == []


@pytest.mark.parametrize("page", PAGES)
def test_without_the_receipt_there_is_nothing_to_see(page: str) -> None:
    idea = make_idea(Status.QUESTION, email=GUEST)
    others = make_idea(email="andere@example.org")
    for client in (Client(), holder(others), signed_in(UserFactory()), signed_in(UserFactory(lead=True))):
        for answer in (client.get(url(idea, page)), client.post(url(idea, page), {"text": ANSWER, "title": "Neu"})):
            assert answer.status_code in {404, 405}
    assert "Link noch einmal schicken" in text(Client().get(url(idea, page)))
    stored = Idea.objects.get(pk=idea.pk)
    assert (stored.status, stored.trail_length) == (Status.QUESTION, idea.trail_length)


@pytest.mark.parametrize("page", PAGES)
def test_the_account_that_handed_in_needs_no_receipt(page: str) -> None:
    person = UserFactory()
    idea = make_idea(Status.QUESTION, user=person)
    assert signed_in(person).get(url(idea, page)).status_code in {200, 302}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_browser_holds_several_receipts_and_can_forget_them() -> None:
    first, second = make_idea(email=GUEST, title="Bänke am Radweg"), make_idea(Status.KEPT, email=GUEST, title="Brunnen")
    client = holder(first, second, first)
    page = text(client.get("/ideen/verfolgen/"))
    assert page.index("Brunnen") < page.index("Bänke am Radweg"), "the newest number first"
    client.post("/ideen/verfolgen/", {"action": "forget"})
    assert client.get(url(first)).status_code == 404
    assert "Bänke" not in text(client.get("/ideen/verfolgen/"))
    assert holder(first).get(url(first)).status_code == 200, "the link still works"


def test_a_receipt_ends_with_the_withdrawal() -> None:
    idea = make_idea(email=GUEST)
    client = holder(idea)
    actions.withdraw(idea)
    assert client.get(url(idea)).status_code == 404
    assert client.get(secret(idea)).status_code == 404


def test_handing_in_and_confirming_lead_to_the_receipt_and_never_through_its_secret() -> None:
    idea = make_idea(Status.UNCONFIRMED)
    client = Client()
    link = f"/ideen/bestaetigen/{idea.confirm_token}/"
    page = client.get(link)
    assert page["Referrer-Policy"] == "strict-origin", "the address of this page is a secret"
    assert client.post(link)["Location"] == url(idea)
    assert client.get(link)["Location"] == url(idea)
    assert client.get(url(idea)).status_code == 200


# --- what stands on it ------------------------------------------------------------------------------------------------


def test_the_receipt_says_number_state_due_date_way_and_secret_link() -> None:
    idea = make_idea(Status.IN_REVIEW, email=GUEST)
    page = text(holder(idea).get(url(idea)))
    for words in (
        "Ihre Idee hat die Nummer",
        str(idea.number),
        "In Prüfung",
        "Wir antworten Ihnen bis zum",
        "Prüfung begonnen",
    ):
        assert words in page
    assert f"http://testserver{secret(idea)}" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "Folgen müssen Sie nicht" in page


def test_the_qr_code_holds_the_secret_link() -> None:
    link = f"http://testserver{secret(make_idea(email=GUEST))}"
    squares = len(segno.make(link, error="m").matrix)
    picture = base64.b64decode(qr_code(link).removeprefix("data:image/svg+xml;base64,")).decode()
    assert f'width="{(squares + 8) * 4}"' in picture, "four squares of rest around it, or phones don't find it"
    assert qr_code(link) != qr_code(link.replace("verfolgen", "verfolgeN"))


def test_the_pdf_holds_number_and_link_as_text_and_is_accessible() -> None:
    idea = make_idea(email=GUEST, title="Sitzbänke für Ältere")
    answer = holder(idea).get(url(idea, "beleg.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    data = pdf.unpacked(answer.content)
    for mark in (b"pdfuaid", b"/StructTreeRoot", b"/Lang (de)", b"/Marked true", b"/Alt", b"QR-Code mit dem geheimen Link"):
        assert mark in data, mark
    words = pdf.text_of(answer.content)
    for expected in (str(idea.number), "Sitzbänke für Ältere", idea.receipt_token):
        assert expected.replace(" ", "") in words.replace(" ", ""), words


def test_a_machine_that_draws_no_pdf_says_so_and_offers_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *rest: Any) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    idea = make_idea(email=GUEST)
    answer = holder(idea).get(url(idea, "beleg.pdf"), follow=True)
    assert answer.redirect_chain == [(url(idea), 302)]
    assert "Bitte drucken Sie diese Seite" in text(answer)


def test_an_answer_that_nobody_released_is_no_secret_to_its_author_but_to_the_public() -> None:
    idea = make_idea(Status.QUESTION, email=GUEST)
    client = holder(idea)
    client.post(url(idea), {"text": ANSWER})
    assert ANSWER not in text(Client().get(f"/ideen/{idea.number}/"))
    assert "Die Antwort ist da" in text(Client().get(f"/ideen/{idea.number}/"))


# --- answer, edit, withdraw, claim ------------------------------------------------------------------------------------


def test_the_question_is_answered_on_the_receipt() -> None:
    idea = make_idea(Status.QUESTION, email=GUEST)
    client = holder(idea)
    page = text(client.get(url(idea)))
    assert "Wir haben eine Frage an Sie" in page
    assert 'name="text"' in page
    answer = client.post(url(idea), {"text": ANSWER})
    assert (answer.status_code, answer["Location"]) == (302, url(idea))
    assert client.post(url(idea), {"text": ANSWER}).status_code == 302, "pressed twice"
    assert TrailEntry.objects.filter(idea=idea, action=Action.ANSWER).count() == 1
    assert 'name="text"' not in text(client.get(url(idea)))


@pytest.mark.parametrize("words", ["", "x" * 3001])
def test_a_bad_answer_is_explained_and_what_was_typed_stays(words: str) -> None:
    idea = make_idea(Status.QUESTION, email=GUEST)
    answer = holder(idea).post(url(idea), {"text": words})
    assert answer.status_code == 422
    assert "Bitte" in text(answer)
    assert words in text(answer)
    assert Idea.objects.get(pk=idea.pk).status == Status.QUESTION


def test_an_answer_that_comes_too_late_is_not_lost_but_shown_with_the_reason() -> None:
    idea = make_idea(Status.QUESTION, email=GUEST)
    client = holder(idea)
    actions.take(idea, Action.REJECT, by=UserFactory(lead=True), decision=actions.Decision(reason="Zu spät."))
    answer = client.post(url(idea), {"text": ANSWER})
    assert answer.status_code == 422
    assert "keine Rückfrage offen" in text(answer)
    assert ANSWER in text(answer)


def test_the_author_corrects_before_the_release() -> None:
    idea = make_idea(email=GUEST)
    client = holder(idea)
    form = client.get(url(idea, "aendern/")).context["form"]
    assert form["title"].value() == idea.title
    filled = {"title": "Bänke am Radweg", "text": TEXT, "seen": form["seen"].value()}
    assert client.post(url(idea, "aendern/"), filled)["Location"] == url(idea)
    assert client.post(url(idea, "aendern/"), filled)["Location"] == url(idea), "pressed twice"
    assert Idea.objects.get(pk=idea.pk).versions.count() == 2
    assert "Bänke am Radweg" in text(client.get(url(idea)))


def test_a_bad_correction_is_explained_and_what_was_typed_stays() -> None:
    idea = make_idea(email=GUEST)
    client = holder(idea)
    wrong = [({"title": "x"}, "mindestens 5 Zeichen"), ({"text": "kurz"}, "mindestens 20 Zeichen"), ({}, "noch nichts")]
    for changes, sentence in wrong:
        filled = {"title": idea.title, "text": idea.text, "seen": 1, **changes}
        answer = client.post(url(idea, "aendern/"), filled)
        assert answer.status_code == 422
        assert sentence in text(answer)
        assert f'value="{filled["title"]}"' in text(answer)
    assert idea.versions.count() == 1


def test_an_idea_that_is_decided_says_that_it_is_not_changed_any_more() -> None:
    idea = make_idea(Status.KEPT, email=GUEST)
    client = holder(idea)
    assert "aendern/" not in text(client.get(url(idea)))
    page = text(client.get(url(idea, "aendern/")))
    assert "Über diese Idee ist entschieden." in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    late = client.post(url(idea, "aendern/"), {"title": "Bänke am Radweg", "text": TEXT, "seen": 1})
    assert late.status_code == 422
    assert TEXT in text(late)


def test_a_picture_is_shown_to_the_holder_and_can_be_taken_out() -> None:
    idea = make_idea(email=GUEST)
    picture = picture_of(idea)
    client = holder(idea)
    assert client.get(picture.url).status_code == 200
    assert Client().get(picture.url).status_code == 404
    client.post(url(idea, "aendern/"), {"title": idea.title, "text": idea.text, "seen": 1, "picture_remove": "on"})
    assert Idea.objects.get(pk=idea.pk).picture is None


def test_withdrawing_is_explained_and_done_by_a_button() -> None:
    idea = make_idea(Status.KEPT, email=GUEST)
    client = holder(idea)
    page = text(client.get(url(idea, "zurueckziehen/")))
    assert "nicht rückgängig" in page
    assert Idea.objects.get(pk=idea.pk).status == Status.KEPT, "opening the page alone changes nothing"
    answer = client.post(url(idea, "zurueckziehen/"), follow=True)
    assert "ist zurückgezogen" in text(answer)
    assert Idea.objects.get(pk=idea.pk).status == Status.WITHDRAWN
    assert client.post(url(idea, "zurueckziehen/")).status_code == 404
    public = Client().get(f"/ideen/{idea.number}/")
    assert "Zurückgezogen" in text(public)
    assert idea.title in text(public)


def test_the_words_go_where_the_author_ticks_it() -> None:
    idea = make_idea(Status.KEPT, email=GUEST, title="Sehr persönlich")
    holder(idea).post(url(idea, "zurueckziehen/"), {"with_text": "on"})
    assert "persönlich" not in text(Client().get(f"/ideen/{idea.number}/"))


def test_what_can_t_be_withdrawn_says_why_and_whom_to_ask() -> None:
    idea = make_idea(Status.KEPT, email=GUEST)
    actions.link_measure(idea, MeasureFactory(), Contribution.FULL, by=UserFactory(lead=True))
    client = holder(idea)
    assert "steckt schon in einer Maßnahme" in text(client.get(url(idea, "zurueckziehen/")))
    assert client.post(url(idea, "zurueckziehen/")).status_code == 409
    assert Idea.objects.get(pk=idea.pk).status == Status.KEPT


def test_a_guest_claims_after_signing_in_and_comes_back() -> None:
    idea = make_idea(Status.IN_REVIEW, email=GUEST)
    client = holder(idea)
    page = text(client.get(url(idea, "uebernehmen/")))
    assert f"/konto/login/?next={url(idea, 'uebernehmen/')}" in page
    client.post(url(idea, "uebernehmen/"))
    assert Idea.objects.get(pk=idea.pk).author.user is None, "nobody is signed in"
    person = UserFactory()
    client.force_login(person)
    assert client.get(url(idea, "uebernehmen/")).status_code == 200, "the receipt survives signing in"
    assert client.post(url(idea, "uebernehmen/"))["Location"] == url(idea)
    assert Idea.objects.get(pk=idea.pk).author.user == person
    assert idea.title in text(client.get("/konto/ideen/"))
    assert holder(idea).get(url(idea)).status_code == 200, "its receipt still works"


def test_a_claim_needs_the_receipt_not_only_an_account() -> None:
    idea = make_idea(Status.IN_REVIEW, email=GUEST)
    person = UserFactory(email="anders@example.org")
    assert signed_in(person).post(url(idea, "uebernehmen/")).status_code == 404
    assert Idea.objects.get(pk=idea.pk).author.user is None


def test_an_idea_of_an_account_is_not_claimed_by_a_holder_of_its_receipt() -> None:
    owner = UserFactory()
    idea = make_idea(Status.IN_REVIEW, user=owner)
    client = holder(idea)
    client.force_login(UserFactory())
    assert client.post(url(idea, "uebernehmen/")).status_code == 409
    assert Idea.objects.get(pk=idea.pk).author.user == owner


def test_what_is_not_confirmed_yet_offers_only_to_wait() -> None:
    idea = make_idea(Status.UNCONFIRMED)
    client = holder(idea)
    page = text(client.get(url(idea)))
    for way in ("aendern/", "zurueckziehen/", "uebernehmen/"):
        assert way not in page
    assert client.post(url(idea, "zurueckziehen/")).status_code == 409
    assert client.get(url(idea, "aendern/")).status_code == 200


# --- the mail of a question -------------------------------------------------------------------------------------------


def test_the_mail_of_a_question_leads_a_guest_to_the_receipt_and_an_account_to_its_own_page() -> None:
    guests, account = make_idea(Status.QUESTION, email=GUEST), make_idea(Status.QUESTION, user=UserFactory())
    outbox.drain()
    letters = [letter.body for letter in mail.outbox if "Rückfrage" in letter.subject]
    assert [letter.count(idea.receipt_token) for letter, idea in zip(letters, (guests, account), strict=True)] == [1, 1]
    assert f"http://testserver/konto/ideen/{account.number}/" in letters[1]
    assert "antworten Sie hier" in letters[0]
    door = Client().get(f"/konto/ideen/{account.number}/")
    assert door["Location"] == f"/konto/login/?next=/konto/ideen/{account.number}/"
    client = Client()
    client.force_login(account.author.user)
    assert client.get(f"/konto/ideen/{account.number}/")["Location"] == url(account)


# --- a lost link ------------------------------------------------------------------------------------------------------


def ask(email: str) -> Any:
    return Client().post("/ideen/verfolgen/", {"email": email}, follow=True)


def receipts_mailed() -> list[Any]:
    mail.outbox.clear()
    OutboxMessage.objects.exclude(kind="ideas.receipts").delete()
    outbox.drain()
    return mail.outbox


def test_a_lost_link_comes_again_with_all_others_of_the_address_in_one_mail() -> None:
    first, second = make_idea(email=GUEST), make_idea(Status.KEPT, email="Gast@Example.org")
    gone, other = make_idea(Status.WITHDRAWN, email=GUEST), make_idea(email="andere@example.org")
    unproved = make_idea(Status.UNCONFIRMED, email=GUEST)
    ask(" GAST@example.org ")
    [letter] = receipts_mailed()
    assert letter.to[0].lower() == GUEST
    for idea in (first, second):
        assert letter.body.count(f"http://testserver{secret(idea)}") == 1
    for idea in (gone, other, unproved):
        assert idea.receipt_token not in letter.body


def test_an_account_finds_its_receipts_as_well() -> None:
    idea = make_idea(user=UserFactory(email="konto@example.org"))
    ask("konto@example.org")
    [letter] = receipts_mailed()
    assert idea.receipt_token in letter.body


def test_nobody_learns_whether_an_address_is_known() -> None:
    make_idea(email=GUEST)
    known, unknown = ask(GUEST), ask("niemand@example.org")
    assert known.redirect_chain == unknown.redirect_chain
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert dict(known.headers) == dict(unknown.headers)
    assert OutboxMessage.objects.filter(kind="ideas.receipts").count() == 2, "the same is written"
    assert len(receipts_mailed()) == 1


def test_the_same_questions_are_asked_of_the_database(django_assert_num_queries: Any) -> None:
    from ideas import lost_receipts

    make_idea(email=GUEST)
    for address in (GUEST, "niemand@example.org"):
        with django_assert_num_queries(6):  # savepoint, count, row, authors, outbox, savepoint
            lost_receipts.ask_for(address)


def test_an_address_gets_three_mails_an_hour_at_most() -> None:
    make_idea(email=GUEST)
    answers = [ask(address) for address in (GUEST, "GAST@example.org", GUEST, GUEST, GUEST)]
    assert len({answer.content for answer in answers}) == 1
    assert len(receipts_mailed()) == 3
    ReceiptRequest.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    ask(GUEST)
    assert len(receipts_mailed()) == 1


def test_what_counts_the_requests_names_no_address_and_goes_after_a_day() -> None:
    ask(GUEST)
    assert "@" not in ReceiptRequest.objects.get().address_key
    assert forget_receipt_requests() == 0
    assert forget_receipt_requests(timezone.now() + timedelta(hours=25)) == 1


@pytest.mark.parametrize("address", ["", "kein-at", "a" * 300 + "@example.org"])
def test_what_is_no_address_is_explained(address: str) -> None:
    answer = ask(address)
    assert answer.status_code == 422
    assert "Bitte" in text(answer) or "zu lang" in text(answer)
    assert not OutboxMessage.objects.exists()


def test_addresses_that_changed_after_the_request_get_no_strangers_links() -> None:
    one, two = make_idea(email=GUEST), make_idea(email=GUEST)
    ask(GUEST)
    actions.claim(two, by=UserFactory(email="neu@example.org"))
    actions.withdraw(one)
    letters = receipts_mailed()
    assert all(one.receipt_token not in letter.body for letter in letters)
    assert [letter.to for letter in letters] == [["neu@example.org"]]
