"""Competitions in any phase, with entries and voters."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from accounts.contacts import contact_of_address, contact_of_user
from ideas.models import ReviewScheme, SchemeVersion
from participation import actions
from participation.jury import criteria_of
from participation.models import (
    Competition,
    CompetitionIndexPage,
    CompetitionPage,
    CompetitionPhase,
    Entry,
    EntryStep,
    JuryMember,
    JurySheet,
    Tally,
)
from participation.phases import Phase
from participation.voters import Voter
from tests.factories.ideas import make_idea
from tests.factories.pages import home_page
from tests.factories.users import UserFactory

DAY = timedelta(days=1)
ALL = (Phase.SUBMISSION, Phase.REVIEW, Phase.VOTING, Phase.JURY, Phase.RESULT)
BALLOTS = {"cast": 0, "account": 0, "guest": 0, "withdrawn": 0, "quarantined": 0}
_number = count(1)


def index_page() -> CompetitionIndexPage:
    """The page /wettbewerbe/, made when first asked for."""
    found = CompetitionIndexPage.objects.first()
    return found or home_page().add_child(instance=CompetitionIndexPage(title="Wettbewerbe", slug="wettbewerbe"))


def competition(
    phase: Phase | None = Phase.VOTING,
    *,
    now: datetime | None = None,
    phases: tuple[Phase, ...] = ALL,
    title: str = "",
    slug: str = "",
    page: dict[str, Any] | None = None,
    **rules: Any,
) -> Competition:
    """A published competition that is in the middle of this phase now; each phase lasts ten days. None: no phase has a date."""
    number = next(_number)
    made = index_page().add_child(
        instance=CompetitionPage(
            title=title or f"Wettbewerb {number}", slug=slug or f"wettbewerb-{number}", intro="Worum es geht.", **(page or {})
        )
    )
    found = Competition.objects.get(page=made)
    for name, value in rules.items():
        setattr(found, name, value)
    found.save()
    if phase is not None:
        plan(found, phase, now=now, phases=phases)
    return Competition.objects.with_phases().get(pk=found.pk)


def plan(found: Competition, phase: Phase, *, now: datetime | None = None, phases: tuple[Phase, ...] = ALL) -> None:
    """Move the phases so that this one runs now."""
    now = now or datetime.now(UTC)
    found.phases.all().delete()
    here = phases.index(phase)
    for place, each in enumerate(phases):
        start = now - 5 * DAY + (place - here) * 10 * DAY
        end = None if each is Phase.RESULT else start + 10 * DAY
        CompetitionPhase.objects.create(competition=found, phase=each, starts_at=start, ends_at=end)
    found.__dict__.pop("spans", None)
    found.__dict__.pop("_prefetched_objects_cache", None)


def entry(found: Competition, *, state: str = Entry.State.IN, idea: Any = None, **fields: Any) -> Entry:
    """An idea of this competition, released and taken in unless said otherwise."""
    made = Entry.objects.create(
        competition=found, idea=idea or make_idea(released=True), state=state, way=Entry.Way.PROPOSED, step_count=1, **fields
    )
    reason = "Passt nicht zum Thema." if state in (Entry.State.DECLINED, Entry.State.OUT) else ""
    EntryStep.objects.create(entry=made, position=1, to_state=state, reason=reason)
    return made


def publish(found: Competition, result: dict[str, Any] | None = None, *, published: bool = True) -> Tally:
    """A count of this competition. `result` in the form of the published file; by default nobody voted."""
    tally = Tally(competition=found, file="{}", head="ab" * 32, published_at=datetime.now(UTC) if published else None)
    tally.result = result or {"ballots": BALLOTS, "jury": None, "entries": [], "method": {"name": "votes", "most": 0}}
    tally.save()
    return tally


def place(entry: Entry, at: int | None, votes: int = 0, guests: int = 0, **fields: Any) -> dict[str, Any]:
    """An entry in a published result."""
    row = {"number": entry.idea.number, "title": entry.idea.title, "state": "in" if at else "out", "place": at, "tied": False}
    scores = {"public": None, "jury": None, "total": None}
    return {**row, "votes": votes + guests, "account": votes, "guest": guests, **scores, **fields}


def guest(email: str = "") -> Voter:
    """A voter without an account, whose address is proved."""
    return Voter(contact_of_address(email or f"gast{next(_number)}@example.org"), is_guest=True)


def account_voter(user: Any) -> Voter:
    return Voter(contact_of_user(user), is_guest=False, is_verified=user.is_verified)


# --- jury -------------------------------------------------------------------------------------------------------------


def jury_version(slug: str = "myk10") -> SchemeVersion:
    """What a jury scores by: one of the two schemes that come with the migrations."""
    version = ReviewScheme.objects.get(slug=slug).current
    assert version
    return version


def jury_competition(phase: Phase = Phase.JURY, **options: Any) -> Competition:
    """A competition whose jury scores now."""
    return competition(phase, **{"jury_scheme": jury_version(), "jury_weight": 40, **options})


def member(found: Competition, user: Any = None, **fields: Any) -> JuryMember:
    """Somebody with a seat in the jury; the keywords are fields of the seat."""
    return JuryMember.objects.create(competition=found, user=user or UserFactory(jury=True), **fields)


def scored(
    seat: JuryMember, about: Entry, *answers: Any, comment: str = "", hand_in: bool = True, now: datetime | None = None
) -> JurySheet:
    """The member answers the criteria in their order (one answer: the same to all) and hands in."""
    criteria = criteria_of(seat.competition)
    given = answers * len(criteria) if len(answers) == 1 else answers
    pairs = {criterion.pk: str(answer) for criterion, answer in zip(criteria, given, strict=False)}
    do = actions.hand_in_sheet if hand_in else actions.save_sheet
    assert seat.user
    return do(actions.sheet_of(seat, about), pairs, comment, by=seat.user, now=now)
