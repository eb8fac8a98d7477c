"""Support and follow. A person is a contact; a merge moves no row, so whoever supports an idea supports the one that it became
part of, and counts once there."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, PositiveIntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.contacts import address_key, contact_of_address
from accounts.models import Contact
from common import tokens
from pages.models import LoesungPage

from .. import news, notifications, permissions
from ..models import ContactRequest, Follow, Frequency, Idea, Measure, Support
from .record import Refused

Target = Idea | Measure | LoesungPage
REQUESTS_AN_HOUR = 3  # mails to one address that nobody has proved to be theirs


def person_of(contact: Contact) -> str:
    """What a support counts by."""
    return f"c{contact.pk}"


def support(idea: Idea, contact: Contact) -> bool:
    """Let this person support the idea, or the one that it has become part of; False if they do so already."""
    root = idea.merged_root or idea
    if not permissions.may_support(root):
        raise Refused(_("Diese Idee können Sie nicht unterstützen. Sie ist nicht (mehr) öffentlich oder wurde zurückgezogen."))
    if supports(idea, contact):
        return False
    try:
        with transaction.atomic():
            Support.objects.create(idea=root, contact=contact, person=person_of(contact))
            recount_supports([root.pk])
    except IntegrityError:
        if not supports(idea, contact):
            raise
        return False  # pressed twice at once: the other press has counted
    return True


def unsupport(idea: Idea, contact: Contact) -> bool:
    """Take the person's support back, wherever in the family it was given; False if there was none."""
    root = idea.merged_root or idea
    with transaction.atomic():
        deleted, _rows = _supports_of(root, contact).delete()
        if deleted:
            recount_supports([root.pk])
    return bool(deleted)


def supports(idea: Idea, contact: Contact) -> bool:
    """Whether this person supports the idea or another one of its family."""
    return _supports_of(idea.merged_root or idea, contact).exists()


def _supports_of(root: Idea, contact: Contact) -> Any:
    return Support.objects.filter(person=person_of(contact), idea__in=Idea.objects.family_of(root).values("pk"))


def recount_supports(idea_pks: Iterable[int]) -> None:
    """Count anew for these ideas and all of their families: distinct persons over an idea and all that has become part of it.

    Call it in the transaction of the change, after it. Three queries, four where a given idea is not a root.
    """
    with transaction.atomic():
        parents = _hold_families(set(idea_pks))
        persons: dict[int, set[str]] = {pk: set() for pk in parents}
        for pk, person in Support.objects.filter(idea__in=parents).values_list("idea", "person"):
            place: int | None = pk
            while place in persons:
                persons[place].add(person)
                place = parents[place]
        counts = [When(pk=pk, then=Value(len(found))) for pk, found in persons.items()]
        if counts:
            Idea.objects.filter(pk__in=parents).update(support_count=Case(*counts, output_field=PositiveIntegerField()))


def _hold_families(given: set[int]) -> dict[int, int | None]:
    """Each idea of these families with the one that it became part of. Locked until the end of the transaction: who counts last
    sees what everybody has written."""
    roots, known = given, False
    while not known:
        family = Idea.objects.filter(Q(pk__in=roots) | Q(merged_root__in=roots)).order_by("pk").select_for_update(no_key=True)
        rows = list(family.values_list("pk", "merged_into", "merged_root"))
        found = {root or pk for pk, _parent, root in rows}
        known, roots = found <= roots, roots | found
    return {pk: parent for pk, parent, _root in rows}


def follow(contact: Contact, target: Target, frequency: str = Frequency.AT_ONCE) -> tuple[Follow, bool]:
    """Tell this person of what happens there from now on; returns the follow and whether it is new.

    Again with another frequency changes it. Whoever follows a merged idea follows the one that it became part of.
    """
    if isinstance(target, Idea):
        target = target.merged_root or target
    if not permissions.may_follow(target):
        raise Refused(_("Dem können Sie nicht folgen. Es ist nicht (mehr) öffentlich oder wurde zurückgezogen."))
    key = uuid.uuid4()
    digest = tokens.digest(news.stop_token(key))
    made, is_new = Follow.objects.get_or_create(
        contact=contact,
        **{target_name(target): target},
        defaults={"frequency": frequency, "key": key, "stop_digest": digest},
    )
    if not is_new and made.frequency != frequency:
        made.frequency = frequency
        made.save(update_fields=["frequency"])
    return made, is_new


def unfollow(follow: Follow) -> None:
    """Stop it; what waits for the next digest goes with it."""
    follow.delete()


def target_name(target: Target) -> str:
    """The field that names it in Follow and ContactRequest."""
    if isinstance(target, Idea):
        return "idea"
    return "measure" if isinstance(target, Measure) else "loesung"


# --- guests: first the address, then the wish -------------------------------------------------------------------------


def ask_with_address(
    kind: ContactRequest.Kind,
    target: Target,
    email: str,
    *,
    frequency: str = Frequency.AT_ONCE,
    language: str = "de",
    now: datetime | None = None,
) -> ContactRequest | None:
    """Keep what somebody wants and mail a link to the address.

    None, and no mail, where the address got too many lately: whoever asks is told the same in both cases.
    """
    now = now or timezone.now()
    who = address_key(email)
    recent = ContactRequest.objects.filter(address_key=who, created_at__gt=now - timedelta(hours=1))
    key = uuid.uuid4()
    with transaction.atomic():
        if recent.count() >= REQUESTS_AN_HOUR:
            return None
        asked = ContactRequest.objects.create(
            kind=kind,
            email=email.strip(),
            address_key=who,
            frequency=frequency,
            language=language,
            key=key,
            digest=tokens.digest(request_token(key)),
            created_at=now,
            **{target_name(target): target},
        )
        notifications.ask_to_prove(asked)
    return asked


def request_token(key: uuid.UUID) -> str:
    """The secret of the mailed link."""
    return tokens.derive("contact", str(key))


def grant(asked: ContactRequest, *, withdraw: bool = False, now: datetime | None = None) -> Contact:
    """The mailed link was opened and its button pressed: the address is proved, the wish comes true. Returns the person."""
    with transaction.atomic():
        if not ContactRequest.objects.filter(pk=asked.pk, done_at=None).update(done_at=now or timezone.now()):
            raise Refused(_("Diesen Link haben Sie schon benutzt."))
        contact = contact_of_address(asked.email, asked.language)
        if asked.kind == ContactRequest.Kind.FOLLOW:
            follow(contact, asked.target, asked.frequency)
        elif withdraw:
            unsupport(asked.target, contact)
        else:
            support(asked.target, contact)
    return contact


def contact_of_stop_all(token: str) -> Contact | None:
    """The person whose link this is."""
    number = token.partition("-")[0]
    contact = Contact.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) <= 9 else None
    return contact if contact and secrets.compare_digest(news.stop_all_token(contact).encode(), token.encode()) else None
