"""Many ideas given to reviewers at once: choose, see what will happen, do exactly that."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.models import User

from .. import actions, permissions
from ..models import Idea, ReviewSettings
from .frame import header, lead_only, review_staff
from .navigation import tabs

PER_PAGE = 50


def lacking(user: Any) -> Any:
    """Ideas in review that have too few reviewers, the earliest due date first; not the lead's own."""
    ideas = Idea.objects.lacking_reviewers(ReviewSettings.load().reviewers_per_idea).exclude(author__user=user)
    return ideas.select_related("released_version", "loesung", "author").order_by("answer_due", "number")


@review_staff
@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def assign_many(request: HttpRequest) -> HttpResponse:
    """List → plan → done. The plan's page sends back who gets what, so that what was shown is what happens."""
    if request.method != "POST":
        return _list(request)
    if "pair" in request.POST:
        return _do(request)
    numbers = _numbers(request.POST.getlist("idea"))
    ideas = list(lacking(request.user).filter(number__in=numbers))
    if not ideas:
        return _list(request, error=_("Bitte kreuzen Sie mindestens eine Idee an."))
    return _plan(request, ideas)


def _numbers(entered: list[str]) -> list[int]:
    return [int(number) for number in entered[: 2 * PER_PAGE] if number.isdecimal() and len(number) <= 9]


def _list(request: HttpRequest, error: str = "") -> HttpResponse:
    page = Paginator(lacking(request.user), PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "tabs": tabs(request.user, "assign"),
        "ideas": page,
        "error": error,
        "per_idea": ReviewSettings.load().reviewers_per_idea,
        **header(_("Ideen zuweisen")),
    }
    return render(request, "ideas/desk/assign.html", context, status=422 if error else 200)


def _plan(request: HttpRequest, ideas: list[Idea], error: str = "") -> HttpResponse:
    plan = actions.plan_assignment(ideas)
    people: dict[User, int] = {}
    for assignment in plan:
        for person in assignment.reviewers:
            people[person] = people.get(person, 0) + 1
    loads = actions.open_reviews_of(people)
    context = {
        "tabs": tabs(request.user, "assign"),
        "plan": plan,
        "people": [
            {"person": person, "new": new, "before": loads.get(person.pk, 0), "after": loads.get(person.pk, 0) + new}
            for person, new in people.items()
        ],
        "missing": sum(assignment.missing for assignment in plan),
        "error": error,
        **header(_("Ideen zuweisen")),
    }
    return render(request, "ideas/desk/assign_plan.html", context, status=409 if error else 200)


def _do(request: HttpRequest) -> HttpResponse:
    pairs = [pair.partition("-")[::2] for pair in request.POST.getlist("pair")]
    team = {str(person.pk): person for person in actions.review_team()}
    numbers = _numbers([number for number, _person in pairs])
    ideas = {str(idea.number): idea for idea in Idea.objects.visible_to(request.user).filter(number__in=numbers)}
    plan = [
        actions.Assignment(idea, [team[person] for number, person in pairs if number == name and person in team])
        for name, idea in ideas.items()
    ]
    try:
        new = actions.assign_as_planned(plan, by=cast(User, request.user))
    except actions.Refused as problem:
        still = [idea for idea in ideas.values() if not permissions.why_not_lead_review(request.user, idea)]
        return _plan(request, list(lacking(request.user).filter(pk__in=[idea.pk for idea in still])), str(problem))
    text = ngettext("%s Prüfung zugewiesen.", "%s Prüfungen zugewiesen.", len(new)) % len(new)
    messages.success(request, text)
    return redirect("ideas_desk:assign")
