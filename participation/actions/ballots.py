"""Casting, changing and withdrawing a ballot. One voter has one ballot, and it never spends more than it has.

Both are kept by the database: unique constraints on the voter, a conditional update of what is spent, a check beside it. Every
step first holds the competition's row, then touches the ballot's on the condition that it is not sealed; so a close
(actions/tallying.py) and a vote that come at the same moment stand one after the other: a vote that was acknowledged counts.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideas.actions.record import Refused

from .. import clock, permissions
from ..models import Ballot, Choice, Competition, Entry, VoterLink
from ..voters import Voter

Voting = Competition.Voting
# Crockford's alphabet: nothing in it is mistaken for something else when read aloud or copied by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_GROUPS, GROUP_LENGTH = 4, 4


class NoLongerOpen(Refused):
    """The voting is over, or was closed at this moment."""


def cast(
    competition: Competition,
    voter: Voter,
    *,
    points: Mapping[int, int] | None = None,
    ranking: Sequence[int] | None = None,
    network: str = "",
    now: datetime | None = None,
) -> Ballot:
    """The whole ballot of this voter, in place of what stood on it: `points` by the entry's key for support and budget,
    `ranking` as the entries' keys from the first place on. An empty one is refused: withdraw it instead.

    Raises NoLongerOpen, or Refused with the sentence that says what doesn't fit.
    """
    now = now or clock.now()
    _check_open(voter, competition, now)
    rows = _ranked(competition, ranking or []) if competition.voting == Voting.RANKING else _pointed(competition, points or {})
    with transaction.atomic():
        ballot = _ballot_to_write(competition, voter, network, now)
        ballot.choices.all().delete()
        spent = sum(row.points or 1 for row in rows)
        if not Ballot.objects.filter(pk=ballot.pk).filter(Q(allowed=None) | Q(allowed__gte=spent)).update(spent=spent):
            raise _too_many(competition)
        for row in rows:
            row.ballot = ballot
        Choice.objects.bulk_create(rows)
    ballot.refresh_from_db()
    return ballot


def give(competition: Competition, voter: Voter, entry: Entry, *, network: str = "", now: datetime | None = None) -> Ballot:
    """One more vote for this entry; where there is one vote an entry, a second one changes nothing. Not for rankings."""
    now = now or clock.now()
    _check_open(voter, competition, now)
    _check_kind(competition)
    _find_entries(competition, [entry.pk])
    with transaction.atomic():
        ballot = _ballot_to_write(competition, voter, network, now)
        choice = ballot.choices.filter(entry=entry).first()
        if choice is not None and competition.voting == Voting.SUPPORT:
            return ballot
        if choice is not None and choice.points is not None and choice.points >= choice.most:
            raise _too_many_for_one(competition)
        within = Q(allowed=None) | Q(spent__lt=F("allowed"))
        if not Ballot.objects.filter(pk=ballot.pk).filter(within).update(spent=F("spent") + 1):
            raise _too_many(competition)
        if choice is None:
            Choice.objects.create(ballot=ballot, entry=entry, points=1, most=competition.most_per_entry)
        else:
            Choice.objects.filter(pk=choice.pk).update(points=F("points") + 1)
    ballot.refresh_from_db()
    return ballot


def take_back(competition: Competition, voter: Voter, entry: Entry, *, now: datetime | None = None) -> Ballot:
    """One vote less for this entry; nothing where there is none. A ballot on which nothing is left is a withdrawn one."""
    now = now or clock.now()
    _check_open(voter, competition, now)
    _check_kind(competition)
    with transaction.atomic():
        _hold_open(competition)
        ballot = ballot_of(competition, voter)
        if ballot is None:
            raise Refused(_("Sie haben noch nicht abgestimmt."))
        _touch(ballot, voter)
        choice = ballot.choices.filter(entry=entry).first()
        if choice is not None:
            _take_one(ballot, choice)
        Ballot.objects.filter(pk=ballot.pk, spent=0, state=Ballot.State.CAST).update(state=Ballot.State.WITHDRAWN)
    ballot.refresh_from_db()
    return ballot


def _take_one(ballot: Ballot, choice: Choice) -> None:
    Ballot.objects.filter(pk=ballot.pk).update(spent=F("spent") - 1)
    if choice.points == 1:
        choice.delete()
    else:
        Choice.objects.filter(pk=choice.pk).update(points=F("points") - 1)


def withdraw_ballot(competition: Competition, voter: Voter, *, now: datetime | None = None) -> None:
    """Take the whole ballot back. It stays in the published file as withdrawn and says nothing; casting again revives it."""
    now = now or clock.now()
    _check_open(voter, competition, now)
    with transaction.atomic():
        _hold_open(competition)
        ballot = ballot_of(competition, voter)
        if ballot is None:
            raise Refused(_("Sie haben noch nicht abgestimmt."))
        _touch(ballot, voter)
        ballot.choices.all().delete()
        Ballot.objects.filter(pk=ballot.pk).update(spent=0)
        Ballot.objects.filter(pk=ballot.pk, state=Ballot.State.CAST).update(state=Ballot.State.WITHDRAWN)


def ballot_of(competition: Competition, voter: Voter) -> Ballot | None:
    """This voter's ballot, if there is one."""
    mine = Q(link__contact=voter.contact) | Q(link__voter_key=voter.key(competition))
    return Ballot.objects.filter(mine, competition=competition).first()


# --- the ballot to write on -------------------------------------------------------------------------------------------


def _check_open(voter: Voter, competition: Competition, now: datetime) -> None:
    if problem := permissions.why_not_entitled(voter, competition):
        raise Refused(problem)
    if problem := permissions.why_not_vote(voter, competition, now=now):
        raise NoLongerOpen(problem)


def _check_kind(competition: Competition) -> None:
    if competition.voting == Voting.RANKING:
        raise Refused(_("In diesem Wettbewerb ordnen Sie die Ideen. Bitte öffnen Sie Ihren Stimmzettel."))


def _ballot_to_write(competition: Competition, voter: Voter, network: str, now: datetime) -> Ballot:
    """The voter's ballot, made if need be, held by this transaction until its end."""
    _hold_open(competition)
    ballot = ballot_of(competition, voter)
    if ballot is None:
        try:
            with transaction.atomic():
                return _new_ballot(competition, voter, network, now)
        except IntegrityError:
            # The same voter at the same moment: the other one's ballot is ours too. Else the voting was closed meanwhile.
            ballot = ballot_of(competition, voter)
            if ballot is None:
                _refuse_if_closed(competition)
                raise
    _touch(ballot, voter)
    return ballot


def _new_ballot(competition: Competition, voter: Voter, network: str, now: datetime) -> Ballot:
    ballot = Ballot.objects.create(
        competition=competition, receipt=_new_receipt(), voter=voter.kind, allowed=competition.budget
    )
    VoterLink.objects.create(
        competition=competition,
        ballot=ballot,
        contact=voter.contact,
        voter_key=voter.key(competition),
        network=network,
        cast_at=now,
    )
    return ballot


def _hold_open(competition: Competition) -> None:
    """A close waits for the end of this transaction, or this one has waited for a close and is refused. People who vote don't
    wait for each other.

    The foreign key of a ballot holds the row too, but its check comes at the end of the transaction: for a new ballot that is
    after a close may have sealed, and for an old one it would wait for a close that waits for the ballot.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM participation_competition WHERE id = %s FOR KEY SHARE", [competition.pk])
    _refuse_if_closed(competition)


def _refuse_if_closed(competition: Competition) -> None:
    if Competition.objects.filter(pk=competition.pk, closed_at__isnull=False).exists():
        raise NoLongerOpen(_("Die Abstimmung ist gerade geschlossen worden."))


def _touch(ballot: Ballot, voter: Voter) -> None:
    """Hold the ballot's row: of two changes one waits for the other, and a close for both."""
    mine = Ballot.objects.filter(pk=ballot.pk, is_sealed=False)
    if not mine.update(version=F("version") + 1, voter=voter.kind):
        raise NoLongerOpen(_("Die Abstimmung ist gerade geschlossen worden."))
    mine.filter(state=Ballot.State.WITHDRAWN).update(state=Ballot.State.CAST)


def _new_receipt() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _each in range(GROUP_LENGTH)) for _group in range(RECEIPT_GROUPS))
    return "-".join(groups)


# --- what is chosen ---------------------------------------------------------------------------------------------------


def _pointed(competition: Competition, points: Mapping[int, int]) -> list[Choice]:
    wanted = {entry: number for entry, number in points.items() if number}
    if not wanted:
        raise Refused(_("Bitte wählen Sie mindestens eine Idee."))
    if any(number < 0 for number in wanted.values()):
        raise Refused(_("Weniger als keine Stimme gibt es nicht."))
    if any(number > competition.most_per_entry for number in wanted.values()):
        raise _too_many_for_one(competition)
    if competition.budget is not None and sum(wanted.values()) > competition.budget:
        raise _too_many(competition)
    _find_entries(competition, list(wanted))
    return [Choice(entry_id=entry, points=number, most=competition.most_per_entry) for entry, number in wanted.items()]


def _ranked(competition: Competition, ranking: Sequence[int]) -> list[Choice]:
    if not ranking:
        raise Refused(_("Bitte geben Sie mindestens einer Idee einen Platz."))
    if len(set(ranking)) != len(ranking):
        raise Refused(_("Eine Idee kann nur einen Platz haben."))
    _find_entries(competition, ranking)
    return [Choice(entry_id=entry, rank=rank) for rank, entry in enumerate(ranking, start=1)]


def _find_entries(competition: Competition, keys: Sequence[int]) -> None:
    found = set(Entry.objects.on_show().filter(competition=competition, pk__in=keys).values_list("pk", flat=True))
    if found != set(keys):
        raise Refused(
            _("Eine der Ideen nimmt nicht (mehr) am Wettbewerb teil. Bitte sehen Sie Ihren Stimmzettel noch einmal an.")
        )


def _too_many(competition: Competition) -> Refused:
    sentence = ngettext(
        "Sie haben %(votes)s Stimme, mehr lassen sich nicht vergeben.",
        "Sie haben %(votes)s Stimmen, mehr lassen sich nicht vergeben.",
        competition.votes,
    )
    return Refused(sentence % {"votes": competition.votes})


def _too_many_for_one(competition: Competition) -> Refused:
    most = competition.most_per_entry
    sentence = ngettext(
        "Für eine Idee können Sie höchstens %(most)s Stimme abgeben.",
        "Für eine Idee können Sie höchstens %(most)s Stimmen abgeben.",
        most,
    )
    return Refused(sentence % {"most": most})
