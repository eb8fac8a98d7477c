"""A whole survey as a JSON file, and a new survey made of one: definition, answers, decisions about free texts. No persons.

Exported, read in and exported again it is the same file, byte by byte, but for the address. Answers stand in an order that
comes from what they say. Whether a survey is published is a matter of this site: what is read in is a draft first.
"""

import json
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User

from .models import Survey, SurveyAnswer, SurveyOption, SurveyQuestion, SurveyResponse, SurveyTextDecision

FORMAT, VERSION = "pulsehub-survey", 1
WORDS = ("title", "language", "intro", "thanks", "mode", "results_visibility", "outcome")
MOMENTS = ("starts_at", "ends_at", "closed_at", "results_published_at")
QUESTION = ("kind", "text", "help", "is_required", "allows_other", "most_choices", "steps", "low_label", "high_label")
Decided = SurveyTextDecision.Kind


class NotReadable(Exception):
    """No survey can be made of this file. Its text is written to the person who brought it."""


# --- out --------------------------------------------------------------------------------------------------------------


def export(survey: Survey, *, with_answers: bool = True) -> bytes:
    own: dict[str, Any] = {"slug": survey.slug, **{name: getattr(survey, name) for name in WORDS}}
    own |= {name: moment.isoformat() if (moment := getattr(survey, name)) else None for name in MOMENTS}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "survey": own,
        "questions": survey.definition(),
        "responses": _responses(survey) if with_answers else [],
    }
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _responses(survey: Survey) -> list[dict[str, Any]]:
    questions = list(survey.questions.all())
    places = {each.pk: place for place, each in enumerate(questions)}
    options = {option.pk: place for each in questions for place, option in enumerate(each.options.all())}
    rows: dict[Any, dict[str, Any]] = {
        pk: {"day": day.isoformat(), "answers": []} for pk, day in survey.responses.values_list("pk", "answered_on")
    }
    answers: QuerySet[SurveyAnswer] = SurveyAnswer.objects.filter(response__survey=survey).select_related("decision").order_by()
    for answer in answers:
        rows[answer.response_id]["answers"].append({"question": places[answer.question_id], **_said(answer, options)})
    for row in rows.values():
        row["answers"].sort(key=_canonical)
    return sorted(rows.values(), key=_canonical)


def _said(answer: SurveyAnswer, options: dict[int, int]) -> dict[str, Any]:
    if answer.option_id is not None:
        return {"option": options[answer.option_id]}
    if answer.value is not None:
        return {"value": answer.value}
    decision = getattr(answer, "decision", None)
    if answer.is_redacted:
        return {"redacted": decision.reason if decision else ""}
    return {"text": answer.text, **({"released": True} if decision else {})}


def _canonical(thing: Any) -> str:
    return json.dumps(thing, sort_keys=True, ensure_ascii=False)


# --- in ---------------------------------------------------------------------------------------------------------------


def read_in(content: bytes, *, by: User | None = None, slug: str = "") -> Survey:
    """A new survey, a draft, made of this file. Raises NotReadable; then nothing is made."""
    document = _document(content)
    try:
        with transaction.atomic():
            survey = _survey(document["survey"], slug)
            asked = [_question(survey, row, place) for place, row in enumerate(document["questions"])]
            for row in document["responses"]:
                _response(survey, asked, row, by)
            late = {name: _moment(document["survey"], name) for name in ("closed_at", "results_published_at")}
            Survey.objects.filter(pk=survey.pk).update(**late)
            if by is not None:
                log(survey, "participation.survey.import", user=by)
    except ValidationError as problem:
        raise NotReadable(_("Die Datei passt nicht: %(problem)s") % {"problem": " ".join(problem.messages)}) from problem
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, DatabaseError) as problem:
        raise NotReadable(_("In der Datei fehlt etwas, oder eine Antwort passt nicht zu ihrer Frage.")) from problem
    return Survey.objects.with_questions().get(pk=survey.pk)


def free_slug(wanted: str) -> str:
    """This address, or the first one like it that no survey has."""
    longest = 74
    taken = set(Survey.objects.filter(slug__startswith=wanted[:longest]).values_list("slug", flat=True))
    names = (wanted if n == 1 else f"{wanted[:longest]}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise NotReadable(_("Das ist keine JSON-Datei.")) from problem
    if not isinstance(document, dict) or document.get("format") != FORMAT or document.get("version") != VERSION:
        raise NotReadable(_("Das ist keine Umfrage, die PulseHub geschrieben hat."))
    if not all(
        isinstance(document.get(name), kind) for name, kind in (("survey", dict), ("questions", list), ("responses", list))
    ):
        raise NotReadable(_("In der Datei fehlt etwas, oder eine Antwort passt nicht zu ihrer Frage."))
    return document


def _survey(row: dict[str, Any], slug: str) -> Survey:
    survey = Survey(slug=slug or free_slug(row["slug"]), **{name: row[name] for name in WORDS})
    survey.starts_at, survey.ends_at = _needed(row, "starts_at"), _needed(row, "ends_at")
    survey.full_clean()
    survey.save()
    return survey


def _moment(row: dict[str, Any], name: str) -> datetime | None:
    return None if row[name] is None else _needed(row, name)


def _needed(row: dict[str, Any], name: str) -> datetime:
    moment = parse_datetime(row[name])
    if moment is None or timezone.is_naive(moment):
        raise ValueError(name)
    return moment


def _question(survey: Survey, row: dict[str, Any], place: int) -> tuple[SurveyQuestion, list[SurveyOption]]:
    question = SurveyQuestion(survey=survey, sort_order=place, **{name: row[name] for name in QUESTION})
    question.full_clean()
    question.save()
    options = [SurveyOption(question=question, sort_order=order, text=text) for order, text in enumerate(row["options"])]
    for option in options:
        option.full_clean()
        option.save()
    return question, options


def _response(
    survey: Survey, asked: list[tuple[SurveyQuestion, list[SurveyOption]]], row: dict[str, Any], by: User | None
) -> None:
    response = SurveyResponse.objects.create(survey=survey, answered_on=date.fromisoformat(row["day"]))
    for said in row["answers"]:
        question, options = asked[said["question"]]
        answer = SurveyAnswer(response=response, question=question, value=said.get("value"), text=said.get("text", ""))
        if "option" in said:
            answer.option = options[said["option"]]
        if "redacted" in said:
            answer.text = "–"  # a text that is erased in the next moment
        answer.save(force_insert=True)
        if "redacted" in said or said.get("released"):
            kind, reason = (Decided.REDACTED, said["redacted"]) if "redacted" in said else (Decided.RELEASED, "")
            SurveyTextDecision.objects.create(answer=answer, kind=kind, reason=reason, decided_by=by)
        if "redacted" in said:
            SurveyAnswer.objects.filter(pk=answer.pk).update(text="", is_redacted=True)
