"""What is forgotten by itself after a vote: who cast which ballot, and from which network; after a survey: who took part.

Closing a vote is the lead's act. But who cast which ballot is only forgotten after the close (the database sees to that),
so a vote that nobody closes would keep its voters for ever. Therefore it closes by itself 30 days after its end.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.worker import chore

from . import actions
from .models import Competition, CompetitionPhase, CompetitionStep, Survey, SurveyParticipation, VoterLink
from .phases import CLOSES_AFTER, Phase

NETWORK_DAYS = 7


@chore
def close_forgotten_votes(now: datetime | None = None) -> int:
    """Close votes that ended so long ago (phases.CLOSES_AFTER) that nobody closes them any more. Returns how many."""
    now = now or timezone.now()
    ended = CompetitionPhase.objects.filter(phase=Phase.VOTING.value, ends_at__lte=now - CLOSES_AFTER)
    forgotten = Competition.objects.filter(closed_at=None, pk__in=ended.values("competition"))
    voted = VoterLink.objects.filter(competition=OuterRef("pk"))
    return sum(actions.close_forgotten(found, now=now) for found in forgotten.filter(Exists(voted)))


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
def forget_participants(now: datetime | None = None) -> int:
    """Delete who has taken part in surveys that are over: it only kept people from answering twice. Returns how many."""
    over = Survey.objects.over(now or timezone.now())
    return SurveyParticipation.objects.filter(survey__in=over.values("pk")).delete()[0]
