"""The competitions that an idea takes part in, beside the idea (ideas/beside.py)."""

from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from common.rows import as_objects, attach, rows
from ideas.beside import Badge, Mention, beside
from ideas.models import Idea

from .models import Competition, CompetitionPhase, Entry
from .outcome import Place, place_of
from .standing import Standing, standing_of


@beside
def competitions(idea: Idea) -> list[Mention]:
    """One query for any number of competitions."""
    now = timezone.now()
    found = []
    for competition in _entered(idea):
        tally = getattr(competition, "tally", None)
        standing = standing_of(competition, now, is_published=tally is not None and tally.is_published)
        own = place_of(tally, idea) if tally and standing.is_published else None
        found.append(
            Mention(
                heading=_("Hat teilgenommen an") if standing.is_over else _("Nimmt teil an"),
                title=competition.title,
                url=competition.get_absolute_url(),
                page=competition.page,
                state=_state(standing, own),
                note=standing.time_left,
                is_past=standing.is_over,
                honour=_honour(own),
            )
        )
    return sorted(found, key=lambda mention: mention.is_past)


def _entered(idea: Idea) -> list[Competition]:
    """The competitions in which the idea is on show, the latest first, each with its page, its phases and its count."""
    entries = Entry.objects.on_show().filter(idea=idea, competition__page__live=True).order_by("-created_at", "-pk")
    phases = CompetitionPhase.objects.filter(competition=OuterRef("competition"))
    entries = entries.annotate(phase_rows=rows(phases, "id", "competition_id", "phase", "starts_at", "ends_at"))
    found = []
    for entry in entries.select_related("competition__page", "competition__tally").defer("competition__tally__file"):
        attach(entry.competition, "phases", as_objects(CompetitionPhase, entry.phase_rows))  # type: ignore[attr-defined]
        found.append(entry.competition)
    return found


def _state(standing: Standing, place: Place | None) -> Badge:
    return Badge(place.label, "medal", "progress") if place else Badge(standing.label, standing.icon, standing.tone)


def _honour(place: Place | None) -> Badge | None:
    """The first three places are named at the head of an idea."""
    return Badge(place.label, "medal", "progress") if place and place.place is not None and place.place <= 3 else None
