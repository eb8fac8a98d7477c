"""The whole table of steps: every status × action × role. What is expected is written here by hand, as the office reads it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from ideas import actions, permissions, workflow
from ideas.models import Idea, TrailEntry, TrailText
from ideas.workflow import Action, Channel, Contribution, Reason, Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, draft, finished_round, make_idea, submission

# Who may take a step from a status, and where it leads.
#   R = Prüfung (reviewer), L = Leitung (lead); all other roles, visitors and closed accounts may take none of them.
#   "RL =" both, the status stays · "L kept" the lead alone, afterwards the idea is kept · "-" nobody
# The second column: ! a public reason must be given, ? may be given. The third: * only once the idea is released.
EXPECTED = """
action           |  |  |draft |unconfirmed |submitted    |in_review   |question     |kept        |rejected    |merged |withdrawn
submit           |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
confirm          |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
import           |? |  |-     |-           |-            |-           |-            |-           |-           |-      |-
release          |? |  |-     |-           |RL =         |RL =        |RL =         |-           |RL =        |-      |-
take_into_review |? |* |-     |-           |RL in_review |-           |RL in_review |-           |-           |-      |-
ask_back         |! |  |-     |-           |RL question  |RL question |-            |-           |-           |-      |-
keep             |? |* |-     |-           |-            |L kept      |-            |-           |-           |-      |-
reject           |! |  |-     |-           |L rejected   |L rejected  |L rejected   |-           |-           |-      |-
reopen           |! |* |-     |-           |-            |-           |-            |L in_review |L in_review |-      |-
reclassify       |! |  |-     |-           |RL =         |RL =        |RL =         |RL =        |RL =        |-      |-
link_measure     |? |* |-     |-           |-            |-           |-            |RL =        |-           |-      |-
unlink_measure   |! |* |-     |-           |-            |-           |-            |RL =        |-           |-      |-
progress         |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
answer           |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
edit             |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
withdraw         |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
merge            |! |* |-     |-           |L merged     |L merged    |L merged     |L merged    |L merged    |-      |-
absorb           |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
unmerge          |! |  |-     |-           |-            |-           |-            |-           |-           |L kept |-
let_go           |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
split            |! |* |-     |-           |L =          |L =         |L =          |L =         |L =         |-      |-
split_off        |  |  |-     |-           |-            |-           |-            |-           |-           |-      |-
publish_review   |? |* |-     |-           |-            |L =         |-            |L =         |L =         |-      |-
redact           |! |  |-     |-           |L =          |L =         |L =          |L =         |L =         |L =    |L =
"""
# What no person at the desk does: the author by handing in and confirming, an import, a measure that moves on.
BY_ITSELF = {
    (Action.SUBMIT, Status.DRAFT): {Status.SUBMITTED, Status.UNCONFIRMED},
    (Action.CONFIRM, Status.UNCONFIRMED): {Status.SUBMITTED},
    (Action.IMPORT, Status.DRAFT): {Status.KEPT, Status.SUBMITTED, Status.IN_REVIEW, Status.REJECTED},
    (Action.PROGRESS, Status.KEPT): {None},
    # The author answers; the idea goes back to where the question was asked.
    (Action.ANSWER, Status.QUESTION): {Status.SUBMITTED, Status.IN_REVIEW},
    (Action.EDIT, Status.SUBMITTED): {None},
    (Action.EDIT, Status.IN_REVIEW): {None},
    (Action.EDIT, Status.QUESTION): {None},
    (Action.WITHDRAW, Status.SUBMITTED): {Status.WITHDRAWN},
    (Action.WITHDRAW, Status.IN_REVIEW): {Status.WITHDRAWN},
    (Action.WITHDRAW, Status.QUESTION): {Status.WITHDRAWN},
    (Action.WITHDRAW, Status.KEPT): {Status.WITHDRAWN},
    (Action.WITHDRAW, Status.REJECTED): {Status.WITHDRAWN},
    # The other side of a merge, of its undoing and of a split.
    (Action.ABSORB, Status.SUBMITTED): {None},
    (Action.ABSORB, Status.IN_REVIEW): {None},
    (Action.ABSORB, Status.QUESTION): {None},
    (Action.ABSORB, Status.KEPT): {None},
    (Action.ABSORB, Status.REJECTED): {None},
    (Action.LET_GO, Status.SUBMITTED): {None},
    (Action.LET_GO, Status.IN_REVIEW): {None},
    (Action.LET_GO, Status.QUESTION): {None},
    (Action.LET_GO, Status.KEPT): {None},
    (Action.LET_GO, Status.REJECTED): {None},
    (Action.LET_GO, Status.MERGED): {None},
    (Action.SPLIT_OFF, Status.DRAFT): {Status.SUBMITTED},
}
LETTERS = {"R": Role.REVIEWER, "L": Role.LEAD}
REASON = {"": Reason.NONE, "?": Reason.OPTIONAL, "!": Reason.REQUIRED}
WHY = "Weil es so im Gesetz steht."


class Cell:
    def __init__(self, action: str, reason: str, release: str, status: str, text: str) -> None:
        self.action, self.status = Action(action), Status(status)
        self.reason, self.needs_release = REASON[reason], release == "*"
        who, _, target = text.partition(" ")
        self.roles = set() if who == "-" else {LETTERS[letter] for letter in who}
        self.target = None if who == "-" else self.status if target == "=" else Status(target)

    def __str__(self) -> str:
        return f"{self.action}-{self.status}"


def _cells() -> Iterator[Cell]:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in EXPECTED.strip().splitlines()]
    for action, reason, release, *texts in rows:
        for status, text in zip(head[3:], texts, strict=True):
            yield Cell(action, reason, release, status, text)


CELLS = list(_cells())


def people() -> list[Any]:
    """One person for each role, a visitor, and a lead whose account was closed. Citizens have no role of their own."""
    roles = [role for role in Role if role is not Role.CITIZEN]
    return [
        AnonymousUser(),
        UserFactory(),
        UserFactory(lead=True, is_active=False),
        *(UserFactory(roles=[role]) for role in roles),
    ]


def expected_of(cell: Cell, person: Any) -> bool:
    return bool(person.is_active and cell.roles & person.roles) if person.is_authenticated else False


def press(action: Action, idea: Idea, person: Any, reason: str = WHY, measure: Any = None, loesung: Any = None) -> TrailEntry:
    """What the review desk does for this action."""
    decision = actions.Decision(reason=reason)
    if action is Action.RELEASE:
        return actions.release(idea, idea.latest_version, by=person, decision=decision)
    if action is Action.RECLASSIFY:
        return actions.reclassify(idea, loesung, by=person, decision=decision)
    if action is Action.LINK_MEASURE:
        return actions.link_measure(idea, measure, Contribution.FULL, by=person, decision=decision)
    if action is Action.UNLINK_MEASURE:
        return actions.unlink_measure(idea, measure, by=person, decision=decision)
    if action is Action.REDACT:
        return actions.redact(step_with_words(idea), by=person, decision=decision)
    if action is Action.MERGE:
        return actions.merge(make_idea(Status.KEPT), [idea], by=person, decision=decision)[0]
    if action is Action.UNMERGE:
        return actions.unmerge([idea], by=person, decision=decision)[0]
    if action is Action.SPLIT:
        actions.split(
            idea,
            [actions.Part("Bänke", "Bänke am Radweg."), actions.Part("Licht", "Licht am Radweg.")],
            by=person,
            decision=decision,
        )
        return idea.trail.get(position=idea.trail_length)
    if action is Action.PUBLISH_REVIEW:
        return actions.publish_review(idea, by=person, decision=decision)
    return actions.take(idea, action, by=person, decision=decision)


def step_with_words(idea: Idea) -> TrailEntry:
    """The latest step of the idea that has words; where none has, one that is written for it."""
    latest = TrailEntry.objects.filter(idea=idea).exclude(text__reason="").order_by("position").last()
    if latest:
        return latest
    if idea.status in workflow.STANDING:
        return actions.reclassify(idea, LoesungFactory(), by=UserFactory(lead=True), decision=actions.Decision(reason=WHY))
    return TrailEntry(idea=idea, action=Action.SUBMIT, from_status=Status.DRAFT, to_status=idea.status, text=TrailText())


@pytest.fixture
def stage(db: None) -> dict[str, Any]:
    return {"measure": MeasureFactory(), "loesung": LoesungFactory()}


def prepared(cell: Cell, stage: dict[str, Any]) -> Idea:
    """An idea with which this step can be taken, as far as the status allows."""
    released = False if cell.action is Action.RELEASE and cell.status in {Status.QUESTION, Status.REJECTED} else None
    if cell.status is Status.SUBMITTED and cell.action is not Action.RELEASE:
        released = True
    idea = make_idea(cell.status, released=released)
    if cell.action is Action.REDACT and cell.status is Status.SUBMITTED:
        step_with_words(idea)
    if cell.action is Action.RELEASE and cell.status is Status.IN_REVIEW:
        actions.edit(idea, "Neuer Titel", "Was der Absender noch sagen wollte.")
    if cell.action is Action.UNLINK_MEASURE and cell.status is Status.KEPT:
        actions.link_measure(idea, stage["measure"], Contribution.FULL, by=UserFactory(lead=True))
    if cell.action is Action.PUBLISH_REVIEW:
        return with_finished_review(cell.status)
    return idea


def with_finished_review(status: Status) -> Idea:
    """An idea of which a review by criteria was handed in before it came to this status."""
    if status not in {Status.IN_REVIEW, Status.KEPT, Status.REJECTED}:
        return make_idea(status, released=status is not Status.SUBMITTED or None)
    idea = make_idea(Status.IN_REVIEW)
    finished_round(idea)
    if status is not Status.IN_REVIEW:
        action = Action.KEEP if status is Status.KEPT else Action.REJECT
        actions.take(idea, action, by=UserFactory(lead=True), decision=actions.Decision(reason=WHY))
    return idea


def test_the_table_names_every_status_and_every_action() -> None:
    assert {(cell.action, cell.status) for cell in CELLS} == {(action, status) for action in Action for status in Status}
    assert len(CELLS) == 24 * 9


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_each_person_takes_exactly_the_steps_of_their_role(cell: Cell, stage: dict[str, Any]) -> None:
    idea = prepared(cell, stage)
    before = (idea.status, idea.trail_length)
    for person in people():
        offered = cell.action in {step.action for step in permissions.possible_steps(person, idea)}
        assert offered == expected_of(cell, person), f"offered to {getattr(person, 'roles', 'visitor')}"
        again = Idea(**{field.attname: getattr(idea, field.attname) for field in Idea._meta.concrete_fields})
        mark = transaction.savepoint()
        if offered:
            entry = press(cell.action, again, person, **stage)
            assert (entry.from_status, entry.to_status, again.status) == (cell.status, cell.target, cell.target)
            stored = Idea.objects.get(pk=idea.pk)
            assert (stored.status, stored.trail_length) == (cell.target, before[1] + 1)
        else:
            with pytest.raises(actions.Refused):
                press(cell.action, again, person, **stage)
            assert (again.status, again.trail_length) == before
            assert TrailEntry.objects.filter(idea=idea).count() == before[1]
        transaction.savepoint_rollback(mark)


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.roles], ids=str)
def test_a_step_that_needs_a_reason_is_refused_without_one_and_no_other_is(cell: Cell, stage: dict[str, Any]) -> None:
    idea = prepared(cell, stage)
    lead = UserFactory(lead=True)
    [step] = [step for step in permissions.possible_steps(lead, idea) if step.action == cell.action]
    assert step.reason is cell.reason
    for nothing in ("", " \n\t", "\u200b", "…"):
        if cell.reason is Reason.REQUIRED:
            with pytest.raises(actions.Refused, match="begründen"):
                press(cell.action, idea, lead, nothing, **stage)
            idea.refresh_from_db()
            assert idea.status == cell.status
    if cell.reason is Reason.REQUIRED:
        assert press(cell.action, idea, lead, WHY, **stage).reason == WHY
    else:
        assert press(cell.action, idea, lead, "", **stage).reason == ""


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.roles and cell.status is not Status.KEPT], ids=str)
def test_an_idea_that_nobody_released_goes_no_step_that_shows_it(cell: Cell, stage: dict[str, Any]) -> None:
    if cell.status is Status.MERGED:
        return  # such an idea was released before it was merged, see test_merging.py
    if cell.status is Status.IN_REVIEW:
        # No unreleased idea comes that far; the rule still stands.
        idea = Idea(status=Status.IN_REVIEW, number=1)
        assert (permissions.why_not(UserFactory(lead=True), step_of(cell), idea) == "") != cell.needs_release
        return
    idea = make_idea(cell.status, released=False)
    lead = UserFactory(lead=True)
    offered = cell.action in {step.action for step in permissions.possible_steps(lead, idea)}
    assert offered != cell.needs_release
    if cell.needs_release:
        with pytest.raises(actions.Refused, match="veröffentlichen Sie die Idee zuerst"):
            press(cell.action, idea, lead, **stage)
    else:
        press(cell.action, idea, lead, **stage)


def step_of(cell: Cell) -> workflow.Step:
    step = workflow.find_step(cell.action, cell.status)
    assert step
    return step


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED])
def test_nobody_decides_about_their_own_idea(status: Status, stage: dict[str, Any]) -> None:
    lead = UserFactory(lead=True)
    idea = make_idea(status, user=lead)
    assert permissions.possible_steps(lead, idea) == []
    for cell in CELLS:
        if cell.status is status and cell.roles:
            with pytest.raises(actions.Refused):
                press(cell.action, idea, lead, **stage)
    assert TrailEntry.objects.filter(idea=idea).count() == idea.trail_length


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.QUESTION])
def test_every_open_idea_can_still_be_kept(status: Status, db: None) -> None:
    """No dead end: also an idea that was asked back before anybody released it."""
    lead, idea = UserFactory(lead=True), make_idea(status, released=False)
    actions.release(idea, idea.latest_version, by=lead)
    actions.take(idea, Action.TAKE_INTO_REVIEW, by=lead)
    actions.take(idea, Action.KEEP, by=lead)
    assert idea.status == Status.KEPT


def test_an_idea_rejected_unseen_can_be_shown_and_taken_up_again(db: None) -> None:
    lead, idea = UserFactory(lead=True), make_idea(Status.REJECTED, released=False)
    assert not idea.is_public
    actions.release(idea, idea.latest_version, by=lead)
    assert Idea.objects.public().get() == idea
    actions.take(idea, Action.REOPEN, by=lead, decision=actions.Decision(reason=WHY))
    assert idea.status == Status.IN_REVIEW


def test_a_wording_that_is_public_is_not_released_again(db: None) -> None:
    lead, idea = UserFactory(lead=True), make_idea(released=True)
    assert Action.RELEASE not in {step.action for step in permissions.possible_steps(lead, idea)}
    with pytest.raises(actions.Refused, match="schon veröffentlicht"):
        actions.release(idea, idea.latest_version, by=lead)


def test_a_wording_is_not_released_when_the_author_wrote_a_newer_one(db: None) -> None:
    from ideas.models import IdeaVersion

    lead, idea = UserFactory(lead=True), make_idea()
    seen = idea.latest_version
    IdeaVersion.objects.create(idea=idea, version=2, title="Neu", text="Neu")
    with pytest.raises(actions.Overtaken):
        actions.release(Idea.objects.get(pk=idea.pk), seen, by=lead)
    assert not Idea.objects.public().filter(pk=idea.pk).exists()


def test_a_wording_of_another_idea_is_never_released(db: None) -> None:
    lead, idea, other = UserFactory(lead=True), make_idea(), make_idea()
    with pytest.raises(actions.Refused):
        actions.release(idea, other.latest_version, by=lead)


# --- what happens without the desk ------------------------------------------------------------------------------------


def test_what_happens_by_itself_stands_in_the_table_and_nothing_else_does() -> None:
    found = {(step.action, status): set() for step in workflow.STEPS if not step.roles for status in step.sources}
    for step in workflow.STEPS:
        for status in step.sources:
            if not step.roles:
                found[step.action, status].add(step.target)
    assert found == BY_ITSELF


def test_an_account_hands_in_and_the_idea_waits_for_review(db: None) -> None:
    idea, new = actions.submit(submission())
    assert (new, idea.status, idea.trail_length) == (True, Status.SUBMITTED, 1)
    assert not idea.is_public


def test_a_guest_hands_in_and_the_idea_waits_for_the_mailed_link(db: None) -> None:
    idea, _new = actions.submit(submission(email="gast@example.org"))
    assert idea.status == Status.UNCONFIRMED
    assert not Idea.objects.visible_to(UserFactory(lead=True)).filter(pk=idea.pk).exists()
    actions.confirm(idea)
    assert [entry.to_status for entry in idea.trail.all()] == [Status.UNCONFIRMED, Status.SUBMITTED]
    assert [entry.to_status for entry in idea.public_trail()] == [Status.SUBMITTED], "the public way begins here"


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED])
def test_the_mailed_link_pressed_again_changes_nothing(status: Status, db: None) -> None:
    idea = make_idea(status, email="gast@example.org")
    actions.confirm(idea)
    idea.refresh_from_db()
    assert idea.status == status
    assert idea.trail.count() == idea.trail_length


def test_a_draft_is_not_confirmed(db: None) -> None:
    with pytest.raises(actions.Refused):
        actions.confirm(draft())


def test_pressing_the_mailed_link_twice_at_once_is_no_fault(db: None) -> None:
    first = make_idea(Status.UNCONFIRMED)
    second = Idea.objects.get(pk=first.pk)
    actions.confirm(first)
    actions.confirm(second)
    assert Idea.objects.get(pk=first.pk).trail.count() == 2


def test_the_link_to_an_idea_that_was_cleared_away_meanwhile_says_so(db: None) -> None:
    idea = make_idea(Status.UNCONFIRMED)
    stale = Idea.objects.select_related("author").get(pk=idea.pk)
    idea.delete()
    with pytest.raises(actions.Refused):
        actions.confirm(stale)


def test_an_imported_idea_is_kept_and_public_at_once(db: None) -> None:
    from django.utils import timezone

    loesung = LoesungFactory()
    idea = actions.import_kept(actions.ImportedIdea(70, "Titel", "Text", loesung, Channel.WORKSHOP, timezone.now()))
    assert (idea.number, idea.status, idea.loesung) == (70, Status.KEPT, loesung)
    assert Idea.objects.public().get() == idea


@pytest.mark.parametrize("action", [Action.RELEASE, Action.RECLASSIFY, Action.LINK_MEASURE, Action.UNLINK_MEASURE])
def test_a_step_that_changes_more_than_the_status_is_not_taken_without_what_it_changes(action: Action, db: None) -> None:
    """Otherwise the trail would say "released" or "linked" of an idea that isn't."""
    lead = UserFactory(lead=True)
    idea = make_idea(Status.SUBMITTED if action is Action.RELEASE else Status.KEPT)
    with pytest.raises(ValueError, match=action.value):
        actions.take(idea, action, by=lead, decision=actions.Decision(reason=WHY))


# --- the person at the desk -------------------------------------------------------------------------------------------


def test_who_decides_from_an_old_page_is_told_and_nothing_changes(db: None) -> None:
    lead, idea = UserFactory(lead=True), make_idea(Status.IN_REVIEW)
    seen = idea.trail_length
    actions.reclassify(idea, LoesungFactory(), by=UserFactory(reviewer=True), decision=actions.Decision(reason=WHY))
    with pytest.raises(actions.Overtaken, match="inzwischen bearbeitet"):
        actions.take(idea, Action.KEEP, by=lead, decision=actions.Decision(seen=seen))
    assert Idea.objects.get(pk=idea.pk).status == Status.IN_REVIEW


def test_an_idea_in_its_own_loesung_is_not_reclassified(db: None) -> None:
    loesung = LoesungFactory()
    idea = make_idea(loesung=loesung)
    with pytest.raises(actions.Refused, match="schon so eingeordnet"):
        actions.reclassify(idea, loesung, by=UserFactory(lead=True), decision=actions.Decision(reason=WHY))


def test_a_reclassification_shows_before_and_after(db: None) -> None:
    before, after = LoesungFactory(title="Mitfahrbank"), LoesungFactory(title="Dorfladen")
    idea = make_idea(loesung=before)
    entry = actions.reclassify(idea, after, by=UserFactory(reviewer=True), decision=actions.Decision(reason=WHY))
    assert entry.changes == [{"label": "Lösung", "before": "Mitfahrbank", "after": "Dorfladen"}]
    assert Idea.objects.get(pk=idea.pk).loesung == after


def test_a_superuser_decides_like_the_lead_and_not_more(db: None) -> None:
    root: User = UserFactory(is_superuser=True)
    for status in (Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED):
        idea = make_idea(status)
        lead_may = {step.action for step in permissions.possible_steps(UserFactory(lead=True), idea)}
        assert {step.action for step in permissions.possible_steps(root, idea)} == lead_may
