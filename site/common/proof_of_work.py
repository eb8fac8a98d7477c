"""Proof of work: a small sum that a browser does while somebody writes, and that makes a thousand posts dear.

Nobody else is asked: ALTCHA's library makes and checks the challenges, with keys derived from ours (ADR 13). Whoever can't do
the sum – no JavaScript, an old device – sends the form without it: what that means is the caller's to say, by the Effort.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import altcha
from django.db import IntegrityError, transaction
from django.utils import timezone

from . import tokens
from .models import SpentChallenge
from .worker import chore

LIFETIME = timedelta(hours=1)
ALGORITHM = "PBKDF2/SHA-256"
# A browser tries FEWEST to MOST keys of ROUNDS each: at most a million rounds. A desktop of 2026 does five million a second,
# a phone of 2019 about half a million, so nobody's takes longer than some two seconds.
ROUNDS = 2_000
FEWEST, MOST = 200, 500
# A true one has some 800 characters.
LONGEST = 4_000


class Effort(StrEnum):
    """What a form brought along as its proof."""

    PROVED = "proved"
    MISSING = "missing"  # no JavaScript, an old browser, or sent before the browser was done
    WRONG = "wrong"  # forged, damaged, or made for another form
    EXPIRED = "expired"  # the form was open for longer than LIFETIME
    REUSED = "reused"  # this solution was used before


def new_challenge(purpose: str, *, now: datetime | None = None) -> dict[str, Any]:
    """A challenge for the forms of this purpose, as the browser's solver takes it."""
    challenge = altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST + 1),
        expires_at=(now or timezone.now()) + LIFETIME,
        data={"for": purpose},
        hmac_secret=_key("challenge"),
        hmac_key_secret=_key("solution"),
    )
    return dict(challenge.to_dict())


def look_at(proof: str, purpose: str) -> Effort:
    """What this proof is worth; it can still be used afterwards."""
    effort, digest = _judge(proof, purpose)
    if digest and SpentChallenge.objects.filter(digest=digest).exists():
        return Effort.REUSED
    return effort


def spend(proof: str, purpose: str, *, now: datetime | None = None) -> Effort:
    """What this proof is worth; from now on it is worth nothing. Of many at the same moment one gets PROVED.

    Within a transaction that is rolled back the proof comes back, too.
    """
    effort, digest = _judge(proof, purpose)
    if not digest:
        return effort
    try:
        with transaction.atomic():
            SpentChallenge.objects.create(digest=digest, spent_at=now or timezone.now())
    except IntegrityError:
        return Effort.REUSED
    return effort


@chore
def delete_spent_challenges(now: datetime | None = None) -> int:
    """Delete what nobody could use again anyhow, because its challenge has run out. Returns how many."""
    limit = (now or timezone.now()) - 2 * LIFETIME
    return SpentChallenge.objects.filter(spent_at__lt=limit).delete()[0]


def _judge(proof: str, purpose: str) -> tuple[Effort, str]:
    """The effort without a look at the database and, where it is PROVED, what the challenge is kept by."""
    if not proof:
        return Effort.MISSING, ""
    if len(proof) > LONGEST:
        return Effort.WRONG, ""
    try:
        payload = altcha.Payload.from_base64(proof)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Effort.WRONG, ""
    result = altcha.verify_solution(payload, _key("challenge"), hmac_key_secret=_key("solution"))
    if result.expired:
        return Effort.EXPIRED, ""
    if not result.verified or payload.challenge.parameters.data != {"for": purpose}:
        return Effort.WRONG, ""
    return Effort.PROVED, tokens.digest(str(payload.challenge.signature))


def _key(what: str) -> str:
    return tokens.derive("proof of work", what)
