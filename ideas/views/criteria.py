"""By which criteria ideas are reviewed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import ReviewScheme, ReviewSettings


def idea_criteria(request: HttpRequest) -> HttpResponse:
    """/ideen/kriterien/: the schemes in force, first the one that new reviews begin with."""
    first = ReviewSettings.load().scheme_id
    schemes = sorted(
        ReviewScheme.objects.in_force().prefetch_related("versions__criteria"),
        key=lambda scheme: (scheme.pk != first, scheme.name),
    )
    return render(request, "ideas/idea_criteria.html", {"schemes": [scheme for scheme in schemes if scheme.current]})
