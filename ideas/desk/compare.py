"""The lead's page of one review: who reviews, all answers side by side, and the way to a decision."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from accounts.models import User

from .. import actions, permissions
from ..models import Idea, Review, ReviewRound, ReviewSettings
from ..workflow import Action
from .comparison import Comparison, rounds_of
from .comparison import compare as compared
from .forms import forms_of
from .frame import header, idea_crumb, idea_or_404, office_of, review_staff
from .review_forms import AssignForm

DECISIONS = (Action.PUBLISH_REVIEW, Action.KEEP, Action.REJECT, Action.ASK_BACK)


@review_staff
@require_safe
def compare(request: HttpRequest, number: int) -> HttpResponse:
    return _render(request, idea_or_404(request, number))


def _render(request: HttpRequest, idea: Idea, tried: AssignForm | None = None, status: int = 200) -> HttpResponse:
    rounds = list(rounds_of(idea))
    newest = compared(request.user, rounds[0]) if rounds else None
    steps = [step for step in permissions.possible_steps(request.user, idea) if step.action in DECISIONS]
    context = {
        "idea": idea,
        "newest": idea.latest_version,
        "comparison": newest,
        "earlier": len(rounds) - 1,
        "assign_form": tried or _assign_form(request.user, idea, newest),
        "tasks": _tasks(request.user, newest),
        "panels": [{"step": step, "forms": forms_of(step, idea, [])} for step in steps],
        "office": office_of(request),
        "today": timezone.localdate(),
        **header(_("Prüfungen vergleichen"), idea_crumb(idea)),
    }
    return render(request, "ideas/desk/compare.html", context, status=status)


def _tasks(user: Any, comparison: Comparison | None) -> dict[str, bool]:
    """What the lead can do with the round now, besides the steps of the idea."""
    if comparison is None or permissions.why_not_lead_round(user, comparison.round):
        return {"settle": False, "stage_two": False, "take_off": False}
    review_round, stage = comparison.round, comparison.current
    undecided = stage.number == 1 and stage.is_complete and not stage.outcome
    passed = stage.number == 1 and review_round.stage_one == ReviewRound.Outcome.PASSED
    return {"settle": undecided, "stage_two": passed and review_round.scheme_version.has_second_stage, "take_off": True}


def _assign_form(user: Any, idea: Idea, comparison: Comparison | None, data: Any = None) -> AssignForm | None:
    """Whom the lead can give the idea to; None where nobody can be added."""
    running = comparison.round if comparison and comparison.round.is_open else None
    problem = permissions.why_not_lead_review(user, idea) if running else permissions.why_not_open_round(user, idea)
    if problem or (running and running.stage == 1 and running.stage_one):
        return None
    out = set()
    if comparison and running:
        for stage in comparison.stages:
            out |= {
                seat.review.reviewer_id
                for seat in stage.seats
                if stage.number == running.stage or seat.review.state == Review.State.CONFLICT
            }
    team = [person for person in actions.review_team() if person.pk not in out and not permissions.is_author(person, idea)]
    plan = actions.plan_assignment([idea])[0]
    loads = actions.open_reviews_of(team)
    people = [(person, _("%(name)s (%(open)s offen)") % {"name": person, "open": loads.get(person.pk, 0)}) for person in team]
    initial = {"reviewers": [str(person.pk) for person in plan.reviewers], "scheme": ReviewSettings.load().scheme_id}
    return AssignForm(people, data, with_scheme=running is None, **initial) if people else None


@review_staff
@require_POST
def act(request: HttpRequest, number: int, task: str) -> HttpResponse:
    """One task of the lead. Whatever stops it is said as a message on the same page."""
    idea = idea_or_404(request, number)
    if task not in _TASKS:
        raise Http404
    try:
        done = _TASKS[task](request, idea)
    except actions.Refused as problem:
        messages.error(request, str(problem))
        return redirect("ideas_desk:review_compare", number)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done)
    return redirect("ideas_desk:review_compare", number)


def _assign(request: HttpRequest, idea: Idea) -> str | HttpResponse:
    newest = rounds_of(idea).first()
    form = _assign_form(request.user, idea, compared(request.user, newest) if newest else None, request.POST)
    if form is None:
        raise actions.Refused(_("Diese Idee kann gerade niemand weiter bekommen. Bitte sehen Sie sich den Stand an."))
    if not form.is_valid():
        return _render(request, idea, form, status=422)
    new = actions.assign([idea], form.chosen(), by=cast(User, request.user), scheme=form.cleaned_data.get("scheme"))
    names = ", ".join(str(review.reviewer) for review in new)
    return _("Zugewiesen an: %s. Eine E-Mail dazu ist unterwegs.") % names if new else _("Es war schon alles zugewiesen.")


def _current_round(idea: Idea) -> ReviewRound:
    newest: ReviewRound | None = rounds_of(idea).first()
    if newest is None:
        raise Http404
    return newest


def _settle(request: HttpRequest, idea: Idea) -> str:
    outcome = request.POST.get("outcome")
    if outcome not in ReviewRound.Outcome.values:
        raise actions.Refused(_("Bitte wählen Sie: bestanden oder nicht bestanden."))
    actions.settle_stage_one(_current_round(idea), outcome, by=cast(User, request.user))
    return _("Die 1. Stufe ist entschieden: %s.") % ReviewRound.Outcome(outcome).label


def _stage_two(request: HttpRequest, idea: Idea) -> str:
    new = actions.open_stage_two(_current_round(idea), by=cast(User, request.user))
    return _("Die 2. Stufe hat begonnen. %s Personen prüfen weiter.") % len(new)


def _take_off(request: HttpRequest, idea: Idea) -> str:
    key = request.POST.get("review", "")
    reviews = Review.objects.filter(round__idea=idea).select_related("round", "reviewer")
    review = reviews.filter(pk=int(key)).first() if key.isdecimal() and len(key) <= 9 else None
    if review is None:
        raise actions.Refused(_("Diese Prüfung gibt es nicht mehr."))
    actions.take_off(review, by=cast(User, request.user))
    return _("%s prüft diese Idee nicht mehr.") % (review.reviewer or _("Das gelöschte Konto"))


_TASKS: dict[str, Any] = {"zuweisen": _assign, "stufe-1": _settle, "stufe-2": _stage_two, "abziehen": _take_off}
