"""The competition that an address names."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from pages.languages import active, language_of, translations

from ..models import Competition, CompetitionPage


def competition_or_404(request: HttpRequest, slug: str) -> Competition:
    """The competition of this name, with page and phases, if this person may see it; raises Http404 otherwise."""
    found: Competition = get_object_or_404(Competition.objects.visible_to(request.user).with_phases(), page__slug=slug)
    return found


def page_of(competition: Competition) -> CompetitionPage:
    """The competition's page in the reader's language; where there is none, in the default one."""
    page: CompetitionPage = competition.page
    if language_of(page) == active():
        return page
    return next((each for each in translations(page) if language_of(each) == active()), page)
