"""Handing an idea in straight into a competition: the form of the Ideenspeicher, with the competition's name and rules."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ideas.models import Idea
from ideas.views.submit import HandingIn, hand_in
from ideas.workflow import Channel

from .. import actions, clock, permissions
from ..local_time import moment_in_words
from ..models import Competition
from ..phases import Deed, Phase
from .fetch import competition_or_404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def competition_hand_in(request: HttpRequest, slug: str) -> HttpResponse:
    """/wettbewerbe/<slug>/einreichen/: the idea gets its number and takes part at once.

    What was handed in before the end of the phase takes part, also if a guest confirms it later. A form that was open when the
    phase ended keeps what was typed, its picture too, and can be sent to the Ideenspeicher instead.
    """
    competition = competition_or_404(request, slug)
    too_late = permissions.why_not(request.user, Deed.HAND_IN, competition)
    if too_late and request.method != "POST":
        return closed_page(request, competition, too_late)

    def along(idea: Idea, now: datetime) -> None:
        actions.enter_handed_in(competition, idea, now=now)

    span = competition.span(Phase.SUBMISSION)
    context = {
        "competition": competition,
        "page": competition.page,
        "too_late": too_late,
        "until": moment_in_words(span.ends_at) if span and span.ends_at else "",
        "confirm_days": Idea.DAYS_TO_CONFIRM,
    }
    way = HandingIn("participation/hand_in.html", Channel.COMPETITION, context, along, clock.now)
    return hand_in(request, way)


def closed_page(request: HttpRequest, competition: Competition, sentence: Any, *, proposing: bool = False) -> HttpResponse:
    """What is shown to whoever comes too early or too late: why, when the phases are, and what can be done instead."""
    context = {
        "competition": competition,
        "page": competition.page,
        "sentence": sentence,
        "spans": in_words(competition),
        "proposing": proposing,
    }
    return render(request, "participation/no_submission.html", context)


def in_words(competition: Competition) -> list[dict[str, Any]]:
    """The phases with their dates as people read them."""
    say = moment_in_words
    return [
        {"name": span.phase.label, "starts": say(span.starts_at), "ends": say(span.ends_at) if span.ends_at else ""}
        for span in competition.spans
    ]
