"""Review by criteria as a reviewer does it: draft, hand in, step back; and what the office notes for itself about an idea."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, has_words

from .. import permissions, review_mails
from ..models import Idea, InternalNote, Review, ReviewScore
from .record import Refused
from .reviewing import hold_round, settle_if_clear


@dataclass(frozen=True)
class Answer:
    """What a reviewer says to one criterion: yes, no, unclear or the value of a step; '' for nothing yet."""

    answer: str = ""
    note: str = ""


class Incomplete(Refused):
    """Criteria that have no answer yet, by their keys."""

    def __init__(self, missing: list[int]) -> None:
        super().__init__(_("Bitte beantworten Sie noch alle Kriterien. Ihr Entwurf ist gespeichert."))
        self.missing = missing


def _hold(review: Review, by: User) -> Review:
    """The review as it is now, held together with its round; refused where this person can't write into it."""
    review_round = hold_round(review.round)
    held = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    held.round = review_round
    if problem := permissions.why_not_write_review(by, held):
        raise Refused(problem)
    return held


def save_draft(review: Review, scores: Mapping[int, Answer], comment: str = "", *, by: User) -> Review:
    """Keep what the reviewer has so far. `scores`: by the criterion's key; criteria that aren't named stay as they are."""
    with transaction.atomic():
        review = _hold(review, by)
        criteria = {criterion.pk: criterion for criterion in review.criteria}
        for key, given in scores.items():
            allowed = {"", *(choice["value"] for choice in criteria[key].choices)} if key in criteria else set()
            if given.answer not in allowed:
                raise Refused(_("Diese Antwort gibt es bei diesem Kriterium nicht."))
            if not given.answer and not given.note.strip():
                review.scores.filter(criterion=key).delete()
            else:
                values = {"answer": given.answer, "note": clean_text(given.note)}
                ReviewScore.objects.update_or_create(review=review, criterion=criteria[key], defaults=values)
        review.comment = clean_text(comment)
        review.save(update_fields=["comment"])
    return review


def hand_in(review: Review, *, by: User, now: datetime | None = None) -> Review:
    """Hand the saved answers in; from then on they don't change. Raises Incomplete as long as a criterion has no answer."""
    with transaction.atomic():
        review = _hold(review, by)
        answered = set(review.scores.exclude(answer="").values_list("criterion", flat=True))
        missing = [criterion.pk for criterion in review.criteria if criterion.pk not in answered]
        if missing:
            raise Incomplete(missing)
        review.state, review.handed_in_at = Review.State.HANDED_IN, now or timezone.now()
        review.save(update_fields=["state", "handed_in_at"])
        settle_if_clear(review.round)
        review_mails.tell_lead_when_complete(review)
    return review


def declare_conflict(review: Review, reason: str, *, by: User, now: datetime | None = None) -> Review:
    """Step back for being biased: the idea leaves the reviewer's list, drafts go, the lead is told. The reason is internal."""
    reason = clean_text(reason)
    if not has_words(reason):
        raise Refused(_("Bitte schreiben Sie in einem Satz, warum Sie befangen sind. Das liest nur die Leitung."))
    with transaction.atomic():
        review = _hold(review, by)
        review.scores.all().delete()
        review.state, review.conflict_reason, review.comment = Review.State.CONFLICT, reason, ""
        review.save(update_fields=["state", "conflict_reason", "comment"])
        settle_if_clear(review.round)
        review_mails.tell_lead_of_conflict(review)
    return review


def add_note(
    idea: Idea, text: str, *, by: User, reply_to: InternalNote | None = None, now: datetime | None = None
) -> InternalNote:
    """Write an internal note about the idea, or an answer to one. An answer to an answer stands beside it."""
    if not permissions.reviews(by):
        raise Refused(_("Für diesen Schritt fehlt Ihnen die Berechtigung."))
    text = clean_text(text)
    if not has_words(text):
        raise Refused(_("Bitte schreiben Sie etwas in die Notiz."))
    if reply_to is not None and reply_to.idea_id != idea.pk:
        raise Refused(_("Diese Notiz gehört zu einer anderen Idee."))
    top = reply_to.reply_to or reply_to if reply_to else None
    return InternalNote.objects.create(idea=idea, reply_to=top, author=by, text=text, created_at=now or timezone.now())
