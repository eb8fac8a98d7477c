"""What the desk does with the words of a step: shows an author's answer, blacks out what must not stand there."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from accounts.models import User

from .. import actions, permissions
from ..models import Idea, TrailEntry
from ..workflow import Action, find_step
from .forms import StepForm
from .frame import head, idea_crumb, inbox_crumb, office_of, review_staff


@review_staff
@require_POST
def show_answer(request: HttpRequest, number: int, position: int) -> HttpResponse:
    """Make an author's answer public."""
    entry = _entry_or_404(request, number, position)
    try:
        actions.release_answer(entry, by=cast(User, request.user))
    except actions.Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Die Antwort ist jetzt öffentlich."))
    return redirect("ideas_desk:idea", number)


@review_staff
@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: HttpRequest, number: int, position: int) -> HttpResponse:
    """Black out the words of a step, with a public reason."""
    entry = _entry_or_404(request, number, position)
    step = find_step(Action.REDACT, entry.idea.status)
    problem = permissions.why_not(request.user, step, entry.idea) if step else _("Das geht hier nicht.")
    if problem or step is None:
        messages.error(request, str(problem))
        return redirect("ideas_desk:idea", number)
    form = StepForm(step, entry.idea, request.POST or None)
    form.fields["reason"].help_text = _("Alle können das lesen. Nennen Sie nicht, was Sie entfernen.")
    if request.method == "POST" and form.is_valid():
        try:
            decision = form.decision(office_of(request))
            actions.redact(entry, by=cast(User, request.user), decision=decision)
        except actions.Refused as refusal:
            entry = _entry_or_404(request, number, position)
            form = form.again(step, entry.idea)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Der Text ist entfernt. Der Weg der Idee zeigt, dass und warum."))
            return redirect("ideas_desk:idea", number)
    context = {
        "idea": entry.idea,
        "entry": entry,
        "form": form,
        **head(_("Text eines Schritts schwärzen"), "no-view", inbox_crumb(), idea_crumb(entry.idea), ("", _("Text schwärzen"))),
    }
    return render(request, "ideas/desk/redact.html", context, status=409 if form.non_field_errors() else 200)


def _entry_or_404(request: HttpRequest, number: int, position: int) -> TrailEntry:
    ideas = Idea.objects.visible_to(request.user)
    entries = TrailEntry.objects.filter(idea__in=ideas).select_related("idea__author", "text__actor")
    return get_object_or_404(entries, idea__number=number, position=position)
