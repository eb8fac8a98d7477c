"""What a jury has handed in and what is missing, what the scores come to, and the mails to its members."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from django.core import mail

from accounts.models import User
from common import outbox
from participation import actions, jury, jury_mails
from participation.models import Competition
from participation.phases import Phase
from tests.factories import participation as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Competition:
    return make.jury_competition(title="Grüne Schulhöfe")


@pytest.fixture
def lead() -> User:
    return UserFactory(lead=True)


# --- order, progress, result ------------------------------------------------------------------------------------------


def test_each_member_sees_the_entries_always_in_the_same_order_but_another_than_the_others(found: Competition) -> None:
    entries = [make.entry(found) for _each in range(12)]
    members = [make.member(found) for _each in range(6)]
    orders = [[each.pk for each in jury.in_members_order(member, entries)] for member in members]
    again = [[each.pk for each in jury.in_members_order(member, reversed(entries))] for member in members]
    assert orders == again
    assert len({tuple(order) for order in orders}) == 6
    assert len({order[0] for order in orders}) > 1, "no idea is on top for all"


def test_progress_says_who_has_handed_in_what_and_what_is_missing(found: Competition) -> None:
    one, two = make.member(found), make.member(found)
    first, second, third = (make.entry(found) for _each in range(3))
    make.scored(one, first, 1)
    make.scored(one, second, 1, hand_in=False)
    assert one.user
    actions.declare_conflict(actions.sheet_of(one, third), "Mein Verein.", by=one.user)
    progress = jury.progress(found, datetime.now(UTC))
    seat, other = progress.seats
    assert (seat.handed_in, seat.conflicts, seat.open, seat.to_score) == (1, 1, 1, 2)
    assert [line.entry for line in seat.missing] == [second]
    assert (other.handed_in, other.open, other.to_score) == (0, 3, 3)
    assert {str(line.mark.label) for line in seat.lines} == {"abgegeben", "Entwurf", "befangen"}
    assert not progress.is_complete
    make.scored(one, second, 1)
    for about in (first, second, third):
        make.scored(two, about, 1)
    assert jury.progress(found, datetime.now(UTC)).is_complete


def test_scores_are_means_with_their_differences_the_best_entry_first(found: Competition) -> None:
    one, two = make.member(found), make.member(found)
    low, high, unscored = (make.entry(found) for _each in range(3))
    first = jury.criteria_of(found)[0]
    values = sorted(step["value"] for step in first.steps)
    make.scored(one, low, values[0])
    make.scored(two, low, values[0])
    make.scored(one, high, values[-1])
    make.scored(two, high, values[0])
    for member in (one, two):
        assert member.user
        actions.declare_conflict(actions.sheet_of(member, unscored), "Mein Verein.", by=member.user)
    scores = jury.scores_of(found)
    assert [score.entry for score in scores] == [high, low, unscored]
    assert [score.percent for score in scores] == [50, 0, None]
    assert scores[0].aggregates[0].mean == Fraction(values[0] + values[-1], 2)
    assert scores[0].aggregates[0].difference == f"{len(values) - 1} Stufen auseinander"
    assert scores[1].aggregates[0].difference == ""
    assert scores[2].result is None


# --- mails ------------------------------------------------------------------------------------------------------------


def test_each_member_is_told_once_that_scoring_has_begun() -> None:
    found = make.jury_competition(Phase.VOTING, title="Grüne Schulhöfe")
    make.member(found, UserFactory(jury=True, email="mia@example.org"))
    make.member(found, UserFactory(email="ohne-rolle@example.org"))
    assert jury_mails.tell_that_scoring_has_begun() == 0
    row = found.phases.get(phase=Phase.JURY)
    assert row.ends_at
    assert jury_mails.tell_that_scoring_has_begun(now=row.starts_at - timedelta(microseconds=1)) == 0
    assert jury_mails.tell_that_scoring_has_begun(now=row.starts_at) == 1
    assert jury_mails.tell_that_scoring_has_begun(now=row.starts_at) == 0
    outbox.drain()
    [letter] = mail.outbox
    assert letter.to == ["mia@example.org"]
    assert letter.subject == "Die Jury kann bewerten: Grüne Schulhöfe"
    assert "Bitte geben Sie Ihre Bewertungen bis zum" in letter.body


def test_nobody_is_told_of_a_competition_that_is_not_published_or_a_phase_that_is_over() -> None:
    hidden, over = make.jury_competition(), make.jury_competition(Phase.RESULT)
    hidden.page.unpublish()
    make.member(hidden)
    make.member(over)
    assert jury_mails.tell_that_scoring_has_begun() == 0


def test_who_was_dismissed_meanwhile_gets_no_mail(found: Competition, lead: User) -> None:
    member = actions.appoint(found, UserFactory(jury=True), by=lead)
    actions.dismiss(member, by=lead)
    outbox.drain()
    assert mail.outbox == []
