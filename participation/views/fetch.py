"""The competition that an address names."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from ..models import Competition


def competition_or_404(request: HttpRequest, slug: str) -> Competition:
    """The competition of this name, with page and phases, if this person may see it; raises Http404 otherwise."""
    found: Competition = get_object_or_404(Competition.objects.visible_to(request.user).with_phases(), page__slug=slug)
    return found
