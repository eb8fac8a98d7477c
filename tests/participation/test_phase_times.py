"""Time decides what is accepted and what is shown, and both always agree: 10,000 random schedules around the nights in which
the clock changes and around leap days, at the instants before, at and after each boundary."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from accounts.models import Contact, User
from accounts.roles import Role
from participation import actions, clock, permissions, phases
from participation.local_time import LocalDateTimeField, LocalDateTimeWidget, after_gap, candidates, local
from participation.models import Competition, CompetitionPage, CompetitionPhase
from participation.phase_line import left_in_words, line_of, state_of
from participation.phases import Deed, Phase, Span
from participation.voters import Voter
from tests.factories import UserFactory
from tests.factories import participation as make

TABLES = 10_000
INSTANT, MINUTE, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(days=1)
NIGHTS = [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29), date(2027, 2, 28)]
# When the clock in Germany changes, by the law: the last Sundays of March and October, 1:00 UTC.
CHANGES = [
    (datetime(2026, 3, 29, 1, tzinfo=UTC), 2),
    (datetime(2026, 10, 25, 1, tzinfo=UTC), 1),
    (datetime(2027, 3, 28, 1, tzinfo=UTC), 2),
    (datetime(2027, 10, 31, 1, tzinfo=UTC), 1),
    (datetime(2028, 3, 26, 1, tzinfo=UTC), 2),
]


def by_the_law(moment: datetime) -> datetime:
    """What a clock in Germany shows, reckoned without any database of zones."""
    hours = next(offset for since, offset in reversed(CHANGES) if since <= moment)
    return moment.replace(tzinfo=None) + timedelta(hours=hours)


# --- random schedules -------------------------------------------------------------------------------------------------


def some_moment(chance: random.Random) -> datetime:
    """A day and time as people type it, around one of the nights; asked back, they answer at random."""
    day = chance.choice(NIGHTS) + timedelta(days=chance.choice([-2, -1, 0, 0, 0, 0, 1, 2]))
    at = time(chance.choice([0, 1, 2, 2, 2, 3, 3, 12, 23]), chance.choice([0, 0, 15, 30, 59]))
    return chance.choice(candidates(day, at) or [after_gap(day, at)])


def some_table(chance: random.Random) -> list[Span]:
    """A schedule with some of the phases: mostly in order, sometimes with a slip of the pen."""
    chosen = [phase for phase in Phase if chance.random() < 0.6] or [Phase.VOTING]
    points = sorted(some_moment(chance) for _each in range(2 * len(chosen)))
    if chance.random() < 0.25:  # touching each other: the end of one is the begin of the next
        points = [points[0], *(each for each in points[1:-1:2] for _twice in range(2)), points[-1]]
    spans = [Span(phase, points[2 * place], points[2 * place + 1]) for place, phase in enumerate(chosen)]
    if spans[-1].phase is Phase.RESULT and chance.random() < 0.5:
        spans[-1] = Span(Phase.RESULT, spans[-1].starts_at)
    if chance.random() < 0.4:
        place = chance.randrange(len(spans))
        old = spans[place]
        slips = [
            Span(old.phase, some_moment(chance), old.ends_at),
            Span(old.phase, old.starts_at, some_moment(chance)),
            Span(old.phase, old.starts_at, old.starts_at),
            Span(old.phase, old.starts_at, None),
            Span(old.phase, old.starts_at - INSTANT, old.ends_at),
        ]
        spans[place] = chance.choice(slips)
    chance.shuffle(spans)
    return spans


def ticks(moment: datetime) -> int:
    return round((moment - datetime(2026, 1, 1, tzinfo=UTC)) / INSTANT)


FOREVER = 10**18


def is_sound(spans: list[Span]) -> bool:
    """Independent of phases.py: each phase is a piece of time that isn't empty, and lies before each that comes later."""
    pieces = {each.phase: (ticks(each.starts_at), ticks(each.ends_at) if each.ends_at else FOREVER) for each in spans}
    order = [phase for phase in Phase if phase in pieces]
    if any(each.ends_at is None and each.phase != "result" for each in spans):
        return False
    return all(begin < end for begin, end in pieces.values()) and all(
        pieces[one][1] <= pieces[other][0] for place, one in enumerate(order) for other in order[place + 1 :]
    )


def phase_at(spans: list[Span], now: datetime) -> Phase | None:
    """Independent of phases.py: whose piece of time holds this instant."""
    at = ticks(now)
    holding = [each.phase for each in spans if ticks(each.starts_at) <= at < (ticks(each.ends_at) if each.ends_at else FOREVER)]
    assert len(holding) <= 1
    return holding[0] if holding else None


def boundaries(spans: list[Span]) -> list[datetime]:
    return sorted({moment for span in spans for moment in (span.starts_at, span.ends_at) if moment})


def around(moment: datetime) -> list[datetime]:
    return [moment - INSTANT, moment, moment + INSTANT]


def competition_with(spans: list[Span]) -> Competition:
    found = Competition(voting="budget", electorate="email", page=CompetitionPage(title="Wettbewerb", live=True))
    found.__dict__["spans"] = phases.in_order(spans)
    return found


def a_lead() -> User:
    lead = User(email="lead@example.org")
    lead._roles = frozenset({Role.LEAD})  # type: ignore[attr-defined]
    return lead


VISITOR, LEAD, VOTER = AnonymousUser(), a_lead(), Voter(Contact(), is_guest=True)


def accepted(found: Competition, now: datetime) -> dict[str, bool]:
    """What is accepted at this instant, as the actions ask."""
    return {
        "hand in": not permissions.why_not(VISITOR, Deed.HAND_IN, found, now=now),
        "propose": phases.allows(Deed.PROPOSE, found.spans, now),
        "vote": not permissions.why_not_vote(VOTER, found, now=now),
        "score": phases.allows(Deed.SCORE, found.spans, now),
        "extend": not permissions.why_not(LEAD, Deed.EXTEND, found, now=now),
    }


def expected_in(phase: Phase | None) -> dict[str, bool]:
    return {
        "hand in": phase == "submission",
        "propose": phase == "submission",
        "vote": phase == "voting",
        "score": phase == "jury",
        "extend": phase in ("announced", "submission", "review", "voting", "jury"),
    }


def shown(found: Competition, now: datetime) -> list[str]:
    """The phases that the line marks as running."""
    return [span.phase.value for span in found.spans if state_of(span, now) == "current"]


@pytest.mark.slow
def test_ten_thousand_schedules_accept_exactly_what_they_show() -> None:
    chance = random.Random(20261025)
    counted: Counter[str] = Counter()
    for number in range(TABLES):
        spans = some_table(chance)
        counted["sound" if is_sound(spans) else "unsound"] += 1
        assert bool(phases.problems(spans)) != is_sound(spans), spans
        if not is_sound(spans):
            continue
        found, edges = competition_with(spans), boundaries(spans)
        for now in sorted({moment for edge in edges for moment in around(edge)}):
            running = phase_at(spans, now)
            counted[running or "outside"] += 1
            assert shown(found, now) == ([running] if running else []), (number, spans, now)
            assert found.moment(now) == running or (running is None and found.moment(now) in ("before", "pause", "after"))
            with translation.override(None):  # the sentences of the refusals are not read here
                assert accepted(found, now) == expected_in(running), (number, spans, now)
    assert counted["sound"] > 5_000
    assert counted["unsound"] > 2_000
    assert min(counted[name] for name in [*Phase, "outside"]) > 5_000, counted


def test_the_drawn_line_marks_the_phase_that_runs() -> None:
    chance = random.Random(20280229)
    for _each in range(500):
        spans = some_table(chance)
        for now in around(chance.choice(boundaries(spans))) if is_sound(spans) else []:
            current = line_of(competition_with(spans), now).current
            assert (current.phase if current else None) == phase_at(spans, now), (spans, now)


def test_the_kinds_of_mistakes_all_occur() -> None:
    chance = random.Random(20261025)
    said = {sentence.split("„")[0] for _each in range(500) for sentence in phases.problems(some_table(chance)).values()}
    assert said == {
        "Bitte geben Sie an, bis wann diese Phase dauert.",
        "Das Ende liegt nicht nach dem Beginn. Bitte prüfen Sie die beiden Angaben.",
        "Diese Phase beginnt, bevor ",
    }


# --- day and time -----------------------------------------------------------------------------------------------------


def minutes_around(day: date) -> Iterator[datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    return (start + number * MINUTE for number in range(3 * 24 * 60))


@pytest.mark.parametrize("night", NIGHTS)
def test_each_minute_of_the_clock_means_the_moments_that_the_law_says(night: date) -> None:
    meant: dict[datetime, list[datetime]] = {}
    for moment in minutes_around(night):
        assert local(moment) == by_the_law(moment)
        meant.setdefault(by_the_law(moment), []).append(moment)
    first = datetime.combine(night, time.min) - DAY / 2
    for number in range(2 * 24 * 60):
        shown = first + number * MINUTE
        assert candidates(shown.date(), shown.time()) == meant.get(shown, []), shown


@pytest.mark.parametrize(
    ("day", "at", "moments"),
    [
        (date(2026, 10, 25), time(1, 59), ["2026-10-24T23:59"]),
        (date(2026, 10, 25), time(2, 0), ["2026-10-25T00:00", "2026-10-25T01:00"]),
        (date(2026, 10, 25), time(2, 30), ["2026-10-25T00:30", "2026-10-25T01:30"]),
        (date(2026, 10, 25), time(3, 0), ["2026-10-25T02:00"]),
        (date(2027, 3, 28), time(1, 59), ["2027-03-28T00:59"]),
        (date(2027, 3, 28), time(2, 0), []),
        (date(2027, 3, 28), time(2, 30), []),
        (date(2027, 3, 28), time(3, 0), ["2027-03-28T01:00"]),
        (date(2027, 10, 31), time(2, 30), ["2027-10-31T00:30", "2027-10-31T01:30"]),
        (date(2028, 2, 29), time(0, 0), ["2028-02-28T23:00"]),
    ],
)
def test_times_that_exist_once_twice_or_never(day: date, at: time, moments: list[str]) -> None:
    assert candidates(day, at) == [datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in moments]


def test_after_a_time_that_does_not_exist_comes_the_hour_after_the_jump() -> None:
    for minute in (0, 1, 30, 59):
        assert after_gap(date(2027, 3, 28), time(2, minute)) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert after_gap(date(2027, 3, 28), time(3, 1)) == datetime(2027, 3, 28, 1, 1, tzinfo=UTC)


def test_what_a_form_shows_means_the_same_moment_when_it_comes_back() -> None:
    chance = random.Random(20270328)
    widget, field = LocalDateTimeWidget(), LocalDateTimeField()
    for _each in range(2_000):
        moment = some_moment(chance)
        day, at, which = widget.decompress(moment)
        assert field.clean([f"{day:%Y-%m-%d}", f"{at:%H:%M}", which]) == moment


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "end", "words"),
    [
        ("2026-12-20T10:00", "2026-12-24T18:00", "noch 4 Tage"),
        ("2026-12-22T19:00", "2026-12-24T18:30", "noch 1 Tag"),
        ("2026-12-23T19:00", "2026-12-24T18:00", "noch 23 Stunden"),
        ("2026-12-24T00:30", "2026-12-24T18:00", "endet heute um 18:00 Uhr"),
        ("2026-12-24T17:59", "2026-12-24T18:00", "endet heute um 18:00 Uhr"),
        ("2026-12-24T10:00", "2026-12-25T00:00", "endet heute um 24:00 Uhr"),
        ("2026-12-23T22:00", "2026-12-24T03:00", "noch 5 Stunden"),
        ("2026-12-23T23:30", "2026-12-24T00:15", "endet um 00:15 Uhr"),
        # A day in which the clock changes is a day, though it has 23 or 25 hours.
        ("2026-10-24T18:00", "2026-10-25T18:00", "noch 1 Tag"),
        ("2027-03-27T18:00", "2027-03-28T18:00", "noch 1 Tag"),
        ("2027-03-27T19:00", "2027-03-28T18:00", "noch 22 Stunden"),
    ],
)
def test_the_time_that_is_left_is_said_in_words(now: str, end: str, words: str) -> None:
    def moment(text: str) -> datetime:
        typed = datetime.fromisoformat(text)
        [found] = candidates(typed.date(), typed.time())
        return found

    assert left_in_words(moment(end), moment(now)) == words


def test_the_line_says_where_a_competition_stands() -> None:
    noon = datetime(2026, 12, 1, 11, tzinfo=UTC)
    spans = [
        Span(Phase.SUBMISSION, noon, noon + 10 * DAY),
        Span(Phase.VOTING, noon + 12 * DAY, datetime(2026, 12, 31, 23, tzinfo=UTC)),
        Span(Phase.RESULT, noon + 40 * DAY),
    ]
    found = competition_with(spans)
    assert line_of(found, noon - DAY).where == "Als Nächstes: Einreichen, ab dem 1. Dezember 2026, 12:00 Uhr."
    assert line_of(found, noon + DAY).where == "Gerade läuft: Einreichen, noch 9 Tage."
    assert line_of(found, noon + 11 * DAY).where == "Als Nächstes: Abstimmung, ab dem 13. Dezember 2026, 12:00 Uhr."
    line = line_of(found, noon + 13 * DAY)
    assert [item.state for item in line.items] == ["done", "current", "coming"]
    assert (line.items[1].end, line.items[2].end) == ("31. Dezember 2026, 24:00 Uhr", "")
    assert line_of(found, noon + 50 * DAY).where == "Jetzt kommt das Ergebnis."
    assert line_of(found, noon + 50 * DAY, is_published=True).where == "Das Ergebnis steht fest."
    assert line_of(competition_with(spans[:1]), noon + 11 * DAY).where == "Dieser Wettbewerb ist zu Ende."
    assert line_of(competition_with([]), noon).where == "Wann es losgeht, steht noch nicht fest."


def test_the_line_marks_the_running_phase_for_eyes_and_screen_readers() -> None:
    noon = datetime(2026, 12, 1, 11, tzinfo=UTC)
    spans = [Span(Phase.SUBMISSION, noon, noon + 10 * DAY), Span(Phase.VOTING, noon + 12 * DAY, noon + 20 * DAY)]
    found = competition_with(spans)
    html = render_to_string("components/phase_line.html", {"line": line_of(found, noon + 13 * DAY)})
    assert html.count('aria-current="step"') == 1
    after_mark = html.split('aria-current="step"')[1]
    assert "Abstimmung" in after_mark.split("</h3>")[0]
    assert "läuft gerade, noch 7 Tage" in after_mark
    assert 'datetime="2026-12-13T' in html
    assert html.count("vorbei") == 1
    pause = render_to_string("components/phase_line.html", {"line": line_of(found, noon + 11 * DAY)})
    assert "aria-current" not in pause


# --- through the database and the pages -------------------------------------------------------------------------------


def saved(found: Competition, spans: list[Span]) -> Competition:
    found.phases.all().delete()
    for span in spans:
        CompetitionPhase.objects.create(competition=found, phase=span.phase, starts_at=span.starts_at, ends_at=span.ends_at)
    return Competition.objects.with_phases().get(pk=found.pk)


def sound_tables_with_voting(count: int) -> list[list[Span]]:
    chance, result = random.Random(20271031), []
    while len(result) < count:
        spans = some_table(chance)
        if is_sound(spans) and any(span.phase == "voting" for span in spans):
            result.append(spans)
    return result


@pytest.mark.django_db
def test_a_ballot_is_kept_exactly_while_the_voting_is_shown() -> None:
    found = make.competition(None, voting="budget", votes=3)
    entry, voter = make.entry(found), make.guest()
    for spans in sound_tables_with_voting(24):
        kept = saved(found, spans)
        for edge in boundaries(spans):
            for now in around(edge):
                try:
                    actions.cast(kept, voter, points={entry.pk: 1}, now=now)
                    is_kept = True
                except actions.NoLongerOpen:
                    is_kept = False
                current = line_of(kept, now).current
                assert is_kept == (current is not None and current.phase == "voting"), (spans, now)


@pytest.mark.django_db
def test_the_page_of_the_schedule_names_the_running_phase(monkeypatch: Any) -> None:
    found = make.competition(None)
    desk = Client()
    desk.force_login(UserFactory(lead=True))
    for spans in sound_tables_with_voting(3):
        saved(found, spans)
        for edge in boundaries(spans):
            for now in around(edge):
                monkeypatch.setattr(clock, "now", lambda now=now: now)
                html = desk.get(f"/admin/wettbewerbe/{found.pk}/ablauf/").content.decode()
                running = phase_at(spans, now)
                assert html.count("(läuft gerade)") == (running is not None)
                if running:
                    before = html.split("(läuft gerade)")[0]
                    assert before.rsplit("<legend>", 1)[1].startswith(str(running.label))
