"""What pages of the desk for several ideas share."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..models import Idea, TrailEntry
from .frame import visible_ideas


def ideas_by_number(request: HttpRequest, numbers: list[int]) -> list[Idea]:
    """These ideas in this order, as far as there are any."""
    rows = visible_ideas(request).filter(number__in=numbers).prefetch_related("versions")
    return sorted(rows, key=lambda idea: numbers.index(idea.number or 0))


def changed_meanwhile(ideas: Sequence[Idea], seen: dict[int, int]) -> list[TrailEntry]:
    """What others did with these ideas meanwhile: the latest step of each that isn't as it was on the page."""
    latest = {idea.pk: idea.trail_length for idea in ideas if seen.get(idea.pk) != idea.trail_length}
    entries = TrailEntry.objects.filter(idea__in=list(latest)).select_related("idea", "text__actor")
    return [entry for entry in entries.order_by("idea__number") if latest[entry.idea_id] == entry.position]


def listed(ideas: Sequence[Idea]) -> str:
    *most, last = [str(idea.number) for idea in ideas]
    return f"{', '.join(most)} {_('und')} {last}" if most else last
