"""What is forgotten by itself after a vote: who cast which ballot, from which network, and addresses that nobody proved."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import AddressProof
from common.worker import chore

from .models import Competition, CompetitionStep, VoterLink

NETWORK_DAYS = 7


@chore
def delete_voter_links(now: datetime | None = None) -> int:
    """Cut ballots off from persons, the set number of days after the close, and say so. Returns in how many competitions."""
    now = now or timezone.now()
    count = 0
    for found in Competition.objects.filter(closed_at__isnull=False, links_deleted_at=None):
        if found.closed_at and found.closed_at + timedelta(days=found.link_days) <= now:
            count += _delete_links(found, now)
    return count


@transaction.atomic
def _delete_links(found: Competition, now: datetime) -> int:
    """0 where another worker was faster."""
    if not Competition.objects.filter(pk=found.pk, links_deleted_at=None).update(links_deleted_at=now):
        return 0
    VoterLink.objects.filter(competition=found).delete()
    CompetitionStep.objects.create(competition=found, kind=CompetitionStep.Kind.LINKS_DELETED, happened_at=now)
    return 1


@chore
def forget_networks(now: datetime | None = None) -> int:
    """Empty the digests of networks a week after a ballot was cast. Returns how many."""
    limit = (now or timezone.now()) - timedelta(days=NETWORK_DAYS)
    return VoterLink.objects.filter(cast_at__lt=limit).exclude(network="").update(network="")


@chore
def delete_expired_proofs(now: datetime | None = None) -> int:
    """Delete addresses whose mailed link has run out. Returns how many."""
    return AddressProof.objects.expired(now).delete()[0]
