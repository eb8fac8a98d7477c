"""Whose person has been checked, for votes that ask for it: somebody of the office saw a document and wrote down how, no more.
Nothing of the document is kept. Wagtail's log remembers who entered it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from .models import User
from .roles import Role

VERIFIED, UNVERIFIED = "accounts.verified", "accounts.unverified"


def may_verify(user: User) -> bool:
    """The lead of the office, and whoever runs the site."""
    return user.is_authenticated and user.is_active and Role.LEAD in user.roles


@transaction.atomic
def verify(user: User, how: str, *, by: User, now: datetime | None = None) -> None:
    """The person behind this account was checked, `how` in a few words."""
    user.verified_at, user.verified_how = now or timezone.now(), how
    user.save(update_fields=["verified_at", "verified_how"])
    log(user, VERIFIED, user=by, data={"how": how})


@transaction.atomic
def unverify(user: User, *, by: User) -> None:
    """The check was wrong or no longer holds. Ballots that were cast stay as they are."""
    user.verified_at, user.verified_how = None, ""
    user.save(update_fields=["verified_at", "verified_how"])
    log(user, UNVERIFIED, user=by)
