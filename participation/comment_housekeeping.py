"""What is forgotten by itself about comments: those that nobody confirmed, networks, and who reported."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import AddressProof
from common.worker import chore

from .comment_workflow import State
from .models import Comment, CommentStep, Report

NETWORK_DAYS = 7
REPORTER_DAYS = 183  # as long as a complaint is possible


@chore
def delete_unconfirmed_comments(now: datetime | None = None) -> int:
    """Delete comments of guests whose link has run out, with their steps and texts. Returns how many."""
    limit = (now or timezone.now()) - timedelta(days=AddressProof.DAYS)
    keys = list(Comment.objects.filter(state=State.UNCONFIRMED, submit_date__lt=limit).values_list("pk", flat=True))
    return sum(_delete(key) for key in keys)


@transaction.atomic
def _delete(key: int) -> int:
    """0 where the address was proved in the meantime. The steps go first: they hold the comment, and it its texts."""
    found = Comment.objects.select_for_update(of=("self",)).filter(pk=key, state=State.UNCONFIRMED).first()
    if found is None:
        return 0
    CommentStep.objects.filter(comment=found).delete()
    found.delete()
    return 1


@chore
def forget_networks_of_comments(now: datetime | None = None) -> int:
    """Empty the digests of networks a week after a comment or a report came. Returns how many."""
    limit = (now or timezone.now()) - timedelta(days=NETWORK_DAYS)
    comments = Comment.objects.filter(submit_date__lt=limit).exclude(network="").update(network="")
    return comments + Report.objects.filter(reported_at__lt=limit).exclude(network="").update(network="")


@chore
def forget_reporters(now: datetime | None = None) -> int:
    """Forget names and addresses of who reported, half a year after the decision. Returns of how many reports."""
    limit = (now or timezone.now()) - timedelta(days=REPORTER_DAYS)
    known = ~Q(name="") | ~Q(email="") | Q(contact__isnull=False)
    return Report.objects.filter(known, decision__happened_at__lt=limit).update(name="", email="", contact=None)
