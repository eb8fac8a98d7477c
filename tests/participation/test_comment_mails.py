"""Mails about comments: who gets one, what it says and what not, and what is no longer said when it isn't so any more."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.contacts import contact_of_address
from common import outbox
from ideas.workflow import Status
from participation import actions
from participation.comment_mails import complain_path, stop_path
from participation.comment_workflow import Action, Ground, State
from participation.models import Complaint
from tests.factories import LoesungFactory
from tests.factories import comments as make
from tests.factories.ideas import make_idea

pytestmark = pytest.mark.django_db
STRANGER = "fremd@example.net"


@pytest.fixture(autouse=True)
def _open_brakes(db):
    make.rules(**make.OPEN)


def letters(to=None):
    """What has been sent about comments, to this address."""
    outbox.drain()
    return [letter for letter in mail.outbox if to is None or letter.to == [to]]


def address(comment):
    return comment.contact.address


def everything(letter):
    return letter.subject + letter.body + letter.alternatives[0].content + str(letter.extra_headers)


# --- decisions --------------------------------------------------------------------------------------------------------


def test_who_is_hidden_reads_ground_reason_own_text_and_until_when_to_complain(settings):
    comment = make.comment(text="Zu grob\nfür hier")
    actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason="Bitte ohne Schimpfwörter.")
    [letter] = letters(address(comment))
    assert letter.subject.startswith("Ihr Kommentar ist ausgeblendet: Idee ")
    for words in ("> Zu grob\n> für hier", "Grund: Beleidigung oder Drohung", "Bitte ohne Schimpfwörter.", "ein Mensch"):
        assert words in letter.body
    assert f"{settings.BASE_URL}/kommentare/{comment.pk}/einspruch/\n" in letter.body
    day = timezone.localdate(timezone.now() + timedelta(days=Complaint.DAYS))
    assert f"bis zum {day.day}. " in letter.body
    assert str(day.year) in letter.body


def test_a_guest_complains_by_a_secret_link():
    comment = make.comment(State.REFUSED, by=make.guest("gast@example.org"))
    [letter] = letters("gast@example.org")
    path = complain_path(comment)
    assert re.fullmatch(rf"/kommentare/{comment.pk}/einspruch/[\w-]{{43}}/", path)
    assert path in letter.body
    assert "wird nicht veröffentlicht" in letter.subject


@pytest.mark.parametrize(
    ("start", "action", "subject"),
    [
        (State.HELD, Action.APPROVE, "Ihr Kommentar ist freigegeben"),
        (State.HELD, Action.REFUSE, "Ihr Kommentar wird nicht veröffentlicht"),
        (State.PUBLIC, Action.HIDE, "Ihr Kommentar ist ausgeblendet"),
        (State.HIDDEN, Action.RESTORE, "Ihr Kommentar ist wieder zu lesen"),
    ],
)
def test_each_decision_is_told_once_with_its_reason(start, action, subject):
    comment = make.comment(start)
    letters()
    mail.outbox.clear()
    actions.decide(comment, action, by=make.moderator(), ground=Ground.TOPIC, reason="Darum ist das so.")
    [letter] = letters(address(comment))
    assert letter.subject.startswith(subject)
    assert "Darum ist das so." in letter.body
    assert ("/einspruch/" in letter.body) is (action in (Action.HIDE, Action.REFUSE))
    assert letters(address(comment)) == [letter]


@pytest.mark.parametrize("action", [Action.APPROVE_EDIT, Action.REFUSE_EDIT])
def test_what_becomes_of_an_edit_is_told(action):
    comment = make.comment(text="Freigegeben")
    actions.decide(comment, Action.KEEP, by=make.moderator(), reason="In Ordnung.")
    actions.edit(comment, "Geändert", comment.contact)
    actions.decide(comment, action, by=make.moderator(), reason="Wegen des neuen Satzes.")
    [letter] = letters(address(comment))
    assert "Änderung" in letter.subject
    assert "> Geändert" in letter.body


@pytest.mark.parametrize(
    ("uphold", "subject"), [(True, "Ihr Einspruch hatte Erfolg"), (False, "Ihr Einspruch ist zurückgewiesen")]
)
def test_the_answer_to_a_complaint_is_told(uphold, subject):
    comment = make.comment(State.HIDDEN)
    complaint = actions.complain(comment, "Das war ein Zitat.", comment.contact)
    letters()
    actions.decide_complaint(complaint, uphold=uphold, by=make.moderator(), reason="Noch einmal gelesen.")
    letter = letters(address(comment))[-1]
    assert letter.subject.startswith(subject)
    assert "Noch einmal gelesen." in letter.body
    assert "/einspruch/" not in letter.body
    assert ("Gerichten" in letter.body) is not uphold


def test_moderators_have_no_name_in_mails_and_notes_stay_inside():
    comment = make.comment()
    moderator = make.moderator()
    moderator.display_name = "Moderatorin Meier"
    moderator.save()
    actions.decide(comment, Action.HIDE, by=moderator, ground=Ground.INSULT, reason="Zu grob.", note="Bekannt aus Fall 7")
    [letter] = letters(address(comment))
    assert "Meier" not in everything(letter)
    assert moderator.email not in everything(letter)
    assert "Fall 7" not in everything(letter)


def test_mails_are_in_the_language_of_whoever_gets_them():
    contact = contact_of_address("reader@example.org", "en")
    comment = make.comment(by=contact)
    actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason="Rude.")
    [letter] = letters("reader@example.org")
    assert '<html lang="en">' in letter.alternatives[0].content


def test_what_is_overtaken_is_not_told():
    comment = make.comment()
    actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason="Zu grob.")
    actions.decide(comment, Action.RESTORE, by=make.moderator(), reason="Doch in Ordnung.")
    [letter] = letters(address(comment))
    assert letter.subject.startswith("Ihr Kommentar ist wieder zu lesen")
    deleted = make.comment()
    actions.decide(deleted, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason="Zu grob.")
    actions.delete_own(deleted, deleted.contact)
    assert letters(address(deleted)) == []


# --- reports ----------------------------------------------------------------------------------------------------------


def test_the_receipt_to_an_address_that_nobody_proved_holds_nothing_that_a_stranger_typed():
    comment = make.comment(on=make_idea(Status.KEPT, title="KAUFEN"), text="http://spam.example")
    report = actions.report(comment, Ground.INSULT, text="GEWINN", name="PREIS", email=STRANGER)
    [letter] = letters(STRANGER)
    for typed in ("KAUFEN", "spam.example", "GEWINN", "PREIS"):
        assert typed not in everything(letter)
    assert f"Ihre Meldung {report.pk} ist da" in letter.subject
    assert re.search(rf"/meldungen/{report.pk}/[\w-]{{43}}/", letter.body)


def test_nobodys_mailbox_is_filled_with_reports(settings):
    spellings = [STRANGER, STRANGER.upper(), STRANGER, "Fremd@example.net", STRANGER]
    reports = [actions.report(make.comment(), Ground.ADVERT, email=spelling) for spelling in spellings]
    outbox.drain()
    sent = [letter for letter in mail.outbox if letter.to[0].lower() == STRANGER]
    assert len(sent) == 3
    for report in reports:
        actions.decide(report.comment, Action.HIDE, by=make.moderator(), ground=Ground.ADVERT, reason="Werbung.")
    outbox.drain()
    sent = [letter for letter in mail.outbox if letter.to[0].lower() == STRANGER]
    assert len(sent) == 6, "who got no receipt gets no decision either"
    actions.report(make.comment(), Ground.ADVERT, email=STRANGER, now=timezone.now() + timedelta(minutes=61))
    outbox.drain()
    assert len([letter for letter in mail.outbox if letter.to[0].lower() == STRANGER]) == 7


def test_somebody_known_gets_a_receipt_of_each_report():
    contact = make.person()
    for _each in range(5):
        actions.report(make.comment(), Ground.ADVERT, contact=contact)
    assert len(letters(contact.address)) == 5


@pytest.mark.parametrize(
    ("decide", "sentence", "has_reason"),
    [
        (Action.HIDE, "Er ist nicht mehr zu lesen.", True),
        (Action.KEEP, "Er verstößt nicht gegen unsere Regeln und bleibt stehen.", True),
        (None, "wurde von der Person gelöscht, die ihn geschrieben hat", False),
    ],
)
def test_reporters_are_told_what_was_decided_and_why(decide, sentence, has_reason):
    comment = make.comment(by=make.person("Ada"), text="Aufreger")
    actions.report(comment, Ground.INSULT, text="Schlimm", name="Nora", email=STRANGER)
    letters()
    if decide:
        actions.decide(comment, decide, by=make.moderator(), ground=Ground.INSULT, reason="Nach unseren Regeln.")
    else:
        actions.delete_own(comment, comment.contact)
    letter = letters(STRANGER)[-1]
    assert sentence in letter.body
    assert ("Nach unseren Regeln." in letter.body) is has_reason
    for private in ("Ada", "Aufreger", address(comment), "Schlimm", "Nora"):
        assert private not in everything(letter)
    for to_author in letters(address(comment)):
        assert not re.search(rf"{STRANGER}|Nora|Schlimm", everything(to_author))


# --- answers ----------------------------------------------------------------------------------------------------------


def thread():
    """Three levels of three people who want to know of answers."""
    first = make.comment(by=make.person("Eins"), followup=True, text="1")
    second = make.comment(by=make.person("Zwei"), reply_to=first, followup=True, text="2")
    third = make.comment(by=make.person("Drei"), reply_to=second, followup=True, text="3")
    letters()
    mail.outbox.clear()
    return first, second, third


def test_everybody_above_who_asked_for_it_hears_of_an_answer_once_with_a_link_that_ends_it():
    first, second, third = thread()
    answer = make.comment(by=make.person("Vier"), reply_to=third, text="Zeile eins\n-- \nZeile zwei")
    sent = letters()
    assert sorted(letter.to[0] for letter in sent) == sorted(address(each) for each in (first, second, third))
    letter = next(letter for letter in sent if letter.to == [address(second)])
    assert "> Zeile eins\n> --\n> Zeile zwei" in letter.body, "nothing in it looks like a signature of ours"
    assert "„Vier“ hat" in letter.body
    assert f"/kommentare/{answer.pk}/" in letter.body
    assert answer.contact.address not in everything(letter)
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"{stop_path(second)}>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop_path(second) in letter.body


def test_nobody_hears_of_the_own_answer_nor_twice_of_one():
    contact, writer = make.person(), make.person()
    first = make.comment(by=contact, followup=True)
    second = make.comment(by=writer, reply_to=first, followup=True)
    third = make.comment(by=contact, reply_to=second, followup=True)
    letters()
    mail.outbox.clear()
    make.comment(by=writer, reply_to=third)
    [letter] = letters()
    assert letter.to == [contact.address]
    assert stop_path(third) in letter.body, "the nearest of the own comments is the one that is answered"


def test_who_did_not_ask_or_has_stopped_hears_nothing():
    first, second, third = thread()
    actions.stop_followup(second)
    actions.delete_own(first, first.contact)
    make.comment(reply_to=third)
    assert [letter.to for letter in letters()] == [[address(third)]]


def test_other_branches_of_the_discussion_hear_nothing():
    first, second, _third = thread()
    make.comment(reply_to=first, text="Neben Zwei")
    assert {letter.to[0] for letter in letters()} == {address(first)}
    assert address(second) != address(first)


def test_a_held_answer_is_told_when_it_is_approved_and_only_then():
    first = make.comment(followup=True)
    answer = make.comment(State.HELD, reply_to=first)
    assert letters(address(first)) == []
    actions.decide(answer, Action.APPROVE, by=make.moderator())
    assert len(letters(address(first))) == 1
    actions.decide(answer, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason="Zu grob.")
    actions.decide(answer, Action.RESTORE, by=make.moderator(), reason="Doch nicht.")
    assert len(letters(address(first))) == 1


def test_an_answer_that_was_hidden_or_deleted_before_delivery_is_not_told():
    first = make.comment(followup=True)
    hidden, deleted = make.comment(reply_to=first), make.comment(reply_to=first)
    actions.decide(hidden, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason="Zu grob.")
    actions.delete_own(deleted, deleted.contact)
    assert letters(address(first)) == []


def test_what_looks_like_markup_in_an_answer_stays_text():
    first = make.comment(followup=True, on=LoesungFactory())
    make.comment(reply_to=first, by=make.person("<b>Eva</b>"), text='<img src=x onerror="alert(1)"> {{ secret }} {% url %}')
    [letter] = letters(address(first))
    html = letter.alternatives[0].content
    assert "<img" not in html
    assert "<b>Eva" not in html
    assert "{{ secret }} {% url %}" in letter.body


def test_over_a_real_mail_server_an_answer_carries_the_headers_of_one_click(smtp):
    first = make.comment(by=make.guest("gast@example.org"), followup=True)
    make.comment(reply_to=first, text="Ümläute")
    outbox.drain()
    [message] = [each for each, to in zip(smtp.messages, smtp.recipients, strict=True) if to == ["gast@example.org"]]
    assert message["List-Unsubscribe"].strip("<>").endswith(stop_path(first))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "> Ümläute" in message.get_body(("plain",)).get_content()
    assert "Ümläute" in message.get_body(("html",)).get_content()


# --- blocked people ---------------------------------------------------------------------------------------------------


def test_who_is_blocked_is_told_why_and_until_when_and_when_it_is_over():
    contact = make.person()
    block = actions.block(contact, by=make.moderator(), reason="Wiederholt.", until=timezone.now() + timedelta(days=7))
    [letter] = letters(contact.address)
    assert "zurzeit keine Kommentare schreiben" in letter.subject
    assert "Wiederholt." in letter.body
    assert re.search(r"gesperrt, bis: \d+\. \w+ 20\d\d, \d\d:\d\d Uhr", letter.body)
    actions.lift_block(block, by=make.moderator())
    assert "wieder Kommentare schreiben" in letters(contact.address)[-1].subject


def test_a_block_that_is_lifted_before_delivery_is_told_once_only():
    contact = make.person()
    block = actions.block(contact, by=make.moderator(), reason="Versehen.")
    actions.lift_block(block, by=make.moderator())
    assert [letter.subject for letter in letters(contact.address)] == ["Sie können wieder Kommentare schreiben"]
