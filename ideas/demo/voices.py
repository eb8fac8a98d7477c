"""Supporters and followers in the demo: invented guests, the same ones every time."""

import uuid
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from accounts.contacts import address_key, contact_of_user
from accounts.models import Contact

from .. import actions
from ..models import Frequency, Idea, Measure, Support
from ..workflow import STANDING, Status
from .ideas import Builder

GUESTS = 60
_NAMESPACE = uuid.UUID("5d3c2f9e-7a51-4f0e-9a38-0c5d2a6f1b77")


def build(builder: Builder, profile: Path) -> None:
    """Adds to what the builder has made. `profile` is the folder with the profile's data files."""
    guests = _guests()
    # What has become part of another idea was supported before.
    supported = list(Idea.objects.public().filter(status__in=(*STANDING, Status.MERGED)).order_by("number"))
    ideas = [idea for idea in supported if idea.merged_root_id is None]
    now = timezone.now()
    supports = []
    for idea in supported:
        # Few ideas have many supporters and many have few, as it is in life; which ones, their number decides.
        many = _some(idea, "many") % 10
        count = _some(idea, "count") % (GUESTS if many == 0 else 20 if many < 4 else 6)
        first = _some(idea, "first") % GUESTS
        for place in range(count):
            guest = guests[(first + place * 7) % GUESTS]
            day = now - timedelta(days=1 + (_some(idea, str(place)) % 120))
            supports.append(Support(idea=idea, contact=guest, person=f"c{guest.pk}", created_at=day))
    # 7 and the number of guests have no divisor in common: nobody comes up twice for one idea.
    Support.objects.bulk_create(supports)
    citizen = contact_of_user(builder.people["buergerin"])
    for idea in ideas[-3:]:
        Support.objects.create(idea=idea, contact=citizen, person=f"c{citizen.pk}", created_at=now - timedelta(days=2))
    actions.recount_supports([idea.pk for idea in ideas])
    _follow(builder, citizen, guests, ideas)


def _guests() -> list[Contact]:
    addresses = [f"stimme-{number:03}@example.org" for number in range(1, GUESTS + 1)]
    return Contact.objects.bulk_create(Contact(email=address, address_key=address_key(address)) for address in addresses)


def _some(idea: Idea, what: str) -> int:
    return uuid.uuid5(_NAMESPACE, f"{idea.number} {what}").int


def _follow(builder: Builder, citizen: Contact, guests: list[Contact], ideas: list[Idea]) -> None:
    measure = Measure.objects.order_by("sort_order").first()
    actions.follow(citizen, ideas[-1])
    if measure:
        actions.follow(citizen, measure, Frequency.DAILY)
    actions.follow(citizen, next(iter(builder.loesungen.values())), Frequency.WEEKLY)
    for place, guest in enumerate(guests[:12]):
        actions.follow(guest, ideas[place % len(ideas)], list(Frequency)[place % 3])
