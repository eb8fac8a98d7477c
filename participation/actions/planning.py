"""The dates of a competition: set the whole schedule, or let the running phase last longer.

What people have seen is never rewritten: once the page has been public, a phase that has begun keeps its begin, one that is
over doesn't change, and nothing begins in the past. Each change of what was announced has a public note. A competition that
nobody has seen yet can be planned at will.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from accounts.models import User
from common.text import clean_text, has_words
from ideas.actions.record import Overtaken, Refused

from .. import clock, local_time, permissions, phases
from ..models import Competition, CompetitionPhase, CompetitionStep
from ..phases import Deed, Phase, Span

Kind = CompetitionStep.Kind
NO_NOTE = gettext_lazy("Bitte schreiben Sie, warum sich der Ablauf ändert. Das lesen alle.")


class Unfit(Refused):
    """The dates don't fit. `problems`: a sentence for each phase that it concerns."""

    def __init__(self, problems: dict[Phase, str]) -> None:
        super().__init__(" ".join(f"{phase.label}: {sentence}" for phase, sentence in problems.items()))
        self.problems = problems


def plan(
    competition: Competition, spans: Sequence[Span], *, by: User, note: str = "", now: datetime | None = None
) -> CompetitionStep | None:
    """Set the whole schedule; phases that are not in `spans` are left out.

    Returns the public step; None where nothing changed or nobody has seen the competition yet (then Wagtail's log of the page
    says who did it). Raises Unfit, Overtaken, or Refused.
    """
    with transaction.atomic():
        held, now = _hold(competition, now)
        _check_right(by, Deed.PLAN, held, now)
        if found := problems_of_plan(held, spans, now):
            raise Unfit(found)
        changes = _changes(held.spans, spans)
        if not changes:
            return None
        if needs_note(held, spans) and not has_words(clean_text(note)):
            raise Refused(NO_NOTE)
        _write(competition, spans)
        if not held.was_public:
            log(instance=held.page, action="wagtail.edit", user=by, content_changed=True)
            return None
        return _step(held, Kind.PLANNED, {"phases": changes}, note, by, now)


def extend(competition: Competition, new_end: datetime, *, note: str, by: User, now: datetime | None = None) -> CompetitionStep:
    """Let the running phase last until `new_end`. Each later phase moves along by the same difference on the clock.

    Raises Unfit where the later phases don't fit, Overtaken, or Refused.
    """
    with transaction.atomic():
        held, now = _hold(competition, now)
        _check_right(by, Deed.EXTEND, held, now)
        if not has_words(clean_text(note)):
            raise Refused(NO_NOTE)
        moved = extended(held, new_end, now)
        _write(competition, moved)
        # The running phase is the first one that changes.
        own, *others = _changes(held.spans, moved)
        details = {"phase": own["phase"], "from": own["from"][1], "to": own["to"][1], "moved": others}
        return _step(held, Kind.EXTENDED, details, note, by, now)


def extended(competition: Competition, new_end: datetime, now: datetime) -> list[Span]:
    """The schedule with the running phase until `new_end` and the later ones moved. Saves nothing. Raises Unfit or Refused."""
    running = phases.span_at(competition.spans, now)
    if running is None or running.ends_at is None:
        raise Refused(permissions.CLOSED_TO[Deed.EXTEND])
    if new_end <= running.ends_at:
        raise Refused(_("Verlängern heißt: Das neue Ende liegt nach dem bisherigen. Bitte prüfen Sie Tag und Uhrzeit."))
    by = local_time.local(new_end) - local_time.local(running.ends_at)
    if by <= timedelta(0):  # within the hour that the clock shows twice
        by = new_end - running.ends_at
    result, last = [], new_end
    for span in competition.spans:
        if span.phase is running.phase:
            span = Span(span.phase, span.starts_at, new_end)
        elif not span.has_begun(now):
            starts_at = local_time.shifted(span.starts_at, by, not_before=last)
            ends_at = local_time.shifted(span.ends_at, by, not_before=starts_at) if span.ends_at else None
            span, last = Span(span.phase, starts_at, ends_at), ends_at or starts_at
        result.append(span)
    if found := phases.problems(result):
        raise Unfit(found)
    return result


# --- what can be planned ----------------------------------------------------------------------------------------------


def problems_of_plan(competition: Competition, spans: Sequence[Span], now: datetime) -> dict[Phase, str]:
    """What stands against this schedule, in a sentence for each phase that it concerns; {} if nothing does."""
    found = phases.problems(spans)
    wanted = {span.phase: span for span in spans}
    if getattr(competition, "tally", None):
        found |= _changed_after_the_count(competition, wanted)
    if competition.was_public:
        for phase in Phase:
            if sentence := _rewritten(competition.span(phase), wanted.get(phase), now):
                found[phase] = sentence
    return found


def needs_note(competition: Competition, spans: Sequence[Span]) -> bool:
    """Whether something changes that was announced, so that a public note says why."""
    return competition.was_public and any(change["from"] for change in _changes(competition.spans, spans))


def _rewritten(old: Span | None, new: Span | None, now: datetime) -> str:
    """The sentence for a phase of which a piece would change that people have seen, or that would begin in the past."""
    if old == new:
        return ""
    if old and old.is_over(now):
        return _("Diese Phase ist vorbei, daran ändert sich nichts mehr.")
    if old and old.has_begun(now):
        if new is None or new.starts_at != old.starts_at:
            return _("Diese Phase hat begonnen, ihr Beginn bleibt darum, wie er ist.")
        return _("Diese Phase läuft. Länger dauern kann sie nur durch „Verlängern“, mit einem öffentlichen Hinweis.")
    if new and new.starts_at < now:
        return _("Der Beginn liegt in der Vergangenheit. Bitte geben Sie einen Zeitpunkt an, der noch kommt.")
    return ""


def _changed_after_the_count(competition: Competition, wanted: dict[Phase, Span]) -> dict[Phase, str]:
    sentence = _("Es ist schon ausgezählt. Ändern lässt sich nur noch, wann das Ergebnis gezeigt wird.")
    return {phase: sentence for phase in Phase if phase is not Phase.RESULT and competition.span(phase) != wanted.get(phase)}


# --- whoever comes at the same moment ---------------------------------------------------------------------------------


def seen_of(competition: Competition) -> str:
    """What a form keeps of the schedule that it was shown for."""
    text = ";".join(f"{span.phase}:{_iso(span.starts_at)}:{_iso(span.ends_at)}" for span in competition.spans)
    return sha256(text.encode()).hexdigest()[:16]


def check_schedule_seen(competition: Competition, seen: str) -> None:
    """Whether the person who sends a form saw this schedule as it stands. Raises Overtaken."""
    if seen != seen_of(competition):
        raise _overtaken()


def _overtaken() -> Overtaken:
    return Overtaken(_("Der Ablauf wurde inzwischen geändert. Bitte sehen Sie ihn sich noch einmal an."))


def _hold(competition: Competition, now: datetime | None) -> tuple[Competition, datetime]:
    """Hold the competition's row, so that of two changes one waits for the other, and see that its schedule is still the one
    of this object. Returns it as it stands, and the moment that counts: after the waiting."""
    held = Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    check_schedule_seen(held, seen_of(competition))
    return held, now or clock.now()


def _check_right(by: User, deed: Deed, competition: Competition, now: datetime) -> None:
    if problem := permissions.why_not(by, deed, competition, now=now):
        raise Refused(problem)


# --- what is written --------------------------------------------------------------------------------------------------


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _ends(span: Span | None) -> list[str | None] | None:
    return [_iso(span.starts_at), _iso(span.ends_at)] if span else None


def _changes(before: Sequence[Span], after: Sequence[Span]) -> list[dict[str, Any]]:
    """Which phases differ: {"phase", "from": [begin, end] or None, "to": likewise}, moments as ISO strings in UTC."""
    old, new = ({span.phase: span for span in spans} for spans in (before, after))
    return [
        {"phase": phase.value, "from": _ends(old.get(phase)), "to": _ends(new.get(phase))}
        for phase in Phase
        if old.get(phase) != new.get(phase)
    ]


def _write(competition: Competition, spans: Sequence[Span]) -> None:
    competition.phases.exclude(phase__in=[span.phase.value for span in spans]).delete()
    for span in spans:
        dates = {"starts_at": span.starts_at, "ends_at": span.ends_at}
        CompetitionPhase.objects.update_or_create(competition=competition, phase=span.phase.value, defaults=dates)
    competition.forget_phases()


def _step(competition: Competition, kind: Kind, details: dict[str, Any], note: str, by: User, now: datetime) -> CompetitionStep:
    return CompetitionStep.objects.create(
        competition=competition, kind=kind, details=details, note=clean_text(note), actor=by, happened_at=now
    )
