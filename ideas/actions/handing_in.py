"""Handing in and confirming: what authors do."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import tokens
from common.text import clean_text, one_line
from pages.models import LoesungPage

from .. import notifications
from ..models import Idea, IdeaAuthor, IdeaPicture, IdeaVersion, NumberCounter, Place
from ..workflow import NOT_YET_SUBMITTED, Action, Channel, Status
from .record import Overtaken, Refused, find, record

CONSENT_TEXT_VERSION = "2026-11"
CONFIRMATIONS_AN_HOUR = 3  # mails to one address that nobody has proved to be theirs


class TooLate(Refused):
    """What the idea was handed in to, a competition for one, takes none at this moment. The idea itself is all right."""


@dataclass
class Submission:
    """What somebody hands in. `user` for an account, `email` for a guest; `key` makes a second press of the button harmless.

    `along` happens in the same transaction, once the idea is there and before it has a number: it is called with the idea and
    the moment of handing in. Where it raises, nothing was handed in.
    """

    title: str
    text: str
    key: uuid.UUID
    user: User | None = None
    email: str = ""
    language: str = "de"  # of a guest's mails; an account has its own
    loesung: LoesungPage | None = None
    places: Iterable[Place] = ()
    picture: IdeaPicture | None = None
    tags: Iterable[str] = field(default_factory=list)
    channel: Channel = Channel.WEBSITE
    along: Callable[[Idea, datetime], object] | None = None


def submit(submission: Submission, *, now: datetime | None = None) -> tuple[Idea, bool]:
    """Hand an idea in; returns it and whether it is new. The same key again gives the idea of the first time.

    An account's idea is *Eingereicht* at once, a guest's *Unbestätigt* until the mailed link is used. Raises Refused where a
    guest's address got too many of these mails already, and what `along` raises.
    """
    now = now or timezone.now()
    _refuse_to_flood(submission, now)
    try:
        with transaction.atomic():
            idea = _create(submission, now)
    except IntegrityError:
        earlier = Idea.objects.filter(submission_key=submission.key).first()
        if earlier is None:
            raise
        return earlier, False
    return idea, True


def _refuse_to_flood(submission: Submission, now: datetime) -> None:
    """Nobody may have us fill a stranger's letter box. This very form doesn't count: its button may be pressed twice."""
    if submission.user is not None:
        return
    waiting = Idea.objects.unconfirmed_from(submission.email, since=now - timedelta(hours=1))
    if waiting.exclude(submission_key=submission.key).count() >= CONFIRMATIONS_AN_HOUR:
        raise Refused(
            _(
                "An diese Adresse haben wir gerade schon mehrere E-Mails zum Bestätigen geschickt."
                " Bitte bestätigen Sie zuerst diese Ideen, oder versuchen Sie es in einer Stunde noch einmal."
            )
        )


def _create(submission: Submission, now: datetime) -> Idea:
    idea = Idea.objects.create(
        submission_key=submission.key, loesung=submission.loesung, channel=submission.channel, submitted_at=now
    )
    version = IdeaVersion.objects.create(
        idea=idea, title=one_line(submission.title), text=clean_text(submission.text), created_at=now
    )
    idea.places.set(submission.places)
    idea.tags.set(list(submission.tags))
    if submission.picture:
        submission.picture.version, submission.picture.submission_key = version, None
        submission.picture.save(update_fields=["version", "submission_key", "alt_text"])
    guest = submission.user is None
    IdeaAuthor.objects.create(
        idea=idea,
        user=submission.user,
        email="" if submission.user else submission.email.strip(),
        consent_text=CONSENT_TEXT_VERSION,
        consent_at=now,
        receipt_digest=tokens.digest(idea.receipt_token),
        confirm_digest=tokens.digest(idea.confirm_token) if guest else None,
        language=submission.language,
    )
    if submission.along:
        submission.along(idea, now)
    target = Status.UNCONFIRMED if guest else Status.SUBMITTED
    step = find(Action.SUBMIT, idea, target)
    # The counter comes last: until the end of the transaction everybody else who hands in waits for it.
    entry = record(idea, step, now=now, number=next_number())
    if guest:
        notifications.ask_to_confirm(idea)
    else:
        notifications.tell_author(idea, entry)
    return idea


def next_number() -> int:
    """The next public number. Taken in the caller's transaction, so a number that was shown to anybody is never given again."""
    if not NumberCounter.objects.filter(pk=1).update(last=F("last") + 1):
        highest = Idea.objects.aggregate(highest=Max("number"))["highest"] or 0
        NumberCounter.objects.get_or_create(pk=1, defaults={"last": highest})
        NumberCounter.objects.filter(pk=1).update(last=F("last") + 1)
    return NumberCounter.objects.values_list("last", flat=True).get(pk=1)


def keep_number_free(number: int) -> None:
    """After an import: what is handed in from now on gets a higher number than this."""
    NumberCounter.objects.get_or_create(pk=1)
    NumberCounter.objects.filter(pk=1, last__lt=number).update(last=number)


def confirm(idea: Idea, *, now: datetime | None = None) -> None:
    """The guest opened the mailed link and pressed the button. A second press changes nothing."""
    now = now or timezone.now()
    if idea.status not in NOT_YET_SUBMITTED:
        return
    try:
        with transaction.atomic():
            entry = record(idea, find(Action.CONFIRM, idea), now=now)
            idea.author.confirmed_at = now
            idea.author.save(update_fields=["confirmed_at"])
            notifications.tell_author(idea, entry)
    except Overtaken:
        # The same link pressed twice at once: the other press has confirmed it. Anything else is worth telling.
        if not Idea.objects.filter(pk=idea.pk).exclude(status__in=NOT_YET_SUBMITTED).exists():
            raise
        idea.refresh_from_db()
