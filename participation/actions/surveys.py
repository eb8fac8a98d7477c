"""Answering a survey, closing it, publishing its result, and deciding about free texts.

Whoever answers holds the survey's row (FOR KEY SHARE), whoever closes it or changes its questions holds it alone: an answer
that was acknowledged counts, and it answers the questions that the person saw.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Contact, User
from common.text import clean_text, has_words
from ideas.actions.record import Overtaken, Refused

from .. import clock, survey_permissions
from ..models import Survey, SurveyAnswer, SurveyParticipation, SurveyResponse, SurveyTextDecision
from ..survey_permissions import Deed
from .ballots import NoLongerOpen

Kind = SurveyTextDecision.Kind


class AlreadyAnswered(Refused):
    """This person has taken part before."""


class QuestionsChanged(Refused):
    """The questionnaire is not the one that was filled in."""


@dataclass(frozen=True)
class Said:
    """One thing said: an option, a step of a scale or a text, by the question's key."""

    question: int
    option: int | None = None
    value: int | None = None
    text: str = ""


def answer(
    survey: Survey,
    said: Sequence[Said],
    *,
    seen: str,
    contact: Contact | None = None,
    key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> SurveyResponse:
    """Count one filled-in questionnaire. `seen`: the fingerprint of the questions that were answered. In surveys with an
    account `contact` is whose it is; in anonymous ones `key` is the form: sent twice it counts once, both times a success.

    Raises NoLongerOpen, AlreadyAnswered, QuestionsChanged or Refused.
    """
    now = now or clock.now()
    if problem := survey_permissions.why_not_answer(survey, now):
        raise NoLongerOpen(problem)
    if survey.needs_account and contact is None:
        raise Refused(survey_permissions.SIGN_IN)
    with transaction.atomic():
        _hold_open(survey, seen)
        _check(survey, said)
        if survey.needs_account and contact is not None:
            _take_part(survey, contact)
            key = None
        response, is_new = _respond(survey, key, now)
        if is_new:
            SurveyAnswer.objects.bulk_create(
                SurveyAnswer(
                    response=response, question_id=each.question, option_id=each.option, value=each.value, text=each.text
                )
                for each in said
            )
    return response


def person_key(survey: Survey, contact: Contact) -> str:
    """What recognises this person in this survey, and nowhere else."""
    return salted_hmac(
        f"participation.survey.{survey.pk}", contact.address_key, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def _hold_open(survey: Survey, seen: str) -> None:
    """Nobody closes the survey or changes its questions until the end of this transaction. People who answer don't wait for
    each other."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM participation_survey WHERE id = %s FOR KEY SHARE", [survey.pk])
    held = Survey.objects.with_questions().get(pk=survey.pk)
    if held.closed_at is not None:
        raise NoLongerOpen(_("Die Umfrage ist gerade geschlossen worden."))
    if held.fingerprint() != seen:
        raise QuestionsChanged(_("Der Fragebogen ist gerade geändert worden. Bitte sehen Sie sich die Fragen noch einmal an."))


def _check(survey: Survey, said: Sequence[Said]) -> None:
    """What the form says beside its fields; the database sees to it that an answer fits its question."""
    for question in survey.questions.all():
        own = [each for each in said if each.question == question.pk]
        if question.is_required and not own:
            raise Refused(_("Bitte beantworten Sie alle Pflichtfragen."))
        if question.most_choices and question.kind == question.Kind.MULTIPLE and len(own) > question.most_choices:
            raise Refused(_("Sie haben zu viele Antworten gewählt."))


def _take_part(survey: Survey, contact: Contact) -> None:
    who = {"survey": survey, "person_key": person_key(survey, contact)}
    try:
        with transaction.atomic():
            SurveyParticipation.objects.create(contact=contact, **who)
    except IntegrityError:
        if not has_taken_part(survey, contact):
            raise
        raise AlreadyAnswered(_("Sie haben an dieser Umfrage schon teilgenommen. Ihre Antworten sind gezählt.")) from None


def has_taken_part(survey: Survey, contact: Contact | None) -> bool:
    """Whether this person's questionnaire is counted; known as long as the survey runs."""
    if contact is None:
        return False
    mine = SurveyParticipation.objects.filter(survey=survey)
    return (mine.filter(person_key=person_key(survey, contact)) | mine.filter(contact=contact)).exists()


def _respond(survey: Survey, key: uuid.UUID | None, now: datetime) -> tuple[SurveyResponse, bool]:
    day = timezone.localtime(now, timezone.get_default_timezone()).date()
    try:
        with transaction.atomic():
            return SurveyResponse.objects.create(survey=survey, answered_on=day, submission_key=key), True
    except IntegrityError:
        earlier = SurveyResponse.objects.filter(survey=survey, submission_key=key).first() if key else None
        if earlier is None:
            raise
        return earlier, False


# --- at the desk ------------------------------------------------------------------------------------------------------


@transaction.atomic
def close(survey: Survey, *, by: User, now: datetime | None = None) -> None:
    """Nobody answers any more. Never undone. Raises Refused."""
    held, now = _hold(survey, Deed.CLOSE, by, now)
    if not Survey.objects.filter(pk=held.pk, closed_at=None).update(closed_at=now, closed_by=by):
        raise Overtaken(str(survey_permissions.NOT_RUNNING))
    log(held, "participation.survey.close", user=by, timestamp=now)
    survey.refresh_from_db(fields=["closed_at", "closed_by"])


@transaction.atomic
def publish_results(survey: Survey, *, by: User, now: datetime | None = None) -> None:
    """Everybody can read the result. Never undone. Raises Refused."""
    held, now = _hold(survey, Deed.PUBLISH, by, now)
    Survey.objects.filter(pk=held.pk, results_published_at=None).update(results_published_at=now)
    log(held, "participation.survey.publish_results", user=by, timestamp=now)
    survey.refresh_from_db(fields=["results_published_at"])


def release(answer: SurveyAnswer, *, by: User, now: datetime | None = None) -> None:
    """Everybody may read this text. Raises Refused."""
    _decide(answer, Kind.RELEASED, "", by, now)


@transaction.atomic
def hold_back(answer: SurveyAnswer, *, by: User, now: datetime | None = None) -> None:
    """Take a release back: the text stays, and only the team reads it. Raises Refused."""
    held, now = _hold_text(answer, by, now)
    if SurveyTextDecision.objects.filter(answer=held, kind=Kind.RELEASED).delete()[0]:
        log(held.response.survey, "participation.survey.hold_back_text", user=by, timestamp=now)
    _forget_decision(answer)


def redact(answer: SurveyAnswer, reason: str, *, by: User, now: datetime | None = None) -> None:
    """Erase this text for good; the reason is kept. Raises Refused."""
    reason = clean_text(reason)
    if not has_words(reason):
        raise Refused(_("Bitte geben Sie einen Grund an."))
    _decide(answer, Kind.REDACTED, reason[:300], by, now)


@transaction.atomic
def _decide(answer: SurveyAnswer, kind: Kind, reason: str, by: User, now: datetime | None) -> None:
    held, now = _hold_text(answer, by, now)
    decided = {"kind": kind, "reason": reason, "decided_by": by, "decided_at": now}
    SurveyTextDecision.objects.update_or_create(answer=held, defaults=decided)
    if kind == Kind.REDACTED:
        SurveyAnswer.objects.filter(pk=held.pk).update(text="", is_redacted=True)
        answer.text, answer.is_redacted = "", True
    name = "redact_text" if kind == Kind.REDACTED else "release_text"
    log(held.response.survey, f"participation.survey.{name}", user=by, timestamp=now, data={"reason": reason} if reason else {})
    _forget_decision(answer)


def _hold(survey: Survey, deed: Deed, by: User, now: datetime | None) -> tuple[Survey, datetime]:
    """The survey as it is now, held until the end of the transaction, and the moment; raises Refused."""
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    now = now or clock.now()  # after the wait for others
    if problem := survey_permissions.why_not(by, deed, held, now=now):
        raise Refused(problem)
    return held, now


def _hold_text(answer: SurveyAnswer, by: User, now: datetime | None) -> tuple[SurveyAnswer, datetime]:
    held = SurveyAnswer.objects.select_for_update(of=("self",)).select_related("response__survey").get(pk=answer.pk)
    now = now or clock.now()
    if problem := survey_permissions.why_not_decide(by, held, now=now):
        raise Refused(problem)
    return held, now


def _forget_decision(answer: SurveyAnswer) -> None:
    """The caller's object may still know an earlier one."""
    answer._state.fields_cache.pop("decision", None)
