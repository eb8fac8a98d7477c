"""Two people decide about the same entry at the same moment, or one presses twice: one decision counts, none is a fault."""

from typing import Any

import pytest

from ideas import actions as idea_actions
from ideas.models import Idea
from participation import actions
from participation.models import Entry, EntryStep
from participation.phases import Phase
from tests.at_once import at_once
from tests.factories import UserFactory, make_idea, submission
from tests.factories.participation import competition, entry

pytestmark = pytest.mark.django_db(transaction=True)
RUNS = 10


def leads() -> tuple[Any, Any]:
    one, other = UserFactory(lead=True), UserFactory(lead=True)
    assert one.roles == other.roles
    return one, other


def of(results: list[Any], kind: type) -> int:
    return sum(isinstance(result, kind) for result in results)


def as_two_see_it(made: Entry) -> tuple[Entry, Entry]:
    rows = Entry.objects.select_related("idea__author", "competition__page")
    return rows.get(pk=made.pk), rows.get(pk=made.pk)


def test_of_two_leads_who_decide_at_once_one_is_told_and_one_step_is_kept() -> None:
    found, (lea, leo) = competition(Phase.REVIEW), leads()
    for _run in range(RUNS):
        made = entry(found, state="proposed")
        one, other = as_two_see_it(made)
        results = at_once(
            [
                lambda one=one: actions.take_in(one, by=lea, seen=1),  # type: ignore[misc]
                lambda other=other: actions.decline(other, by=leo, reason="Passt nicht.", seen=1),  # type: ignore[misc]
            ]
        )
        assert (of(results, EntryStep), of(results, actions.Overtaken)) == (1, 1), results
        made.refresh_from_db()
        steps = list(made.steps.values_list("to_state", flat=True))
        assert steps == ["proposed", made.state]
        assert made.step_count == 2


def test_an_idea_that_is_proposed_twice_at_once_is_proposed_once() -> None:
    found = competition(Phase.SUBMISSION)
    for _run in range(RUNS):
        idea = make_idea(email="gast@example.org")
        pages = [Idea.objects.select_related("author").get(pk=idea.pk) for _each in range(2)]
        results = at_once([lambda page=page: actions.propose(found, page, is_own=True) for page in pages])  # type: ignore[misc]
        assert (of(results, Entry), of(results, actions.Refused)) == (1, 1), results
        assert Entry.objects.filter(idea=idea).count() == EntryStep.objects.filter(entry__idea=idea).count() == 1


def test_proposed_by_the_author_and_taken_in_by_the_lead_at_once_it_takes_part_once() -> None:
    found, (lea, _leo) = competition(Phase.SUBMISSION), leads()
    idea = make_idea(email="gast@example.org", released=True)
    results = at_once(
        [lambda: actions.propose(found, idea, is_own=True), lambda: actions.take_in_directly(found, idea, by=lea)]
    )
    assert (of(results, Entry), of(results, actions.Refused)) == (1, 1), results
    assert Entry.objects.count() == 1


def test_taken_back_and_taken_in_at_once_one_is_told() -> None:
    found, (lea, _leo) = competition(Phase.SUBMISSION), leads()
    for _run in range(RUNS):
        one, other = as_two_see_it(entry(found, state="proposed"))
        results = at_once(
            [
                lambda one=one: actions.retract(one, is_own=True),  # type: ignore[misc]
                lambda other=other: actions.take_in(other, by=lea, seen=1),  # type: ignore[misc]
            ]
        )
        assert (of(results, EntryStep), of(results, actions.Overtaken)) == (1, 1), results


def test_the_same_form_sent_twice_at_once_is_one_idea_with_one_entry() -> None:
    found = competition(Phase.SUBMISSION)
    for run in range(RUNS):
        handed = submission(
            email=f"gast{run}@example.org", along=lambda idea, now: actions.enter_handed_in(found, idea, now=now)
        )
        results = at_once([lambda handed=handed: idea_actions.submit(handed) for _each in range(2)])  # type: ignore[misc]
        assert sorted(is_new for _idea, is_new in results) == [False, True]
        assert Entry.objects.filter(idea__submission_key=handed.key).count() == 1
