"""What leaves the house: never lost, seldom twice, and nothing that a stranger typed where it doesn't belong."""

import smtplib
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common import outbox, worker
from common.mail import put_ready_mail
from common.models import OutboxMessage
from ideas import actions
from ideas.workflow import Action, Status
from tests.at_once import at_once
from tests.factories import UserFactory, make_idea
from tests.mailbox import Mailbox


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A kind of message, "test", and the keys of those that were delivered."""
    done: list[int] = []
    monkeypatch.setitem(outbox._handlers, "test", lambda message: done.append(message.pk))
    return done


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception | None]:
    """A kind of message, "test", whose delivery raises what the test says."""
    fault: dict[str, Exception | None] = {"is": ConnectionError("server away")}

    def deliver(message: OutboxMessage) -> None:
        if fault["is"]:
            raise fault["is"]

    monkeypatch.setitem(outbox._handlers, "test", deliver)
    return fault


# --- written in the transaction ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_message_and_wakes_nobody(delivered: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(outbox, "_wakers", [lambda: woken.append(True)])
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        outbox.put("test")
        raise RuntimeError("power cut")
    assert (OutboxMessage.objects.count(), outbox.drain(), delivered, woken) == (0, 0, [], [])
    with transaction.atomic():
        outbox.put("test")
        assert woken == [], "not before it is sure"
    assert woken == [True]


@pytest.mark.django_db(transaction=True)
def test_a_step_that_fails_sends_no_mail() -> None:
    idea = make_idea(Status.IN_REVIEW)
    OutboxMessage.objects.all().delete()
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        actions.take(idea, Action.KEEP, by=UserFactory(lead=True))
        raise RuntimeError("power cut")
    assert not OutboxMessage.objects.exists()


def test_a_message_that_nobody_delivers_is_refused_at_once(db: None) -> None:
    with pytest.raises(KeyError, match="No handler"):
        outbox.put("carrier.pigeon")


# --- delivered --------------------------------------------------------------------------------------------------------


def test_a_message_is_delivered_once_and_in_order(db: None, delivered: list[int]) -> None:
    keys = [outbox.put("test").pk for _ in range(3)]
    assert outbox.drain() == 3
    assert outbox.drain() == 0
    assert delivered == keys


def test_what_a_message_carried_is_gone_once_it_is_delivered(db: None, delivered: list[int]) -> None:
    outbox.put("test", to="person@example.org")
    outbox.drain()
    message = OutboxMessage.objects.get()
    assert message.payload == {}
    assert message.done_at


def test_a_failure_is_tried_again_later_and_later(db: None, faulty: dict[str, Exception | None]) -> None:
    with time_machine.travel("2026-11-22 09:00Z", tick=False) as clock:
        outbox.put("test", idea=1)
        waits = []
        for _ in range(outbox.MAX_ATTEMPTS - 1):
            assert outbox.drain() == 1
            assert outbox.drain() == 0, "not at once"
            message = OutboxMessage.objects.get()
            wait = message.due_at - timezone.now()
            waits.append(wait.total_seconds())
            clock.shift(wait - timedelta(seconds=1))
            assert outbox.drain() == 0, "not too early"
            clock.shift(1)
        assert waits == [15, 60, 240, 960, 3840, 15360, 61440]
        assert "server away" in message.last_error
        faulty["is"] = None
        assert outbox.drain() == 1
    message.refresh_from_db()
    assert (bool(message.done_at), message.last_error, message.attempts) == (True, "", 8)


def test_a_message_that_fails_too_often_is_parked_for_staff_and_kept(db: None, faulty: dict[str, Exception | None]) -> None:
    with time_machine.travel("2026-11-22 09:00Z", tick=False) as clock:
        outbox.put("test", idea=1)
        for _ in range(outbox.MAX_ATTEMPTS):
            assert outbox.drain() == 1
            clock.shift(timedelta(days=1))
        assert outbox.drain() == 0
    message = OutboxMessage.objects.get()
    assert message.parked_at
    assert (message.done_at, message.payload, message.attempts) == (None, {"idea": 1}, outbox.MAX_ATTEMPTS)


def test_a_message_that_can_never_be_delivered_is_parked_at_once(db: None, faulty: dict[str, Exception | None]) -> None:
    faulty["is"] = outbox.Undeliverable("no such person")
    outbox.put("test")
    assert (outbox.drain(), outbox.drain()) == (1, 0)
    assert OutboxMessage.objects.get().parked_at


def test_one_message_that_fails_keeps_no_other_waiting(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    bad: list[int] = []

    def deliver(message: OutboxMessage) -> None:
        if message.pk == bad[0]:
            raise ValueError("this one")

    monkeypatch.setitem(outbox._handlers, "test", deliver)
    bad.append(outbox.put("test").pk)
    good = outbox.put("test").pk
    assert outbox.drain() == 2
    assert list(OutboxMessage.objects.filter(done_at=None).values_list("pk", flat=True)) == bad
    assert OutboxMessage.objects.get(pk=good).done_at


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_breaks_off_half_way_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def deliver(message: OutboxMessage) -> None:
        with transaction.atomic():
            UserFactory(email="halb@example.org")
            UserFactory(email="halb@example.org", password="x")  # the second is refused by the database

    monkeypatch.setitem(outbox._handlers, "test", deliver)
    outbox.put("test")
    assert outbox.drain() == 1
    assert not User.objects.filter(email="halb@example.org").exists()
    assert "IntegrityError" in OutboxMessage.objects.get().last_error


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_deliver_the_same_message_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def deliver(message: OutboxMessage) -> None:
        time.sleep(0.005)
        done.append(message.pk)

    monkeypatch.setitem(outbox._handlers, "test", deliver)
    keys = [outbox.put("test").pk for _ in range(40)]
    counts = at_once([outbox.drain] * 4)
    assert sorted(done) == sorted(keys), counts
    assert sum(counts) == 40
    assert not OutboxMessage.objects.filter(done_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_slow_mail_server_keeps_nobody_from_handing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one lock for everything: it must not be held while a server is thinking."""
    person, inside, go_on = UserFactory(), threading.Event(), threading.Event()

    def deliver(message: OutboxMessage) -> None:
        inside.set()
        go_on.wait(10)

    monkeypatch.setitem(outbox._handlers, "test", deliver)
    outbox.put("test")

    def hand_in() -> float:
        assert inside.wait(10)
        started = time.monotonic()
        try:
            make_idea(user=person)
        finally:
            go_on.set()
        return time.monotonic() - started

    _count, seconds = at_once([lambda: outbox.drain(limit=1), hand_in])
    assert isinstance(seconds, float), seconds
    assert seconds < 4
    assert OutboxMessage.objects.get(kind="test").done_at


@pytest.mark.django_db(transaction=True)
def test_a_message_whose_worker_died_is_delivered_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(message: OutboxMessage) -> None:
        raise SystemExit("killed")

    monkeypatch.setitem(outbox._handlers, "test", die)
    outbox.put("test", idea=1)
    with pytest.raises(SystemExit):
        outbox.drain()
    done: list[Any] = []
    monkeypatch.setitem(outbox._handlers, "test", lambda message: done.append(message.payload))
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        outbox.drain()
    assert done == [{"idea": 1}]


# --- the worker -------------------------------------------------------------------------------------------------------


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A worker in a thread of its own, as the embedded default runs it; set the event to wake it."""
    stop, wake = threading.Event(), threading.Event()
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(worker, "_chores", [])

    def run() -> None:
        try:
            worker.work(stop, wake)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield wake
    stop.set()
    wake.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_the_worker_survives_a_broken_handler_and_a_database_that_was_away(
    delivered: list[int], monkeypatch: pytest.MonkeyPatch, running: threading.Event
) -> None:
    monkeypatch.setitem(outbox._handlers, "broken", lambda message: 1 / 0)
    drain, failures = outbox.drain, [0]

    def away() -> int:
        failures[0] += 1
        raise ConnectionError("database away")

    monkeypatch.setattr(outbox, "drain", away)
    wait_for(lambda: failures[0] > 1)
    monkeypatch.setattr(outbox, "drain", drain)
    outbox.put("broken")
    good = outbox.put("test").pk
    wait_for(lambda: delivered == [good])


def test_a_chore_that_fails_keeps_no_other_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fails() -> None:
        raise ValueError("no")

    monkeypatch.setattr(worker, "_chores", [fails, lambda: done.append("second")])
    worker.do_chores()
    assert done == ["second"]


# --- mail to a real server --------------------------------------------------------------------------------------------


def later(minutes: int = 600) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def test_a_mail_reaches_a_real_server(db: None, smtp: Mailbox) -> None:
    put_ready_mail("person@example.org", "Grüße aus dem Kreis", "Guten Tag,\n\nschön.")
    outbox.drain()
    [letter] = smtp.messages
    assert (letter["Subject"], smtp.recipients) == ("Grüße aus dem Kreis", [["person@example.org"]])
    [text, html] = letter.iter_parts()
    assert text.get_content().replace("\r\n", "\n").strip() == "Guten Tag,\n\nschön."
    assert html.get_content_type() == "text/html"
    assert ">schön.</p>" in html.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_mail_that_the_server_puts_off_arrives_later_with_the_same_message_id(db: None, smtp: Mailbox) -> None:
    message = outbox.put("mail.ready", to="person@example.org", subject="Hallo", body="Text")
    smtp.answer = "451 later"
    outbox.drain()
    assert smtp.messages == []
    smtp.answer = None
    with later():
        outbox.drain()
    [letter] = smtp.messages
    # A crash between the server's OK and our own: sent again, it is the same letter.
    OutboxMessage.objects.filter(pk=message.pk).update(
        done_at=None, payload={"to": "person@example.org", "subject": "Hallo", "body": "Text"}
    )
    with later(1200):
        outbox.drain()
    assert smtp.messages[1]["Message-ID"] == letter["Message-ID"] == f"<outbox-{message.pk}@testserver>"


def test_a_mail_that_the_server_refuses_for_good_is_parked_at_once(db: None, smtp: Mailbox) -> None:
    put_ready_mail("niemand@example.org", "Hallo", "Text")
    smtp.answer = "550 no such mailbox"
    outbox.drain()
    message = OutboxMessage.objects.get()
    assert message.parked_at
    assert message.attempts == 1
    assert "550" in message.last_error


def test_a_server_that_is_away_loses_no_mail(db: None, smtp: Mailbox, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for number in range(5):
        put_ready_mail("person@example.org", f"Nummer {number}", "Text")
    outbox.drain()
    assert not OutboxMessage.objects.exclude(parked_at=None).exists()
    settings.EMAIL_PORT = port
    with later():
        outbox.drain()
    assert sorted(letter["Subject"] for letter in smtp.messages) == [f"Nummer {number}" for number in range(5)]


def test_a_server_that_wants_another_password_loses_no_mail(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """It refuses all mails for good, but it is the operator's fault, not the address's."""

    def refuse(self: Any, *args: Any, **kwargs: Any) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"wrong password")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    put_ready_mail("person@example.org", "Hallo", "Text")
    outbox.drain()
    assert OutboxMessage.objects.get().parked_at is None


@pytest.mark.parametrize(
    "subject",
    ["Hallo\r\nBcc: opfer@example.org", "Hallo\nBcc: opfer@example.org", "Hallo\rX: y", "Hallo\x0bX: y", "Hallo\u2028X: y"],
)
def test_no_header_is_slipped_into_a_mail_by_its_subject(db: None, smtp: Mailbox, subject: str) -> None:
    put_ready_mail("person@example.org", subject, "Text")
    outbox.drain()
    [letter] = smtp.messages
    assert letter["Bcc"] is None
    assert letter["X"] is None
    assert smtp.recipients == [["person@example.org"]]


def test_an_address_with_a_line_break_gets_no_mail_at_all(db: None) -> None:
    put_ready_mail("person@example.org\nBcc: opfer@example.org", "Hallo", "Text")
    outbox.drain()
    assert mail.outbox == []
