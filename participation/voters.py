"""Who votes: a person with an account, or a guest whose address is proved. One address is one voter, however it is written."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.known import acting_contact, known_contact
from accounts.models import Contact
from common.limits import address_of

from .models import Ballot, Competition


@dataclass(frozen=True)
class Voter:
    """A person as far as voting goes."""

    contact: Contact
    is_guest: bool
    is_verified: bool = False

    @property
    def kind(self) -> str:
        """How a ballot of theirs is shown: with or without an account."""
        return Ballot.Voter.GUEST if self.is_guest else Ballot.Voter.ACCOUNT

    def key(self, competition: Competition) -> str:
        """What recognises this person in this competition, and nowhere else, even when their contact is gone."""
        return voter_key(competition, self.contact.address_key)


def voter_of(request: HttpRequest, *, acting: bool = False) -> Voter | None:
    """The person as far as this request tells; None for somebody unknown. `acting`: an account gets its contact now."""
    contact = acting_contact(request) if acting else known_contact(request)
    if contact is None:
        return None
    user: Any = request.user
    return Voter(contact, is_guest=not user.is_authenticated, is_verified=user.is_authenticated and user.is_verified)


def voter_key(competition: Competition, address_key: str) -> str:
    return salted_hmac(
        f"participation.voter.{competition.pk}", address_key, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def network_digest(request: HttpRequest, about: Competition | str) -> str:
    """A keyed digest of the coarse network (IPv4 /24, IPv6 /48): tells that things come from one place, not from where, and of
    nothing else than what it is `about`: one competition, or what a word names."""
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    coarse = int(address) >> (8 if address.version == 4 else 80)
    what = about if isinstance(about, str) else about.pk
    return salted_hmac(
        f"participation.network.{what}", f"{address.version}/{coarse}", secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()
