"""Who is it: the account's contact, or the guest whose address was proved in this session (a mailed link and a button)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from common import outbox, tokens
from common.worker import chore

from .contacts import address_key, contact_of_address, contact_of_user
from .models import AddressProof, Contact

SESSION_KEY = "contact"
PROOFS_AN_HOUR = 3  # mails to one address that nobody has proved to be theirs


def known_contact(request: HttpRequest) -> Contact | None:
    """The person as far as we know them already: the account's contact, or the address that was proved in this session."""
    if request.user.is_authenticated:
        return Contact.objects.filter(user=request.user).first()
    return Contact.objects.filter(pk=request.session[SESSION_KEY]).first() if SESSION_KEY in request.session else None


def acting_contact(request: HttpRequest) -> Contact | None:
    """The same for somebody who presses a button: an account gets its contact now."""
    return contact_of_user(request.user) if request.user.is_authenticated else known_contact(request)


def remember(request: HttpRequest, contact: Contact) -> None:
    """Know this guest for the rest of the session, until the browser is closed."""
    if request.user.is_authenticated:
        return
    request.session.cycle_key()
    request.session[SESSION_KEY] = contact.pk
    request.session.set_expiry(0)


def forget(request: HttpRequest) -> None:
    """The guest is somebody else, or leaves a shared computer."""
    request.session.pop(SESSION_KEY, None)


def masked(email: str) -> str:
    """Enough of the address to recognise one's own, not enough to learn it."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}" if host else ""


# --- proving an address -----------------------------------------------------------------------------------------------


def ask_to_prove(email: str, leads_to: str, *, language: str = "de", now: datetime | None = None) -> AddressProof | None:
    """Mail a link that proves the address and leads on to `leads_to`, a path of this site.

    None, and no mail, where the address got too many lately: whoever asks is told the same in both cases. Call it in a
    transaction.
    """
    now = now or timezone.now()
    who = address_key(email)
    if AddressProof.objects.filter(address_key=who, created_at__gt=now - timedelta(hours=1)).count() >= PROOFS_AN_HOUR:
        return None
    key = uuid.uuid4()
    asked = AddressProof.objects.create(
        email=email.strip(),
        address_key=who,
        language=language,
        leads_to=leads_to,
        key=key,
        digest=tokens.digest(proof_token(key)),
        created_at=now,
    )
    outbox.put("accounts.proof", proof=asked.pk)
    return asked


@dataclass(frozen=True)
class Outcome:
    """What became of something that waited: where it stands, and what the reader is told."""

    url: str
    said: str


@dataclass(frozen=True)
class Waiting:
    """What an app above lets wait for a proof: `text` gives what somebody wrote, so that the owner of the address reads it
    before it becomes theirs ('' where nothing of this app waits); `come_true` lets it happen once the address is proved;
    `outcome` tells afterwards what became of it."""

    text: Callable[[AddressProof], str]
    come_true: Callable[[AddressProof, Contact], None]
    outcome: Callable[[AddressProof], Outcome | None]


_waiting: list[Waiting] = []


def lets_wait(waiting: Waiting) -> None:
    """Register what waits for a proof."""
    _waiting.append(waiting)


def text_that_waits(asked: AddressProof) -> str:
    """What was written in the name of this address and waits for its proof."""
    return next((text for each in _waiting if (text := each.text(asked))), "")


def outcome_of(asked: AddressProof) -> Outcome | None:
    """What became of what waited for this proof; None where nothing did."""
    return next((outcome for each in _waiting if (outcome := each.outcome(asked))), None)


def prove(asked: AddressProof, *, now: datetime | None = None) -> Contact | None:
    """The address is proved: the person whose it is, and what waited for it happens. None where the link was used before: who
    finds it later gets nothing."""
    with transaction.atomic():
        if not AddressProof.objects.filter(pk=asked.pk, done_at=None).update(done_at=now or timezone.now()):
            return None
        contact = contact_of_address(asked.email, asked.language)
        for each in _waiting:
            each.come_true(asked, contact)
    return contact


def proof_token(key: uuid.UUID) -> str:
    """The secret of the mailed link."""
    return tokens.derive("address", str(key))


@chore
def delete_expired_proofs(now: datetime | None = None) -> int:
    """Delete addresses that guests wanted to prove, once their links have run out. Returns how many."""
    return AddressProof.objects.expired(now).delete()[0]
