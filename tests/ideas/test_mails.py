"""Mails to authors: who gets one, and what may stand in it."""

import json
import time
from typing import Any

import pytest
from django.core import mail
from wagtail.models import Site

from common import outbox
from common.models import OutboxMessage
from ideas import actions
from ideas.models import IdeaAuthor
from ideas.workflow import Action, MeasureStatus, Status
from pages.models import SiteSettings
from tests.factories import MeasureFactory, UserFactory, make_idea, submission

EVIL = "Gewinn!\r\nBcc: opfer@example.org\r\n\r\nhttps://boese.example/"


def take_all() -> list[Any]:
    outbox.drain()
    return list(mail.outbox)


def test_the_mail_to_an_address_that_is_not_proved_repeats_nothing_that_a_stranger_typed(db: None) -> None:
    idea, _new = actions.submit(submission(title=EVIL, text=EVIL, email="opfer@example.org", tags=["boese.example"]))
    [letter] = take_all()
    assert letter.to == ["opfer@example.org"]
    for typed in ("Gewinn", "Bcc", "boese"):
        assert typed not in letter.subject + letter.body
    assert idea.confirm_token in letter.body
    assert idea.receipt_token not in letter.body, "the receipt is for whoever proves the address"


def test_a_title_with_line_breaks_becomes_one_line_and_no_header(db: None) -> None:
    make_idea(title=EVIL, user=UserFactory(email="autor@example.org"))
    [letter] = take_all()
    assert "Gewinn! Bcc: opfer@example.org https://boese.example/" in letter.body
    assert letter.recipients() == ["autor@example.org"]
    assert letter.message()["Bcc"] is None
    assert "\n" not in letter.subject
    assert "Gewinn" not in letter.subject


def test_the_outbox_keeps_keys_of_rows_and_no_personal_data(db: None) -> None:
    person = UserFactory(email="canary-account@example.org", display_name="canary-name")
    measure = MeasureFactory()
    make_idea(Status.KEPT, title="canary-title", text="canary-text", user=person, measures=(measure,))
    make_idea(Status.REJECTED, title="canary-title", email="canary-guest@example.org")
    actions.change_measure_status(measure, MeasureStatus.DONE)
    messages = list(OutboxMessage.objects.all())
    assert {message.kind for message in messages} >= {"ideas.confirm", "ideas.step"}
    for message in messages:
        assert "canary" not in json.dumps(message.payload), message.kind
        assert all(isinstance(value, int) for key, value in message.payload.items() if key != "source"), message.payload


def test_no_secret_link_stands_in_the_database(db: None) -> None:
    idea = make_idea(Status.UNCONFIRMED)
    tokens = (idea.receipt_token, idea.confirm_token)
    stored = json.dumps(
        [*IdeaAuthor.objects.values(), *OutboxMessage.objects.values(), *type(idea).objects.values()], default=str
    )
    assert not any(token in stored for token in tokens)


def test_every_decision_is_mailed_to_its_author_with_the_reason(db: None) -> None:
    author = UserFactory(email="autor@example.org")
    idea = make_idea(user=author, title="Brunnen")
    lead = UserFactory(lead=True)
    actions.release(idea, idea.latest_version, by=lead)
    actions.take(
        idea,
        Action.ASK_BACK,
        by=lead,
        decision=actions.Decision(reason="Wo genau soll er stehen?", note="intern: Quelle prüfen"),
    )
    actions.take(idea, Action.REJECT, by=lead, decision=actions.Decision(reason="Dort verläuft eine Gasleitung."))
    letters = take_all()
    assert [letter.to for letter in letters] == [["autor@example.org"]] * 4
    assert [letter.subject.split(": ")[-1] for letter in letters[1:]] == ["Veröffentlicht", "Rückfrage gestellt", "Verworfen"]
    assert "Wo genau soll er stehen?" in letters[2].body
    assert "Dort verläuft eine Gasleitung." in letters[3].body
    assert "Stand jetzt: Verworfen" in letters[3].body
    for letter in letters:
        assert "intern:" not in letter.body
        assert lead.email not in letter.body
        assert letter.body.count(idea.receipt_token) == 1


def test_an_answer_to_our_question_reaches_the_office(db: None) -> None:
    site = Site.objects.get(is_default_site=True)
    SiteSettings.objects.update_or_create(site=site, defaults={"email": "stabsstelle@example.org"})
    make_idea(Status.QUESTION, email="gast@example.org")
    outbox.drain()
    assert mail.outbox[-1].reply_to == ["stabsstelle@example.org"]


def test_a_reason_that_was_blacked_out_before_delivery_is_not_mailed(db: None) -> None:
    from django.utils import timezone

    idea = make_idea(Status.REJECTED)
    text = idea.public_trail()[-1].text
    type(text).objects.filter(pk=text.pk).update(reason="", redacted_at=timezone.now())
    assert "Dieser Text wurde entfernt" in take_all()[-1].body


def test_nobody_is_mailed_without_a_proved_address(db: None) -> None:
    idea = make_idea(Status.KEPT, email="gast@example.org")
    OutboxMessage.objects.exclude(kind="ideas.step").delete()
    IdeaAuthor.objects.filter(idea=idea).update(email="")  # erased on request, after the messages were written
    assert take_all() == []
    assert not OutboxMessage.objects.filter(done_at=None).exists(), "that is no failure"


def test_a_confirmation_that_is_no_longer_needed_is_not_mailed(db: None) -> None:
    make_idea(Status.UNCONFIRMED).delete()
    idea = make_idea(Status.UNCONFIRMED)
    actions.confirm(idea)
    assert ["bestätigen" in letter.subject for letter in take_all()] == [False]
    assert not OutboxMessage.objects.filter(done_at=None).exists()


@pytest.mark.parametrize("title", ["<b>fett</b> & „gut“", "{{ 7 }} {% now 'Y' %}"])
def test_what_people_type_arrives_as_typed(db: None, title: str) -> None:
    make_idea(title=title)
    assert title in take_all()[0].body


def test_a_message_for_a_step_that_is_gone_is_no_failure(db: None) -> None:
    outbox.put("ideas.step", idea=1, entry=4711)
    started = time.monotonic()
    assert take_all() == []
    assert OutboxMessage.objects.get().done_at
    assert time.monotonic() - started < 5


def test_who_answers_a_question_reaches_the_office(db: None) -> None:
    house = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    house.email, house.office = "stelle@example.org", "Stabsstelle"
    house.save()
    idea = make_idea(user=UserFactory(email="autor@example.org"))
    decision = actions.Decision(reason="Wo genau soll er stehen?")
    actions.take(idea, Action.ASK_BACK, by=UserFactory(lead=True), decision=decision)
    received, question = take_all()
    assert received.reply_to == question.reply_to == ["stelle@example.org"]
    assert "Bis zum" not in question.body, "we promise no day while we wait"
    assert f"/konto/ideen/{idea.number}/" in question.body
    assert "Oder antworten Sie einfach auf diese E-Mail." in question.body
    assert "Stabsstelle" in question.body
