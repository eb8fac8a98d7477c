"""The lists behind those numbers of /fortschritt/ that no other list shows: what was handed in, decided and done in a month,
and the answers that count for the promise. A number and its list come from the same query, so they can't differ."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.words import words

from . import promise
from .models import Idea, MeasureEntry, TrailEntry
from .workflow import AWAITING_DECISION, DECISIONS, IDEA_STATES, PUBLIC_STATUSES, PublicState

MONTHLY = ("eingereicht", "entscheidungen", "massnahmen")


@dataclass(frozen=True)
class Line:
    """One row of a list: when, what, about which thing. `url` is empty where the thing is not public."""

    happened_at: datetime
    label: str
    title: str
    url: str = ""
    state: PublicState | None = None
    note: str = ""

    @property
    def day(self) -> date:
        return timezone.localdate(self.happened_at)


@dataclass(frozen=True)
class Listing:
    """A list by its name in addresses. `heading` says how many there are, `day` is the field by which months are told apart."""

    slug: str
    name: str
    explanation: str
    heading: Callable[[int], str]
    rows: Callable[[], QuerySet[Any]]
    line: Callable[[Any], Line]
    day: str = "happened_at"

    def since(self, first: date) -> QuerySet[Any]:
        return self.rows().filter(**{f"{self.day}__gte": _midnight(first)})

    def in_month(self, first: date) -> QuerySet[Any]:
        """What belongs to the month that begins on this day."""
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        return self.rows().filter(**{f"{self.day}__gte": _midnight(first), f"{self.day}__lt": _midnight(after)})

    def lines(self, rows: Iterable[Any]) -> list[Line]:
        return [self.line(row) for row in rows]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


# --- what happened ----------------------------------------------------------------------------------------------------


def handed_in() -> Listing:
    return Listing(
        "eingereicht",
        _("Eingereichte Ideen"),
        _("Alle veröffentlichten Ideen nach dem Tag, an dem sie eingereicht wurden."),
        lambda count: ngettext("%(count)s eingereichte Idee", "%(count)s eingereichte Ideen", count) % {"count": count},
        lambda: (
            Idea.objects.public()
            .filter(submitted_at__isnull=False)
            .select_related("released_version")
            .order_by("-submitted_at", "-pk")
        ),
        lambda idea: Line(idea.submitted_at, _("Eingereicht"), _idea_title(idea), idea.get_absolute_url(), idea.state),
        day="submitted_at",
    )


def decisions() -> Listing:
    return Listing(
        "entscheidungen",
        _("Entscheidungen über Ideen"),
        _("Jedes Mal, wenn eine Idee behalten, verworfen oder wieder aufgenommen wurde."),
        lambda count: ngettext("%(count)s Entscheidung", "%(count)s Entscheidungen", count) % {"count": count},
        lambda: _of_public_ideas().filter(action__in=DECISIONS).order_by("-happened_at", "-pk"),
        lambda entry: Line(
            entry.happened_at,
            str(entry.label),
            _idea_title(entry.idea),
            entry.idea.get_absolute_url(),
            entry.state,
            entry.public_reason,
        ),
    )


def measure_steps() -> Listing:
    return Listing(
        "massnahmen",
        _("Was sich bei %(pl_dat_massnahme)s getan hat") % words,
        _("Neue Stände, Berichte, Werte und neue Bezeichnungen."),
        lambda count: ngettext("%(count)s Schritt", "%(count)s Schritte", count) % {"count": count},
        lambda: MeasureEntry.objects.select_related("measure", "text").order_by("-happened_at", "-pk"),
        _step_line,
    )


def _step_line(entry: MeasureEntry) -> Line:
    """With its words; without any, with what it changed."""
    note = entry.public_reason or "; ".join(f"{change['label']}: {change['after']}" for change in entry.changes)
    return Line(entry.happened_at, entry.label, str(entry.measure), entry.measure.get_absolute_url(), entry.state, note)


def _of_public_ideas() -> QuerySet[TrailEntry]:
    public = TrailEntry.objects.filter(idea__released_version__isnull=False, idea__status__in=PUBLIC_STATUSES)
    return public.select_related("idea__released_version", "text")


def _idea_title(idea: Idea) -> str:
    return _("Idee %(number)s: %(title)s") % {"number": idea.number, "title": idea.title}


# --- answers in time --------------------------------------------------------------------------------------------------


def _answers(slug: str, name: str, rows: Callable[[], QuerySet[TrailEntry]]) -> Listing:
    return Listing(
        slug,
        name,
        _("Antworten aus den letzten zwölf Monaten. Ideen, die nicht veröffentlicht sind, zählen mit und bleiben ungenannt."),
        lambda count: ngettext("%(count)s Antwort", "%(count)s Antworten", count) % {"count": count},
        lambda: rows().select_related("idea__released_version", "text").order_by("-happened_at", "-pk"),
        _answer_line,
    )


def _answer_line(entry: TrailEntry) -> Line:
    due = entry.answer_was_due
    late = due is not None and entry.happened_on > due
    waited = ngettext("nach %(days)s Tag", "nach %(days)s Tagen", entry.waited_days or 0) % {"days": entry.waited_days or 0}
    note = (
        ""
        if due is None
        else _("zu spät, %(waited)s") % {"waited": waited}
        if late
        else _("rechtzeitig, %(waited)s") % {"waited": waited}
    )
    return _perhaps_named(entry.idea, entry.happened_at, str(entry.label), note or waited)


def _perhaps_named(idea: Idea, when: datetime, label: str, note: str) -> Line:
    if not idea.is_public:
        return Line(when, label, _("Eine Idee, die nicht veröffentlicht ist"), note=note)
    return Line(when, label, _idea_title(idea), idea.get_absolute_url(), note=note)


def _overdue() -> Listing:
    return Listing(
        "ueberfaellig",
        _("Gerade überfällig"),
        _("Ideen, deren Frist vorbei ist. Solche, die nicht veröffentlicht sind, zählen mit und bleiben ungenannt."),
        lambda count: ngettext("%(count)s überfällige Idee", "%(count)s überfällige Ideen", count) % {"count": count},
        lambda: Idea.objects.overdue().select_related("released_version").order_by("answer_due", "pk"),
        lambda idea: _perhaps_named(idea, _midnight(idea.answer_due), _("Fällig"), ""),
        day="answer_due",
    )


def listings() -> dict[str, Listing]:
    """All lists by their name in addresses."""
    found: Sequence[Listing] = [
        handed_in(),
        decisions(),
        measure_steps(),
        _answers("antworten", _("Gegebene Antworten"), promise.answers),
        _answers("rechtzeitig", _("Rechtzeitige Antworten"), promise.answers_in_time),
        _overdue(),
        *[
            _answers(
                f"aus-{IDEA_STATES[status].slug}",
                _("Ideen, die den Stand „%(state)s“ verlassen haben") % {"state": IDEA_STATES[status].label},
                lambda status=status: promise.steps_out_of(status),  # type: ignore[misc]
            )
            for status in AWAITING_DECISION
        ],
    ]
    return {listing.slug: listing for listing in found}
