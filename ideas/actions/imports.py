"""Taking over what was decided before PulseHub."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.text import clean_text, one_line
from pages.models import LoesungPage

from ..models import Idea, IdeaAuthor, IdeaVersion, Measure, TrailEntry
from ..workflow import Action, Channel, Contribution
from .handing_in import keep_number_free
from .measures import current_progress, put_into
from .record import Decision, find, record


@dataclass
class ImportedIdea:
    """An idea that was reviewed elsewhere and keeps its number."""

    number: int
    title: str
    text: str
    loesung: LoesungPage | None
    channel: Channel
    decided_at: datetime
    reason: str = ""
    office: str = ""


def import_kept(imported: ImportedIdea) -> Idea:
    """Take over an idea that is already kept. Raises IntegrityError if the number is taken."""
    with transaction.atomic():
        idea = Idea.objects.create(number=imported.number, loesung=imported.loesung, channel=imported.channel)
        version = IdeaVersion.objects.create(
            idea=idea, title=one_line(imported.title), text=clean_text(imported.text), created_at=imported.decided_at
        )
        IdeaAuthor.objects.create(idea=idea)
        decision = Decision(reason=imported.reason, office=imported.office)
        record(idea, find(Action.IMPORT, idea), now=imported.decided_at, decision=decision, released_version=version)
        keep_number_free(imported.number)
    return idea


def import_link(idea: Idea, measure: Measure, contribution: Contribution, *, now: datetime, office: str = "") -> TrailEntry:
    """Take over that an idea goes into a measure."""
    with transaction.atomic():
        changes = put_into(measure, idea, contribution)
        step = find(Action.LINK_MEASURE, idea)
        return record(idea, step, now=now, decision=Decision(office=office), changes=changes, progress=current_progress(idea))
