"""Schemes of criteria: made and changed by the lead. A change never touches a wording: it is the next version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User

from .. import permissions
from ..models import Criterion, ReviewScheme, ReviewSettings, SchemeVersion
from .record import Refused


@dataclass
class Question:
    """One criterion as the lead enters it. `key` is that of the same question in an earlier version; '' makes a new one."""

    name: str
    stage: int = 1
    question: str = ""
    kind: str = Criterion.Kind.YES_NO
    weight: int = 1
    steps: list[dict[str, Any]] = field(default_factory=list)
    key: str = ""


def save_scheme(
    scheme: ReviewScheme,
    questions: Sequence[Question],
    *,
    by: User,
    seen: int | None = None,
    is_default: bool = False,
) -> SchemeVersion | None:
    """Write name, description and switches of the scheme, and a new version if the questions differ from the current one.

    `seen` is the number of the version that the lead saw. Returns the new version, None if the questions are the same.
    Rounds that run keep theirs.
    """
    if not permissions.leads(by):
        raise Refused(_("Für diesen Schritt fehlt Ihnen die Berechtigung."))
    if not any(question.stage == 1 for question in questions):
        raise Refused(_("Die 1. Stufe braucht mindestens ein Kriterium."))
    try:
        with transaction.atomic():
            scheme.save()
            current = _held(scheme)
            if seen is not None and seen != (current.number if current else 0):
                raise Refused(_("Jemand hat diesen Prüfbogen inzwischen geändert. Bitte sehen Sie sich die neue Fassung an."))
            version = _next_version(scheme, current, questions, by)
            if is_default:
                settings = ReviewSettings.load()
                settings.scheme = scheme
                settings.save()
    except IntegrityError as error:
        raise Refused(_("Diesen Namen oder dieses Kürzel hat schon ein anderer Prüfbogen.")) from error
    return version


def _held(scheme: ReviewScheme) -> SchemeVersion | None:
    """The current version; whoever else saves this scheme waits."""
    list(ReviewScheme.objects.filter(pk=scheme.pk).select_for_update().values_list("pk"))
    return SchemeVersion.objects.filter(scheme=scheme).order_by("-number").first()


def _next_version(
    scheme: ReviewScheme, current: SchemeVersion | None, questions: Sequence[Question], by: User
) -> SchemeVersion | None:
    rows = _with_keys_and_places(questions)
    if current and _as_stored(current) == rows:
        return None
    version = SchemeVersion.objects.create(scheme=scheme, number=current.number + 1 if current else 1, created_by=by)
    Criterion.objects.bulk_create([Criterion(version=version, **row) for row in rows])
    return version


_FIELDS = ("stage", "position", "key", "name", "question", "kind", "weight", "steps")


def _as_stored(version: SchemeVersion) -> list[dict[str, Any]]:
    rows = version.criteria.order_by("stage", "position", "pk").values(*_FIELDS)
    return [{**row, "position": place} for place, row in enumerate(rows, start=1)]


def _with_keys_and_places(questions: Sequence[Question]) -> list[dict[str, Any]]:
    keys = {question.key for question in questions if question.key}
    rows = []
    for place, question in enumerate(sorted(questions, key=lambda question: question.stage), start=1):
        key = question.key or _free_key(question.name, keys)
        keys.add(key)
        is_scale = question.kind == Criterion.Kind.SCALE
        rows.append(
            {
                "stage": question.stage,
                "position": place,
                "key": key,
                "name": question.name,
                "question": question.question,
                "kind": question.kind,
                "weight": question.weight,
                "steps": question.steps if is_scale else [],
            }
        )
    return rows


def _free_key(name: str, taken: set[str]) -> str:
    base = slugify(name)[:34] or "kriterium"
    return next(key for number in range(1, 1000) if (key := base if number == 1 else f"{base}-{number}") not in taken)
