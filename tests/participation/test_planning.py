"""Planning a competition and extending its running phase: what people have read is never rewritten, each change says why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from wagtail.models import ModelLogEntry, PageLogEntry

from accounts.models import User
from participation import actions, phases
from participation.actions.planning import seen_of
from participation.local_time import local
from participation.log import sentence_of
from participation.models import Competition, CompetitionPhase, CompetitionStep, Tally
from participation.phases import Phase, Span
from tests.at_once import at_once
from tests.factories import UserFactory
from tests.factories import participation as make

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = datetime(2026, 10, 10, 10, tzinfo=UTC)


def at(text: str) -> datetime:
    """A moment written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def lead() -> User:
    return UserFactory(lead=True)


def with_phases(*spans: Span, live: bool = True) -> Competition:
    found = make.competition(None)
    for span in spans:
        CompetitionPhase.objects.create(competition=found, phase=span.phase, starts_at=span.starts_at, ends_at=span.ends_at)
    if not live:
        found.page.live, found.page.first_published_at = False, None
        found.page.save()
    return Competition.objects.with_phases().get(pk=found.pk)


def as_kept(found: Competition) -> list[Span]:
    return Competition.objects.get(pk=found.pk).spans


SUBMISSION = Span(Phase.SUBMISSION, NOW - 5 * DAY, NOW + 5 * DAY)
VOTING = Span(Phase.VOTING, NOW + 7 * DAY, NOW + 14 * DAY)
RESULT = Span(Phase.RESULT, NOW + 20 * DAY)


# --- the whole schedule -----------------------------------------------------------------------------------------------


def test_the_lead_plans_a_competition_that_nobody_has_seen_as_they_like(lead: User) -> None:
    found = with_phases(SUBMISSION, live=False)
    moved = Span(Phase.SUBMISSION, NOW - 400 * DAY, NOW - 390 * DAY)
    assert actions.plan(found, [moved, RESULT], by=lead, now=NOW) is None
    assert as_kept(found) == found.spans == [moved, RESULT]
    assert not CompetitionStep.objects.exists()
    assert PageLogEntry.objects.filter(page=found.page.pk, user=lead, action="wagtail.edit").exists()
    assert not ModelLogEntry.objects.exists()
    # A wrong year is no trap: by these dates everything is over.
    assert actions.plan(found, [SUBMISSION, VOTING], by=lead, now=NOW) is None
    assert as_kept(found) == [SUBMISSION, VOTING]


def test_the_first_schedule_of_a_public_competition_is_a_public_step(lead: User) -> None:
    found = with_phases()
    step = actions.plan(found, [VOTING, RESULT], by=lead, now=NOW)
    assert step is not None
    assert (step.kind, step.actor, step.happened_at, step.note) == ("planned", lead, NOW, "")
    assert step.details == {
        "phases": [
            {"phase": "voting", "from": None, "to": ["2026-10-17T10:00:00+00:00", "2026-10-24T10:00:00+00:00"]},
            {"phase": "result", "from": None, "to": ["2026-10-30T10:00:00+00:00", None]},
        ]
    }
    assert sentence_of(step) == (
        "„Abstimmung“ ist vom 17. Oktober 2026, 12:00 Uhr bis zum 24. Oktober 2026, 12:00 Uhr. "
        "„Ergebnis“ ist ab dem 30. Oktober 2026, 11:00 Uhr."
    )


def test_what_was_announced_changes_only_with_a_public_note(lead: User) -> None:
    found = with_phases(SUBMISSION, VOTING)
    later = Span(Phase.VOTING, VOTING.starts_at + DAY, VOTING.ends_at)
    for note in ("", "  ", "…"):
        with pytest.raises(actions.Refused, match="Das lesen alle"):
            actions.plan(found, [SUBMISSION, later], by=lead, note=note, now=NOW)
    assert as_kept(found) == [SUBMISSION, VOTING]
    step = actions.plan(found, [SUBMISSION, later], by=lead, note=" Viele Einsendungen. ", now=NOW)
    assert step is not None
    assert step.note == "Viele Einsendungen."
    assert sentence_of(step) == (
        "„Abstimmung“ ist jetzt vom 18. Oktober 2026, 12:00 Uhr bis zum 24. Oktober 2026, 12:00 Uhr, "
        "geplant war vom 17. Oktober 2026, 12:00 Uhr bis zum 24. Oktober 2026, 12:00 Uhr."
    )
    dropped = actions.plan(found, [SUBMISSION], by=lead, note="Es gibt keine Abstimmung.", now=NOW)
    assert dropped is not None
    assert sentence_of(dropped).startswith("„Abstimmung“ entfällt, geplant war vom 18. Oktober")
    assert as_kept(found) == [SUBMISSION]


def test_a_phase_that_is_added_needs_no_note(lead: User) -> None:
    found = with_phases(SUBMISSION)
    assert actions.plan(found, [SUBMISSION, VOTING], by=lead, now=NOW) is not None
    assert as_kept(found) == [SUBMISSION, VOTING]


def test_a_schedule_that_stays_the_same_is_no_step(lead: User) -> None:
    found = with_phases(SUBMISSION, VOTING)
    assert actions.plan(found, [VOTING, SUBMISSION], by=lead, now=NOW) is None
    assert not CompetitionStep.objects.exists()


@pytest.mark.parametrize(
    ("spans", "phase", "words"),
    [
        ([Span(Phase.SUBMISSION, NOW - 4 * DAY, NOW + 5 * DAY)], Phase.SUBMISSION, "ihr Beginn bleibt"),
        ([], Phase.SUBMISSION, "ihr Beginn bleibt"),
        ([Span(Phase.SUBMISSION, NOW - 5 * DAY, NOW + 6 * DAY)], Phase.SUBMISSION, "durch „Verlängern“"),
        ([Span(Phase.SUBMISSION, NOW - 5 * DAY, NOW + HOUR)], Phase.SUBMISSION, "durch „Verlängern“"),
        ([SUBMISSION, Span(Phase.VOTING, NOW + 4 * DAY, NOW + 8 * DAY)], Phase.VOTING, "bevor „Einreichen“ zu Ende ist"),
        ([SUBMISSION, Span(Phase.ANNOUNCED, NOW - 9 * DAY, NOW - 8 * DAY)], Phase.ANNOUNCED, "in der Vergangenheit"),
    ],
)
def test_what_has_begun_stays_and_nothing_begins_in_the_past(lead: User, spans: Any, phase: Phase, words: str) -> None:
    found = with_phases(SUBMISSION)
    with pytest.raises(actions.Unfit, match=words) as refused:
        actions.plan(found, spans, by=lead, note="Darum.", now=NOW)
    assert set(refused.value.problems) == {phase}
    assert as_kept(found) == [SUBMISSION]


def test_a_phase_that_is_over_never_changes(lead: User) -> None:
    found = with_phases(SUBMISSION, VOTING)
    over = NOW + 6 * DAY
    for spans in ([VOTING], [Span(Phase.SUBMISSION, SUBMISSION.starts_at, NOW + 7 * DAY), VOTING]):
        with pytest.raises(actions.Unfit) as refused:
            actions.plan(found, spans, by=lead, note="Darum.", now=over)
        assert refused.value.problems == {Phase.SUBMISSION: "Diese Phase ist vorbei, daran ändert sich nichts mehr."}


def test_a_page_that_was_taken_down_has_been_read_all_the_same(lead: User) -> None:
    found = with_phases(SUBMISSION)
    found.page.live, found.page.first_published_at = False, NOW - 9 * DAY
    found.page.save()
    with pytest.raises(actions.Unfit):
        actions.plan(Competition.objects.get(pk=found.pk), [], by=lead, note="Darum.", now=NOW)


def test_a_competition_whose_last_phase_is_over_can_go_on(lead: User) -> None:
    found = with_phases(SUBMISSION)
    after = NOW + 6 * DAY
    assert found.moment(after) == "after"
    assert actions.plan(found, [SUBMISSION, VOTING], by=lead, now=after) is not None


def test_after_the_count_only_the_time_of_the_result_can_change(lead: User) -> None:
    found = with_phases(SUBMISSION, VOTING, RESULT)
    Tally.objects.create(competition=found, head="", counted_by=lead)
    after, sooner = NOW + 15 * DAY, Span(Phase.RESULT, NOW + 16 * DAY)
    jury = Span(Phase.JURY, NOW + 16 * DAY, NOW + 17 * DAY)
    with pytest.raises(actions.Unfit, match="Jury: Es ist schon ausgezählt"):
        actions.plan(found, [SUBMISSION, VOTING, jury, RESULT], by=lead, now=after)
    assert actions.plan(found, [SUBMISSION, VOTING, sooner], by=lead, note="Schneller fertig.", now=after)
    assert as_kept(found) == [SUBMISSION, VOTING, sooner]


def test_only_the_lead_plans_and_extends() -> None:
    found = with_phases(SUBMISSION)
    for user in (UserFactory(editor=True), UserFactory(admin=True), UserFactory(reviewer=True)):
        with pytest.raises(actions.Refused, match="Berechtigung"):
            actions.plan(found, [SUBMISSION, VOTING], by=user, now=NOW)
        with pytest.raises(actions.Refused, match="Berechtigung"):
            actions.extend(found, NOW + 9 * DAY, note="Darum.", by=user, now=NOW)


# --- extending --------------------------------------------------------------------------------------------------------


def test_the_running_phase_lasts_longer_and_the_later_ones_move_along(lead: User) -> None:
    found = with_phases(SUBMISSION, VOTING, RESULT)
    step = actions.extend(found, SUBMISSION.ends_at + 2 * DAY, note="Ferien.", by=lead, now=NOW)  # type: ignore[operator]
    assert found.spans == as_kept(found)
    assert as_kept(found) == [
        Span(Phase.SUBMISSION, SUBMISSION.starts_at, NOW + 7 * DAY),
        Span(Phase.VOTING, NOW + 9 * DAY, at("2026-10-26T11:00")),  # 12 o'clock in summer is 10, in winter 11 UTC
        Span(Phase.RESULT, NOW + 22 * DAY),
    ]
    assert (step.kind, step.note, step.actor) == ("extended", "Ferien.", lead)
    assert step.details["phase"] == "submission"
    assert (step.details["from"], step.details["to"]) == ("2026-10-15T10:00:00+00:00", "2026-10-17T10:00:00+00:00")
    assert [change["phase"] for change in step.details["moved"]] == ["voting", "result"]
    assert sentence_of(step) == (
        "„Einreichen“ dauert länger: bis zum 17. Oktober 2026, 12:00 Uhr, vorher bis zum 15. Oktober 2026, 12:00 Uhr. "
        "„Abstimmung“ ist jetzt vom 19. Oktober 2026, 12:00 Uhr bis zum 26. Oktober 2026, 12:00 Uhr. "
        "„Ergebnis“ ist jetzt ab dem 1. November 2026, 11:00 Uhr."
    )


@pytest.mark.parametrize(
    ("old_end", "new_end", "later", "moved"),
    [
        # Over the end of summer time: 18:00 stays 18:00, which is 16:00 UTC before and 17:00 after.
        ("2026-10-20T16:00", "2026-10-27T17:00", "2026-10-22T16:00", "2026-10-29T17:00"),
        # Over its begin: 18:00 is 17:00 UTC before and 16:00 after.
        ("2027-03-22T17:00", "2027-03-29T16:00", "2027-03-24T17:00", "2027-03-31T16:00"),
        # 2:30 doesn't exist on 28 March 2027: the phase begins when the clock jumps, at 3:00.
        ("2027-03-20T17:00", "2027-03-27T17:00", "2027-03-21T01:30", "2027-03-28T01:00"),
        # 2:30 exists twice on 25 October 2026: the first one.
        ("2026-10-16T16:00", "2026-10-23T16:00", "2026-10-18T00:30", "2026-10-25T00:30"),
        # … unless the phase before ends at the second one.
        ("2026-10-18T00:30", "2026-10-25T01:30", "2026-10-18T00:30", "2026-10-25T01:30"),
        # Both ends touch where the hour is missing: they still touch.
        ("2027-03-21T01:30", "2027-03-28T01:00", "2027-03-21T01:30", "2027-03-28T01:00"),
        # From the first 2:30 to the second of the same night is an hour.
        ("2026-10-25T00:30", "2026-10-25T01:30", "2026-10-26T11:00", "2026-10-26T12:00"),
        # Within the same day.
        ("2026-12-01T17:00", "2026-12-01T19:00", "2026-12-05T07:00", "2026-12-05T09:00"),
        # The leap day is a day.
        ("2028-02-27T17:00", "2028-02-28T17:00", "2028-02-28T17:00", "2028-02-29T17:00"),
    ],
)
def test_times_of_day_stay_what_they_are_when_the_clock_changes(
    lead: User, old_end: str, new_end: str, later: str, moved: str
) -> None:
    begin = at(old_end) - 3 * DAY
    found = with_phases(Span(Phase.SUBMISSION, begin, at(old_end)), Span(Phase.RESULT, at(later)))
    actions.extend(found, at(new_end), note="Darum.", by=lead, now=begin + HOUR)
    assert as_kept(found) == [Span(Phase.SUBMISSION, begin, at(new_end)), Span(Phase.RESULT, at(moved))]


def test_a_phase_that_would_vanish_in_the_missing_hour_is_not_moved(lead: User) -> None:
    begin, end = at("2027-03-19T10:00"), at("2027-03-20T17:00")
    short = Span(Phase.VOTING, at("2027-03-21T01:10"), at("2027-03-21T01:50"))  # 2:10 to 2:50
    found = with_phases(Span(Phase.SUBMISSION, begin, end), short)
    with pytest.raises(actions.Unfit) as refused:
        actions.extend(found, end + 7 * DAY, note="Darum.", by=lead, now=begin)
    assert set(refused.value.problems) == {Phase.VOTING}
    assert as_kept(found)[1] == short


@pytest.mark.parametrize(
    ("new_end", "note", "now", "words"),
    [
        (NOW + 4 * DAY, "Darum.", NOW, "nach dem bisherigen"),
        (NOW + 5 * DAY, "Darum.", NOW, "nach dem bisherigen"),
        (NOW + 6 * DAY, " ", NOW, "Das lesen alle"),
        (NOW + 9 * DAY, "Darum.", NOW + 5 * DAY, "Gerade läuft keine Phase"),
        (NOW + 99 * DAY, "Darum.", NOW + 21 * DAY, "Gerade läuft keine Phase"),
    ],
)
def test_never_earlier_never_without_a_note_never_when_it_is_over(
    lead: User, new_end: datetime, note: str, now: datetime, words: str
) -> None:
    found = with_phases(SUBMISSION, VOTING, RESULT)
    with pytest.raises(actions.Refused, match=words):
        actions.extend(found, new_end, note=note, by=lead, now=now)
    assert as_kept(found) == [SUBMISSION, VOTING, RESULT]
    assert not CompetitionStep.objects.exists()


def test_the_clock_of_the_database_decides_when_none_is_given(lead: User) -> None:
    found = make.competition(Phase.SUBMISSION)
    end = found.spans[0].ends_at
    assert end
    assert actions.extend(found, end + DAY, note="Darum.", by=lead).details["phase"] == "submission"
    assert phases.span_at(as_kept(found), datetime.now(UTC))


# --- two at the same moment -------------------------------------------------------------------------------------------


def test_who_saw_an_older_schedule_is_told(lead: User) -> None:
    mine = with_phases(SUBMISSION, VOTING)
    other = Competition.objects.with_phases().get(pk=mine.pk)
    seen = seen_of(mine)
    actions.check_schedule_seen(mine, seen)
    assert other.spans
    actions.extend(mine, NOW + 6 * DAY, note="Ferien.", by=lead, now=NOW)
    with pytest.raises(actions.Overtaken):
        actions.extend(other, NOW + 7 * DAY, note="Darum.", by=lead, now=NOW)
    with pytest.raises(actions.Overtaken):
        actions.plan(other, [SUBMISSION], by=lead, note="Darum.", now=NOW)
    with pytest.raises(actions.Overtaken):
        actions.check_schedule_seen(mine, seen)
    assert CompetitionStep.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_at_the_same_moment_one_extends_and_the_other_is_told() -> None:
    first, second = UserFactory(lead=True), UserFactory(lead=True)
    for user in (first, second):
        assert user.roles
    found = with_phases(SUBMISSION, VOTING)
    for _round in range(5):
        pages = [Competition.objects.with_phases().get(pk=found.pk) for _each in range(2)]
        end = pages[0].spans[0].ends_at
        assert all(page.spans for page in pages)
        assert end
        results = at_once(
            [
                lambda end=end, page=pages[0]: actions.extend(page, end + DAY, note="Eins.", by=first, now=NOW),
                lambda end=end, page=pages[1]: actions.extend(page, end + 2 * DAY, note="Zwei.", by=second, now=NOW),
            ]
        )
        told = [result for result in results if isinstance(result, actions.Overtaken)]
        won = [result for result in results if isinstance(result, CompetitionStep)]
        assert (len(won), len(told)) == (1, 1), results
        kept = as_kept(found)
        assert kept[0].ends_at == datetime.fromisoformat(won[0].details["to"])
        assert local(kept[1].starts_at) - local(kept[0].ends_at) == 2 * DAY
    assert CompetitionStep.objects.count() == 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_planning_holds_up_no_ballot(lead: User) -> None:
    """A lead who changes the schedule holds the competition's row; whoever votes at that moment doesn't wait for them."""
    found = make.competition(Phase.VOTING, voting="budget")
    entry, voter = make.entry(found), make.guest()
    with transaction.atomic():
        end = found.span(Phase.VOTING).ends_at  # type: ignore[union-attr]
        actions.extend(found, end + DAY, note="Ferien.", by=lead)  # type: ignore[operator]

        def vote() -> Any:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            other = Competition.objects.with_phases().get(pk=found.pk)
            return actions.cast(other, voter, points={entry.pk: 1}).spent

        assert at_once([vote]) == [1]


# --- the log stays ----------------------------------------------------------------------------------------------------


def test_what_was_changed_stays_in_the_log_as_it_was(lead: User) -> None:
    found = with_phases(SUBMISSION)
    step = actions.extend(found, NOW + 6 * DAY, note="Ferien.", by=lead, now=NOW)
    for change in ({"note": "Anders."}, {"details": {}}, {"kind": "planned"}):
        with pytest.raises(Exception, match="never changes"), transaction.atomic():
            CompetitionStep.objects.filter(pk=step.pk).update(**change)
