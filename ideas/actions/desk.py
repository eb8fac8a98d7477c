"""What the review desk does with an idea."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from pages.models import EventPage, LoesungPage
from pages.words import words

from .. import families, notifications, permissions
from ..models import Idea, IdeaVersion, Measure, Place, TrailEntry
from ..workflow import Action, Contribution, Status
from .measures import current_progress, put_into
from .record import Decision, Overtaken, Refused, find, in_the_trails_language, record

_HAVE_A_FUNCTION_OF_THEIR_OWN = (
    Action.RELEASE,
    Action.RECLASSIFY,
    Action.LINK_MEASURE,
    Action.UNLINK_MEASURE,
    Action.MERGE,
    Action.UNMERGE,
    Action.SPLIT,
    Action.PUBLISH_REVIEW,
    Action.REDACT,
)


def take(idea: Idea, action: Action, *, by: User, decision: Decision | None = None, now: datetime | None = None) -> TrailEntry:
    """One step that changes nothing but the status: review, ask back, keep, reject, reopen. Returns the row of the trail.

    Raises ValueError for a step that has a function of its own here.
    """
    if action in _HAVE_A_FUNCTION_OF_THEIR_OWN:
        raise ValueError(f"{action} changes more than the status and has a function of its own")
    with transaction.atomic():
        if action is Action.REOPEN and families.measure_links(idea).exists():
            raise Refused(
                _("Die Idee ist mit %(dat_pl_massnahme)s verknüpft. Bitte lösen Sie diese Verknüpfungen zuerst.") % words
            )
        return staff_step(idea, action, by, decision, now)


def release(
    idea: Idea, version: IdeaVersion, *, by: User, decision: Decision | None = None, now: datetime | None = None
) -> TrailEntry:
    """Make this version of the idea public. Refused if the author has written a newer one meanwhile."""
    if version != idea.latest_version:
        raise Overtaken
    with transaction.atomic():
        return staff_step(idea, Action.RELEASE, by, decision, now, released_version=version, has_newer_version=False)


def reclassify(
    idea: Idea,
    loesung: LoesungPage | None,
    *,
    by: User,
    decision: Decision,
    places: Iterable[Place] | None = None,
    tags: Iterable[str] | None = None,
    events: Iterable[EventPage] | None = None,
    now: datetime | None = None,
) -> TrailEntry:
    """Assign the idea to another Lösung (None: to no Lösung yet), other places, other tags, the event it came from (one, or
    an empty list for none). What is not given stays. Before, after and reason are public."""
    places, tags = list(places) if places is not None else None, list(tags) if tags is not None else None
    fields: dict[str, Any] = {"loesung": loesung}
    changes = _classification(idea, loesung, places, tags)
    if events is not None:
        fields["event"] = next(iter(events), None)
        with in_the_trails_language():
            before, after = _listed(filter(None, [idea.event])), _listed(filter(None, [fields["event"]]))
            changes += [_change(_("Termin"), before, after)] if before != after else []
    if not changes and loesung == idea.loesung:
        raise Refused(_("Die Idee ist schon so eingeordnet. Bitte ändern Sie %(loesung)s, Ort oder Stichwörter.") % words)
    with transaction.atomic():
        entry = staff_step(idea, Action.RECLASSIFY, by, decision, now, changes=changes, **fields)
        if places is not None:
            idea.places.set(places)
        if tags is not None:
            idea.tags.set(tags)
    return entry


@in_the_trails_language()
def _classification(
    idea: Idea, loesung: LoesungPage | None, places: list[Place] | None, tags: list[str] | None
) -> list[dict[str, str]]:
    """What a reclassification changes; places and tags that are None stay."""
    nowhere = _("noch nicht zugeordnet")
    changes = [
        _change(words["Loesung"], idea.loesung.title if idea.loesung else nowhere, loesung.title if loesung else nowhere)
    ]
    if places is not None:
        changes.append(_change(_("Ort"), _listed(idea.places.all()), _listed(places)))
    if tags is not None:
        changes.append(_change(_("Stichwörter"), _listed(idea.tags.all()), _listed(tags)))
    return [change for change in changes if change["before"] != change["after"]]


def _change(label: str, before: str, after: str) -> dict[str, str]:
    return {"label": label, "before": before, "after": after}


def _listed(things: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, things), key=str.casefold)) or _("keine Angabe")


def link_measure(
    idea: Idea,
    measure: Measure,
    contribution: Contribution,
    *,
    by: User,
    decision: Decision | None = None,
    now: datetime | None = None,
) -> TrailEntry:
    """Say that the idea goes into the measure; from now on it shows the measure's progress."""
    with transaction.atomic():
        _hold(measure, idea)
        if families.measure_links(idea).filter(measure=measure).exists():
            raise Refused(_("Die Idee ist mit %(this_dat_massnahme)s schon verknüpft.") % words)
        try:
            with transaction.atomic():
                changes = put_into(measure, idea, contribution)
        except IntegrityError as error:
            raise Refused(_("Die Idee ist mit %(this_dat_massnahme)s schon verknüpft.") % words) from error
        return staff_step(idea, Action.LINK_MEASURE, by, decision, now, changes=changes, progress=current_progress(idea))


def unlink_measure(idea: Idea, measure: Measure, *, by: User, decision: Decision, now: datetime | None = None) -> TrailEntry:
    """Take the idea out of the measure again, and with it all that have become part of it."""
    with transaction.atomic():
        _hold(measure, idea)
        deleted, _rows = families.measure_links(idea).filter(measure=measure).delete()
        if not deleted:
            raise Refused(_("Die Idee ist mit %(this_dat_massnahme)s nicht verknüpft.") % words)
        with in_the_trails_language():
            changes = [{"label": words["Massnahme"], "before": measure.title, "after": ""}]
        return staff_step(idea, Action.UNLINK_MEASURE, by, decision, now, changes=changes, progress=current_progress(idea))


def _hold(measure: Measure, idea: Idea) -> None:
    """Keep others from changing what the idea's progress comes from until we are done. Always the measure before its ideas, as
    change_measure_status does it: whoever comes second waits, nobody waits for each other."""
    for rows in (Measure.objects.filter(pk=measure.pk), Idea.objects.filter(pk=idea.pk)):
        list(rows.select_for_update(no_key=True).values_list("pk"))


def staff_step(
    idea: Idea,
    action: Action,
    by: User,
    decision: Decision | None,
    now: datetime | None,
    *,
    changes: list[dict[str, str]] | None = None,
    target: Status | None = None,
    **fields: Any,
) -> TrailEntry:
    """A step that a member of staff takes with one idea: asked of permissions, recorded, told to the author."""
    decision = decision or Decision()
    # First of all: who decided from an old page is told that, not that the step doesn't fit the new state.
    if decision.seen is not None and decision.seen != idea.trail_length:
        raise Overtaken
    step = find(action, idea, target)
    problem = permissions.why_not(by, step, idea)
    if problem:
        raise Refused(problem)
    entry = record(idea, step, now=now or timezone.now(), by=by, decision=decision, changes=changes, **fields)
    if step.tells_author:
        notifications.tell_author(idea, entry)
    return entry
