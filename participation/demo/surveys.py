"""Surveys of the demo (ideas/demo/<profile>/umfragen.yaml), with dates relative to today and answers that are the same every
time: each through the same steps as any other."""

import uuid
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from ideas.demo.ideas import Builder

from ..actions import surveys as actions
from ..actions.surveys import Said
from ..models import Survey, SurveyAnswer, SurveyOption, SurveyQuestion
from .competitions import day

FILE = "umfragen.yaml"
Row = dict[str, Any]
_NAMESPACE = uuid.UUID("5f0f0f57-9c43-4a9e-8d1e-0b8f5a3a6d11")


def build(builder: Builder, profile: Path) -> None:
    """The surveys of this profile, if it has any, with their answers."""
    if not (profile / FILE).exists():
        return
    for row in yaml.safe_load((profile / FILE).read_text())["umfragen"]:
        survey = _survey(row)
        _answer(survey, row)
        if "geschlossen_vor_tagen" in row:
            now = timezone.now() - timedelta(days=row["geschlossen_vor_tagen"])
            actions.close(survey, by=builder.people["leitung"], now=now)
        for text in row.get("freigegeben", []):
            for answer in SurveyAnswer.objects.filter(response__survey=survey, text=text):
                actions.release(answer, by=builder.people["leitung"])


def _survey(row: Row) -> Survey:
    begin, end = row["zeit"]
    survey = Survey.objects.create(
        title=row["titel"],
        slug=row["slug"],
        intro=row["einleitung"],
        thanks=row.get("dank", ""),
        outcome=row.get("daraus_wurde", ""),
        starts_at=day(begin, time(8)),
        ends_at=day(end, time(18)),
        is_published=True,
        created_at=day(begin - 7, time(8)),
    )
    for place, each in enumerate(row["fragen"]):
        _question(survey, place, each)
    return Survey.objects.with_questions().get(pk=survey.pk)


def _question(survey: Survey, place: int, row: Row) -> None:
    low, high = row.get("skala", ["", ""])
    question = SurveyQuestion.objects.create(
        survey=survey,
        sort_order=place,
        kind=row["art"],
        text=row["frage"],
        help=row.get("hinweis", ""),
        is_required=row.get("pflicht", False),
        allows_other=bool(row.get("sonstiges")),
        low_label=low,
        high_label=high,
    )
    SurveyOption.objects.bulk_create(
        SurveyOption(question=question, sort_order=order, text=text) for order, text in enumerate(row.get("antworten", {}))
    )


def _answer(survey: Survey, row: Row) -> None:
    """As many invented people as the file says, spread over the time that has passed."""
    seen, now = survey.fingerprint(), timezone.now()
    last = min(survey.ends_at, now) - timedelta(minutes=1)
    if "geschlossen_vor_tagen" in row:
        last = min(last, now - timedelta(days=row["geschlossen_vor_tagen"], minutes=1))
    for person in range(row["personen"]):
        name = f"{survey.slug} {person}"
        said = [
            each
            for question, asked in zip(survey.questions.all(), row["fragen"], strict=True)
            for each in _said(f"{name} {question.sort_order}", question, asked, person)
        ]
        moment = survey.starts_at + (last - survey.starts_at) * (_some(name) % 1000) / 1000
        actions.answer(survey, said, seen=seen, key=uuid.uuid5(_NAMESPACE, name), now=moment)


def _said(name: str, question: SurveyQuestion, row: Row, person: int) -> list[Said]:
    """What this person says. `antworten` of a choice: how many of a hundred choose it; `verteilung`: each step."""
    if question.kind == SurveyQuestion.Kind.TEXT:
        texts = row["texte"]
        return [Said(question.pk, text=texts[person])] if person < len(texts) else []
    if question.kind == SurveyQuestion.Kind.SCALE:
        return [Said(question.pk, value=1 + _weighted(name, row["verteilung"]))]
    options, weights = list(question.options.all()), list(row["antworten"].values())
    other = row.get("sonstiges", [])
    if question.kind == SurveyQuestion.Kind.CHOICE:
        if person < len(other):
            return [Said(question.pk, text=other[person])]
        return [Said(question.pk, option=options[_weighted(name, weights)].pk)]
    chosen = [
        Said(question.pk, option=option.pk)
        for option, weight in zip(options, weights, strict=True)
        if _some(f"{name} {option.sort_order}") % 100 < weight
    ]
    return [*chosen, *([Said(question.pk, text=other[person])] if person < len(other) else [])]


def _weighted(name: str, weights: list[int]) -> int:
    left = _some(name) % sum(weights)
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return place
    raise AssertionError(name)


def _some(name: str) -> int:
    return uuid.uuid5(_NAMESPACE, name).int
