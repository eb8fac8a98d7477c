"""What a jury scores by, what is still missing, and what the scores come to once they may be read.

Who may read which scores says JurySheet.objects.visible_to; actions/jury.py changes them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ideas.models import Criterion, SchemeVersion
from ideas.permissions import is_author
from ideas.reviewing import Aggregate, Weighted, aggregate, weighted_result

from . import permissions
from .local_time import moment_in_words
from .models import Competition, Entry, JuryMember, JurySheet
from .phases import Deed, Moment, Phase

# --- criteria ---------------------------------------------------------------------------------------------------------


def graded(version: SchemeVersion) -> list[Criterion]:
    """The criteria of this version that are answered by a step, of any stage, in their order."""
    return [criterion for _stage, criteria in version.stages for criterion in criteria if criterion.is_scale]


def fits_jury(version: SchemeVersion) -> bool:
    """Whether a jury can score by this version of a scheme: it has something graded."""
    return bool(graded(version))


def criteria_of(competition: Competition) -> list[Criterion]:
    """What this competition's jury answers about each entry; [] without a jury."""
    return graded(competition.jury_scheme) if competition.jury_scheme else []


# --- a member's way through the entries -------------------------------------------------------------------------------


def in_members_order(member: JuryMember, entries: Iterable[Entry]) -> list[Entry]:
    """The entries as this member sees them: always in the same order, but each member in another. Who comes first on a list is
    scored differently from who comes last; so nobody is first for all."""

    def place(entry: Entry) -> str:
        return sha256(f"jury {member.pk} {entry.pk}".encode()).hexdigest()

    return sorted(entries, key=place)


@dataclass(frozen=True)
class Mark:
    """How far a member is with an entry, for components/status_badge.html."""

    label: Any
    icon: str
    tone: str


HANDED_IN = Mark(_("abgegeben"), "check", "success")
CONFLICT = Mark(_("befangen"), "hands", "warn")
DRAFT = Mark(_("Entwurf"), "edit", "info")
OPEN = Mark(_("offen"), "clock", "neutral")


@dataclass
class Line:
    """One entry on a member's list; `sheet` is None as long as nothing was done with it."""

    entry: Entry
    sheet: JurySheet | None = None
    has_answers: bool = False

    @property
    def is_handed_in(self) -> bool:
        return bool(self.sheet and self.sheet.is_handed_in)

    @property
    def is_conflict(self) -> bool:
        return bool(self.sheet and self.sheet.is_conflict)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do: handed in, or stepped back."""
        return self.is_handed_in or self.is_conflict

    @property
    def mark(self) -> Mark:
        if self.is_handed_in or self.is_conflict:
            return HANDED_IN if self.is_handed_in else CONFLICT
        return DRAFT if self.sheet and (self.has_answers or self.sheet.comment) else OPEN


@dataclass
class Seat:
    """A person's seat in a jury, with what there is to score, in the member's order; never their own idea."""

    member: JuryMember
    lines: list[Line]
    is_running: bool
    when: Any  # until when there is time, or why there is none now

    @property
    def competition(self) -> Competition:
        return self.member.competition

    @property
    def handed_in(self) -> int:
        return sum(line.is_handed_in for line in self.lines)

    @property
    def conflicts(self) -> int:
        return sum(line.is_conflict for line in self.lines)

    @property
    def to_score(self) -> int:
        """How many entries this member scores: all but those with a conflict."""
        return len(self.lines) - self.conflicts

    @property
    def open(self) -> int:
        return len(self.missing)

    @property
    def missing(self) -> list[Line]:
        """What the member still has to score."""
        return [line for line in self.lines if not line.is_settled]


def seats(members: Sequence[JuryMember], now: datetime) -> list[Seat]:
    """The seats of these members with all that they score: three queries for any number."""
    competitions = {member.competition_id for member in members}
    entries = Entry.objects.on_show().filter(competition__in=competitions)
    found = list(entries.select_related("idea__author", "idea__released_version").prefetch_related("idea__places"))
    sheets = JurySheet.objects.filter(member__in=[member.pk for member in members]).prefetch_related("answers")
    by_place = {(sheet.member_id, sheet.entry_id): sheet for sheet in sheets}
    return [_seat(member, found, by_place, now) for member in members]


def _seat(member: JuryMember, entries: list[Entry], sheets: dict[tuple[int, int], JurySheet], now: datetime) -> Seat:
    own = [each for each in entries if each.competition_id == member.competition_id and not _is_by(member, each)]
    lines = []
    for entry in in_members_order(member, own):
        sheet = sheets.get((member.pk, entry.pk))
        lines.append(Line(entry, sheet, bool(sheet and sheet.answers.all())))
    return Seat(member, lines, member.competition.moment(now) == Moment.JURY, _when(member.competition, now))


def _when(competition: Competition, now: datetime) -> Any:
    span = competition.span(Phase.JURY)
    if span and span.holds(now) and span.ends_at:
        return _now("Bewerten können Sie bis zum %(date)s.") % {"date": moment_in_words(span.ends_at)}
    return permissions.closed_sentence(Deed.SCORE, competition, now)


def _is_by(member: JuryMember, entry: Entry) -> bool:
    return member.user is not None and is_author(member.user, entry.idea)


# --- for the lead -----------------------------------------------------------------------------------------------------


@dataclass
class Progress:
    """Who has handed in how much. Never a score."""

    seats: list[Seat]
    able: set[int]  # members who still have account and role
    is_over: bool

    @property
    def awaited(self) -> list[Seat]:
        """Seats of which something is missing."""
        return [seat for seat in self.seats if seat.open and seat.member.pk in self.able]

    @property
    def is_complete(self) -> bool:
        """Whether nothing comes any more."""
        return bool(self.seats) and (self.is_over or not self.awaited)


def progress(competition: Competition, now: datetime) -> Progress:
    """Members and what is missing of each, a constant number of queries."""
    members = list(competition.jury.select_related("user"))
    for member in members:
        member.competition = competition  # with its phases
    able = set(competition.jury.able_to_score().values_list("pk", flat=True))
    span = competition.span(Phase.JURY)
    return Progress(seats(members, now), able, bool(span and span.is_over(now)))


@dataclass
class Scores:
    """What the jury says about one entry."""

    entry: Entry
    aggregates: list[Aggregate]
    sheets: list[JurySheet] = field(default_factory=list)

    @cached_property
    def result(self) -> Weighted | None:
        """All criteria as one figure of 0 to 100; None if nobody scored the entry."""
        return weighted_result(self.aggregates)

    @property
    def percent(self) -> int | None:
        return self.result.percent if self.result else None


def scores_of(competition: Competition, *, reader: Any = None, now: datetime | None = None) -> list[Scores]:
    """What the jury says about each entry on show: mean and differences of each criterion, the best entry first.

    `reader`: only what this person may read. Without one it is the count that asks, and all that was handed in counts.
    """
    entries = Entry.objects.on_show().filter(competition=competition).select_related("idea__released_version")
    sheets = JurySheet.objects.visible_to(reader, now) if reader else JurySheet.objects.all()
    given: dict[int, list[JurySheet]] = {}
    handed_in = sheets.handed_in().filter(entry__competition=competition).order_by("member")
    for sheet in handed_in.select_related("member__user").prefetch_related("answers"):
        given.setdefault(sheet.entry_id, []).append(sheet)
    criteria = criteria_of(competition)
    found = [_scores(entry, criteria, given.get(entry.pk, [])) for entry in entries.order_by("idea__number")]
    return sorted(found, key=lambda each: -1 if each.percent is None else each.percent, reverse=True)


def _scores(entry: Entry, criteria: Sequence[Criterion], sheets: list[JurySheet]) -> Scores:
    pairs = [(answer.criterion_id, answer.answer) for sheet in sheets for answer in sheet.answers.all()]
    return Scores(entry, aggregate(criteria, pairs), sheets)
