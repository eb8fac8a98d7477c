"""Reviews by criteria, made by the steps that people take."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from ideas import actions
from ideas.models import Idea, Review, ReviewRound, ReviewScheme
from ideas.workflow import Status

from .ideas import make_idea
from .users import UserFactory


def scheme(slug: str = "myk10") -> ReviewScheme:
    """One of the two that come with the migrations, switched on."""
    ReviewScheme.objects.filter(slug=slug).update(is_active=True)
    return ReviewScheme.objects.get(slug=slug)


def assigned(
    idea: Idea | None = None, reviewers: Sequence[User] | None = None, *, slug: str = "myk10", lead: User | None = None
) -> list[Review]:
    """The reviews of an idea in review by these people (by default two new reviewers)."""
    idea = idea or make_idea(Status.IN_REVIEW)
    reviewers = reviewers if reviewers is not None else [UserFactory(reviewer=True), UserFactory(reviewer=True)]
    return actions.assign([idea], reviewers, by=lead or UserFactory(lead=True), scheme=scheme(slug))


def answer(review: Review, *answers: Any, hand_in: bool = True, comment: str = "") -> Review:
    """Answer the criteria in their order (one answer: the same to all) and hand in."""
    review = Review.objects.get(pk=review.pk)
    given = answers * len(review.criteria) if len(answers) == 1 else answers
    scores = {criterion.pk: actions.Answer(str(each)) for criterion, each in zip(review.criteria, given, strict=True)}
    assert review.reviewer
    actions.save_draft(review, scores, comment, by=review.reviewer)
    return actions.hand_in(review, by=review.reviewer) if hand_in else review


def finished_round(idea: Idea | None = None, *, answers: Sequence[Any] = ("yes", "yes"), **options: Any) -> ReviewRound:
    """A round whose first stage is complete; `answers`: what each reviewer says to every criterion."""
    reviews = assigned(idea, [UserFactory(reviewer=True) for _each in answers], **options)
    for review, each in zip(reviews, answers, strict=True):
        answer(review, each)
    return ReviewRound.objects.get(pk=reviews[0].round_id)
