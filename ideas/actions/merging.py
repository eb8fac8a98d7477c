"""Merge and undo, split: several ideas at once, in one transaction.

A merge moves no row. It says where an idea went (`merged_into`) and where that chain ends (`merged_root`); supports, links and
followers stay where they were made and are counted over the family (ideas/families.py). So an undo has nothing to repair.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from common import tokens
from common.text import clean_text, has_words, one_line
from pages.models import LoesungPage
from pages.words import words

from .. import families, news, notifications_merging, permissions
from ..models import Idea, IdeaAuthor, IdeaVersion, Measure, TrailEntry
from ..workflow import Action, Status, Step
from .handing_in import next_number
from .record import Decision, Drawn, Overtaken, Refused, find, record_many
from .voices import recount_supports

Seen = Mapping[int, int]  # how long the trails of the ideas (by key) were on the page that was decided from


@dataclass
class Part:
    """One of the ideas that another one is split into."""

    title: str
    text: str
    loesung: LoesungPage | None = None


def merge(
    target: Idea,
    sources: Sequence[Idea],
    *,
    by: User,
    decision: Decision,
    seen: Seen | None = None,
    now: datetime | None = None,
) -> list[TrailEntry]:
    """Let the sources become part of the target. Returns the rows of the trail: one per source, the target's last."""
    sources = _in_order(sources)
    _refuse_what_was_overtaken([target, *sources], seen, decision)
    prefetch_related_objects([target, *sources], "author")
    why = why_not_merge(by, target, sources)
    if why:
        raise Refused(why)
    with transaction.atomic():
        _hold([target, *sources])
        parts = families.parts_of([target, *sources])
        together = set().union(*parts.values())
        drawn = [
            Drawn(
                source,
                find(Action.MERGE, source),
                [_named(gettext_noop("Aufgegangen in"), after=target)],
                {"merged_into": target, "merged_root": target},
            )
            for source in sources
        ]
        taken_in = [_named(gettext_noop("Aufgenommen"), after=source) for source in sources]
        drawn.append(Drawn(target, find(Action.ABSORB, target), taken_in, _progress(target, together)))
        entries = record_many(drawn, now=now or timezone.now(), by=by, decision=decision)
        Idea.objects.filter(merged_root__in=[source.pk for source in sources]).update(merged_root=target)
        recount_supports([target.pk])
        notifications_merging.tell_everybody(entries[-1], together)
    return entries


def why_not_merge(by: User, target: Idea, sources: Sequence[Idea]) -> str:
    """The sentence that tells this person why these ideas can't become part of the target; '' if they can."""
    if not sources:
        return str(_("Bitte wählen Sie mindestens eine Idee, die in einer anderen aufgehen soll."))
    if target.pk in {source.pk for source in sources}:
        return str(_("Eine Idee kann nicht in sich selbst aufgehen. Bitte wählen Sie eine andere."))
    for source in sources:
        why = why_not_be_merged(by, source)
        if why:
            return f"{_('Idee')} {source.number}: {why}" if len(sources) > 1 else why
    why = permissions.why_not_into(by, target)
    # A link made from now on is a step with its idea, so that this merge is overtaken.
    if not why and target.status != Status.KEPT and families.go_into_measures(sources):
        why = (
            _(
                "Eine dieser Ideen gehört schon zu %(a_dat_massnahme)s."
                " Sie kann nur in einer Idee aufgehen, die als Idee behalten ist."
                " Bitte wählen Sie eine solche Idee, oder behalten Sie die Zielidee zuerst."
            )
            % words
        )
    return str(why)


def why_not_be_merged(by: User, source: Idea) -> str:
    """The same for one idea that shall become part of another."""
    try:
        step = find(Action.MERGE, source)
    except Refused as problem:
        return str(problem)
    return str(permissions.why_not(by, step, source))


def unmerge(
    ideas: Sequence[Idea],
    *,
    by: User,
    decision: Decision,
    seen: Seen | None = None,
    now: datetime | None = None,
) -> list[TrailEntry]:
    """Let ideas that became part of another one stand on their own again, each where it stood before.

    All of them went into the same idea, which may have become part of a further one meanwhile. Returns the rows of the trail:
    one per idea, that of the idea which lets go, and one of the whole where its progress changes.
    """
    ideas = _in_order(ideas)
    _refuse_what_was_overtaken(ideas, seen, decision)
    if not ideas:
        raise Refused(_("Bitte wählen Sie mindestens eine Idee, die wieder für sich stehen soll."))
    prefetch_related_objects(ideas, "author")
    steps = [_step_back(idea, by) for idea in ideas]
    if len({idea.merged_into_id for idea in ideas}) > 1:
        raise Refused(_("Diese Ideen sind in verschiedenen Ideen aufgegangen. Bitte trennen Sie sie nacheinander."))
    with transaction.atomic():
        parts, above, root = _what_is_left(ideas)
        drawn = []
        for idea, step in zip(ideas, steps, strict=True):
            fields: dict[str, Any] = {"merged_into": None, "merged_root": None}
            if step.target == Status.KEPT:
                fields["progress"] = families.progress_of(parts[idea.pk])
            drawn.append(Drawn(idea, step, [_named(gettext_noop("Aufgegangen in"), before=above[0])], fields))
        drawn += _let_go(above, ideas, parts)
        entries = record_many(drawn, now=now or timezone.now(), by=by, decision=decision)
        for idea in ideas:
            Idea.objects.filter(pk__in=parts[idea.pk] - {idea.pk}).update(merged_root=idea)
        recount_supports([root.pk])
        told = set().union(parts[root.pk], *(parts[idea.pk] for idea in ideas))
        notifications_merging.tell_everybody(entries[len(ideas)], told)
    return entries


def _step_back(idea: Idea, by: User) -> Step:
    """The step that leads the idea back to where it stood. Raises Refused if this person can't take it."""
    step = find(Action.UNMERGE, idea, Status(permissions.status_before_merge(idea) or idea.status))
    problem = permissions.why_not(by, step, idea)
    if problem:
        raise Refused(problem)
    return step


def _what_is_left(ideas: Sequence[Idea]) -> tuple[dict[int, set[int]], list[Idea], Idea]:
    """Of each idea its parts once these have gone, and the ideas that lose them, from the direct target to the root."""
    _hold(ideas)
    stored = {row.pk: row for row in Idea.objects.filter(pk__in=[idea.pk for idea in ideas])}
    if any(
        (stored[idea.pk].merged_into_id, stored[idea.pk].merged_root_id) != (idea.merged_into_id, idea.merged_root_id)
        for idea in ideas
    ):
        raise Overtaken
    family = {row.pk: row for row in Idea.objects.family_of(Idea(pk=ideas[0].merged_root_id))}
    above: list[Idea] = []
    place = ideas[0].merged_into_id
    while place is not None:
        above.append(family[place])
        place = family[place].merged_into_id
    parts = families.parts_of([*ideas, *above])
    gone = set().union(*(parts[idea.pk] for idea in ideas))
    for idea in above:
        parts[idea.pk] -= gone
    return parts, above, above[-1]


def _let_go(above: list[Idea], ideas: Sequence[Idea], parts: Mapping[int, set[int]]) -> list[Drawn]:
    """The row of the idea that lets go; a row of the idea at the end of the chain where its progress is another one now."""
    direct, root = above[0], above[-1]
    progress = _progress(root, parts[root.pk])
    changes = [_named(gettext_noop("Aufgenommen"), before=idea) for idea in ideas]
    drawn = [Drawn(direct, find(Action.LET_GO, direct), changes, dict(progress) if root is direct else {})]
    if root is not direct and progress.get("progress", root.progress) != root.progress:
        drawn.append(Drawn(root, find(Action.PROGRESS, root), changes, progress))
    return drawn


def split(
    idea: Idea,
    parts: Sequence[Part],
    *,
    by: User,
    decision: Decision,
    now: datetime | None = None,
) -> list[Idea]:
    """Make new ideas out of this one, each with a number of its own, public at once and from the same author. Returns them."""
    now = now or timezone.now()
    _refuse_what_was_overtaken([idea], {idea.pk: decision.seen} if decision.seen is not None else None, decision)
    step = find(Action.SPLIT, idea)
    problem = permissions.why_not(by, step, idea)
    if problem:
        raise Refused(problem)
    if not parts or not all(has_words(part.title) and has_words(part.text) for part in parts):
        raise Refused(_("Bitte geben Sie jedem Teil einen Titel und eine Beschreibung."))
    with transaction.atomic():
        _hold([idea])
        made = [_part(idea, part, now) for part in parts]
        # The counter comes last: until the end of the transaction everybody else who hands in waits for it.
        numbers = [next_number() for _part_ in made]
        drawn = [
            Drawn(
                new,
                find(Action.SPLIT_OFF, new),
                [_named(gettext_noop("Hervorgegangen aus"), after=idea)],
                {"number": number, "released_version": new.latest_version},
            )
            for new, number in zip(made, numbers, strict=True)
        ]
        changes = [_numbered(gettext_noop("Daraus hervorgegangen"), after=number) for number in numbers]
        entries = record_many([*drawn, Drawn(idea, step, changes)], now=now, by=by, decision=decision)
        notifications_merging.tell_author_of_split(entries[-1], made)
        news.tell_followers(entries[-1])
    return made


def _part(origin: Idea, part: Part, now: datetime) -> Idea:
    """A draft with the part's words and all that the origin says of itself."""
    new = Idea.objects.create(
        origin=origin,
        loesung=part.loesung,
        channel=origin.channel,
        place_text=origin.place_text,
        target_groups=origin.target_groups,
        submitted_at=now,
    )
    IdeaVersion.objects.create(idea=new, title=one_line(part.title), text=clean_text(part.text), created_at=now)
    author: IdeaAuthor | None = getattr(origin, "author", None)
    IdeaAuthor.objects.create(
        idea=new,
        user=author.user if author else None,
        email=author.email if author else "",
        consent_text=author.consent_text if author else "",
        consent_at=author.consent_at if author else None,
        confirmed_at=author.confirmed_at if author else None,
        language=author.language if author else "de",
        receipt_digest=tokens.digest(new.receipt_token),
    )
    new.places.set(origin.places.all())
    new.tags.set(list(origin.tags.all()))
    return new


def _in_order(ideas: Sequence[Idea]) -> list[Idea]:
    return sorted({idea.pk: idea for idea in ideas}.values(), key=lambda idea: idea.number or 0)


def _refuse_what_was_overtaken(ideas: Sequence[Idea], seen: Seen | None, decision: Decision) -> None:
    """First of all, as with every step: who decided from an old page is told that."""
    if seen is not None and any(seen.get(idea.pk) != idea.trail_length for idea in ideas):
        raise Overtaken
    if not has_words(decision.reason):
        raise Refused(_("Bitte begründen Sie diese Entscheidung. Der Grund wird veröffentlicht."))


def _hold(ideas: Sequence[Idea]) -> None:
    """Keep others from changing these ideas, all that belongs to them and what their progress comes from, until we are done.

    Measures before ideas, both in the order of their keys, as every other action does: whoever comes second waits, nobody waits
    for each other. A measure that was linked in between is seen by the trail of its idea.
    """
    roots = {idea.merged_root_id or idea.pk for idea in ideas}
    family = Idea.objects.filter(Q(pk__in=roots) | Q(merged_root__in=roots))
    measures = Measure.objects.filter(pk__in=Measure.objects.filter(idea_links__idea__in=family.values("pk")).values("pk"))
    for rows in (measures, family):
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _progress(idea: Idea, parts: set[int]) -> dict[str, str]:
    return {"progress": families.progress_of(parts)} if idea.status == Status.KEPT else {}


def _named(label: str, *, before: Idea | None = None, after: Idea | None = None) -> dict[str, Any]:
    return _numbered(label, before=before.number if before else None, after=after.number if after else None)


def _numbered(label: str, *, before: int | None = None, after: int | None = None) -> dict[str, Any]:
    """A change that names an idea: by its number alone, because a trail keeps its words for ever. They are kept in German."""
    word = gettext_noop("Idee %(number)s")
    return {
        "label": label,
        "before": word % {"number": before} if before else "",
        "after": word % {"number": after} if after else "",
        "idea": before or after,
    }
