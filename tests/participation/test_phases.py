"""Who may do what in which phase, written by hand: every person, every deed, every moment, at its first instant, in its middle
and at its last one. The order of the phases and what is wrong with dates."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.roles import Role
from ideas.models import Idea, SchemeVersion
from participation import permissions
from participation.models import Competition, JuryMember, JurySheet, Tally
from participation.phases import Deed, Phase, Span, moment, next_span, problems
from participation.voters import Voter
from tests.factories import UserFactory, make_idea
from tests.factories import participation as make

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
ZERO = datetime(2026, 9, 1, 10, tzinfo=UTC)


def day(number: float) -> datetime:
    return ZERO + number * DAY


# Ten days each, two days of pause between any two.
SPANS = [Span(phase, day(12 * place), day(12 * place + 10)) for place, phase in enumerate(Phase)]
MOMENTS = ["U", "B", "A", "1", "S", "2", "R", "3", "V", "4", "J", "5", "E", "Z"]
WHEN = {
    "U": (day(0), day(100)),  # unplanned: no dates at all
    "B": (day(-30), day(0)),
    "A": (day(0), day(10)),
    "1": (day(10), day(12)),
    "S": (day(12), day(22)),
    "2": (day(22), day(24)),
    "R": (day(24), day(34)),
    "3": (day(34), day(36)),
    "V": (day(36), day(46)),
    "4": (day(46), day(48)),
    "J": (day(48), day(58)),
    "5": (day(58), day(60)),
    "E": (day(60), day(70)),
    "Z": (day(70), day(400)),
}

LEADS = {"lead", "second lead", "superuser"}
ACCOUNTS = {
    "citizen", "verified", "author", "reviewer", "lead", "second lead", "project lead", "editor", "moderator", "juror",
    "other juror", "former juror", "admin", "superuser",
}  # fmt: skip
GUESTS = {"guest"}
NOBODY: set[str] = set()
EVERYBODY = ACCOUNTS | GUESTS | {"visitor", "closed account"}
MAY_PROPOSE = {"author", "holder of the receipt"} | LEADS

# With a vote by everybody who has a proved address, and a jury. x: possible, .: refused, -: never comes together.
OPEN = [
    #                                        U B A 1 S 2 R 3 V 4 J 5 E Z
    (Deed.PLAN, LEADS,                      "x x x x x x x x x x x x . x"),
    (Deed.HAND_IN, EVERYBODY,               ". . . . x . . . . . . . . ."),
    (Deed.PROPOSE, MAY_PROPOSE,             ". . . . x . . . . . . . . ."),
    (Deed.TAKE_IN, LEADS,                   ". . . x x x x x . . . . . ."),
    (Deed.TAKE_OUT, LEADS,                  ". . . x x x x x x x x x x x"),
    (Deed.VOTE, ACCOUNTS | GUESTS,          ". . . . . . . . x . . . . ."),
    (Deed.APPOINT, LEADS,                   "x x x x x x x x x x x . . ."),
    (Deed.SCORE, {"juror"},                 ". . . . . . . . . . x . . ."),
    (Deed.EXTEND, LEADS,                    ". . x . x . x . x . x . . ."),
    (Deed.QUARANTINE, LEADS,                ". . . . . . . . x x x x x x"),
    (Deed.CLOSE, LEADS,                     ". . . . . . . . . x x x x x"),
    (Deed.COUNT, NOBODY,                    ". . . . . . . . . . . . . ."),
    (Deed.PUBLISH, NOBODY,                  ". . . . . . . . . . . . . ."),
]  # fmt: skip
CLOSED = [
    #                                        U B A 1 S 2 R 3 V 4 J 5 E Z
    (Deed.PLAN, LEADS,                      "- - - - - - - - - x x x . x"),
    (Deed.HAND_IN, EVERYBODY,               "- - - - - - - - . . . . . ."),
    (Deed.PROPOSE, MAY_PROPOSE,             "- - - - - - - - . . . . . ."),
    (Deed.TAKE_IN, LEADS,                   "- - - - - - - - . . . . . ."),
    (Deed.TAKE_OUT, LEADS,                  "- - - - - - - - - x x x x x"),
    (Deed.VOTE, ACCOUNTS | GUESTS,          "- - - - - - - - . . . . . ."),
    (Deed.APPOINT, LEADS,                   "- - - - - - - - - x x . . ."),
    (Deed.SCORE, {"juror"},                 "- - - - - - - - . . x . . ."),
    (Deed.EXTEND, LEADS,                    "- - - - - - - - . . x . . ."),
    (Deed.QUARANTINE, LEADS,                "- - - - - - - - - x x x x x"),
    (Deed.CLOSE, LEADS,                     "- - - - - - - - . . . . . ."),
    (Deed.COUNT, LEADS,                     "- - - - - - - - . . . x x x"),
    (Deed.PUBLISH, NOBODY,                  "- - - - - - - - . . . . . ."),
]  # fmt: skip
COUNTED_BY_THE_LEAD = [
    #                                        U B A 1 S 2 R 3 V 4 J 5 E Z
    (Deed.PLAN, LEADS,                      "- - - - - - - - - - - x . x"),
    (Deed.HAND_IN, EVERYBODY,               "- - - - - - - - - - - . . ."),
    (Deed.PROPOSE, MAY_PROPOSE,             "- - - - - - - - - - - . . ."),
    (Deed.TAKE_IN, LEADS,                   "- - - - - - - - - - - . . ."),
    (Deed.TAKE_OUT, LEADS,                  "- - - - - - - - - - - x x x"),
    (Deed.VOTE, ACCOUNTS | GUESTS,          "- - - - - - - - - - - . . ."),
    (Deed.APPOINT, LEADS,                   "- - - - - - - - - - - . . ."),
    (Deed.SCORE, {"juror"},                 "- - - - - - - - - - - . . ."),
    (Deed.EXTEND, LEADS,                    "- - - - - - - - - - - . . ."),
    (Deed.QUARANTINE, LEADS,                "- - - - - - - - - - - x x x"),
    (Deed.CLOSE, LEADS,                     "- - - - - - - - - - - . . ."),
    (Deed.COUNT, LEADS,                     "- - - - - - - - - - - x x x"),
    (Deed.PUBLISH, LEADS - {"lead"},        "- - - - - - - - - - - x x x"),
]  # fmt: skip
PUBLISHED = [(deed, NOBODY, "- - - - - - - - - - - . . .") for deed in Deed]
WITHOUT_VOTE = [
    #                                        U B A 1 S 2 R 3 V 4 J 5 E Z
    (Deed.VOTE, NOBODY,                     ". . . . . . . . . . . . . ."),
    (Deed.QUARANTINE, NOBODY,               ". . . . . . . . . . . . . ."),
    (Deed.CLOSE, NOBODY,                    ". . . . . . . . . . . . . ."),
    (Deed.COUNT, LEADS,                     ". . . . . . . . . . . x x x"),
    (Deed.PUBLISH, NOBODY,                  ". . . . . . . . . . . . . ."),
]  # fmt: skip
WITHOUT_JURY_CLOSED = [
    #                                        U B A 1 S 2 R 3 V 4 J 5 E Z
    (Deed.CLOSE, NOBODY,                    "- - - - - - - - . . . . . ."),
    (Deed.COUNT, LEADS,                     "- - - - - - - - . x . x x x"),
]  # fmt: skip


@dataclass
class Person:
    user: Any
    voter: Voter | None = None
    holds_receipt: bool = False


@pytest.fixture
def own_idea(db: None) -> Idea:
    return make_idea(released=True)


@pytest.fixture
def found(own_idea: Idea) -> Competition:
    scheme = SchemeVersion.objects.order_by("pk").first()
    assert scheme
    return make.competition(None, voting="budget", electorate="email", jury_scheme=scheme, jury_weight=50)


@pytest.fixture
def people(found: Competition, own_idea: Idea) -> dict[str, Person]:
    users = {
        "citizen": UserFactory(),
        "verified": UserFactory(verified_at=ZERO, verified_how="Ausweis"),
        "author": own_idea.author.user,
        "reviewer": UserFactory(reviewer=True),
        "lead": UserFactory(lead=True),
        "second lead": UserFactory(lead=True),
        "project lead": UserFactory(project_lead=True),
        "editor": UserFactory(editor=True),
        "moderator": UserFactory(moderator=True),
        "juror": UserFactory(jury=True),
        "other juror": UserFactory(jury=True),
        "former juror": UserFactory(),
        "admin": UserFactory(admin=True),
        "superuser": UserFactory(is_superuser=True),
    }
    assert {role for user in users.values() if not user.is_superuser for role in user.roles} == set(Role)
    elsewhere = make.competition(None)
    entry = make.entry(found)
    for name, competition in (("juror", found), ("former juror", found), ("other juror", elsewhere)):
        member = JuryMember.objects.create(competition=competition, user=users[name])
        if competition == found:
            JurySheet.objects.create(member=member, entry=entry)
    persons = {name: Person(user, make.account_voter(user)) for name, user in users.items()}
    return persons | {
        "visitor": Person(AnonymousUser()),
        "guest": Person(AnonymousUser(), make.guest()),
        "holder of the receipt": Person(AnonymousUser(), holds_receipt=True),
        "closed account": Person(UserFactory(lead=True, is_active=False)),
    }


def is_possible(person: Person, deed: Deed, found: Competition, idea: Idea, now: datetime) -> bool:
    """What permissions.py says, asked as the pages and the actions ask it."""
    if deed is Deed.VOTE:
        return not permissions.why_not_vote(person.voter, found, now=now)
    if deed is Deed.PROPOSE:
        return not permissions.why_not_propose(idea, found, user=person.user, is_own=person.holds_receipt, now=now)
    if deed is Deed.SCORE:
        general = not permissions.why_not(person.user, deed, found, now=now)
        sheets = JurySheet.objects.filter(entry__competition=found).order_by("pk").select_related("member", "entry__idea")
        own = sheets.filter(member__user_id=person.user.pk).first() or sheets[0]
        own.entry.competition = found
        assert general == (not permissions.why_not_score(person.user, own, now=now))
        return general
    return not permissions.why_not(person.user, deed, found, now=now)


def samples(name: str) -> list[datetime]:
    first, end = WHEN[name]
    return [first, first + (end - first) / 2, end - INSTANT]


def wrong(table: Any, found: Competition, people: dict[str, Person], idea: Idea) -> list[str]:
    """Every cell of the table in which the code says something else."""
    result = []
    for deed, who, row in table:
        marks = dict(zip(MOMENTS, row.split(), strict=True))
        for name, mark in marks.items():
            found.__dict__["spans"] = [] if name == "U" else SPANS
            for now in samples(name) if mark != "-" else []:
                for title, person in people.items():
                    # Everybody hands in, whoever they are; the receipt's holder is a visitor like others.
                    allowed = title in who or (who is EVERYBODY)
                    expected = mark == "x" and allowed
                    if is_possible(person, deed, found, idea, now) != expected:
                        result.append(f"{title} {deed} in {name} at {now}: expected {expected}")
    return result


def test_the_tables_are_complete() -> None:
    for table in (OPEN, CLOSED, COUNTED_BY_THE_LEAD, PUBLISHED):
        assert [deed for deed, _who, _row in table] == list(Deed)
    assert all("-" not in row for _deed, _who, row in OPEN)


def test_who_may_do_what_before_during_and_after_each_phase(found: Competition, people: Any, own_idea: Idea) -> None:
    assert wrong(OPEN, found, people, own_idea) == []


def test_after_the_close_nobody_votes_and_the_lead_counts(found: Competition, people: Any, own_idea: Idea) -> None:
    found.closed_at = day(46)
    assert wrong(CLOSED, found, people, own_idea) == []


def test_who_counted_does_not_publish(found: Competition, people: Any, own_idea: Idea) -> None:
    found.closed_at = day(46)
    Tally.objects.create(competition=found, head="", counted_by=people["lead"].user)
    assert wrong(COUNTED_BY_THE_LEAD, found, people, own_idea) == []


def test_once_the_result_is_published_nobody_does_anything(found: Competition, people: Any, own_idea: Idea) -> None:
    found.closed_at = day(46)
    both = {"counted_by": people["lead"].user, "published_by": people["second lead"].user}
    Tally.objects.create(competition=found, head="", published_at=day(59), **both)
    assert wrong(PUBLISHED, found, people, own_idea) == []


def test_without_a_vote_nobody_votes_closes_or_sets_ballots_aside(found: Competition, people: Any, own_idea: Idea) -> None:
    found.voting = "none"
    assert wrong(WITHOUT_VOTE, found, people, own_idea) == []


def test_without_a_jury_the_count_waits_for_the_close_alone(found: Competition, people: Any, own_idea: Idea) -> None:
    found.closed_at, found.jury_scheme, found.jury_weight = day(46), None, 0
    assert wrong(WITHOUT_JURY_CLOSED, found, people, own_idea) == []


@pytest.mark.parametrize(
    ("electorate", "who"),
    [("email", ACCOUNTS | {"guest"}), ("account", ACCOUNTS), ("verified", {"verified"})],
)
def test_each_electorate_votes_while_the_voting_runs(
    electorate: str, who: set[str], found: Competition, people: Any, own_idea: Idea
) -> None:
    found.electorate = electorate
    assert wrong([(Deed.VOTE, who, ". . . . . . . . x . . . . .")], found, people, own_idea) == []


# --- what else must hold ----------------------------------------------------------------------------------------------


def test_a_vote_or_a_jury_without_a_phase_holds_up_no_count(found: Competition, people: Any) -> None:
    lead = people["lead"].user
    found.__dict__["spans"] = [span for span in SPANS if span.phase not in (Phase.VOTING, Phase.JURY)]
    assert "nichts zu zählen" in str(permissions.why_not(lead, Deed.COUNT, found, now=day(65)))
    found.__dict__["spans"] = [span for span in SPANS if span.phase is not Phase.VOTING]
    assert not permissions.why_not(lead, Deed.COUNT, found, now=day(65))
    found.closed_at, found.__dict__["spans"] = day(46), [span for span in SPANS if span.phase is not Phase.JURY]
    assert not permissions.why_not(lead, Deed.COUNT, found, now=day(65))


def test_a_juror_does_not_score_their_own_idea(found: Competition, people: Any) -> None:
    juror = people["juror"].user
    entry = make.entry(found, idea=make_idea(released=True, user=juror))
    sheet = JurySheet.objects.create(member=found.jury.get(user=juror), entry=entry)
    sheet.entry.competition.__dict__["spans"] = SPANS
    assert "eigene Idee" in str(permissions.why_not_score(juror, sheet, now=day(50)))


def test_a_schedule_that_nobody_has_read_can_be_planned_at_any_time(found: Competition, people: Any) -> None:
    found.page.live, found.page.first_published_at = False, None
    found.__dict__["spans"] = SPANS
    moments = [now for name in MOMENTS for now in samples(name)]
    assert not any(permissions.why_not(people["lead"].user, Deed.PLAN, found, now=now) for now in moments)
    assert all(permissions.why_not(people["editor"].user, Deed.PLAN, found, now=now) for now in moments)


def test_who_comes_too_early_or_too_late_reads_when(found: Competition, people: Any) -> None:
    found.__dict__["spans"] = SPANS
    user, voter = people["citizen"].user, people["citizen"].voter
    early = str(permissions.why_not(user, Deed.HAND_IN, found, now=day(11)))
    assert early == "Die Phase „Einreichen“ beginnt am 13. September 2026, 12:00 Uhr."
    late = str(permissions.why_not_vote(voter, found, now=day(46)))
    assert late == "Die Phase „Abstimmung“ ist am 17. Oktober 2026, 12:00 Uhr zu Ende gegangen."
    assert str(permissions.why_not(user, Deed.CLOSE, found, now=day(47))) == str(permissions.NO_RIGHT)


# --- phases without people --------------------------------------------------------------------------------------------


def test_a_phase_lasts_from_its_begin_until_just_before_its_end() -> None:
    names = {
        "B": "before", "A": "announced", "1": "pause", "S": "submission", "2": "pause", "R": "review", "3": "pause",
        "V": "voting", "4": "pause", "J": "jury", "5": "pause", "E": "result", "Z": "after",
    }  # fmt: skip
    for name, expected in names.items():
        assert [moment(SPANS, now) for now in samples(name)] == [expected] * 3
    assert moment([], day(3)) == "unplanned"


def test_a_result_without_an_end_lasts() -> None:
    spans = [Span(Phase.RESULT, day(0))]
    assert [moment(spans, now) for now in (day(-1), day(0), day(100_000))] == ["before", "result", "result"]


def test_the_next_phase_is_the_one_that_begins_next() -> None:
    assert [getattr(next_span(SPANS, now), "phase", None) for now in (day(-1), day(0), day(11), day(60))] == [
        Phase.ANNOUNCED,
        Phase.SUBMISSION,
        Phase.SUBMISSION,
        None,
    ]


def test_what_is_wrong_stands_beside_the_phase_that_it_concerns() -> None:
    assert problems(SPANS) == {}
    assert problems([]) == {}
    touching = [Span(Phase.SUBMISSION, day(0), day(1)), Span(Phase.VOTING, day(1), day(2)), Span(Phase.RESULT, day(2))]
    assert problems(touching) == {}
    found = problems(
        [
            Span(Phase.SUBMISSION, day(0), day(10)),
            Span(Phase.REVIEW, day(5), day(4)),
            Span(Phase.VOTING, day(8), day(12)),
            Span(Phase.JURY, day(12)),
            Span(Phase.RESULT, day(11)),
        ]
    )
    assert found == {
        Phase.REVIEW: "Das Ende liegt nicht nach dem Beginn. Bitte prüfen Sie die beiden Angaben.",
        Phase.VOTING: "Diese Phase beginnt, bevor „Einreichen“ zu Ende ist.",
        Phase.JURY: "Bitte geben Sie an, bis wann diese Phase dauert.",
        Phase.RESULT: "Diese Phase beginnt, bevor „Abstimmung“ zu Ende ist.",
    }
    twice = [Span(Phase.VOTING, day(0), day(1)), Span(Phase.VOTING, day(2), day(3))]
    assert problems(twice) == {Phase.VOTING: "Diese Phase kommt zweimal vor."}
