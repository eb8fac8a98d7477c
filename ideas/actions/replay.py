"""Takes over a way that was gone elsewhere, step by step, as our own export tells it. The database's rules watch each step as
they watch any other; nobody is told, and nothing is promised anew."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..models import Idea, IdeaVersion, Measure, MeasureEntry, TrailEntry, TrailText
from ..workflow import Action

NOT_IN_THE_EXPORT = "Dieser Text ist nicht Teil des Exports."


@dataclass
class PastStep:
    """One row of a way: `fields` are those of TrailEntry or MeasureEntry, the rest those of its text."""

    fields: dict[str, Any]
    reason: str
    redacted_at: datetime | None = None
    awaits_release: bool = False


@dataclass
class PastIdea:
    """An idea as the export tells it: what it is in the end, its released version, its steps, the ideas it became part of."""

    idea: Idea
    version: IdeaVersion
    final: dict[str, Any]
    merged_into: Idea | None = None
    merged_root: Idea | None = None
    # Some other idea, for a merge that was undone again: nobody remembers which one it was.
    any_other: Idea | None = None
    steps: list[PastStep] = field(default_factory=list)


def replay_idea(past: PastIdea) -> None:
    """Write the idea's steps. `past.idea` is a draft without any; afterwards it stands where the last step led."""
    last_merge = max((at for at, step in enumerate(past.steps) if step.fields["action"] == Action.MERGE), default=-1)
    for at, step in enumerate(past.steps):
        TrailEntry.objects.create(idea=past.idea, text=_text_of(step), **step.fields)
        values = {
            **past.final,
            "status": step.fields["to_status"],
            "progress": step.fields["progress"],
            "trail_length": step.fields["position"],
            **_where_it_went(past, step, is_last=at == last_merge),
        }
        if step.fields["action"] in (Action.RELEASE, Action.IMPORT, Action.SPLIT_OFF):
            values["released_version"] = past.version
        Idea.objects.filter(pk=past.idea.pk).update(**values)
    _black_out(TrailEntry.objects.filter(idea=past.idea), past.steps)


def _where_it_went(past: PastIdea, step: PastStep, *, is_last: bool) -> dict[str, Any]:
    if step.fields["action"] == Action.UNMERGE:
        return {"merged_into": None, "merged_root": None}
    if step.fields["action"] != Action.MERGE:
        return {}
    if is_last and past.merged_into:
        return {"merged_into": past.merged_into, "merged_root": past.merged_root}
    return {"merged_into": past.any_other, "merged_root": past.any_other}


def replay_measure(measure: Measure, steps: list[PastStep]) -> None:
    """Write the measure's steps; `measure` stands where the first one began."""
    for step in steps:
        MeasureEntry.objects.create(measure=measure, text=_text_of(step), **step.fields)
        values = {"status": step.fields["to_status"], "trail_length": step.fields["position"]}
        Measure.objects.filter(pk=measure.pk).update(**values)
    _black_out(MeasureEntry.objects.filter(measure=measure), steps)


def _text_of(step: PastStep) -> TrailText:
    """The words of the step; where the export has none although there were some, a sentence that says so."""
    reason = step.reason or (NOT_IN_THE_EXPORT if step.fields["reason_hash"] else "")
    return TrailText.objects.create(reason=reason, awaits_release=step.awaits_release)


def _black_out(entries: Any, steps: Iterable[PastStep]) -> None:
    for step in steps:
        if step.redacted_at:
            texts = entries.filter(position=step.fields["position"]).values("text")
            TrailText.objects.filter(pk__in=texts).update(reason="", redacted_at=step.redacted_at)
