"""An author presses a button at the same moment as somebody else, or twice."""

from typing import Any

import pytest

from ideas import actions
from ideas.models import Idea, IdeaAuthor, TrailEntry
from ideas.workflow import Action, Status
from tests.at_once import at_once
from tests.factories import UserFactory, make_idea

GUEST = "gast@example.org"
ANSWER, TEXT = "Am Kilometer 7.", "Mit Lehne und Schatten, bitte."
pytestmark = pytest.mark.django_db(transaction=True)


def pages_of(idea: Idea) -> tuple[Idea, Idea]:
    """The same idea as two people see it."""
    one, other = (Idea.objects.select_related("author", "released_version").get(pk=idea.pk) for _ in range(2))
    return one, other


def steps(idea: Idea, action: Action) -> int:
    idea.refresh_from_db()
    assert idea.trail_length == idea.trail.count()
    return idea.trail.filter(action=action).count()


def test_an_answer_sent_twice_at_once_is_one_and_no_fault() -> None:
    idea = make_idea(Status.QUESTION, email=GUEST)
    one, other = pages_of(idea)
    results = at_once([lambda: actions.answer(one, ANSWER), lambda: actions.answer(other, ANSWER)])
    assert [type(result) for result in results] == [TrailEntry, TrailEntry]
    assert steps(idea, Action.ANSWER) == 1


def test_a_wording_sent_twice_at_once_is_one_and_no_fault() -> None:
    idea = make_idea(email=GUEST)
    one, other = pages_of(idea)
    results = at_once([lambda page=page: actions.edit(page, "Bänke", TEXT, seen=1) for page in (one, other)])  # type: ignore[misc]
    assert sorted(result is None for result in results) == [False, True], results
    assert (idea.versions.count(), steps(idea, Action.EDIT)) == (2, 1)


def test_withdrawing_twice_at_once_is_one_and_no_fault() -> None:
    idea = make_idea(Status.KEPT, email=GUEST)
    one, other = pages_of(idea)
    results = at_once([lambda: actions.withdraw(one), lambda: actions.withdraw(other)])
    assert [type(result) for result in results] == [TrailEntry, TrailEntry]
    assert steps(idea, Action.WITHDRAW) == 1


def test_withdrawing_while_the_lead_decides_one_of_both_is_told_and_nothing_is_half_done() -> None:
    idea, lead = make_idea(Status.IN_REVIEW, email=GUEST), UserFactory(lead=True)
    assert lead.roles
    one, other = pages_of(idea)
    results: list[Any] = at_once([lambda: actions.withdraw(one), lambda: actions.take(other, Action.KEEP, by=lead)])
    told = [result for result in results if isinstance(result, actions.Refused)]
    assert len(told) == 1, results
    idea.refresh_from_db()
    withdrawn = idea.status == Status.WITHDRAWN
    assert steps(idea, Action.WITHDRAW) == int(withdrawn)
    assert IdeaAuthor.objects.get(idea=idea).email == ("" if withdrawn else GUEST)


def test_of_two_accounts_that_claim_at_once_one_gets_the_idea() -> None:
    idea = make_idea(Status.KEPT, email=GUEST)
    people = UserFactory(), UserFactory()
    one, other = pages_of(idea)
    results = at_once([lambda: actions.claim(one, by=people[0]), lambda: actions.claim(other, by=people[1])])
    assert sorted(isinstance(result, actions.Refused) for result in results) == [False, True], results
    assert IdeaAuthor.objects.get(idea=idea).user in people
