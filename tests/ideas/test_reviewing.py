"""Review by criteria: who may do and see what, what several reviews come to, and what happens when people press at once."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from common.models import OutboxMessage
from ideas import actions, permissions, reviewing
from ideas.models import (
    Criterion,
    Idea,
    InternalNote,
    Review,
    ReviewRound,
    ReviewScheme,
    ReviewScore,
    ReviewSettings,
    SchemeVersion,
    TrailEntry,
)
from ideas.workflow import Action, Status
from tests.at_once import at_once
from tests.factories import UserFactory, answer, assigned, finished_round, make_idea, scheme
from tests.ideas.sql import assert_refused, execute

YES_NO = Criterion(pk=1, key="machbar", name="Machbar", question="Geht das?", kind="yes_no")
STEPS = [{"value": value, "label": label} for value, label in enumerate(["gering", "mittel", "hoch", "sehr hoch"])]


def scale(pk: int = 2, weight: int = 1) -> Criterion:
    return Criterion(
        pk=pk, key=f"k{pk}", name=f"Kriterium {pk}", question="Wie sehr?", kind="scale", weight=weight, steps=STEPS, stage=2
    )


def reload(review_round: ReviewRound) -> ReviewRound:
    return ReviewRound.objects.get(pk=review_round.pk)


# --- the two schemes --------------------------------------------------------------------------------------------------


def test_both_schemes_come_with_the_house_and_a_new_review_begins_with_myk10(db: None) -> None:
    shipped = {
        each.slug: [[criterion.name for criterion in criteria] for _stage, criteria in each.current.stages]
        for each in ReviewScheme.objects.all()
        if each.current
    }
    assert shipped == {
        "myk10": [
            ["Passt zu Strategie und Lösungen", "Technisch machbar", "Förderfähig"],
            ["Modellhaftigkeit", "Übertragbarkeit", "Innovationsgrad"],
        ],
        "mainz": [
            ["Digitalisierungsbezug", "Leitlinien", "Handlungsbedarfe", "Nutzen", "Vernetzung"],
            ["Grad der Vernetzung", "Grad der Innen- und Außenwirkung", "Grad des Kompetenzaufbaus", "Grad der Synergien"],
        ],
    }
    assert {each.slug: each.result_name for each in ReviewScheme.objects.all()} == {
        "myk10": "Erste Bewertung",
        "mainz": "Priorität",
    }
    assert actions.open_round(make_idea(Status.IN_REVIEW), by=UserFactory(lead=True)).scheme_version.scheme.slug == "myk10"


def test_the_first_stage_asks_yes_or_no_and_the_second_has_described_steps(db: None) -> None:
    for criterion in Criterion.objects.all():
        assert criterion.is_scale == (criterion.stage == 2)
        assert criterion.question
        if criterion.is_scale:
            assert all(choice["description"] for choice in criterion.choices)


# --- what several reviews come to -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "result", "differs"),
    [
        ([], "", False),
        (["yes"], "yes", False),
        (["yes", "yes"], "yes", False),
        (["no", "no"], "no", False),
        (["unclear", "unclear"], "unclear", False),
        (["yes", "no"], "mixed", True),
        (["yes", "unclear"], "mixed", True),
    ],
)
def test_a_yes_or_no_is_one_word_where_all_agree(answers: list[str], result: str, differs: bool) -> None:
    each = reviewing.Aggregate(YES_NO, tuple(answers))
    assert (each.result, each.differs, bool(each.difference)) == (result, differs, differs)


@pytest.mark.parametrize(
    ("answers", "label", "difference"),
    [
        (["2"], "hoch", ""),
        (["0", "3"], "mittel", "3 Stufen auseinander"),  # 1.5: between two steps the lower one
        (["1", "2", "2"], "hoch", "1 Stufe auseinander"),
        (["3", "3"], "sehr hoch", ""),
    ],
)
def test_a_scale_gives_the_step_nearest_to_the_mean_and_says_how_far_answers_lie_apart(
    answers: list[str], label: str, difference: str
) -> None:
    each = reviewing.Aggregate(scale(), tuple(answers))
    assert (each.label, each.difference) == (label, difference)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([["yes", "yes"], ["yes", "yes"]], "passed"),
        ([["yes", "yes"], ["no", "no"]], "failed"),
        ([["yes", "no"], ["no", "no"]], "failed"),  # one criterion that all deny is enough
        ([["yes", "yes"], ["yes", "no"]], ""),
        ([["yes", "yes"], ["unclear", "unclear"]], ""),
        ([["yes", "yes"], []], ""),
        ([], ""),
    ],
)
def test_the_first_stage_is_passed_or_failed_where_all_agree_and_else_open(answers: list[list[str]], outcome: str) -> None:
    assert reviewing.stage_one_outcome([reviewing.Aggregate(YES_NO, tuple(each)) for each in answers]) == outcome


def test_the_second_stage_is_a_mean_by_weight() -> None:
    aggregates = [
        reviewing.Aggregate(scale(2, weight=1), ("0", "1")),  # 0.5 of 3: one sixth
        reviewing.Aggregate(scale(3, weight=2), ("3", "3")),  # all
    ]
    assert [each.share for each in aggregates] == [Fraction(1, 6), Fraction(1)]
    result = reviewing.weighted_result(aggregates)
    assert result
    assert (result.percent, result.level) == (72, "high")  # (1/6 + 2) / 3 = 13/18
    assert reviewing.weighted_result([*aggregates, reviewing.Aggregate(scale(4), ())]) is None


@pytest.mark.parametrize(
    ("percent", "label"), [(0, "niedrig"), (33, "niedrig"), (34, "mittel"), (66, "mittel"), (67, "hoch"), (100, "hoch")]
)
def test_a_weighted_result_is_low_middle_or_high(percent: int, label: str) -> None:
    assert reviewing.Weighted(percent).label == label


def test_who_has_least_to_do_gets_the_next_idea() -> None:
    class Somebody:
        def __init__(self, pk: int) -> None:
            self.pk = pk

    one, two, three = people = [Somebody(1), Somebody(2), Somebody(3)]
    plan = reviewing.distribute({10: 2, 11: 1, 12: 2}, people, load={1: 2, 2: 0, 3: 1}, taken={10: {2}})
    #                  10: two can't · then 1: 3, 2: 0, 3: 2 · 11: two · then 2: 1 · 12: two, then three
    assert plan == {10: [three, one], 11: [two], 12: [two, three]}


# --- who may do what --------------------------------------------------------------------------------------------------

# role × action × state of the review. R the assigned reviewer, O another reviewer, L the lead; nobody else may do any of it,
# not even the other roles, visitors and closed accounts. "W": the lead who wrote the idea, "B": the lead who is biased.
MAY = """
                   |open |partly |complete |passed |stage2 |closed
assign             |L B  |L B    |L B      |-      |L B    |-
settle_stage_one   |-    |-      |L        |-      |-      |-
open_stage_two     |-    |-      |-        |L      |-      |-
take_off           |L    |L      |-        |-      |L      |-
save_draft         |R    |R      |-        |-      |R      |-
hand_in            |R    |R      |-        |-      |R      |-
declare_conflict   |R    |R      |-        |-      |R      |-
publish_review     |-    |-      |L        |L      |L      |L
add_note           |R O L W B |R O L W B |R O L W B |R O L W B |R O L W B |R O L W B
"""
STATES = [cell.strip() for cell in MAY.splitlines()[1].split("|")[1:]]
RIGHTS = {
    row.split("|")[0].strip(): dict(zip(STATES, [set(cell.split()) - {"-"} for cell in row.split("|")[1:]], strict=True))
    for row in MAY.strip().splitlines()[1:]
}


def cast() -> dict[str, Any]:
    others = [role for role in Role if role not in {Role.LEAD, Role.REVIEWER}]
    return {
        "R": UserFactory(reviewer=True),
        "colleague": UserFactory(reviewer=True),
        "O": UserFactory(reviewer=True),
        "L": UserFactory(lead=True),
        "W": UserFactory(lead=True),
        "B": UserFactory(lead=True),
        "visitor": AnonymousUser(),
        "closed": UserFactory(lead=True, is_active=False),
        **{role.name: UserFactory(roles=[role]) for role in others},
    }


def staged(state: str, people: dict[str, Any]) -> tuple[Idea, Review]:
    """An idea whose review stands so; and the review that R has, open where the state allows."""
    idea = make_idea(Status.IN_REVIEW, user=people["W"])
    mine, theirs, biased = assigned(idea, [people["R"], people["colleague"], people["B"]], lead=people["L"])
    actions.declare_conflict(biased, "Der Vorschlag kommt aus meinem Verein.", by=people["B"])
    if state != "open":
        answer(theirs, "yes")
    if state in {"complete", "passed", "stage2", "closed"}:
        answer(mine, "unclear" if state == "complete" else "yes")
    if state == "stage2":
        [mine, _theirs] = actions.open_stage_two(reload(mine.round), by=people["L"])
    if state == "closed":
        actions.take(idea, Action.KEEP, by=people["L"])
    return Idea.objects.get(pk=idea.pk), Review.objects.get(pk=mine.pk)


def act(action: str, idea: Idea, review: Review, person: Any, fresh: Any) -> Any:
    scores = {criterion.pk: actions.Answer(criterion.choices[0]["value"]) for criterion in review.criteria}
    match action:
        case "assign":
            return actions.assign([idea], [fresh], by=person)
        case "settle_stage_one":
            return actions.settle_stage_one(review.round, "passed", by=person)
        case "open_stage_two":
            return actions.open_stage_two(review.round, by=person)
        case "take_off":
            return actions.take_off(review, by=person)
        case "save_draft":
            return actions.save_draft(review, scores, by=person)
        case "hand_in":
            if not review.is_handed_in:
                rows = [ReviewScore(review=review, criterion_id=key, answer=each.answer) for key, each in scores.items()]
                ReviewScore.objects.bulk_create(rows)
            return actions.hand_in(review, by=person)
        case "declare_conflict":
            return actions.declare_conflict(review, "Ich bin mit der Person verwandt.", by=person)
        case "publish_review":
            return actions.publish_review(idea, by=person)
        case "add_note":
            return actions.add_note(idea, "Bitte noch einmal ansehen.", by=person)
    raise ValueError(action)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", RIGHTS)
def test_each_person_does_exactly_what_their_role_allows_in_this_state(action: str, state: str, db: None) -> None:
    from django.db import transaction

    people = cast()
    idea, review = staged(state, people)
    fresh = UserFactory(reviewer=True)
    for name, person in people.items():
        if name == "colleague":
            continue
        mark = transaction.savepoint()
        again_idea, again = Idea.objects.get(pk=idea.pk), Review.objects.select_related("round").get(pk=review.pk)
        if name in RIGHTS[action][state]:
            act(action, again_idea, again, person, fresh)
        else:
            with pytest.raises(actions.Refused):
                act(action, again_idea, again, person, fresh)
        transaction.savepoint_rollback(mark)


# --- who sees what ----------------------------------------------------------------------------------------------------

# Whose answers each person reads: R mine, C my colleague's. The colleague hands in first, then R.
SEES = """
                     |both open |colleague in |both in |decided early
R                    |R         |R            |RC      |R
C                    |C         |C            |RC      |C
another reviewer     |          |             |        |
lead                 |          |             |RC      |C
superuser            |          |             |RC      |C
lead who wrote it    |          |             |        |
biased lead          |          |             |        |
reviewer not any more|          |             |        |
editor               |          |             |        |
moderator            |          |             |        |
citizen              |          |             |        |
visitor              |          |             |        |
closed lead          |          |             |        |
"""


@pytest.mark.parametrize("state", [cell.strip() for cell in SEES.splitlines()[1].split("|")[1:]])
def test_nobody_sees_the_answers_of_others_before_it_is_their_turn(state: str, db: None) -> None:
    author, lead = UserFactory(lead=True), UserFactory(lead=True)
    mine, colleague, biased, gone = (
        UserFactory(roles=[role]) for role in (Role.REVIEWER, Role.REVIEWER, Role.LEAD, Role.REVIEWER)
    )
    idea = make_idea(Status.IN_REVIEW, user=author)
    reviews = dict(zip("RCBG", assigned(idea, [mine, colleague, biased, gone], lead=lead), strict=True))
    actions.declare_conflict(reviews["B"], "Befangen, weil verwandt.", by=biased)
    answer(reviews["G"], "yes")
    gone.groups.clear()
    if state != "both open":
        answer(reviews["C"], "yes", comment="Gefällt mir.")
    if state == "both in":
        answer(reviews["R"], "no")
    if state == "decided early":
        actions.take(idea, Action.REJECT, by=lead, decision=actions.Decision(reason="Das geht nicht."))
    people: dict[str, Any] = {
        "R": mine,
        "C": colleague,
        "another reviewer": UserFactory(reviewer=True),
        "lead": lead,
        "superuser": UserFactory(is_superuser=True),
        "lead who wrote it": author,
        "biased lead": biased,
        "reviewer not any more": type(gone).objects.get(pk=gone.pk),
        "editor": UserFactory(editor=True),
        "moderator": UserFactory(moderator=True),
        "citizen": UserFactory(),
        "visitor": AnonymousUser(),
        "closed lead": UserFactory(lead=True, is_active=False),
    }
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in SEES.strip("\n").splitlines()]
    for name, *cells in rows:
        expected = {reviews[letter].pk for letter in cells[head.index(state) - 1]}
        others = {reviews["G"].pk, reviews["B"].pk}  # asked about below
        seen = set(Review.objects.visible_to(people[name]).values_list("pk", flat=True))
        assert seen - others == expected, name
        assert set(ReviewScore.objects.visible_to(people[name]).values_list("review", flat=True)) <= seen


def test_the_lead_reads_nothing_of_the_second_stage_until_it_is_complete(db: None) -> None:
    lead = UserFactory(lead=True)
    review_round = finished_round(lead=lead)
    first, second = actions.open_stage_two(review_round, by=lead)
    answer(first, 2)
    assert {review.stage for review in Review.objects.visible_to(lead)} == {1}
    answer(second, 3)
    assert {review.stage for review in Review.objects.visible_to(lead)} == {1, 2}


# --- the way of a review ----------------------------------------------------------------------------------------------


def test_a_running_review_keeps_the_wording_that_it_began_with(db: None) -> None:
    lead, myk10 = UserFactory(lead=True), scheme()
    running = assigned(lead=lead)[0].round
    version = actions.save_scheme(myk10, [actions.Question("Nur noch eine Frage")], by=lead, seen=1)
    assert version
    assert version.number == 2
    assert len(reload(running).scheme_version.of_stage(1)) == 3
    assert len(Review.objects.get(pk=running.reviews.first().pk).criteria) == 3  # type: ignore[union-attr]
    new = actions.open_round(make_idea(Status.IN_REVIEW), scheme(), by=lead)
    assert [criterion.name for criterion in new.scheme_version.of_stage(1)] == ["Nur noch eine Frage"]


def test_saving_a_scheme_with_the_same_questions_makes_no_new_version(db: None) -> None:
    lead, myk10 = UserFactory(lead=True), scheme()
    current = myk10.current
    assert current
    same = [
        actions.Question(
            name=each.name,
            stage=each.stage,
            question=each.question,
            kind=each.kind,
            weight=each.weight,
            steps=each.steps,
            key=each.key,
        )
        for each in current.criteria.all()
    ]
    myk10.description = "Neu beschrieben."
    assert actions.save_scheme(myk10, same, by=lead) is None
    assert ReviewScheme.objects.get(slug="myk10").description == "Neu beschrieben."
    changed = actions.save_scheme(myk10, [*same, actions.Question("Barrierefrei")], by=lead)
    assert changed
    assert changed.criteria.count() == 7
    assert set(changed.criteria.values_list("key", flat=True)) >= set(current.criteria.values_list("key", flat=True))


def test_who_changes_a_scheme_from_an_old_page_is_told(db: None) -> None:
    lead, myk10 = UserFactory(lead=True), scheme()
    actions.save_scheme(myk10, [actions.Question("Neu")], by=lead, seen=1)
    with pytest.raises(actions.Refused, match="inzwischen geändert"):
        actions.save_scheme(myk10, [actions.Question("Noch neuer")], by=lead, seen=1)
    assert SchemeVersion.objects.filter(scheme=myk10).count() == 2


@pytest.mark.parametrize("roles", [[role] for role in Role if role is not Role.LEAD], ids=str)
def test_only_the_lead_changes_a_scheme(roles: list[Role], db: None) -> None:
    with pytest.raises(actions.Refused):
        actions.save_scheme(scheme(), [actions.Question("Neu")], by=UserFactory(roles=roles))
    assert SchemeVersion.objects.filter(scheme__slug="myk10").count() == 1


def test_a_failed_first_stage_ends_the_review_without_a_second(db: None) -> None:
    lead = UserFactory(lead=True)
    review_round = finished_round(answers=("no", "no"), lead=lead)
    assert review_round.stage_one == "failed"
    with pytest.raises(actions.Refused, match="nicht bestanden"):
        actions.open_stage_two(review_round, by=lead)
    with pytest.raises(actions.Refused, match="schon entschieden"):
        actions.settle_stage_one(review_round, "passed", by=lead)
    assert reload(review_round).stage == 1


def test_where_reviewers_differ_the_lead_settles_the_first_stage(db: None) -> None:
    lead = UserFactory(lead=True)
    review_round = finished_round(answers=("yes", "no"), lead=lead)
    assert review_round.stage_one == ""
    with pytest.raises(actions.Refused, match="noch nicht entschieden"):
        actions.open_stage_two(review_round, by=lead)
    actions.settle_stage_one(review_round, "passed", by=lead)
    new = actions.open_stage_two(review_round, by=lead)
    assert [review.stage for review in new] == [2, 2]


def test_mainz_gives_a_priority_by_weight(db: None) -> None:
    lead = UserFactory(lead=True)
    review_round = finished_round(slug="mainz", lead=lead)
    one, two = actions.open_stage_two(review_round, by=lead)
    answer(one, 3, 3, 0, 0)  # the second counts twice
    answer(two, 3, 3, 0, 0)
    rows = actions.results_to_publish(review_round.idea)[1]
    assert [(row["name"], row["label"]) for row in rows if row["kind"] == "summary"] == [
        ("Ergebnis der 1. Stufe", "bestanden"),
        ("Priorität", "mittel"),  # (3 + 2·3) / 15 = 60 %
    ]


def test_a_review_is_handed_in_only_when_every_criterion_is_answered_and_keeps_its_draft(db: None) -> None:
    review, _other = assigned()
    first, second, third = review.criteria
    saved = actions.save_draft(
        review, {first.pk: actions.Answer("yes", "Steht so in der Strategie.")}, "Halb fertig", by=review.reviewer
    )
    with pytest.raises(actions.Incomplete) as problem:
        actions.hand_in(saved, by=review.reviewer)
    assert problem.value.missing == [second.pk, third.pk]
    review.refresh_from_db()
    assert (review.state, review.comment, review.scores.get().note) == ("open", "Halb fertig", "Steht so in der Strategie.")


@pytest.mark.parametrize("given", ["vielleicht", "0", "unclear "])
def test_an_answer_that_the_criterion_does_not_know_is_refused(given: str, db: None) -> None:
    review, _other = assigned()
    with pytest.raises(actions.Refused):
        actions.save_draft(review, {review.criteria[0].pk: actions.Answer(given)}, by=review.reviewer)


def test_a_criterion_of_another_stage_or_scheme_is_refused(db: None) -> None:
    review, _other = assigned()
    foreign = Criterion.objects.exclude(version=review.round.scheme_version).first()
    for criterion in (review.round.scheme_version.of_stage(2)[0], foreign):
        assert criterion
        with pytest.raises(actions.Refused):
            actions.save_draft(review, {criterion.pk: actions.Answer(criterion.choices[0]["value"])}, by=review.reviewer)


def test_what_was_handed_in_never_changes(db: None) -> None:
    review, _other = assigned()
    answer(review, "yes")
    with pytest.raises(actions.Refused, match="schon abgegeben"):
        actions.save_draft(review, {review.criteria[0].pk: actions.Answer("no")}, by=review.reviewer)
    assert set(review.scores.values_list("answer", flat=True)) == {"yes"}


def test_who_is_biased_loses_the_idea_and_the_lead_is_told_and_nobody_else(db: None, mailoutbox: Any) -> None:
    from common import outbox

    lead = UserFactory(lead=True, email="leitung@example.net")
    UserFactory(lead=True, is_active=False)
    review, _other = assigned(lead=lead)
    actions.save_draft(review, {review.criteria[0].pk: actions.Answer("yes")}, "Super", by=review.reviewer)
    outbox.drain()
    mailoutbox.clear()
    actions.declare_conflict(review, "Ich sitze im Vorstand des Vereins.", by=review.reviewer)
    outbox.drain()
    leads = User.objects.filter(is_active=True, groups__name=Role.LEAD.value).values_list("email", flat=True)
    assert "leitung@example.net" in leads
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(leads)
    assert all("befangen" in mail.subject and "Ich sitze im Vorstand des Vereins." in mail.body for mail in mailoutbox)
    assert not Review.objects.waiting_for(review.reviewer).exists()
    review.refresh_from_db()
    assert (review.state, review.comment, review.scores.count()) == ("conflict", "", 0)
    with pytest.raises(actions.Refused, match="befangen"):
        actions.assign([review.round.idea], [review.reviewer], by=lead)
    assert review.reviewer not in [person for plan in actions.plan_assignment([review.round.idea]) for person in plan.reviewers]


def test_the_last_one_who_steps_back_or_is_taken_off_completes_the_stage(db: None) -> None:
    lead = UserFactory(lead=True)
    for leave in ("conflict", "take_off"):
        one, two = assigned(lead=lead)
        answer(one, "yes")
        if leave == "conflict":
            actions.declare_conflict(two, "Befangen, weil verwandt.", by=two.reviewer)
        else:
            actions.take_off(two, by=lead)
        assert reload(one.round).stage_one == "passed"


def test_a_decision_ends_the_review(db: None) -> None:
    lead = UserFactory(lead=True)
    review, _other = assigned(lead=lead)
    idea = Idea.objects.get(pk=review.round.idea_id)
    actions.take(idea, Action.ASK_BACK, by=lead, decision=actions.Decision(reason="Wo genau?"))
    assert reload(review.round).is_open, "a question is no decision"
    actions.take(idea, Action.REJECT, by=lead, decision=actions.Decision(reason="Geht nicht."))
    assert not reload(review.round).is_open
    assert not Review.objects.waiting_for(review.reviewer).exists()


@pytest.mark.parametrize("way", ["merge", "withdraw"])
def test_an_idea_that_is_merged_or_withdrawn_is_not_reviewed_any_more(way: str, db: None) -> None:
    lead = UserFactory(lead=True)
    review, _other = assigned(lead=lead)
    idea = Idea.objects.get(pk=review.round.idea_id)
    if way == "merge":
        actions.merge(make_idea(Status.KEPT), [idea], by=lead, decision=actions.Decision(reason="Beide wollen dasselbe."))
    else:
        actions.withdraw(idea)
    assert not reload(review.round).is_open
    assert not Review.objects.waiting_for(review.reviewer).exists()


def test_an_idea_taken_up_again_gets_a_new_round(db: None) -> None:
    lead = UserFactory(lead=True)
    first = finished_round(lead=lead)
    idea = Idea.objects.get(pk=first.idea_id)
    actions.take(idea, Action.KEEP, by=lead)
    actions.take(idea, Action.REOPEN, by=lead, decision=actions.Decision(reason="Neue Zahlen."))
    second = actions.open_round(idea, by=lead)
    assert second != first
    assert second.stage_one == ""


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in {Status.IN_REVIEW, Status.MERGED, Status.WITHDRAWN}]
)
def test_a_review_begins_only_with_an_idea_that_is_in_review(status: Status, db: None) -> None:
    with pytest.raises(actions.Refused):
        actions.open_round(make_idea(status), by=UserFactory(lead=True))
    assert not ReviewRound.objects.exists()


# --- assigning --------------------------------------------------------------------------------------------------------


def test_many_ideas_are_spread_evenly_and_nobody_gets_their_own(db: None) -> None:
    team = [UserFactory(reviewer=True) for _ in range(3)]
    ideas = [make_idea(Status.IN_REVIEW, user=team[0]), *(make_idea(Status.IN_REVIEW) for _ in range(5))]
    plan = actions.plan_assignment(ideas)
    assert not Review.objects.exists(), "a plan changes nothing"
    new = actions.assign_as_planned(plan, by=UserFactory(lead=True))
    assert len(new) == 12
    assert sorted(Review.objects.filter(reviewer=person).count() for person in team) == [4, 4, 4]
    assert not Review.objects.filter(reviewer=team[0], round__idea=ideas[0]).exists()
    assert OutboxMessage.objects.filter(kind="ideas.review_assigned").count() == 3, "one mail for each, whatever the number"


def test_a_plan_counts_what_people_have_to_do_already_and_says_who_is_missing(db: None) -> None:
    busy, free = UserFactory(reviewer=True), UserFactory(reviewer=True)
    for _ in range(3):
        assigned(reviewers=[busy])
    settings = ReviewSettings.load()
    settings.reviewers_per_idea = 1
    settings.save()
    assert [plan.reviewers for plan in actions.plan_assignment([make_idea(Status.IN_REVIEW)])] == [[free]]
    settings.reviewers_per_idea = 3
    settings.save()
    [plan] = actions.plan_assignment([make_idea(Status.IN_REVIEW)])
    assert (plan.reviewers, plan.missing) == ([free, busy], 1)


def test_assigning_is_all_or_nothing(db: None) -> None:
    reviewer = UserFactory(reviewer=True)
    good, own = make_idea(Status.IN_REVIEW), make_idea(Status.IN_REVIEW, user=reviewer)
    with pytest.raises(actions.Refused, match=f"Idee {own.number}"):
        actions.assign([good, own], [reviewer], by=UserFactory(lead=True))
    assert not Review.objects.exists()
    assert not ReviewRound.objects.exists()
    assert not OutboxMessage.objects.filter(kind__startswith="ideas.review").exists()


@pytest.mark.parametrize("roles", [[], [Role.EDITOR], [Role.JURY]], ids=str)
def test_only_the_review_team_is_assigned(roles: list[Role], db: None) -> None:
    with pytest.raises(actions.Refused, match="nicht zum Prüfteam"):
        actions.assign([make_idea(Status.IN_REVIEW)], [UserFactory(roles=roles)], by=UserFactory(lead=True))


def test_own_reviews_come_with_the_earliest_due_date_first(db: None) -> None:
    reviewer, now = UserFactory(reviewer=True), timezone.now()
    late, soon, later = (make_idea(Status.IN_REVIEW, now=now - timedelta(days=days)) for days in (40, 20, 3))
    assigned(later, [reviewer])
    assigned(late, [reviewer])
    assigned(soon, [reviewer])
    assert [review.round.idea for review in Review.objects.waiting_for(reviewer)] == [late, soon, later]


# --- what is published ------------------------------------------------------------------------------------------------


def test_the_published_result_is_an_aggregate_without_names_frozen_with_its_wording(db: None) -> None:
    lead = UserFactory(lead=True)
    review_round = finished_round(answers=("yes", "no"), lead=lead)
    actions.settle_stage_one(review_round, "passed", by=lead)
    idea = Idea.objects.get(pk=review_round.idea_id)
    entry = actions.publish_review(idea, by=lead, decision=actions.Decision(reason="So haben wir geprüft."))
    stored = reload(review_round)
    assert [(row["name"], row["label"]) for row in stored.published] == [
        ("Passt zu Strategie und Lösungen", "unterschiedlich beurteilt"),
        ("Technisch machbar", "unterschiedlich beurteilt"),
        ("Förderfähig", "unterschiedlich beurteilt"),
        ("Ergebnis der 1. Stufe", "bestanden"),
    ]
    assert set(stored.published[0]) == {"stage", "key", "name", "question", "kind", "result", "label"}
    assert stored.published[0]["question"].startswith("Hilft die Idee einem Ziel der Agenda")
    assert (entry.action, entry.reason) == (Action.PUBLISH_REVIEW, "So haben wir geprüft.")
    assert entry.changes == [{"label": "Ergebnis der 1. Stufe", "before": "", "after": "bestanden"}]
    published = stored.published
    actions.save_scheme(scheme(), [actions.Question("Ganz neu")], by=lead)
    assert reload(review_round).published == published


def test_the_lead_chooses_which_criteria_are_published(db: None) -> None:
    lead = UserFactory(lead=True)
    idea = Idea.objects.get(pk=finished_round(lead=lead).idea_id)
    with pytest.raises(actions.Refused, match="mindestens ein Kriterium"):
        actions.publish_review(idea, by=lead, criteria=[])
    idea = Idea.objects.get(pk=idea.pk)
    actions.publish_review(idea, by=lead, criteria=["machbarkeit"])
    published = idea.review_rounds.get().published
    assert [row["name"] for row in published] == ["Technisch machbar", "Ergebnis der 1. Stufe"]


def test_nothing_is_published_while_somebody_still_reviews(db: None) -> None:
    lead = UserFactory(lead=True)
    one, _two = assigned(lead=lead)
    answer(one, "yes")
    idea = Idea.objects.get(pk=one.round.idea_id)
    with pytest.raises(actions.Refused, match="noch kein Ergebnis"):
        actions.publish_review(idea, by=lead)
    assert Action.PUBLISH_REVIEW not in {step.action for step in permissions.possible_steps(lead, idea)}
    assert not TrailEntry.objects.filter(action=Action.PUBLISH_REVIEW).exists()


# --- internal notes ---------------------------------------------------------------------------------------------------


def test_notes_answer_each_other_one_level_deep_and_stay_inside(db: None) -> None:
    reviewer, idea = UserFactory(reviewer=True), make_idea(Status.IN_REVIEW)
    note = actions.add_note(idea, "Wer kennt den Netzbetreiber?", by=reviewer)
    reply = actions.add_note(idea, "Ich frage nach.", by=reviewer, reply_to=note)
    second = actions.add_note(idea, "Danke!", by=reviewer, reply_to=reply)
    assert (reply.reply_to, second.reply_to) == (note, note)
    with pytest.raises(actions.Refused, match="anderen Idee"):
        actions.add_note(make_idea(), "Falsch", by=reviewer, reply_to=note)
    with pytest.raises(actions.Refused, match="etwas in die Notiz"):
        actions.add_note(idea, " \n", by=reviewer)
    for role in Role:
        seen = InternalNote.objects.visible_to(UserFactory(roles=[role])).count()
        assert seen == (3 if role in {Role.REVIEWER, Role.LEAD} else 0)
    assert not InternalNote.objects.visible_to(AnonymousUser()).exists()


# --- at the same moment -----------------------------------------------------------------------------------------------


def test_two_leads_who_assign_at_once_make_one_round_and_no_double_seat(transactional_db: None) -> None:
    idea, one, two = make_idea(Status.IN_REVIEW), UserFactory(lead=True), UserFactory(lead=True)
    team = [UserFactory(reviewer=True), UserFactory(reviewer=True)]
    results = at_once([lambda lead=lead: actions.assign([idea], team, by=lead) for lead in (one, two)])
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(len(result) for result in results) == [0, 2]
    assert (ReviewRound.objects.count(), Review.objects.count()) == (1, 2)


def test_two_reviewers_who_hand_in_at_once_complete_the_stage(transactional_db: None) -> None:
    reviews = assigned()
    for review in reviews:
        answer(review, "yes", hand_in=False)
    results = at_once([lambda review=review: actions.hand_in(review, by=review.reviewer) for review in reviews])
    assert not [result for result in results if isinstance(result, Exception)]
    assert reload(reviews[0].round).stage_one == "passed"
    assert OutboxMessage.objects.filter(kind="ideas.review_complete").values("payload").distinct().count() >= 1


def test_a_review_handed_in_twice_at_once_is_handed_in_once(transactional_db: None) -> None:
    review, _other = assigned()
    answer(review, "yes", hand_in=False)
    results = at_once([lambda: actions.hand_in(review, by=review.reviewer)] * 2)
    assert sorted(isinstance(result, actions.Refused) for result in results) == [False, True]


def test_a_decision_and_a_hand_in_at_once_leave_no_half_state(transactional_db: None) -> None:
    lead = UserFactory(lead=True)
    review, other = assigned(lead=lead)
    answer(other, "yes")
    answer(review, "yes", hand_in=False)
    idea = Idea.objects.get(pk=review.round.idea_id)
    reject = lambda: actions.take(idea, Action.REJECT, by=lead, decision=actions.Decision(reason="Geht nicht."))  # noqa: E731
    results = at_once([reject, lambda: actions.hand_in(review, by=review.reviewer)])
    assert not isinstance(results[0], Exception)
    assert not isinstance(results[1], Exception) or isinstance(results[1], actions.Refused)
    assert not reload(review.round).is_open


# --- below the ORM ----------------------------------------------------------------------------------------------------


def test_the_database_keeps_the_wording_of_criteria_and_what_was_handed_in(db: None) -> None:
    review_round = finished_round()
    score = ReviewScore.objects.filter(review__round=review_round)[0]
    criterion, version = score.criterion_id, review_round.scheme_version_id
    assert_refused("UPDATE ideas_criterion SET question = 'Anders?' WHERE id = %s", criterion, because="never changes")
    assert_refused("UPDATE ideas_reviewscore SET answer = 'no' WHERE id = %s", score.pk, because="never changes")
    copy_score = "INSERT INTO ideas_reviewscore (review_id, criterion_id, answer, note) VALUES (%s, %s, 'no', '')"
    other = review_round.scheme_version.of_stage(2)[0].pk
    assert_refused(copy_score, score.review_id, other, because="before the review is handed in")
    add = (
        "INSERT INTO ideas_criterion (version_id, stage, position, key, name, question, kind, weight, steps)"
        " VALUES (%s, 1, 9, 'neu', 'Neu', '', 'yes_no', 1, '[]')"
    )
    assert_refused(add, version, because="no more criteria")
    unused = SchemeVersion.objects.get(scheme__slug="mainz").pk
    assert execute(add, unused) == 1, "the control: it is the round that forbids it"
