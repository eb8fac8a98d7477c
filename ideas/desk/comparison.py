"""All reviews of one idea side by side, as far as the reader may see them."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .. import permissions, reviewing
from ..models import Criterion, Idea, Review, ReviewRound, ReviewScore


@dataclass
class Seat:
    """One reviewer's place in a stage. `is_visible`: whether the reader may see the answers."""

    review: Review
    is_visible: bool
    scores: dict[int, ReviewScore] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.review.reviewer) if self.review.reviewer else _("Konto gelöscht")


@dataclass
class Row:
    """One criterion with a cell for each visible reviewer."""

    criterion: Criterion
    aggregate: reviewing.Aggregate
    cells: list[dict[str, Any]]


@dataclass
class Stage:
    number: int
    seats: list[Seat]
    rows: list[Row]
    is_complete: bool
    outcome: str = ""
    outcome_label: Any = ""
    weighted: reviewing.Weighted | None = None

    @property
    def columns(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.is_visible]

    @property
    def working(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.review.state != Review.State.CONFLICT]

    @property
    def handed_in(self) -> int:
        return sum(seat.review.is_handed_in for seat in self.seats)

    @property
    def differences(self) -> int:
        return sum(row.aggregate.differs for row in self.rows)


@dataclass
class Comparison:
    """One round. `names`: whether the reader knows who reviews (the lead); others see how many."""

    round: ReviewRound
    stages: list[Stage]
    names: bool

    @property
    def current(self) -> Stage:
        return self.stages[-1]


def rounds_of(idea: Idea) -> Any:
    rounds = idea.review_rounds.select_related("scheme_version__scheme", "idea__author")
    return rounds.prefetch_related("scheme_version__criteria").order_by("-opened_at", "-pk")


def compare(user: Any, review_round: ReviewRound) -> Comparison:
    """What this person may see of the round: three queries, whatever the number of reviews and criteria."""
    reviews = list(review_round.reviews.select_related("reviewer").order_by("pk"))
    visible = set(Review.objects.visible_to(user).filter(round=review_round).values_list("pk", flat=True))
    scores: dict[int, dict[int, ReviewScore]] = {}
    for score in ReviewScore.objects.filter(review__in=visible):
        scores.setdefault(score.review_id, {})[score.criterion_id] = score
    stages = []
    for number in range(1, review_round.stage + 1):
        seats = [
            Seat(review, review.pk in visible and review.is_handed_in, scores.get(review.pk, {}))
            for review in reviews
            if review.stage == number
        ]
        stages.append(_stage(review_round, number, seats))
    return Comparison(
        review_round, stages, names=permissions.leads(user) and not permissions.is_author(user, review_round.idea)
    )


def _stage(review_round: ReviewRound, number: int, seats: list[Seat]) -> Stage:
    columns = [seat for seat in seats if seat.is_visible]
    rows = []
    for criterion in review_round.scheme_version.of_stage(number):
        given = [seat.scores.get(criterion.pk) for seat in columns]
        aggregate = reviewing.Aggregate(criterion, tuple(score.answer for score in given if score))
        cells = [
            {"seat": seat, "label": criterion.label_of(score.answer) if score else "–", "note": score.note if score else ""}
            for seat, score in zip(columns, given, strict=True)
        ]
        rows.append(Row(criterion, aggregate, cells))
    handed_in = [seat for seat in seats if seat.review.is_handed_in]
    still_open = [seat for seat in seats if seat.review.state == Review.State.OPEN]
    stage = Stage(number, seats, rows, bool(handed_in) and (not still_open or not review_round.is_open))
    if number == 1 and review_round.stage_one:
        stage.outcome, stage.outcome_label = review_round.stage_one, ReviewRound.Outcome(review_round.stage_one).label
    if number == 2 and stage.is_complete and columns:
        stage.weighted = reviewing.weighted_result([row.aggregate for row in rows])
    return stage


def review_panel(user: Any, idea: Idea) -> dict[str, Any]:
    """The short form on the desk's page of an idea: where the review stands, the reader's own part, the way to the rest."""
    rounds = idea.review_rounds.select_related("scheme_version__scheme").order_by("-opened_at", "-pk")
    review_round = rounds.first()
    if review_round is None:
        return {"can_begin": not permissions.why_not_open_round(user, idea)}
    reviews = list(review_round.reviews.filter(stage=review_round.stage))
    working = [review for review in reviews if review.state != Review.State.CONFLICT]
    return {
        "round": review_round,
        "handed_in": sum(review.is_handed_in for review in working),
        "wanted": len(working),
        "own": next((review for review in reviews if review.reviewer_id == user.pk), None),
        "outcome": ReviewRound.Outcome(review_round.stage_one).label if review_round.stage_one else "",
    }
