"""Reviews by criteria in the demo, in every state: pruefungen.yaml of the profile."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from .. import actions
from ..models import Idea, Review, ReviewRound, ReviewScheme
from ..workflow import Action
from .ideas import Builder

ANSWERS = {"ja": "yes", "nein": "no", "unklar": "unclear"}
OUTCOMES = {"bestanden": ReviewRound.Outcome.PASSED, "nicht bestanden": ReviewRound.Outcome.FAILED}


def build(builder: Builder, profile: Path) -> None:
    """Adds to what the builder has made. `profile` is the folder with the profile's data files."""
    file = profile / "pruefungen.yaml"
    if not file.exists():
        return
    data = yaml.safe_load(file.read_text())
    for row in data["in_pruefung"]:
        idea = Idea.objects.get(number=row["idee"])
        actions.take(
            idea,
            Action.TAKE_INTO_REVIEW,
            by=builder.people[row["durch"]],
            decision=actions.Decision(office=builder.office),
            now=_ago(row["vor_tagen"]),
        )
    for row in data["pruefungen"]:
        _round(builder, row)
    for row in data["notizen"]:
        _note(builder, row, Idea.objects.get(number=row["idee"]), None)


def _round(builder: Builder, row: dict[str, Any]) -> None:
    """One round with its reviews. Made as it stood then: by now some of these ideas are decided."""
    idea = Idea.objects.get(number=row["idee"])
    scheme = ReviewScheme.objects.get(slug=row["bogen"])
    review_round = ReviewRound.objects.create(idea=idea, scheme_version=scheme.current, opened_at=_ago(row["beginn_vor_tagen"]))
    _stage(builder, review_round, row["stufe_1"])
    if outcome := row.get("entschieden"):
        ReviewRound.objects.filter(pk=review_round.pk).update(stage_one=OUTCOMES[outcome])
    if "stufe_2" in row:
        ReviewRound.objects.filter(pk=review_round.pk).update(stage=2)
        _stage(builder, ReviewRound.objects.get(pk=review_round.pk), row["stufe_2"])
    if "abgeschlossen_vor_tagen" in row:
        ReviewRound.objects.filter(pk=review_round.pk).update(closed_at=_ago(row["abgeschlossen_vor_tagen"]))
    if "veroeffentlicht_vor_tagen" in row:
        decision = actions.Decision(reason=row.get("grund", ""), office=builder.office)
        now = _ago(row["veroeffentlicht_vor_tagen"])
        actions.publish_review(idea, by=builder.people["leitung"], decision=decision, now=now)


def _stage(builder: Builder, review_round: ReviewRound, rows: list[dict[str, Any]]) -> None:
    seats = [
        Review.objects.create(
            round=review_round,
            stage=review_round.stage,
            reviewer=builder.people[row["person"]],
            assigned_at=_ago(row["zugewiesen_vor_tagen"]),
        )
        for row in rows
    ]
    for review, row in zip(seats, rows, strict=True):
        by = builder.people[row["person"]]
        notes = row.get("anmerkungen", {})
        scores = {
            criterion.pk: actions.Answer(ANSWERS.get(answer, str(answer)), notes.get(criterion.key, ""))
            for criterion, answer in zip(review.criteria, row.get("antworten", []), strict=False)
        }
        if scores:
            actions.save_draft(review, scores, row.get("bemerkung", ""), by=by)
        if "abgegeben_vor_tagen" in row:
            actions.hand_in(review, by=by, now=_ago(row["abgegeben_vor_tagen"]))
        if "befangen" in row:
            actions.declare_conflict(review, row["befangen"], by=by)


def _note(builder: Builder, row: dict[str, Any], idea: Idea, above: Any) -> None:
    by, now = builder.people[row["durch"]], _ago(row["vor_tagen"])
    note = actions.add_note(idea, row["text"], by=by, reply_to=above, now=now)
    for reply in row.get("antworten", []):
        _note(builder, reply, idea, note)


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
