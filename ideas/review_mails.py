"""Mails to the office about reviews: what is new for a reviewer, what the lead has to look at. Never an answer."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from common import outbox
from common.models import OutboxMessage

from .models import Review
from .notifications import send_signed


def tell_reviewers(new: Iterable[Review]) -> None:
    """One mail to each person, whatever the number of ideas."""
    by_person: dict[int, list[int]] = {}
    for review in new:
        if review.reviewer_id:
            by_person.setdefault(review.reviewer_id, []).append(review.pk)
    for person, reviews in by_person.items():
        outbox.put("ideas.review_assigned", person=person, reviews=reviews)


def tell_lead_of_conflict(review: Review) -> None:
    _tell_leads("ideas.review_conflict", review)


def tell_lead_when_complete(review: Review) -> None:
    """Nothing happens as long as somebody still works on this stage."""
    if Review.objects.complete().filter(pk=review.pk).exists():
        _tell_leads("ideas.review_complete", review)


def _tell_leads(kind: str, review: Review) -> None:
    leads = User.objects.filter(is_active=True, groups__name=Role.LEAD.value).exclude(authored__idea=review.round.idea)
    for person in leads.values_list("pk", flat=True).distinct():
        outbox.put(kind, person=person, review=review.pk)


@outbox.handler("ideas.review_assigned")
def _deliver_assigned(message: OutboxMessage) -> None:
    person = User.objects.filter(pk=message.payload["person"], is_active=True).first()
    if person is None:
        return
    # Meanwhile taken away, handed in, or the idea decided: nothing to tell of these any more.
    reviews = Review.objects.waiting_for(person).filter(pk__in=message.payload["reviews"])
    rows = list(reviews.select_related("round__idea__released_version"))
    if rows:
        url = settings.BASE_URL + reverse("ideas_desk:reviews")
        send_signed("ideas/review_assigned", person.email, message, {"reviews": rows, "url": url}, language=person.language)


@outbox.handler("ideas.review_conflict")
def _deliver_conflict(message: OutboxMessage) -> None:
    _send_to_lead("ideas/review_conflict", message, state=Review.State.CONFLICT)


@outbox.handler("ideas.review_complete")
def _deliver_complete(message: OutboxMessage) -> None:
    _send_to_lead("ideas/review_complete", message, state=Review.State.HANDED_IN)


def _send_to_lead(template: str, message: OutboxMessage, **still: Any) -> None:
    person = User.objects.filter(pk=message.payload["person"], is_active=True).first()
    reviews = Review.objects.select_related("reviewer", "round__idea__released_version")
    review = reviews.filter(pk=message.payload["review"], **still).first()
    if person is None or review is None:
        return
    idea = review.round.idea
    url = settings.BASE_URL + reverse("ideas_desk:review_compare", args=[idea.number])
    send_signed(template, person.email, message, {"review": review, "idea": idea, "url": url}, language=person.language)
