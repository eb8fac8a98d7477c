"""Mails to members of a jury: that they sit in it, and once, when it is time, that scoring has begun. Never a score."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from common import outbox
from common.models import OutboxMessage
from common.worker import chore
from ideas.notifications import send_signed

from . import clock
from .models import Competition, JuryMember
from .phases import Phase


def tell_appointed(member: JuryMember) -> None:
    outbox.put("participation.jury_appointed", member=member.pk)


@chore
def tell_that_scoring_has_begun(now: datetime | None = None) -> int:
    """One mail to each member once the jury's phase has begun. Returns how many were told."""
    now = now or clock.now()
    told = 0
    for pk in JuryMember.objects.awaiting_reminder(now).values_list("pk", flat=True):
        with transaction.atomic():
            # Of two workers one finds the row as it was.
            if JuryMember.objects.filter(pk=pk, told_of_begin_at=None).update(told_of_begin_at=now):
                outbox.put("participation.jury_begins", member=pk)
                told += 1
    return told


@outbox.handler("participation.jury_appointed")
def _deliver_appointed(message: OutboxMessage) -> None:
    _send("participation/jury_appointed", message)


@outbox.handler("participation.jury_begins")
def _deliver_begins(message: OutboxMessage) -> None:
    _send("participation/jury_begins", message)


def _send(template: str, message: OutboxMessage) -> None:
    """Nothing to somebody who was dismissed meanwhile, or has the account or the role no longer."""
    member = JuryMember.objects.able_to_score().select_related("user").filter(pk=message.payload["member"]).first()
    if member is None or member.user is None:
        return
    competition = Competition.objects.with_phases().get(pk=member.competition_id)
    context = {
        "competition": competition,
        "span": competition.span(Phase.JURY),
        "url": settings.BASE_URL + reverse("jury_competition", args=[competition.slug]),
    }
    send_signed(template, member.user.email, message, context, language=member.user.language)
