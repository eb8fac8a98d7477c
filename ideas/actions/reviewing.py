"""Review by criteria as the lead runs it: rounds, assignments, the way from stage to stage, what is published.

Whoever changes a round holds its idea first, then the round: people who press at the same moment wait, nobody for each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role

from .. import permissions, review_mails, reviewing
from ..models import Idea, Review, ReviewRound, ReviewScheme, ReviewSettings, SchemeVersion, TrailEntry
from ..workflow import Action
from .desk import staff_step
from .record import Decision, Refused, in_the_trails_language

OUTCOME = ReviewRound.Outcome


@dataclass(frozen=True)
class Assignment:
    """What will happen to one idea: these people get it. `missing`: how many reviewers it then still lacks."""

    idea: Idea
    reviewers: list[User]
    missing: int = 0


def open_round(idea: Idea, scheme: ReviewScheme | None = None, *, by: User, now: datetime | None = None) -> ReviewRound:
    """Begin the review of an idea by the scheme's current wording (None: the one that the settings name). A round that runs
    already is given back as it is: it keeps the wording that it began with."""
    with transaction.atomic():
        idea = _hold(idea)
        running = idea.review_rounds.filter(closed_at=None).first()
        problem = permissions.why_not_lead_review(by, idea) if running else permissions.why_not_open_round(by, idea)
        if problem:
            raise Refused(problem)
        return running or ReviewRound.objects.create(
            idea=idea, scheme_version=_version_of(scheme or ReviewSettings.load().scheme), opened_at=now or timezone.now()
        )


def _version_of(scheme: ReviewScheme | None) -> SchemeVersion:
    version = scheme.current if scheme and scheme.is_active else None
    if version is None:
        raise Refused(_("Es ist kein Prüfbogen ausgewählt. Bitte wählen Sie einen in den Einstellungen „Prüfung von Ideen“."))
    return version


def _hold(idea: Idea) -> Idea:
    """The idea as it is now, kept from others until we are done."""
    return Idea.objects.select_related("author").select_for_update(of=("self",), no_key=True).get(pk=idea.pk)


# --- assigning --------------------------------------------------------------------------------------------------------


def review_team() -> list[User]:
    """Who gets ideas to review unless the lead says otherwise."""
    return list(User.objects.filter(is_active=True, groups__name=Role.REVIEWER.value).order_by("pk"))


def plan_assignment(ideas: Iterable[Idea]) -> list[Assignment]:
    """Who would review these ideas, evenly by load: nobody their own, nobody one that they have or are biased for.
    Changes nothing."""
    ideas, team = list(ideas), review_team()
    per_idea = ReviewSettings.load().reviewers_per_idea
    keys = [idea.pk for idea in ideas]
    running: dict[int, list[Any]] = {key: [] for key in keys}
    seats = Review.objects.filter(round__idea__in=keys, round__closed_at=None).values_list(
        "round__idea", "round__stage", "stage", "reviewer", "state"
    )
    for key, now_at, stage, person, state in seats:
        running[key].append((stage == now_at, person, state))
    taken: dict[int, set[Any]] = {
        idea.pk: {person for current, person, state in running[idea.pk] if current or state == Review.State.CONFLICT}
        | {idea.author.user_id}
        for idea in ideas
    }
    wanted = {
        key: per_idea - sum(current and state != Review.State.CONFLICT for current, _person, state in running[key])
        for key in keys
    }
    plan = reviewing.distribute(wanted, team, load=open_reviews_of(team), taken=taken)
    return [Assignment(idea, plan[idea.pk], max(0, wanted[idea.pk] - len(plan[idea.pk]))) for idea in ideas]


def open_reviews_of(team: Iterable[User]) -> dict[int, int]:
    """How many reviews each of them still has to hand in, by their keys."""
    waiting = Q(reviews__state=Review.State.OPEN, reviews__round__closed_at=None)
    people = User.objects.filter(pk__in=[person.pk for person in team])
    return dict(people.annotate(waiting=Count("reviews", filter=waiting)).values_list("pk", "waiting"))


def assign(
    ideas: Iterable[Idea],
    reviewers: Sequence[User] | None = None,
    *,
    by: User,
    scheme: ReviewScheme | None = None,
    now: datetime | None = None,
) -> list[Review]:
    """Give these ideas to these reviewers, or evenly by load to the team. Returns the reviews that are new. All or nothing."""
    plan = plan_assignment(ideas) if reviewers is None else [Assignment(idea, list(reviewers)) for idea in ideas]
    return assign_as_planned(plan, by=by, scheme=scheme, now=now)


def assign_as_planned(
    plan: Sequence[Assignment], *, by: User, scheme: ReviewScheme | None = None, now: datetime | None = None
) -> list[Review]:
    """Do what the plan says, as the lead has seen it. Who has an idea already keeps it; pressed twice it changes nothing."""
    now, new = now or timezone.now(), []
    with transaction.atomic():
        for assignment in sorted(plan, key=lambda assignment: assignment.idea.pk):
            if assignment.reviewers:
                review_round = open_round(assignment.idea, scheme, by=by, now=now)
                new += [review for person in assignment.reviewers if (review := _seat(review_round, person, now))]
        review_mails.tell_reviewers(new)
    return new


def _seat(review_round: ReviewRound, person: User, now: datetime) -> Review | None:
    """The person's place in the round's current stage; None if they have it already."""
    if problem := permissions.why_not_be_assigned(person, review_round.idea):
        raise Refused(f"{review_round.idea}: {problem}")
    if review_round.reviews.filter(reviewer=person, state=Review.State.CONFLICT).exists():
        raise Refused(_("%(idea)s: %(name)s ist befangen.") % {"idea": review_round.idea, "name": person})
    if review_round.stage_one and review_round.stage == 1:
        raise Refused(_("%(idea)s: Die 1. Stufe ist schon entschieden.") % {"idea": review_round.idea})
    review, is_new = Review.objects.get_or_create(
        round=review_round, stage=review_round.stage, reviewer=person, defaults={"assigned_at": now}
    )
    return review if is_new else None


def take_off(review: Review, *, by: User, now: datetime | None = None) -> None:
    """Take an idea from a reviewer who hasn't handed in; what they had saved goes."""
    with transaction.atomic():
        review_round = hold_round(review.round)
        if problem := permissions.why_not_lead_round(by, review_round):
            raise Refused(problem)
        deleted, _rows = Review.objects.filter(pk=review.pk, state=Review.State.OPEN).delete()
        if not deleted:
            raise Refused(_("Diese Prüfung ist inzwischen abgegeben."))
        settle_if_clear(review_round)


def hold_round(review_round: ReviewRound) -> ReviewRound:
    """The round as it is now, kept from others until we are done."""
    held = ReviewRound.objects.select_related("idea__author", "scheme_version__scheme")
    return held.select_for_update(of=("self",)).get(pk=review_round.pk)


# --- from stage to stage ----------------------------------------------------------------------------------------------


def settle_if_clear(review_round: ReviewRound) -> None:
    """Once the last reviewer of the first stage has handed in: write down what the answers alone decide. Takes a held round."""
    if review_round.stage == 1 and not review_round.stage_one:
        review_round.stage_one = reviewing.stage_one_outcome(aggregates_of(review_round, 1))
        review_round.save(update_fields=["stage_one"])


def aggregates_of(review_round: ReviewRound, stage: int) -> list[reviewing.Aggregate]:
    """The complete answers to this stage's criteria; without answers as long as somebody still works on it."""
    complete = review_round.reviews.complete().filter(stage=stage)
    scores = complete.order_by("pk", "scores__pk").values_list("scores__criterion", "scores__answer")
    return reviewing.aggregate(review_round.scheme_version.of_stage(stage), [pair for pair in scores if pair[0] is not None])


def settle_stage_one(review_round: ReviewRound, outcome: str, *, by: User, now: datetime | None = None) -> ReviewRound:
    """The lead decides the first stage where the reviewers differ or are unsure. What all agree on is not overruled."""
    with transaction.atomic():
        review_round = hold_round(review_round)
        if problem := permissions.why_not_lead_round(by, review_round):
            raise Refused(problem)
        if review_round.stage_one:
            raise Refused(_("Die 1. Stufe ist schon entschieden."))
        if not any(each.answers for each in aggregates_of(review_round, 1)):
            raise Refused(_("Es haben noch nicht alle abgegeben."))
        review_round.stage_one = OUTCOME(outcome)
        review_round.save(update_fields=["stage_one"])
    return review_round


def open_stage_two(review_round: ReviewRound, *, by: User, now: datetime | None = None) -> list[Review]:
    """Go on with those who reviewed the first stage. Refused unless it is passed."""
    now = now or timezone.now()
    with transaction.atomic():
        review_round = hold_round(review_round)
        if problem := permissions.why_not_lead_round(by, review_round) or _why_no_stage_two(review_round):
            raise Refused(problem)
        review_round.stage = 2
        review_round.save(update_fields=["stage"])
        first = review_round.reviews.filter(stage=1, state=Review.State.HANDED_IN, reviewer__is_active=True).select_related(
            "reviewer"
        )
        people = [review.reviewer for review in first if review.reviewer and permissions.reviews(review.reviewer)]
        new = [review for person in people if (review := _seat(review_round, person, now))]
        review_mails.tell_reviewers(new)
    return new


def _why_no_stage_two(review_round: ReviewRound) -> Any:
    if review_round.stage == 2:
        return _("Die 2. Stufe hat schon begonnen.")
    if review_round.stage_one == OUTCOME.FAILED:
        return _("Die 1. Stufe ist nicht bestanden. Deshalb gibt es keine 2. Stufe.")
    if not review_round.stage_one:
        return _("Die 1. Stufe ist noch nicht entschieden.")
    return "" if review_round.scheme_version.has_second_stage else _("Dieser Prüfbogen hat keine 2. Stufe.")


# --- published --------------------------------------------------------------------------------------------------------


def results_to_publish(idea: Idea, chosen: set[str] | None = None) -> tuple[ReviewRound | None, list[dict[str, Any]]]:
    """The newest round with results, and what would be published of it: the criteria whose keys are chosen (None: all)."""
    rounds = idea.review_rounds.with_results().select_related("scheme_version__scheme").order_by("-opened_at", "-pk")
    review_round = rounds.first()
    if review_round is None:
        return None, []
    rows = []
    for stage in range(1, review_round.stage + 1):
        aggregates = [each for each in aggregates_of(review_round, stage) if each.answers]
        rows += reviewing.for_the_public(
            stage,
            aggregates,
            outcome=review_round.stage_one,
            result_name=review_round.scheme_version.scheme.result_name,
            chosen=chosen,
        )
    return review_round, rows


def publish_review(
    idea: Idea,
    *,
    by: User,
    decision: Decision | None = None,
    criteria: Iterable[str] | None = None,
    now: datetime | None = None,
) -> TrailEntry:
    """Show everybody the results of the newest review by criterion (`criteria`: keys; None for all), with a row in the trail.
    What is published is frozen with the wording by which it was reviewed."""
    now = now or timezone.now()
    with transaction.atomic():
        with in_the_trails_language():
            review_round, rows = results_to_publish(idea, None if criteria is None else set(criteria))
            summaries = [
                {"label": str(row["name"]), "before": "", "after": str(row["label"])}
                for row in rows
                if row["kind"] == "summary"
            ]
        entry = staff_step(idea, Action.PUBLISH_REVIEW, by, decision, now, changes=summaries)
        if review_round is None or not any(row["kind"] != "summary" for row in rows):
            raise Refused(_("Bitte wählen Sie mindestens ein Kriterium, dessen Ergebnis Sie veröffentlichen."))
        ReviewRound.objects.filter(pk=review_round.pk).update(published=rows, published_at=now)
    return entry
