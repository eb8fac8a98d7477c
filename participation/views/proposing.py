"""The author proposes an idea of the Ideenspeicher to a competition, or takes one back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ideas import receipts
from ideas.models import Idea
from pages.languages import in_its_language

from .. import actions, author_links, permissions
from ..models import Competition, Entry
from ..phases import Deed
from .fetch import competition_or_404
from .handing_in import closed_page


class IdeaForm(forms.Form):
    """Which idea. Offers the author's own ones that are not in the competition yet."""

    idee = forms.ChoiceField(
        label=gettext_lazy("Welche Idee möchten Sie vorschlagen?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie eine Idee aus."),
            "invalid_choice": gettext_lazy("Diese Idee lässt sich nicht vorschlagen. Bitte wählen Sie eine aus der Liste."),
        },
    )

    def __init__(self, ideas: list[Idea], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idee"].choices = [(str(idea.number), _named(idea)) for idea in ideas]  # type: ignore[attr-defined]


def _named(idea: Idea) -> SafeString:
    """An idea as a choice: its number, and its title in the language in which it was written."""
    return format_html("{}: {}", _("Idee %(number)s") % {"number": idea.number}, in_its_language(idea.title))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def competition_propose(request: HttpRequest, slug: str) -> HttpResponse:
    """/wettbewerbe/<slug>/vorschlagen/: the author's own ideas, by account or by receipt: which take part, which can be
    proposed, and why others can't. A POST proposes one or, with action=retract, takes one back."""
    competition = competition_or_404(request, slug)
    problem = permissions.why_not(request.user, Deed.PROPOSE, competition)
    own = list(receipts.own_ideas(request).select_related("author__user", "released_version").prefetch_related("versions"))
    if problem and not own:
        return closed_page(request, competition, problem, proposing=True)
    entries = {entry.idea_id: entry for entry in Entry.objects.of_competition(competition, own)}
    if request.method == "POST" and request.POST.get("action") == "retract":
        return _retract(request, competition, list(entries.values()))
    free = [] if problem else [idea for idea in own if _is_free(idea, entries)]
    form = IdeaForm(free, request.POST if request.method == "POST" else None, initial={"idee": request.GET.get("idee", "")})
    if request.method == "POST" and problem:
        messages.error(request, str(problem))
    elif request.method == "POST" and form.is_valid():
        return _propose(request, competition, next(idea for idea in free if str(idea.number) == form.cleaned_data["idee"]))
    context = {
        "competition": competition,
        "page": competition.page,
        "problem": problem,
        "form": form,
        "can_propose": bool(free),
        "has_ideas": bool(own),
        "entries": [_row(entry, problem) for entry in entries.values()],
        "others": [{"idea": idea, "why": why} for idea in own if idea.pk not in entries and (why := _why(idea))],
        "sign_in_url": "" if request.user.is_authenticated else f"{reverse('account_login')}?next={request.path}",
    }
    status = 409 if problem and request.method == "POST" else 422 if form.errors else 200
    return render(request, "participation/propose.html", context, status=status)


def _is_free(idea: Idea, entries: dict[int, Entry]) -> bool:
    entry = entries.get(idea.pk)
    return (entry is None or entry.was_taken_back) and not _why(idea)


def _why(idea: Idea) -> Any:
    return permissions.why_not_suited(idea)


def _row(entry: Entry, problem: Any) -> dict[str, Any]:
    """An idea that takes part or was to. It can be taken back as long as ideas can be proposed."""
    return {
        "entry": entry,
        "part": author_links.part(entry),
        "can_retract": not problem and (entry.is_in or entry.awaits_decision),
    }


def _propose(request: HttpRequest, competition: Competition, idea: Idea) -> HttpResponse:
    try:
        actions.propose(competition, idea, is_own=True)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("Danke. Idee %(number)s ist vorgeschlagen. Wir schreiben Ihnen, sobald wir entschieden haben.")
        messages.success(request, done % {"number": idea.number})
    return redirect("competition_propose", competition.slug)


def _retract(request: HttpRequest, competition: Competition, entries: list[Entry]) -> HttpResponse:
    entry = next((each for each in entries if str(each.idea.number) == request.POST.get("idee")), None)
    if entry is None:
        messages.error(request, _("Diese Idee nimmt an diesem Wettbewerb nicht teil."))
        return redirect("competition_propose", competition.slug)
    try:
        actions.retract(entry, is_own=True)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("Idee %(number)s nimmt nicht mehr teil. Die Idee selbst bleibt, und Sie können sie wieder vorschlagen.")
        messages.success(request, done % {"number": entry.idea.number})
    return redirect("competition_propose", competition.slug)
