"""Surveys in any state, with questions, and people who answer them."""

import uuid
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from accounts.contacts import contact_of_user
from accounts.models import User
from participation import clock
from participation.actions import surveys as actions
from participation.actions.surveys import Said
from participation.models import Survey, SurveyOption, SurveyQuestion, SurveyResponse

DAY = timedelta(days=1)
_number = count(1)
# Question by question what a form sends: the place of an option, a step, a text.
CHOICE = {"kind": "choice", "text": "Wie kommen Sie zur Arbeit?", "options": ["Bus", "Rad", "Auto"], "is_required": True}
MULTIPLE = {"kind": "multiple", "text": "Was fehlt Ihnen?", "options": ["Bänke", "Bäume", "Brunnen"], "allows_other": True}
SCALE = {"kind": "scale", "text": "Wie zufrieden sind Sie?", "steps": 5, "low_label": "gar nicht", "high_label": "sehr"}
TEXT = {"kind": "text", "text": "Was möchten Sie uns sagen?"}
FOUR = (CHOICE, MULTIPLE, SCALE, TEXT)


def survey(state: str = "running", *, questions: Any = FOUR, now: datetime | None = None, **fields: Any) -> Survey:
    """A survey that is in this state now: draft, coming, running, or over since yesterday."""
    now, number = now or clock.now(), next(_number)
    begin, end = {"coming": (DAY, 9 * DAY), "over": (-9 * DAY, -DAY)}.get(state, (-DAY, 8 * DAY))
    made = Survey.objects.create(
        **{
            "title": f"Umfrage {number}",
            "slug": f"umfrage-{number}",
            "intro": "Worum es geht.",
            "starts_at": now + begin,
            "ends_at": now + end,
            "is_published": state != "draft",
            **fields,
        }
    )
    for place, row in enumerate(questions):
        add_question(made, place, **row)
    return Survey.objects.with_questions().get(pk=made.pk)


def add_question(made: Survey, place: int, *, options: Any = (), **fields: Any) -> SurveyQuestion:
    question = SurveyQuestion.objects.create(survey=made, sort_order=place, **fields)
    SurveyOption.objects.bulk_create(
        SurveyOption(question=question, sort_order=order, text=text) for order, text in enumerate(options)
    )
    return question


def said(found: Survey, *answers: Any) -> list[Said]:
    """What somebody says, question by question: None for nothing, the place of an option or several, a step, a text."""
    rows: list[Said] = []
    for question, answer in zip(found.questions.all(), answers, strict=False):
        options = list(question.options.all())
        for each in answer if isinstance(answer, list | tuple) else [answer]:
            if isinstance(each, str):
                rows.append(Said(question.pk, text=each))
            elif each is not None and question.kind == "scale":
                rows.append(Said(question.pk, value=each))
            elif each is not None:
                rows.append(Said(question.pk, option=options[each].pk))
    return rows


def answered(found: Survey, *answers: Any, by: User | None = None, now: datetime | None = None) -> SurveyResponse:
    """Somebody answers: `by` in surveys with an account. In one that is over they did so while it ran."""
    moment = now or (found.starts_at + timedelta(hours=1))
    return actions.answer(
        found,
        said(found, *answers),
        seen=found.fingerprint(),
        contact=contact_of_user(by) if by else None,
        key=None if by else uuid.uuid4(),
        now=moment,
    )


def form_data(found: Survey, *answers: Any, **more: Any) -> dict[str, Any]:
    """What the page sends for these answers (see `said`)."""
    data: dict[str, Any] = {"fragebogen": found.fingerprint(), "formular": str(uuid.uuid4())}
    for question, answer in zip(found.questions.all(), answers, strict=False):
        name, options = f"frage-{question.pk}", list(question.options.all())
        given = [each for each in (answer if isinstance(answer, list | tuple) else [answer]) if each is not None]
        for each in given:
            if isinstance(each, str) and question.is_choice:
                data[f"{name}-sonstiges"] = each
                data.setdefault(name, []).append("sonstiges")
            elif question.is_choice:
                data.setdefault(name, []).append(str(options[each].pk))
            else:
                data[name] = str(each)
    return {**data, **more}
