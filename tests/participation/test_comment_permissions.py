"""Who may do what with a comment in which state: the whole table, written by hand."""

from collections.abc import Callable
from contextlib import suppress
from itertools import product
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Contact
from accounts.roles import Role
from ideas.actions import Refused
from participation import actions
from participation.comment_workflow import MOVES, Action, Ground, State
from participation.models import Comment, Complaint
from tests.factories import comments as make
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

UNCONFIRMED, HELD, PUBLIC, HIDDEN, REFUSED, DELETED = State
WHO = ("citizen", "author", "guest", "reviewer", "lead", "editor", "moderator", "jury", "admin")
READERS = set(WHO)  # everybody, without an account too
DESK = {"lead", "moderator"}
NOBODY: set[str] = set()

# action → in which states → who. What isn't named is nobody's. "author" is who wrote it, "guest" somebody without an account.
TABLE: dict[Action, dict[State, set[str]]] = {
    Action.CONFIRM: {UNCONFIRMED: {"guest"}},  # whoever proves the address; it takes no role
    Action.EDIT: {HELD: {"author"}, PUBLIC: {"author"}},
    Action.DELETE: {HELD: {"author"}, PUBLIC: {"author"}, HIDDEN: {"author"}, REFUSED: {"author"}},
    Action.REPORT: {PUBLIC: READERS},
    Action.HOLD: {},  # the house's rules alone
    Action.APPROVE: {HELD: DESK},
    Action.REFUSE: {HELD: DESK},
    Action.HIDE: {PUBLIC: DESK},
    Action.KEEP: {PUBLIC: DESK},
    Action.RESTORE: {HIDDEN: DESK, REFUSED: DESK},
    Action.APPROVE_EDIT: {},  # with an edit that waits: below
    Action.REFUSE_EDIT: {},
    Action.COMPLAIN: {HIDDEN: {"author"}, REFUSED: {"author"}},
    Action.UPHOLD: {},  # with a complaint that is open: below
    Action.REJECT: {},
}
WITH_A_WAITING_EDIT = {
    Action.APPROVE_EDIT: {PUBLIC: DESK},
    Action.REFUSE_EDIT: {PUBLIC: DESK},
    Action.HIDE: {PUBLIC: DESK},
}
WITH_A_COMPLAINT = {
    Action.UPHOLD: {HIDDEN: DESK, REFUSED: DESK},
    Action.REJECT: {HIDDEN: DESK, REFUSED: DESK},
    Action.RESTORE: {},  # whoever decided first may not go round the second person
}
ROLES = {
    "reviewer": Role.REVIEWER,
    "lead": Role.LEAD,
    "editor": Role.EDITOR,
    "moderator": Role.MODERATOR,
    "jury": Role.JURY,
    "admin": Role.ADMIN,
    "citizen": Role.CITIZEN,
}


@pytest.fixture(autouse=True)
def _open_brakes() -> None:
    make.rules(**make.OPEN)


@pytest.fixture
def people() -> dict[str, Any]:
    """An account for each role."""
    return {name: UserFactory(roles=[role], display_name=name) for name, role in ROLES.items()}


def contact(name: str, user: Any, comment: Comment) -> Contact:
    if name == "author":
        assert comment.contact
        return comment.contact
    return make.contact_of_user(user) if user else make.guest()


def try_it(action: Action, name: str, comment: Comment, people: dict[str, Any]) -> None:
    """Raises Refused where this person may not do this now."""
    user = comment.user if name == "author" else people.get(name)
    by: Any = user or _Visitor()
    if action is Action.CONFIRM:
        _confirm(name, comment)
    elif action is Action.HOLD:
        raise Refused("nobody presses this")
    elif action is Action.EDIT:
        actions.edit(comment, "Neu", contact(name, user, comment))
    elif action is Action.DELETE:
        actions.delete_own(comment, contact(name, user, comment))
    elif action is Action.REPORT:
        actions.report(comment, Ground.INSULT, contact=contact(name, user, comment))
    elif action is Action.COMPLAIN:
        actions.complain(comment, "Nein!", contact(name, user, comment))
    elif action in (Action.UPHOLD, Action.REJECT):
        complaint = Complaint.objects.filter(step__comment=comment).select_related("step__comment__contact__user").first()
        if complaint is None:
            raise Refused("there is none")
        actions.decide_complaint(complaint, uphold=action is Action.UPHOLD, by=by, reason="Darum.")
    else:
        actions.decide(comment, action, by=by, ground=Ground.INSULT, reason="Weil.")


def _confirm(name: str, comment: Comment) -> None:
    """No role confirms for another person: it takes the link in the mail."""
    if name != "guest" or comment.state != State.UNCONFIRMED:
        raise Refused("only by the link")
    actions.confirm(comment, make.guest())


class _Visitor:
    """Somebody without an account, as Django knows them."""

    is_authenticated = is_active = False
    pk = None


class _Undo(Exception):
    """Everything as it was before somebody tried."""


def allowed(
    table: dict[Action, dict[State, set[str]]],
    states: Any,
    comment_in: Callable[[State], Comment],
    people: dict[str, Any],
) -> set[Any]:
    """Everything that works, as (action, state, who). Each attempt starts from the same comment."""
    found = set()
    for state in states:
        made = comment_in(state)
        for action, name in product(table, WHO):
            with suppress(_Undo), transaction.atomic():
                comment = Comment.objects.select_related("contact__user", "user").get(pk=made.pk)
                try:
                    try_it(action, name, comment, people)
                except Refused:
                    assert Comment.objects.get(pk=made.pk).step_count == made.step_count, "a refused step leaves a trace"
                else:
                    found.add((action.value, state.value, name))
                raise _Undo
    return found


def expected(table: dict[Action, dict[State, set[str]]]) -> set[Any]:
    return {
        (action.value, state.value, name) for action, row in table.items() for state, names in row.items() for name in names
    }


def test_the_table_names_every_step_and_every_state() -> None:
    assert set(TABLE) == {move.action for move in MOVES}
    assert list(State) == [UNCONFIRMED, HELD, PUBLIC, HIDDEN, REFUSED, DELETED]


@pytest.mark.parametrize("action", list(TABLE), ids=str)
def test_every_role_in_every_state_may_do_what_the_table_says_and_nothing_else(action: Action, people: dict[str, Any]) -> None:
    one = {action: TABLE[action]}
    assert allowed(one, State, make.comment, people) == expected(one)


def _with_waiting_edit(state: State) -> Comment:
    comment = make.comment(state)
    actions.decide(comment, Action.KEEP, by=make.moderator(), reason="Gut.")
    assert comment.contact
    return actions.edit(comment, "Neu", comment.contact)


def _with_complaint(state: State) -> Comment:
    comment = make.comment(state)
    assert comment.contact
    actions.complain(comment, "Nein!", comment.contact)
    return Comment.objects.get(pk=comment.pk)


def test_an_edit_that_waits_is_decided_at_the_desk(people: dict[str, Any]) -> None:
    assert allowed(WITH_A_WAITING_EDIT, [PUBLIC], _with_waiting_edit, people) == expected(WITH_A_WAITING_EDIT)


def test_a_complaint_is_decided_at_the_desk_and_in_no_other_way(people: dict[str, Any]) -> None:
    assert allowed(WITH_A_COMPLAINT, [HIDDEN, REFUSED], _with_complaint, people) == expected(WITH_A_COMPLAINT)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.LEAD])
def test_nobody_at_the_desk_decides_about_an_own_comment(role: Role) -> None:
    own = make.contact_of_user(UserFactory(roles=[role], display_name="Selbst"))
    for state, action in ((PUBLIC, Action.HIDE), (HIDDEN, Action.RESTORE)):
        comment = make.comment(by=own)
        if state == HIDDEN:
            actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason="Weil.")
        with pytest.raises(Refused, match="Über den eigenen Kommentar entscheidet jemand anderes"):
            actions.decide(comment, action, by=own.user, ground=Ground.INSULT, reason="Weil.")


def test_who_decided_first_does_not_decide_about_the_complaint() -> None:
    comment, first = make.comment(), make.moderator()
    actions.decide(comment, Action.HIDE, by=first, ground=Ground.INSULT, reason="Weil.")
    assert comment.contact
    complaint = actions.complain(comment, "Nein!", comment.contact)
    with pytest.raises(Refused, match="Sie haben zuerst entschieden"):
        actions.decide_complaint(complaint, uphold=True, by=first, reason="Doch.")
    with pytest.raises(Refused):
        actions.decide(comment, Action.RESTORE, by=first, reason="Hintenherum.")


@pytest.mark.parametrize("name", WHO)
def test_only_the_desk_blocks_and_nobody_blocks_the_team(name: str, people: dict[str, Any]) -> None:
    comment = make.comment()
    by: Any = comment.user if name == "author" else people.get(name) or _Visitor()
    troublemaker = make.person()
    if name in DESK:
        actions.block(troublemaker, by=by, reason="Genug.")
        with pytest.raises(Refused, match="Mitglieder des Teams"):
            actions.block(make.contact_of_user(UserFactory(editor=True)), by=by, reason="Genug.")
    else:
        with pytest.raises(Refused):
            actions.block(troublemaker, by=by, reason="Genug.")
        with pytest.raises(Refused):
            actions.close_discussion(comment.discussion, True, by=by)
