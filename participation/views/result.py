"""The page of a competition's result."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..outcome import published_of
from ..result_page import context_of
from ..standing import standing_of
from .fetch import competition_or_404


@require_safe
def competition_result(request: HttpRequest, slug: str) -> HttpResponse:
    """/wettbewerbe/<slug>/ergebnis/: places, numbers, method, and what it takes to recount. Until the result is published a
    page that says so, with status 404, whoever asks."""
    competition = competition_or_404(request, slug)
    outcome = published_of([competition]).get(competition.pk)
    context = {"competition": competition, "competition_url": competition.get_absolute_url()}
    if outcome is None:
        standing = standing_of(competition, timezone.now(), is_published=False)
        return render(request, "participation/result_missing.html", {**context, "standing": standing}, status=404)
    return render(request, "participation/result.html", {**context, **context_of(outcome)})
