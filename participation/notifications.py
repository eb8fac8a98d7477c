"""Mails about participation, signed by the office: to authors (what was decided, which place they got), and to guests who prove
an address. Written into the outbox as keys of rows, put into words at delivery."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.known import proof_token
from accounts.models import AddressProof
from common import outbox
from common.models import OutboxMessage
from ideas.notifications import receipt_url, send_signed

from . import addresses
from .models import Competition, Entry, EntryStep

_OF_ENTRY = ("idea__author__user", "idea__released_version")
_OF_STEP = ("entry__idea__author__user", "entry__idea__released_version")


def tell_author(step: EntryStep) -> None:
    """Tell the author that the lead took the idea in or out, or didn't take it in. Nobody without an address."""
    outbox.put("participation.entry", step=step.pk)


def tell_result(competition: Competition) -> None:
    """Tell the author of each idea that took part to the end which place it got. Call it in the transaction that publishes."""
    entries = Entry.objects.filter(competition=competition).on_show()
    outbox.put_many("participation.result", [{"entry": key} for key in entries.values_list("pk", flat=True)])


@outbox.handler("participation.entry")
def _deliver_entry(message: OutboxMessage) -> None:
    steps = EntryStep.objects.select_related("entry__competition__page", *_OF_STEP)
    step = steps.filter(pk=message.payload["step"]).first()
    if step is None or not step.entry.idea.author.address:
        return
    context = {
        "is_in": step.to_state == Entry.State.IN,
        "was_in": step.from_state == Entry.State.IN,
        "reason": step.reason,
        **_about(step.entry),
    }
    author = step.entry.idea.author
    send_signed("participation/entry", author.address, message, context, language=author.mail_language)


@outbox.handler("participation.result")
def _deliver_result(message: OutboxMessage) -> None:
    entries = Entry.objects.select_related("competition__page", "competition__tally", *_OF_ENTRY)
    entry = entries.filter(pk=message.payload["entry"], competition__tally__published_at__isnull=False).first()
    if entry is None or not entry.idea.author.address:
        return
    rows = entry.competition.tally.result["entries"]
    row = next((row for row in rows if row["number"] == entry.idea.number), None)
    if row is None or row["place"] is None:
        return
    context = {
        "place": row["place"],
        "tied": row["tied"],
        "total": sum(1 for each in rows if each["place"] is not None),
        "result_url": settings.BASE_URL + addresses.result(entry.competition),
        **_about(entry),
    }
    author = entry.idea.author
    send_signed("participation/result", author.address, message, context, language=author.mail_language)


def _about(entry: Entry) -> dict[str, Any]:
    """What both mails say of an entry."""
    page = entry.competition.page
    return {
        "number": entry.idea.number,
        "title": entry.idea.title,
        "competition": entry.competition.title,
        "url": settings.BASE_URL + entry.competition.get_absolute_url() if page.live else "",
        "receipt_url": receipt_url(entry.idea),
    }


@outbox.handler("accounts.proof")
def _deliver_proof(message: OutboxMessage) -> None:
    """The link that proves an address: accounts writes the message, the signature stands further up."""
    asked = AddressProof.objects.valid().filter(pk=message.payload["proof"], done_at=None).first()
    if asked is None:
        return
    # The address is not proved yet: nothing that a stranger typed goes into this mail.
    with override(asked.language):
        path = reverse("prove_address", args=[proof_token(asked.key)])
    context = {"url": settings.BASE_URL + path, "days": AddressProof.DAYS}
    send_signed("accounts/proof", asked.email, message, context, language=asked.language)
