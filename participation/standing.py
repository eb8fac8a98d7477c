"""Where a competition stands, in words: on its page, on those that name it, in lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.words import words

from . import addresses, phases
from .local_time import moment_in_words
from .models import Competition
from .phase_line import end_in_words, left_in_words
from .phases import Deed, Moment

# Of each moment: a word, an icon and a tone, never a colour alone.
_WORDS: dict[Moment, tuple[Any, str, str]] = {
    Moment.UNPLANNED: (gettext_lazy("In Vorbereitung"), "calendar", "neutral"),
    Moment.BEFORE: (gettext_lazy("Beginnt bald"), "calendar", "neutral"),
    Moment.ANNOUNCED: (gettext_lazy("Angekündigt"), "calendar", "info"),
    Moment.SUBMISSION: (gettext_lazy("Ideen gesucht"), "bulb", "success"),
    Moment.REVIEW: (gettext_lazy("Beiträge werden geprüft"), "eye", "info"),
    Moment.VOTING: (gettext_lazy("Abstimmung läuft"), "hands", "success"),
    Moment.JURY: (gettext_lazy("Jury bewertet"), "people", "info"),
    Moment.RESULT: (gettext_lazy("Wird ausgezählt"), "clock", "info"),
    Moment.PAUSE: (gettext_lazy("Geht bald weiter"), "clock", "neutral"),
    Moment.AFTER: (gettext_lazy("Abgeschlossen"), "check", "neutral"),
}
_PUBLISHED = (gettext_lazy("Ergebnis steht fest"), "medal", "progress")
_NOT_YET_BEGUN = frozenset({Moment.UNPLANNED, Moment.BEFORE, Moment.ANNOUNCED})
_ENDED = frozenset({Moment.RESULT, Moment.AFTER})
_TO_COUNT = frozenset({Moment.PAUSE, Moment.RESULT, Moment.AFTER})


@dataclass(frozen=True)
class Way:
    """One thing to do: where it stands, what it is called."""

    url: str
    label: str
    icon: str
    is_warm: bool = False  # the colour of handing in an idea, and of nothing else


@dataclass(frozen=True)
class Standing:
    """What readers are told of the moment a competition is in. `ways`: what to do now, the first one before all."""

    moment: Moment
    label: Any
    icon: str
    tone: str
    sentence: str
    time_left: str
    ends_at: datetime | None
    ways: tuple[Way, ...]
    is_published: bool

    @property
    def is_voting(self) -> bool:
        return self.moment is Moment.VOTING

    @property
    def waits_for_result(self) -> bool:
        """What is done is done; what is missing is the result."""
        return self.moment in _ENDED and not self.is_published

    @property
    def is_to_come(self) -> bool:
        """Nothing can be done yet."""
        return self.moment in _NOT_YET_BEGUN

    @property
    def is_over(self) -> bool:
        """Nothing more comes of it but what stands there."""
        return self.is_published or self.moment is Moment.AFTER

    @property
    def asks_for_something(self) -> bool:
        return bool(self.ways) and not self.is_over


def standing_of(competition: Competition, now: datetime, *, is_published: bool) -> Standing:
    """Where this competition stands at this moment. `is_published`: whether its result is."""
    moment = competition.moment(now)
    published = is_published and may_be_published(competition, now)
    label, icon, tone = _PUBLISHED if published else _word(competition, moment)
    span = phases.span_at(competition.spans, now)
    ends_at = span.ends_at if span else None
    return Standing(
        moment=moment,
        label=label,
        icon=icon,
        tone=tone,
        sentence=_sentence(competition, moment, now, published),
        time_left=capfirst(left_in_words(ends_at, now)) if ends_at and moment is not Moment.RESULT else "",
        ends_at=ends_at,
        ways=tuple(_ways(competition, now, published)),
        is_published=published,
    )


def may_be_published(competition: Competition, now: datetime) -> bool:
    """Whether a result can be there at all at this moment: one is shown neither before nor while people vote."""
    return competition.moment(now) in _TO_COUNT


def _word(competition: Competition, moment: Moment) -> tuple[Any, str, str]:
    nothing_to_count = not competition.has_voting and not competition.has_jury
    return _WORDS[Moment.AFTER if moment is Moment.RESULT and nothing_to_count else moment]


def _sentence(competition: Competition, moment: Moment, now: datetime, published: bool) -> str:
    """What happens now and what comes next, with its date."""
    if published:
        return _("Die Stimmen sind gezählt. Jede Person kann nachrechnen.") if competition.has_voting else ""
    span, following = phases.span_at(competition.spans, now), phases.next_span(competition.spans, now)
    if moment is Moment.UNPLANNED:
        return _("Der Zeitplan steht noch nicht fest.")
    if moment in _ENDED:
        return _("Das Ergebnis steht hier, sobald es veröffentlicht ist.") if _counts(competition) else ""
    if span and span.ends_at:
        return _("%(phase)s bis %(date)s.") % {"phase": span.phase.label, "date": end_in_words(span.ends_at)}
    if following:
        words = {"phase": following.phase.label, "date": moment_in_words(following.starts_at)}
        return _("Als Nächstes: %(phase)s ab %(date)s.") % words
    return ""


def _counts(competition: Competition) -> bool:
    return competition.has_voting or competition.has_jury


def _ways(competition: Competition, now: datetime, published: bool) -> list[Way]:
    if published:
        return [Way(addresses.result(competition), _("Ergebnis ansehen"), "medal")]
    if phases.allows(Deed.HAND_IN, competition.spans, now):
        return [
            Way(addresses.hand_in(competition), _("Idee einreichen"), "bulb", is_warm=True),
            Way(addresses.propose(competition), _("Idee aus %(the_dat_ideenspeicher)s vorschlagen") % words, "inbox"),
        ]
    if competition.has_voting and not competition.is_closed and phases.allows(Deed.VOTE, competition.spans, now):
        return [Way(addresses.vote(competition), _("Abstimmen"), "hands")]
    return []
