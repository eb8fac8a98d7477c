"""Ballots that look alike in how they came, for the office to look into: many from one network, many within a minute, many from
addresses of a kind that anybody gets without being anybody. None of it proves anything, so nothing here decides.

What a ballot says, its receipt and its voter are not asked for: nobody can set aside what they don't like to read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from .models import Ballot, Competition, QuarantineStep, VoterLink

WINDOW = timedelta(minutes=1)
LEAST = 10  # how many ballots make a group, unless the office asks for another size
SIZES = (5, 10, 20, 50, 100)
KINDS: dict[str, Any] = {
    "network": _("aus einem Netz"),
    "time": _("innerhalb einer Minute"),
    "domain": _("mit einer Wegwerf-Adresse von %(domain)s"),
}


@dataclass(frozen=True)
class Group:
    """Ballots that came alike. `key` names it in a form; `since` and `until`: when its ballots were first cast."""

    kind: str
    key: str
    label: Any
    ballots: tuple[Ballot, ...]
    since: datetime
    until: datetime

    @property
    def size(self) -> int:
        return len(self.ballots)

    @property
    def guests(self) -> int:
        return sum(ballot.voter == Ballot.Voter.GUEST for ballot in self.ballots)

    @property
    def accounts(self) -> int:
        return self.size - self.guests

    @property
    def waiting(self) -> list[Ballot]:
        """Those that count so far."""
        return [ballot for ballot in self.ballots if ballot.state == Ballot.State.CAST]

    @property
    def set_aside(self) -> int:
        return self.size - len(self.waiting)


def groups(competition: Competition, *, least: int = LEAST, with_times: bool = True) -> list[Group]:
    """Every group of at least so many ballots, the largest first. One query. Withdrawn ballots are left out.

    Without `with_times` none is made of ballots that only came close together: in a busy vote those are nearly all of them, and
    nobody learns before the close how many have voted.
    """
    links = _links(competition)
    found = [
        *_alike(links, "network", lambda link: link.network, least),
        *(_together(links, least) if with_times else []),
        *_alike(links, "domain", _throwaway_domain, 1),
    ]
    return sorted(found, key=lambda group: -group.size)


def short(ballot: Ballot) -> str:
    """What a ballot is called at the desk. It tells nothing of its receipt, which is what everybody reads in the result."""
    return sha256(ballot.pk.bytes).hexdigest()[:10]


def _links(competition: Competition) -> list[VoterLink]:
    rows = VoterLink.objects.filter(competition=competition).exclude(ballot__state=Ballot.State.WITHDRAWN)
    rows = rows.select_related("ballot").order_by("cast_at", "pk")
    if _throwaway():
        rows = rows.select_related("contact__user")
    links = list(rows.defer("ballot__receipt", "ballot__spent", "ballot__allowed"))
    for link in links:
        link.ballot.competition = competition
    return links


def _alike(links: Iterable[VoterLink], kind: str, sign: Callable[[VoterLink], str], least: int) -> list[Group]:
    """Groups of the same sign; links without one belong to none."""
    found: dict[str, list[VoterLink]] = defaultdict(list)
    for link in links:
        if mark := sign(link):
            found[mark].append(link)
    return [_group(kind, mark, rows) for mark, rows in found.items() if len(rows) >= least]


def _together(links: Sequence[VoterLink], least: int) -> list[Group]:
    """Groups that came faster than so many a minute: each ballot in one lies within a minute that holds at least `least`."""
    dense = [False] * len(links)
    first = 0
    for last, link in enumerate(links):
        while link.cast_at - links[first].cast_at >= WINDOW:
            first += 1
        if last - first + 1 >= least:
            dense[first : last + 1] = [True] * (last - first + 1)
    found: list[list[VoterLink]] = []
    for place, link in enumerate(links):
        if not dense[place]:
            continue
        if place and dense[place - 1] and link.cast_at - links[place - 1].cast_at < WINDOW:
            found[-1].append(link)
        else:
            found.append([link])
    return [_group("time", rows[0].cast_at.isoformat(), rows) for rows in found]


def _group(kind: str, sign: str, rows: list[VoterLink]) -> Group:
    label = KINDS[kind] % {"domain": sign} if kind == "domain" else KINDS[kind]
    key = sha256(f"{kind}/{sign}".encode()).hexdigest()[:16]
    return Group(kind, key, label, tuple(row.ballot for row in rows), rows[0].cast_at, rows[-1].cast_at)


def _throwaway() -> frozenset[str]:
    return frozenset(domain.strip().lower().removeprefix("@") for domain in settings.THROWAWAY_DOMAINS if domain.strip())


def _throwaway_domain(link: VoterLink) -> str:
    """The domain of the voter's address, if the operator has it on the list; subdomains belong to it."""
    listed = _throwaway()
    if not listed or link.contact is None:
        return ""
    domain = link.contact.address.rpartition("@")[2].lower()
    return next((each for each in sorted(listed) if domain == each or domain.endswith(f".{each}")), "")


# --- what is set aside ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """Ballots that were set aside together and still are."""

    key: str
    reason: str
    happened_at: datetime
    ballots: tuple[Ballot, ...]


def set_aside(competition: Competition) -> list[Batch]:
    """What is under quarantine now, by the step that put it there, the newest first. One query."""
    newest = QuarantineStep.objects.filter(ballot=OuterRef("pk")).order_by("-happened_at", "-pk")
    rows = Ballot.objects.filter(competition=competition, state=Ballot.State.QUARANTINED).defer("receipt").order_by("pk")
    found: dict[tuple[datetime, str], list[Ballot]] = defaultdict(list)
    for ballot in rows.annotate(reason=Subquery(newest.values("reason")[:1]), since=Subquery(newest.values("happened_at")[:1])):
        ballot.competition = competition
        found[ballot.since, ballot.reason].append(ballot)  # type: ignore[attr-defined]
    return [
        Batch(sha256(f"{since.isoformat()}/{reason}".encode()).hexdigest()[:16], reason, since, tuple(ballots))
        for (since, reason), ballots in sorted(found.items(), reverse=True)
    ]


def chosen(found: Iterable[Group | Batch], keys: Iterable[str], numbers: Iterable[str]) -> list[Ballot]:
    """The ballots of these groups that the office marked: whole groups by key, single ballots by their short name. What is not
    among them (a page that is out of date, a made-up name) is left out; each ballot comes once."""
    keys, numbers = set(keys), set(numbers)
    marked: dict[UUID, Ballot] = {}
    for group in found:
        for ballot in group.ballots:
            if group.key in keys or short(ballot) in numbers:
                marked[ballot.pk] = ballot
    return list(marked.values())
