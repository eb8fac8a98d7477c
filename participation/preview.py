"""How the page of a competition will look in each of its phases, for those who write it. It only moves the clock of that one
page: what its links lead to goes by the true time, so nobody votes or hands in from a preview."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .phases import Phase, Span

if TYPE_CHECKING:
    from .models import CompetitionPage

NOW: tuple[str, Any] = ("", _("Wie heute"))
_INVENTED = timedelta(days=20)  # how long a phase lasts in the preview of a page that has no dates yet


def modes_of(page: "CompetitionPage") -> list[tuple[str, Any]]:
    """The modes of Wagtail's preview: now, and the phases that are planned; all of them as long as none is."""
    planned = [span.phase for span in page.competition.spans]
    return [NOW, *((phase.value, phase.label) for phase in planned or Phase)]


def moment_of(page: "CompetitionPage", mode: str) -> datetime:
    """The moment that this mode shows: now, or the middle of a phase. One without dates gets some, for this object."""
    now = timezone.now()
    if mode not in Phase.values:
        return now
    phase, competition = Phase(mode), page.competition
    span = competition.span(phase)
    if span is None:
        competition.__dict__["spans"] = [Span(phase, now - _INVENTED / 2, now + _INVENTED / 2)]
        return now
    return span.starts_at + ((span.ends_at or span.starts_at + _INVENTED) - span.starts_at) / 2
