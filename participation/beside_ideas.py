"""The competitions that an idea takes part in, beside the idea (ideas/beside.py)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ideas.beside import Badge, Mention, beside
from ideas.models import Idea

from .models import Entry
from .outcome import Place, published_of
from .standing import Standing, standing_of


@beside
def competitions(idea: Idea) -> list[Mention]:
    """One query for an idea that takes part in nothing; three for any number of competitions."""
    entries = Entry.objects.on_show().filter(idea=idea, competition__page__live=True)
    entries = entries.select_related("competition__page").prefetch_related("competition__phases").order_by("-created_at", "-pk")
    taking_part = [entry.competition for entry in entries]
    outcomes, now = published_of(taking_part), timezone.now()
    found = []
    for competition in taking_part:
        outcome = outcomes.get(competition.pk)
        standing = standing_of(competition, now, is_published=outcome is not None)
        places = outcome.standing if outcome and standing.is_published else []
        own = next((place for place in places if place.number == idea.number), None)
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


def _state(standing: Standing, place: Place | None) -> Badge:
    return Badge(place.label, "medal", "progress") if place else Badge(standing.label, standing.icon, standing.tone)


def _honour(place: Place | None) -> Badge | None:
    """The first three places are named at the head of an idea."""
    return Badge(place.label, "medal", "progress") if place and place.place is not None and place.place <= 3 else None
