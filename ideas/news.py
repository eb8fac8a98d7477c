"""Who is told of what happened. The step writes one message; the worker finds the followers: nobody who decides waits for
them. Each person is told once of one event, at once or in the next digest."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.contacts import address_key
from accounts.models import Contact
from common import outbox, tokens
from common.models import OutboxMessage
from common.worker import chore
from pages.words import words

from .models import Follow, Frequency, Idea, IdeaAuthor, MeasureEntry, Notice, TrailEntry
from .notifications import Named, send_signed
from .workflow import DECISIONS, Action, Status, find_step

Entry = TrailEntry | MeasureEntry

# Concern the author alone. Merges aren't told here, but to all whom they concern at once (notifications_merging.py).
NO_NEWS = (
    Action.SUBMIT, Action.CONFIRM, Action.IMPORT, Action.SPLIT_OFF, Action.EDIT, Action.ANSWER, Action.REDACT,
    Action.MERGE, Action.ABSORB, Action.UNMERGE, Action.LET_GO,
)  # fmt: skip
NEWS_FOR = timedelta(days=1)  # what happened longer ago is taken over from elsewhere: no news
DIGEST_HOUR = 6
KEPT_DAYS = 60  # how long we remember who was told
_RANK = {Frequency.AT_ONCE: 0, Frequency.DAILY: 1, Frequency.WEEKLY: 2}


def tell_followers(entry: Entry, taken_at: datetime | None = None) -> None:
    """Call in the transaction that writes the row, once for each row that followers may hear of. `taken_at`: when the step was
    taken, if it tells of an earlier day, as a report does."""
    if (taken_at or entry.happened_at) < timezone.now() - NEWS_FOR:
        return
    if isinstance(entry, MeasureEntry):
        outbox.put("ideas.news", measure_entry=entry.pk)
    elif entry.action not in NO_NEWS and entry.idea.is_public:
        outbox.put("ideas.news", entry=entry.pk)


@outbox.handler("ideas.news")
def _fan_out(message: OutboxMessage) -> None:
    """Write down who is told; in one transaction, and again without doubling anybody."""
    field, pk = next(iter(message.payload.items()))
    with transaction.atomic():
        entry = _load(field, [pk]).get(pk)
        if entry is None:
            return
        chosen: dict[int, Follow] = {}
        for follow in sorted(
            _follows_of(entry), key=lambda follow: (_RANK[Frequency(follow.frequency)], bool(follow.loesung_id))
        ):
            chosen.setdefault(follow.contact_id, follow)
        for contact in _already_told(entry, chosen):
            chosen.pop(contact, None)
        now = timezone.now()
        notices = Notice.objects.bulk_create(
            Notice(
                follow=follow, created_at=now, sent_at=now if follow.frequency == Frequency.AT_ONCE else None, **{field: entry}
            )
            for follow in chosen.values()
        )
        outbox.put_many("ideas.follow", [{"notice": notice.pk} for notice in notices if notice.sent_at])


def _load(field: str, pks: Iterable[int]) -> dict[int, Any]:
    """Rows by key, with everything that a mail says of them; rows of ideas that are no longer public are left out."""
    if field == "measure_entry":
        return MeasureEntry.objects.select_related("measure", "text").in_bulk(list(pks))
    rows = TrailEntry.objects.select_related("idea__released_version", "idea__author__user", "text").in_bulk(list(pks))
    return {pk: row for pk, row in rows.items() if row.idea.is_public}


def _follows_of(entry: Entry) -> list[Follow]:
    if isinstance(entry, MeasureEntry):
        wanted = Q(measure=entry.measure_id) | Q(loesung__isnull=False, loesung=entry.measure.loesung_id)
    else:
        wanted = Q(idea__in=Idea.objects.family_of(entry.idea).values("pk"))
        # A new stand of a measure reaches the followers of its Lösung by the measure's own entry.
        if entry.action in DECISIONS:
            wanted |= Q(loesung__isnull=False, loesung=entry.idea.loesung_id)
    # Who came after the event hears of the next one, however late the worker is.
    return list(Follow.objects.filter(wanted, created_at__lte=entry.recorded_at).order_by("pk"))


def _already_told(entry: Entry, among: Iterable[int]) -> set[int]:
    """Those of these contacts who hear or have heard of this very event in another way."""
    same = Q(measure_entry=entry) if isinstance(entry, MeasureEntry) else Q(entry=entry)
    if isinstance(entry, MeasureEntry):
        same |= Q(entry__action=Action.PROGRESS, entry__happened_at=entry.happened_at)
        authors = IdeaAuthor.objects.filter(idea__trail__action=Action.PROGRESS, idea__trail__happened_at=entry.happened_at)
    else:
        if entry.action == Action.PROGRESS:
            same |= Q(measure_entry__happened_at=entry.happened_at)
        authors = IdeaAuthor.objects.filter(_authors_told(entry))
    told = set(Notice.objects.filter(same, follow__contact__in=list(among)).values_list("follow__contact", flat=True))
    return told | _contacts_of(authors.select_related("user"))


def _authors_told(entry: TrailEntry) -> Q:
    """Whom the step itself mails, or who took it: they need no second mail because they follow, too."""
    step = find_step(
        Action(entry.action), entry.from_status, Status(entry.to_status) if entry.from_status != entry.to_status else None
    )
    tells = (step is not None and step.tells_author) or entry.action == Action.WITHDRAW
    return Q(idea=entry.idea_id) | Q(idea__merged_root=entry.idea_id) if tells else Q(pk__in=[])


def _contacts_of(authors: Iterable[IdeaAuthor]) -> set[int]:
    reachable = [author for author in authors if author.address]
    users = [author.user_id for author in reachable if author.user_id]
    keys = [address_key(author.address) for author in reachable]
    return set(Contact.objects.filter(Q(user__in=users) | Q(address_key__in=keys)).values_list("pk", flat=True))


# --- what a mail says -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """One piece of news in the words of the language that is active; for templates/emails/ideas/_piece.txt."""

    entry: Any

    @property
    def is_measure(self) -> bool:
        return isinstance(self.entry, MeasureEntry)

    @property
    def label(self) -> str:
        if self.is_measure:
            return _("%(Massnahme)s %(code)s") % words(code=self.entry.measure.code)
        return _("Idee %(number)s") % {"number": self.entry.idea.number}

    @property
    def title(self) -> str:
        return str(self.entry.measure.title if self.is_measure else self.entry.idea.title)

    @property
    def what(self) -> Any:
        return self.entry.get_kind_display() if self.is_measure else self.entry.label

    @property
    def date(self) -> date:
        return timezone.localdate(self.entry.happened_at)

    @property
    def state(self) -> Any:
        if not self.is_measure:
            return self.entry.state
        return self.entry.measure.state if self.entry.from_status != self.entry.to_status else None

    @property
    def changes(self) -> list[dict[str, str]]:
        # The new state of a measure is said above already.
        return [] if self.is_measure and self.entry.kind == MeasureEntry.Kind.STATUS else self.entry.changes

    @property
    def reason_label(self) -> Any:
        return _("Dazu schreiben wir") if self.is_measure else self.entry.reason_label

    @property
    def reason(self) -> str:
        if self.is_measure:
            return "" if self.entry.text.redacted_at else self.entry.text.reason
        return str(self.entry.public_reason) if self.entry.reason_hash else ""

    @property
    def url(self) -> str:
        thing = self.entry.measure if self.is_measure else self.entry.idea
        return settings.BASE_URL + str(thing.get_absolute_url())


def stop_url(follow: Follow) -> str:
    """The address where one POST ends it; opened, it shows a button."""
    return settings.BASE_URL + reverse("follow_stop", args=[stop_token(follow.key)])


def stop_token(key: uuid.UUID) -> str:
    """The secret of the link that stops a follow; the database keeps its digest only."""
    return tokens.derive("stop", str(key))


def stop_all_token(contact: Contact) -> str:
    """The secret of the link that stops everything this person follows; nothing of it is stored."""
    return f"{contact.pk}-{tokens.derive('stop-all', contact.address_key)}"


def stop_all_url(contact: Contact) -> str:
    """The address where one POST ends everything that this person follows."""
    return settings.BASE_URL + reverse("follow_stop_all", args=[stop_all_token(contact)])


def _pieces(notices: Iterable[Notice]) -> list[Piece]:
    """What these notices tell, each event once, in the order in which it happened."""
    notices = list(notices)
    rows = _load("entry", [notice.entry_id for notice in notices if notice.entry_id])
    measure_rows = _load("measure_entry", [notice.measure_entry_id for notice in notices if notice.measure_entry_id])
    entries = [rows.get(notice.entry_id or 0) or measure_rows.get(notice.measure_entry_id or 0) for notice in notices]
    return [Piece(entry) for entry in entries if entry is not None]


@outbox.handler("ideas.follow")
def _deliver_news(message: OutboxMessage) -> None:
    notices = Notice.objects.filter(pk=message.payload["notice"])
    notice = notices.select_related("follow__contact__user", "follow__idea", "follow__measure", "follow__loesung").first()
    pieces = _pieces([notice]) if notice else []
    if notice is None or not pieces or not notice.follow.contact.address:
        return  # stopped or erased meanwhile
    follow = notice.follow
    context = {"piece": pieces[0], "follows": Named(follow.target), "stop_url": stop_url(follow)}
    _send(follow.contact, "ideas/news", message, context)


def _send(contact: Contact, template: str, message: OutboxMessage, context: dict[str, Any]) -> None:
    send_signed(template, contact.address, message, context, language=contact.mail_language, stop_url=str(context["stop_url"]))


# --- digests ----------------------------------------------------------------------------------------------------------


@chore
def send_digests(now: datetime | None = None) -> int:
    """Put what waits for a digest on its way: daily after six, weekly on Monday, one mail for each person. Returns how many.

    What a digest carries is marked in the transaction that writes its message: a crash in between doubles and loses nothing.
    """
    now = now or timezone.now()
    today = _six_o_clock(now)
    monday = today - timedelta(days=timezone.localdate(today).weekday())
    due = Q(follow__frequency=Frequency.WEEKLY, created_at__lt=monday)
    due |= Q(created_at__lt=today) & ~Q(follow__frequency=Frequency.WEEKLY)
    waiting = Notice.objects.filter(due, sent_at=None).order_by("follow__contact", "created_at", "pk")
    sent = 0
    for _contact, rows in groupby(waiting.values_list("follow__contact", "pk"), key=lambda row: row[0]):
        pks = [pk for _contact, pk in rows]
        with transaction.atomic():
            if Notice.objects.filter(pk__in=pks, sent_at=None).update(sent_at=now) != len(pks):
                transaction.set_rollback(True)  # another worker is at it, or a follow was stopped: the next round sees
                continue
            outbox.put("ideas.digest", notices=pks)
            sent += 1
    return sent


def _six_o_clock(now: datetime) -> datetime:
    """The latest six o'clock, in local time."""
    local = timezone.localtime(now)
    day = local.date() if local.hour >= DIGEST_HOUR else local.date() - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(DIGEST_HOUR)))


@outbox.handler("ideas.digest")
def _deliver_digest(message: OutboxMessage) -> None:
    notices = list(
        Notice.objects.filter(pk__in=message.payload["notices"])
        .select_related("follow__contact__user")
        .order_by("created_at", "pk")
    )
    pieces = _pieces(notices)
    if not pieces or not notices[0].follow.contact.address:
        return
    contact = notices[0].follow.contact
    _send(contact, "ideas/digest", message, {"pieces": pieces, "stop_url": stop_all_url(contact)})


@chore
def forget_what_was_told(now: datetime | None = None) -> int:
    """Delete notices that went out long ago. Returns how many."""
    limit = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    return Notice.objects.filter(sent_at__lt=limit).delete()[0]
