"""What people write to the office: taken in once, with a number to quote, and told to both sides by mail."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.contacts import normalised
from common import outbox
from common.mail import send
from common.models import OutboxMessage
from common.text import clean_text, one_line

from . import site
from .models import AccessibilityPage, Message, TicketCounter

_LETTERS = {Message.Kind.BARRIER: "B", Message.Kind.CONTACT: "K"}
OFFICE_LANGUAGE = "de"


@dataclass(frozen=True)
class Enquiry:
    """What a form holds. `key` makes a second press of its button harmless."""

    kind: Message.Kind
    text: str
    key: uuid.UUID
    subject: str = ""
    page_address: str = ""
    name: str = ""
    email: str = ""
    language: str = "de"


def receive(enquiry: Enquiry, *, now: datetime | None = None) -> tuple[Message, bool]:
    """Take it in; returns the message and whether it is new. The same key again gives the message of the first time."""
    now = now or timezone.now()
    if earlier := received_before(enquiry.key):
        return earlier, False
    try:
        with transaction.atomic():
            return _create(enquiry, now), True
    except IntegrityError:
        if earlier := received_before(enquiry.key):
            return earlier, False
        raise


def received_before(key: uuid.UUID) -> Message | None:
    """The message that this form has sent already."""
    return Message.objects.filter(submission_key=key).first()


def is_same(message: Message, enquiry: Enquiry) -> bool:
    """Whether the form still says what the message says."""
    return (message.subject, message.text) == (one_line(enquiry.subject), clean_text(enquiry.text))


def _create(enquiry: Enquiry, now: datetime) -> Message:
    # Who writes at the same moment waits here for the other's commit, so below everybody sees what came before.
    ticket = next_ticket(enquiry.kind, timezone.localdate(now).year)
    message = Message.objects.create(
        ticket=ticket,
        kind=enquiry.kind,
        subject=one_line(enquiry.subject),
        text=clean_text(enquiry.text),
        page_address=one_line(enquiry.page_address),
        name=one_line(enquiry.name),
        email=enquiry.email.strip(),
        language=enquiry.language,
        submission_key=enquiry.key,
        received_at=now,
        answer_due=_answer_due(enquiry.kind, now),
    )
    outbox.put("pages.message", message=message.pk)
    if message.email and not _was_told_lately(message):
        outbox.put("pages.message_received", message=message.pk)
    return message


def next_ticket(kind: Message.Kind, year: int) -> str:
    """The next number of this kind, such as K-2026-0001. Taken in the caller's transaction: one that was shown is never given
    again (ADR 6)."""
    counter = TicketCounter.objects.filter(kind=kind, year=year)
    if not counter.update(last=F("last") + 1):
        TicketCounter.objects.get_or_create(kind=kind, year=year)
        counter.update(last=F("last") + 1)
    return f"{_LETTERS[kind]}-{year}-{counter.values_list('last', flat=True).get():04d}"


def _answer_due(kind: Message.Kind, now: datetime) -> date | None:
    """For a barrier the day that the statement promises; for a question nobody has promised one."""
    if kind != Message.Kind.BARRIER:
        return None
    statement = AccessibilityPage.objects.live().order_by("pk").first() or AccessibilityPage()
    return timezone.localdate(now) + timedelta(days=statement.answer_days)


def _was_told_lately(message: Message) -> bool:
    """Whether this address got a mail for another message within the hour: nobody may flood a stranger through us."""
    since = message.received_at - timedelta(hours=1)
    others = Message.objects.filter(received_at__gt=since).exclude(pk=message.pk).exclude(email="")
    return normalised(message.email) in {normalised(email) for email in others.values_list("email", flat=True)}


@outbox.handler("pages.message")
def _tell_office(posted: OutboxMessage) -> None:
    """To the address that the site names for enquiries; an answer goes straight to whoever wrote."""
    message, house = Message.objects.filter(pk=posted.payload["message"]).first(), site.current()
    if message is None or not house.email:
        return
    url = settings.BASE_URL + reverse("messages_admin:edit", args=[message.pk])
    context = {"message": message, "is_barrier": message.kind == Message.Kind.BARRIER, "url": url}
    send("pages/message", house.email, posted, context, reply_to=message.email, language=OFFICE_LANGUAGE)


@outbox.handler("pages.message_received")
def _tell_sender(posted: OutboxMessage) -> None:
    message, house = Message.objects.filter(pk=posted.payload["message"]).first(), site.current()
    if message is None or not message.email:
        return
    # The address isn't proved: nothing that a stranger typed goes into this mail.
    context = {"ticket": message.ticket, "due": message.answer_due, "house": house}
    send("pages/message_received", message.email, posted, context, reply_to=house.email, language=message.language)
