"""One step with many ideas and one reason: choose in the inbox, say why, look at what will happen, confirm.

Each idea takes the step on its own, with a row in its own trail: one that was moved meanwhile doesn't stop the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.models import User
from pages.agenda import sources
from pages.models import LoesungPage
from pages.words import words

from .. import actions, permissions
from ..models import Idea
from ..workflow import Action, find_step
from .forms import loesung_choices
from .frame import header, office_of, review_staff
from .many import changed_meanwhile, ideas_by_number, listed
from .many_forms import ManyForm, numbers_in, step_of


class BulkForm(ManyForm):
    """The step's own field, if it has one, stands in `extra`."""

    def take(self, idea: Idea, decision: actions.Decision, by: User) -> None:
        actions.take(idea, self.step.action, by=by, decision=decision)

    def effect(self, idea: Idea) -> str:
        """What becomes of the idea, after „wird“."""
        step = find_step(self.step.action, idea.status)
        return f"„{step.target.label}“" if step and step.target else ""

    def why_not(self, idea: Idea) -> str:
        return ""


class BulkReleaseForm(BulkForm):
    def take(self, idea: Idea, decision: actions.Decision, by: User) -> None:
        actions.release(idea, idea.latest_version, by=by, decision=decision)

    def effect(self, idea: Idea) -> str:
        return _("veröffentlicht")


class BulkReclassifyForm(BulkForm):
    loesung = forms.ModelChoiceField(
        sources(LoesungPage).filter(live=True).order_by("path"),
        label=words.later(gettext_lazy("%(Loesung)s, künftig")),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loesung"].choices = loesung_choices(_("nicht zugeordnet"))  # type: ignore[attr-defined]

    def take(self, idea: Idea, decision: actions.Decision, by: User) -> None:
        actions.reclassify(idea, self.cleaned_data["loesung"], by=by, decision=decision)

    def effect(self, idea: Idea) -> str:
        if not self.is_bound or not self.is_valid():
            return _("umgeordnet")
        nowhere, new = _("nicht zugeordnet"), self.cleaned_data["loesung"]
        return _("umgeordnet: %(before)s → %(after)s") % {
            "before": idea.loesung.title if idea.loesung else nowhere,
            "after": new.title if new else nowhere,
        }

    def why_not(self, idea: Idea) -> str:
        same = self.is_bound and self.is_valid() and self.cleaned_data["loesung"] == idea.loesung
        return _("Die Idee ist schon so eingeordnet.") if same else ""


_FORMS: dict[Action, type[BulkForm]] = {
    Action.RELEASE: BulkReleaseForm,
    Action.TAKE_INTO_REVIEW: BulkForm,
    Action.KEEP: BulkForm,
    Action.REJECT: BulkForm,
    Action.RECLASSIFY: BulkReclassifyForm,
}
# Steps that many ideas take together lead to a page of their own.
_PAGES: dict[Action, Callable[[list[int]], str]] = {
    Action.MERGE: lambda numbers: f"{reverse('ideas_desk:merge')}?{urlencode({'idee': numbers}, doseq=True)}",
}


def offered(user: Any) -> list[dict[str, Any]]:
    """What this person can choose below the inbox."""
    steps = [step_of(action) for action in (*_FORMS, *_PAGES)]
    return [{"value": step.action.value, "label": step.label} for step in steps if permissions.may(user, step)]


@dataclass
class Row:
    """One chosen idea: what it becomes, or why it stays as it is."""

    idea: Idea
    effect: str
    why_not: str


@review_staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    numbers = numbers_in(sent.getlist("idee"))
    action = next((action for action in (*_FORMS, *_PAGES) if action == sent.get("aktion")), None)
    if action is None or not numbers:
        missing = (
            _("Bitte wählen Sie zuerst Ideen aus.") if action else _("Bitte wählen Sie, was mit den Ideen geschehen soll.")
        )
        messages.error(request, missing)
        return redirect("ideas_desk:inbox")
    if action in _PAGES:
        return redirect(_PAGES[action](numbers))
    ideas = ideas_by_number(request, numbers)
    form = _FORMS[action](step_of(action), ideas, sent if request.method == "POST" else None)
    if request.method != "POST":
        return _render(request, "bulk", form)
    if not form.is_valid() or "aendern" in sent:
        return _render(request, "bulk", form)
    if "ausfuehren" in sent:
        return _carry_out(request, form)
    return _render(request, "bulk_preview", form)


def _rows(user: Any, form: BulkForm) -> list[Row]:
    rows = []
    for idea in form.ideas:
        step = find_step(form.step.action, idea.status) or form.step
        why_not = str(permissions.why_not(user, step, idea) or form.why_not(idea))
        rows.append(Row(idea, form.effect(idea), why_not))
    return rows


def _render(request: HttpRequest, template: str, form: BulkForm, status: int = 200, **more: Any) -> HttpResponse:
    rows = _rows(request.user, form)
    context = {
        "form": form,
        "step": form.step,
        "rows": rows,
        "possible": [row.idea for row in rows if not row.why_not],
        "office": office_of(request),
        "today": timezone.localdate(),
        **more,
        **header(f"{form.step.label}: {_('mehrere Ideen')}"),
    }
    return render(request, f"ideas/desk/{template}.html", context, status=status)


def _carry_out(request: HttpRequest, form: BulkForm) -> HttpResponse:
    """Do it with each idea that can take the step; say which ones couldn't."""
    user, seen = cast(User, request.user), form.seen_by_key()
    done: list[Idea] = []
    left: list[dict[str, Any]] = []
    for idea in sorted(form.ideas, key=lambda idea: idea.pk):
        decision = form.decision(office_of(request))
        decision.seen = seen[idea.pk]
        try:
            form.take(idea, decision, user)
        except actions.Refused as problem:
            left.append({"idea": idea, "why": str(problem)})
        else:
            done.append(idea)
    done.sort(key=lambda idea: idea.number or 0)
    if done:
        text = ngettext("%(done)s: Idee %(numbers)s.", "%(done)s: Ideen %(numbers)s.", len(done))
        messages.success(request, text % {"done": form.step.done, "numbers": listed(done)})
    if not left:
        return redirect("ideas_desk:inbox")
    numbers = [each["idea"].number for each in left]
    ideas = ideas_by_number(request, numbers)
    changed = changed_meanwhile(ideas, seen)
    return _render(request, "bulk", form.again(ideas), status=409, left=left, changed=changed)
