"""Two moderators press at the same moment: one decides, the other is told; and the log has one step."""

from typing import Any

import pytest

from accounts.models import User
from participation import actions
from participation.comment_workflow import Action, Ground
from participation.models import Block, Comment, CommentStep, Complaint
from tests.at_once import at_once
from tests.factories import comments as make

pytestmark = pytest.mark.django_db(transaction=True)
RUNS = 5


@pytest.fixture
def two(transactional_db: None) -> list[User]:
    make.rules(**make.OPEN)
    found = [make.moderator() for _each in range(2)]
    assert all(each.roles for each in found)
    return found


def of(results: list[Any], kind: type) -> int:
    return sum(isinstance(result, kind) for result in results)


def test_of_two_moderators_who_decide_at_once_one_is_told(two: list[User]) -> None:
    for _run in range(RUNS):
        comment = make.comment()
        seen = comment.step_count
        results = at_once(
            [
                lambda c=comment: actions.decide(  # type: ignore[misc]
                    c, Action.HIDE, by=two[0], ground=Ground.INSULT, reason="Zu grob.", seen=seen
                ),
                lambda c=comment: actions.decide(c, Action.KEEP, by=two[1], reason="In Ordnung.", seen=seen),  # type: ignore[misc]
            ]
        )
        assert (of(results, CommentStep), of(results, actions.Overtaken)) == (1, 1), results
        assert Comment.objects.get(pk=comment.pk).step_count == seen + 1


def test_a_complaint_that_two_decide_at_once_is_decided_once(two: list[User]) -> None:
    for _run in range(RUNS):
        comment = make.comment()
        actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason="Zu grob.")
        assert comment.contact
        complaint = actions.complain(comment, "Nein!", comment.contact)
        results = at_once(
            [
                lambda c=complaint, by=by, yes=yes: actions.decide_complaint(c, uphold=yes, by=by, reason="Darum.")  # type: ignore[misc]
                for by, yes in zip(two, (True, False), strict=True)
            ]
        )
        assert (of(results, CommentStep), of(results, actions.Refused)) == (1, 1), results
        assert Complaint.objects.get(pk=complaint.pk).decision in results


def test_a_person_whom_two_block_at_once_is_blocked_once(two: list[User]) -> None:
    for _run in range(RUNS):
        person = make.person()
        results = at_once([lambda p=person, by=by: actions.block(p, by=by, reason="Genug.") for by in two])  # type: ignore[misc]
        assert (of(results, Block), of(results, actions.Refused)) == (1, 1), results
        assert Block.objects.filter(contact=person).count() == 1
