"""Taking over what was decided before PulseHub, and what somebody else keeps in a spreadsheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, one_line
from pages.models import LoesungPage
from pages.words import words

from ..models import Idea, IdeaAuthor, IdeaVersion, Measure, MeasureEntry, Place, TrailEntry
from ..workflow import Action, Channel, Contribution, MeasureStatus, Status
from .handing_in import keep_number_free, next_number
from .measures import change_measure_status, current_progress, put_into, record_for_measure
from .record import Decision, find, record


@dataclass
class ImportedIdea:
    """An idea that comes from elsewhere. It keeps its number, or gets the next one where it has none."""

    number: int | None
    title: str
    text: str
    loesung: LoesungPage | None
    channel: Channel
    decided_at: datetime
    reason: str = ""
    office: str = ""
    status: Status = Status.KEPT
    submitted_at: datetime | None = None
    place_text: str = ""
    places: Iterable[Place] = ()
    tags: Iterable[str] = ()


def import_kept(imported: ImportedIdea) -> Idea:
    """Take over an idea that is already kept. Raises IntegrityError if the number is taken."""
    return import_idea(imported)


def import_idea(imported: ImportedIdea) -> Idea:
    """Take over an idea in the status that it has. What nobody has looked at yet is not public. Raises IntegrityError if the
    number is taken."""
    with transaction.atomic():
        idea = Idea.objects.create(
            number=imported.number or next_number(),
            loesung=imported.loesung,
            channel=imported.channel,
            submitted_at=imported.submitted_at,
            place_text=imported.place_text,
        )
        version = IdeaVersion.objects.create(
            idea=idea, title=one_line(imported.title), text=clean_text(imported.text), created_at=imported.decided_at
        )
        IdeaAuthor.objects.create(idea=idea)
        idea.places.set(imported.places)
        if tags := list(imported.tags):
            idea.tags.set(tags)
        released: dict[str, Any] = {} if imported.status == Status.SUBMITTED else {"released_version": version}
        step = find(Action.IMPORT, idea, imported.status)
        record(
            idea, step, now=imported.decided_at, decision=Decision(reason=imported.reason, office=imported.office), **released
        )
        keep_number_free(idea.number or 0)
    return idea


def import_classification(idea: Idea, loesung: LoesungPage | None, *, by: User | None, decision: Decision) -> TrailEntry:
    """Take over that the idea belongs to another Lösung. The reason is public."""
    nowhere = _("noch nicht zugeordnet")
    before, after = idea.loesung.title if idea.loesung else nowhere, loesung.title if loesung else nowhere
    changes = [{"label": words["Loesung"], "before": before, "after": after}]
    step = find(Action.RECLASSIFY, idea)
    return record(idea, step, now=timezone.now(), by=by, decision=decision, changes=changes, loesung=loesung)


def import_measures(measures: list[Measure]) -> list[Measure]:
    """Take over new measures in the status that they have."""
    return Measure.objects.bulk_create(measures, batch_size=500)


_PUBLIC_NAMES = ("title", "zielbild", "loesung")


def import_measure_changes(measure: Measure, values: dict[str, Any], *, by: User | None, decision: Decision) -> None:
    """Take over new values of a measure. Another title, place in the agenda or status stands in its way afterwards."""
    with transaction.atomic():
        status = values.pop("status", measure.status)
        names = {name: values.pop(name) for name in _PUBLIC_NAMES if name in values}
        if values:
            for name, value in values.items():
                setattr(measure, name, value)
            measure.save(update_fields=list(values))
        if names:
            changes = [_relabelled(measure, name, value) for name, value in names.items()]
            record_for_measure(
                measure, MeasureEntry.Kind.RELABEL, now=timezone.now(), by=by, decision=decision, changes=changes, **names
            )
        change_measure_status(measure, MeasureStatus(status), by=by, decision=decision)


def _relabelled(measure: Measure, name: str, value: Any) -> dict[str, str]:
    label = Measure._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return {"label": str(label), "before": _shown(getattr(measure, name)), "after": _shown(value)}


def _shown(value: Any) -> str:
    """A title as it is, a page by its title."""
    return value if isinstance(value, str) else value.title if value else "–"


def import_link(idea: Idea, measure: Measure, contribution: Contribution, *, now: datetime, office: str = "") -> TrailEntry:
    """Take over that an idea goes into a measure."""
    with transaction.atomic():
        changes = put_into(measure, idea, contribution)
        step = find(Action.LINK_MEASURE, idea)
        return record(idea, step, now=now, decision=Decision(office=office), changes=changes, progress=current_progress(idea))
