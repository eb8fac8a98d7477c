"""Mails about merges, their undoing and splits. A merge concerns many: each person gets one mail, whatever of it is theirs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from accounts.contacts import address_key
from common import outbox
from common.models import OutboxMessage

from .models import Follow, Idea, IdeaAuthor, TrailEntry
from .news import stop_all_url
from .notifications import receipt_url, send_signed
from .workflow import Action


@dataclass
class Recipient:
    """One person: the contact or the author row that knows the address, and those of the ideas that are theirs."""

    address: str
    language: str
    key: dict[str, int]
    own: list[int] = field(default_factory=list)
    stop_url: str = ""  # for those who follow


def recipients(ideas: Collection[int]) -> list[Recipient]:
    """Everybody whom news about these ideas (keys) concerns: authors and followers, each person once."""
    found: dict[str, Recipient] = {}
    authors = IdeaAuthor.objects.filter(idea__in=ideas).select_related("user").order_by("idea")
    for author in authors:
        if author.address:
            language = author.mail_language
            person = found.setdefault(address_key(author.address), Recipient(author.address, language, {"author": author.pk}))
            person.own.append(author.idea_id)
    for follow in Follow.objects.filter(idea__in=ideas).select_related("contact__user").order_by("pk"):
        contact = follow.contact
        if contact.address:
            found.setdefault(
                address_key(contact.address), Recipient(contact.address, contact.mail_language, {"contact": contact.pk})
            )
    return list(found.values())


def tell_everybody(entry: TrailEntry, ideas: Iterable[int]) -> None:
    """Tell all whom it concerns of a merge or of its undoing. `entry` is the row of the idea that took in or let go."""
    outbox.put("ideas.merging", entry=entry.pk, ideas=sorted(ideas))


@outbox.handler("ideas.merging")
def _spread(message: OutboxMessage) -> None:
    """One message per person: each is delivered, and tried again, on its own."""
    entry, ideas = message.payload["entry"], message.payload["ideas"]
    with transaction.atomic():
        payloads = [{"entry": entry, **person.key, "own": person.own} for person in recipients(ideas)]
        outbox.put_many("ideas.merging_mail", payloads)


@outbox.handler("ideas.merging_mail")
def _deliver(message: OutboxMessage) -> None:
    payload = message.payload
    entry = TrailEntry.objects.select_related("idea__released_version", "text").filter(pk=payload["entry"]).first()
    person = _person(payload)
    if entry is None or person is None:
        return
    numbers = [change["idea"] for change in entry.changes if change.get("idea")]
    parts = Idea.objects.filter(number__in=numbers).select_related("released_version").order_by("number")
    context = {
        "entry": entry,
        "target": entry.idea,
        "parts": list(parts),
        "url": settings.BASE_URL + entry.idea.get_absolute_url(),
        "receipts": _receipts(Idea.objects.filter(pk__in=payload["own"]).order_by("number")),
        "stop_url": person.stop_url,
    }
    template = "ideas/merged" if entry.action == Action.ABSORB else "ideas/unmerged"
    send_signed(template, person.address, message, context, language=person.language, stop_url=person.stop_url)


def _person(payload: dict[str, int]) -> Recipient | None:
    """Looked up again at delivery: an address that was erased meanwhile gets no mail."""
    if "author" in payload:
        author = IdeaAuthor.objects.select_related("user").filter(pk=payload["author"]).first()
        return Recipient(author.address, author.mail_language, {}) if author and author.address else None
    follow = Follow.objects.select_related("contact__user").filter(contact=payload["contact"]).first()
    if follow is None or not follow.contact.address:
        return None
    contact = follow.contact
    return Recipient(contact.address, contact.mail_language, {}, stop_url=stop_all_url(contact))


def tell_author_of_split(entry: TrailEntry, made: Sequence[Idea]) -> None:
    """Tell the author once of all ideas that were made out of theirs; nothing happens where we know no address."""
    if getattr(entry.idea, "author", None) and entry.idea.author.address:
        outbox.put("ideas.split", entry=entry.pk, made=[idea.pk for idea in made])


@outbox.handler("ideas.split")
def _deliver_split(message: OutboxMessage) -> None:
    entry = (
        TrailEntry.objects.select_related("idea__author__user", "idea__released_version", "text")
        .filter(pk=message.payload["entry"])
        .first()
    )
    if entry is None or not getattr(entry.idea, "author", None) or not entry.idea.author.address:
        return
    author = entry.idea.author
    made = Idea.objects.filter(pk__in=message.payload["made"]).select_related("released_version").order_by("number")
    context = {
        "entry": entry,
        "origin": entry.idea,
        "made": list(made),
        "url": settings.BASE_URL + entry.idea.get_absolute_url(),
        "receipts": _receipts(made),
    }
    send_signed("ideas/split", author.address, message, context, language=author.mail_language)


def _receipts(ideas: Iterable[Idea]) -> list[dict[str, object]]:
    return [{"number": idea.number, "url": receipt_url(idea)} for idea in ideas]
