"""How often something may come from one network, one person and one address. Counted by keyed hashes: no address is kept.

What holds when the count can't be kept, because the cache or the database doesn't answer, is the Answer's to say: reading stays
open, no mail goes out, and what somebody writes waits for a moderator.
"""

import ipaddress
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import LimitCount
from .worker import chore

log = logging.getLogger(__name__)

HOUR, DAY = 3600, 86_400
KEPT = timedelta(days=2)


class Answer(Enum):
    """Whether it is within the limit. UNKNOWN: the count can't be kept just now."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def lets_read(self) -> bool:
        """Nobody is kept from reading because a counter is broken."""
        return self is not Answer.NO

    @property
    def lets_mail(self) -> bool:
        """Nobody gets mails through us that we can't count."""
        return self is Answer.YES

    @property
    def needs_a_look(self) -> bool:
        """What was written is taken in, and waits for a moderator."""
        return self is Answer.UNKNOWN


@dataclass(frozen=True)
class Most:
    """At most so many times in so many seconds; none for longer than a day."""

    times: int
    seconds: int = HOUR


@dataclass(frozen=True)
class Limits:
    """What is counted, and by whom. `mail` counts in the database: a cache forgets, and each process may have its own."""

    what: str
    network: Most | None = None
    contact: Most | None = None  # an account or a guest: ADR 8
    address: Most | None = None
    mail: bool = False


def allowed(
    request: HttpRequest, limits: Limits, *, contact: object = None, address: str = "", now: datetime | None = None
) -> Answer:
    """Count this request and say whether it is within every one of the limits.

    `contact` is the key of a contact, `address` what accounts.contacts.address_key makes of an e-mail address; a limit whose
    value isn't given doesn't count. Who is over one limit is told nothing about the others.
    """
    asked = [
        ("network", network_of(request), limits.network),
        ("contact", str(contact or ""), limits.contact),
        ("address", address, limits.address),
    ]
    count = _count_in_database if limits.mail else _count_in_cache
    answers = {
        count(_key(limits.what, kind, value), most, now or timezone.now()) for kind, value, most in asked if most and value
    }
    return next((answer for answer in (Answer.NO, Answer.UNKNOWN) if answer in answers), Answer.YES)


def within_limit(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """For reading: count this request as one of `what` and say whether it is among the network's first `most` in `seconds`."""
    return allowed(request, Limits(what, network=Most(most, seconds))).lets_read


def address_of(request: HttpRequest) -> str:
    """The reader's address, also behind our own proxies (TRUSTED_PROXY_COUNT); "unknown" where there is none."""
    with suppress(PermissionDenied):
        return str(get_adapter().get_client_ip(request))
    return "unknown"


def network_of(request: HttpRequest) -> str:
    """The reader's address, of IPv6 the network that one household has."""
    address = address_of(request)
    with suppress(ValueError):
        if ipaddress.ip_address(address).version == 6:
            address = str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return address


@chore
def forget_counts(now: datetime | None = None) -> int:
    """Delete counts that no limit looks at any more. Returns how many."""
    return LimitCount.objects.filter(started_at__lt=(now or timezone.now()) - KEPT).delete()[0]


def _key(what: str, kind: str, value: str) -> str:
    text = f"{what}|{kind}|{value}"
    return salted_hmac("common.limits", text, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def _count_in_cache(key: str, most: Most, now: datetime) -> Answer:
    try:
        # Twice: the count may run out between the two questions. A server that is away answers neither, or raises.
        for _attempt in range(2):
            if cache.add(f"limit:{key}", 1, most.seconds):
                return Answer.YES if most.times else Answer.NO
            with suppress(ValueError):
                return Answer.YES if cache.incr(f"limit:{key}") <= most.times else Answer.NO
    except Exception as error:  # each cache has errors of its own
        log.warning("limits can't be counted, the cache doesn't answer: %s", type(error).__name__)
    return Answer.UNKNOWN


def _count_in_database(key: str, most: Most, now: datetime) -> Answer:
    begun = now - timedelta(seconds=most.seconds)
    try:
        with transaction.atomic():
            row = LimitCount.objects.filter(key=key)
            if not row.exists():
                LimitCount.objects.get_or_create(key=key, defaults={"started_at": now})
            row.filter(started_at__lte=begun).update(started_at=now, count=0)
            # One conditional update, so of many at the same moment no more than the limit get through.
            return Answer.YES if row.filter(count__lt=most.times).update(count=F("count") + 1) else Answer.NO
    except DatabaseError as error:
        log.warning("limits can't be counted, the database doesn't answer: %s", type(error).__name__)
        return Answer.UNKNOWN
