"""Ballots that look alike: set them aside with a public reason, or let them count again.

No choice, receipt or person is shown: what is judged is how a ballot came.
"""

from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.models import User
from common.text import clean_text, has_words
from ideas.actions.record import Refused

from .. import anomalies, permissions
from ..actions import tallying
from ..models import Competition, QuarantineStep
from ..phases import Deed
from .frame import competition_of, header, lead_only, tabs, user_of

SET, LIFT = "quarantaene", "aufheben"
MOST_SHOWN = 200  # single ballots of one group on the page; the group as a whole can always be marked


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Öffentlicher Grund"),
        max_length=1000,
        help_text=gettext_lazy("Alle lesen ihn im Ergebnis. Bitte nennen Sie keine Namen, Adressen oder Belegcodes."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Bitte geben Sie einen Grund an. Er ist öffentlich.")},
    )

    def clean_reason(self) -> str:
        reason = clean_text(self.cleaned_data["reason"])
        if not has_words(reason):
            raise forms.ValidationError(_("Bitte geben Sie einen Grund an. Er ist öffentlich."))
        return reason


@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def quarantine(request: HttpRequest, pk: int) -> HttpResponse:
    """What looks alike, what is set aside, and everything that was done about it."""
    own = competition_of(pk)
    least = _least(request)
    groups, batches = anomalies.groups(own, least=least, with_times=own.is_closed), anomalies.set_aside(own)
    step = request.POST.get("schritt", "") if request.method == "POST" else ""
    ways = {SET: ReasonForm(request.POST if step == SET else None, prefix=SET)}
    ways[LIFT] = ReasonForm(request.POST if step == LIFT else None, prefix=LIFT)
    if step in ways and ways[step].is_valid() and _judge(request, ways[step], step, groups if step == SET else batches):
        return redirect("competitions_desk:quarantine", pk)
    context = {
        "competition": own,
        "why_not": permissions.why_not(request.user, Deed.QUARANTINE, own),
        "groups": _shown(groups, request),
        "batches": _shown(batches, request),
        "least": least,
        "sizes": anomalies.SIZES,
        "set_form": ways[SET],
        "lift_form": ways[LIFT],
        "log": _log(own),
        "tabs": tabs(request.user, own, "quarantine"),
        **header(_("Stimmzettel"), own),
    }
    return render(request, "participation/desk/quarantine.html", context, status=422 if step in ways else 200)


def _judge(request: HttpRequest, form: ReasonForm, step: str, found: list[Any]) -> bool:
    """Take the step with what is marked; False, with the sentence in the form, where it is refused."""
    marked = anomalies.chosen(found, request.POST.getlist("gruppe"), request.POST.getlist("stimmzettel"))
    act = tallying.set_aside if step == SET else tallying.lift
    try:
        number = act(marked, form.cleaned_data["reason"], by=user_of(request))
    except Refused as problem:
        form.add_error(None, str(problem))
        return False
    sentences = {
        SET: ngettext("%(n)s Stimmzettel steht unter Quarantäne.", "%(n)s Stimmzettel stehen unter Quarantäne.", number),
        LIFT: ngettext("%(n)s Stimmzettel zählt wieder.", "%(n)s Stimmzettel zählen wieder.", number),
    }
    messages.success(request, sentences[step] % {"n": number})
    return True


def _least(request: HttpRequest) -> int:
    asked = (request.POST if request.method == "POST" else request.GET).get("ab", "")
    return int(asked) if asked in map(str, anomalies.SIZES) else anomalies.LEAST


def _shown(found: list[Any], request: HttpRequest) -> list[dict[str, Any]]:
    """Each group with its first ballots; what was marked stays marked."""
    keys, numbers = set(request.POST.getlist("gruppe")), set(request.POST.getlist("stimmzettel"))
    return [
        {
            "group": group,
            "is_marked": group.key in keys,
            "more": max(len(group.ballots) - MOST_SHOWN, 0),
            "ballots": [
                {"ballot": ballot, "number": (number := anomalies.short(ballot)), "is_marked": number in numbers}
                for ballot in group.ballots[:MOST_SHOWN]
            ],
        }
        for group in found
    ]


def _log(own: Competition) -> list[dict[str, Any]]:
    """Everything that was done about ballots, the newest first, one row for what was done together."""
    rows = QuarantineStep.objects.filter(ballot__competition=own).values("action", "reason", "actor", "happened_at")
    steps: list[Any] = list(rows.annotate(number=Count("pk")).order_by("-happened_at", "action"))
    people = User.objects.in_bulk({step["actor"] for step in steps if step["actor"]})
    for step in steps:
        step["label"] = QuarantineStep.Action(step["action"]).label
        step["person"] = people.get(step["actor"])
    return steps
