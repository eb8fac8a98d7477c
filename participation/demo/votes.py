"""Invented ballots, jury sheets and the count of the demo's competitions: the same ones every time."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.contacts import contact_of_address, contact_of_user
from ideas.demo.ideas import Builder

from .. import actions
from ..jury import criteria_of
from ..models import Ballot, Competition, Entry
from ..phases import Phase, Span
from ..voters import Voter

Row = dict[str, Any]
_NAMESPACE = uuid.UUID("0b0f7a52-3a7e-4b1c-9a55-6d2f4f1f7c21")


def cast_all(builder: Builder, competition: Competition, row: Row, entries: list[Entry]) -> None:
    """One ballot for each invented guest and each named account, spread over the voting as far as it has gone. The last ones of
    the guests take theirs back."""
    wanted, span = row["stimmen"], competition.span(Phase.VOTING)
    if span is None:
        raise ValueError(f"{competition}: Stimmen ohne eine Phase „voting“.")
    liked = {entry: each["beliebt"] for entry, each in zip(entries, row["beitraege"], strict=True) if entry.is_in}
    guests = [Voter(contact_of_address(f"stimme-{n + 1:03}@example.org"), is_guest=True) for n in range(wanted["gaeste"])]
    people = [Voter(contact_of_user(builder.people[name]), is_guest=False) for name in wanted["konten"]]
    for place, voter in enumerate([*people, *guests]):
        name = f"{competition.slug} {place}"
        moment = _within(span, name)
        order = sorted(liked, key=lambda entry: _some(f"{name} {entry.idea.number}") % (100 * liked[entry]), reverse=True)
        actions.cast(competition, voter, **_choice(competition, name, order), now=moment)
    for voter in guests[len(guests) - wanted["zurueckgezogen"] :]:
        actions.withdraw_ballot(competition, voter, now=_end(span))


def _choice(competition: Competition, name: str, order: list[Entry]) -> dict[str, Any]:
    """What this voter chooses, who likes the entries in this order: some name few of them, some all."""
    named = [entry.pk for entry in order[: 1 + _some(f"{name} how many") % len(order)]]
    if competition.voting == Competition.Voting.RANKING:
        return {"ranking": named}
    if competition.voting == Competition.Voting.SUPPORT:
        return {"points": dict.fromkeys(named, 1)}
    points: dict[int, int] = {}
    left = competition.votes
    for place, pk in enumerate(named):
        points[pk] = min(left, 1 + _some(f"{name} {place} votes") % competition.most_per_entry)
        left -= points[pk]
        if not left:
            break
    return {"points": points}


def score_all(builder: Builder, competition: Competition, row: Row, entries: list[Entry]) -> None:
    """The jury of the competition; where its phase has passed, with what each member handed in."""
    names, lead, span = row["jury"]["personen"], builder.people["leitung"], competition.span(Phase.JURY)
    members = [actions.appoint(competition, builder.people[name], by=lead, now=_appointed(competition)) for name in names]
    if span is None or not span.is_over(timezone.now()):
        return
    criteria = criteria_of(competition)
    for place, (name, member) in enumerate(zip(names, members, strict=True)):
        for entry, each in zip(entries, row["beitraege"], strict=True):
            if not entry.is_in:
                continue
            sheet, by = actions.sheet_of(member, entry), builder.people[name]
            moment = _within(span, f"{name} {entry.idea.number}")
            answers = each["jury"][place]
            if answers == "befangen":
                actions.declare_conflict(sheet, row["befangen"], by=by, now=moment)
            else:
                given = {criterion.pk: str(answer) for criterion, answer in zip(criteria, answers, strict=True)}
                actions.hand_in_sheet(sheet, given, "", by=by, now=moment)


def _appointed(competition: Competition) -> datetime:
    """Within the first phase."""
    return competition.spans[0].starts_at + timedelta(days=1)


def count(builder: Builder, competition: Competition, row: Row) -> None:
    """Close the voting, set some ballots aside, count, and publish with a second person."""
    first, second, days = builder.people["leitung"], builder.people["leitung2"], row["abschluss"]
    actions.close(competition, by=first, now=_ago(days["geschlossen_vor_tagen"]))
    if aside := row.get("quarantaene"):
        ballots = Ballot.objects.filter(competition=competition, voter=Ballot.Voter.GUEST, state=Ballot.State.CAST)
        chosen = list(ballots.order_by("link__cast_at")[: aside["zahl"]])
        actions.set_aside(chosen, aside["grund"], by=first, now=_ago(days["geschlossen_vor_tagen"] - 1))
    competition.refresh_from_db()
    tally = actions.count(competition, by=first, now=_ago(days["ausgezaehlt_vor_tagen"]))
    competition.refresh_from_db()
    actions.publish(competition, by=second, seen=tally.head, now=_ago(days["veroeffentlicht_vor_tagen"]))


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def _end(span: Span) -> datetime:
    """The last moment of this phase that has passed."""
    now = timezone.now()
    return min(span.ends_at or now, now) - timedelta(minutes=1)


def _within(span: Span, name: str) -> datetime:
    """A moment in this phase as far as it has gone, the same one for the same name."""
    length = _end(span) - span.starts_at
    return span.starts_at + length * (_some(f"{name} when") % 1000) / 1000


def _some(name: str) -> int:
    return uuid.uuid5(_NAMESPACE, name).int
