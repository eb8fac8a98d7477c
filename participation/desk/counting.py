"""Close, count, publish: three steps, each with what it means; the last one takes a second person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from accounts.models import User
from accounts.roles import Role
from ideas.actions.record import Refused

from .. import clock, permissions
from ..actions import tallying
from ..jury import progress
from ..models import Competition, Tally
from ..phases import Deed
from ..result_page import score
from .frame import competition_of, header, lead_only, tabs, user_of


@dataclass(frozen=True)
class Stage:
    """One of the three steps. `name` is its address, `why` what it means for everybody."""

    name: str
    deed: Deed
    label: Any
    why: Any
    run: Callable[..., Any]
    done: Any


STAGES = (
    Stage(
        "schliessen",
        Deed.CLOSE,
        gettext_lazy("Abstimmung schließen"),
        gettext_lazy("Danach ändert sich kein Stimmzettel mehr. Das lässt sich nicht zurücknehmen."),
        tallying.close,
        gettext_lazy("Die Abstimmung ist geschlossen."),
    ),
    Stage(
        "auszaehlen",
        Deed.COUNT,
        gettext_lazy("Auszählen"),
        gettext_lazy("Das Ergebnis sieht zunächst nur die Leitung. Bis es veröffentlicht ist, können Sie neu auszählen."),
        tallying.count,
        gettext_lazy("Ausgezählt. Eine zweite Person aus der Leitung prüft das Ergebnis und veröffentlicht es."),
    ),
    Stage(
        "veroeffentlichen",
        Deed.PUBLISH,
        gettext_lazy("Ergebnis veröffentlichen"),
        gettext_lazy(
            "Das tut, wer nicht selbst ausgezählt hat. Danach ist das Ergebnis endgültig, und alle können es nachzählen."
        ),
        tallying.publish,
        gettext_lazy("Das Ergebnis ist veröffentlicht."),
    ),
)
BY_NAME = {stage.name: stage for stage in STAGES}


@lead_only
@require_safe
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """The three steps as they stand, and the result once it is counted."""
    own = competition_of(pk)
    tally = tally_of(own)
    context = {
        "competition": own,
        "tally": tally,
        "stages": stages(request.user, own),
        "rows": _rows(tally) if tally else [],
        "votes_label": _("Erste Plätze") if own.is_ranked else _("Stimmen"),
        "lacking": [] if tally or not own.has_jury else _lacking(own),
        "is_own_count": bool(tally and tally.counted_by_id == request.user.pk),
        "others": others_who_lead(user_of(request)),
        "tabs": tabs(request.user, own, "count"),
        **header(_("Auszählung"), own),
    }
    return render(request, "participation/desk/count.html", context)


@lead_only
@require_http_methods(["POST"])
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take one of the steps. Who publishes says which count they have seen."""
    own, stage = competition_of(pk), BY_NAME[name]
    seen = {"seen": request.POST.get("seen", "")} if stage.deed is Deed.PUBLISH else {}
    try:
        stage.run(own, by=user_of(request), **seen)
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, stage.done)
    return redirect("competitions_desk:count", pk)


def _rows(tally: Tally) -> list[dict[str, Any]]:
    """The entries of the result with their scores as people write them."""
    scores = ("public", "jury", "total")
    return [
        {**row, **{name: score(row[name]) if row[name] else "–" for name in scores}} for row in tally.result.get("entries", [])
    ]


def _lacking(competition: Competition) -> list[dict[str, Any]]:
    """Members of the jury who have not handed in everything, with how much is missing."""
    found = progress(competition, clock.now()).seats
    return [{"member": seat.member, "number": len(seat.missing)} for seat in found if seat.missing]


def tally_of(competition: Competition) -> Tally | None:
    """The count, if there is one."""
    return getattr(competition, "tally", None)


def stages(user: Any, competition: Competition) -> list[dict[str, Any]]:
    """Each step that this competition has: what it is, whether it is done, and why it can't be taken now."""
    shown = [stage for stage in STAGES if competition.has_voting or stage.deed is not Deed.CLOSE]
    return [
        {
            "stage": stage,
            "is_done": _is_done(stage.deed, competition),
            "why_not": permissions.why_not(user, stage.deed, competition),
            "is_current": _is_current(stage.deed, competition),
        }
        for stage in shown
    ]


def _is_done(deed: Deed, competition: Competition) -> bool:
    tally = tally_of(competition)
    return {
        Deed.CLOSE: competition.is_closed,
        Deed.COUNT: tally is not None,
        Deed.PUBLISH: bool(tally and tally.is_published),
    }[deed]


def _is_current(deed: Deed, competition: Competition) -> bool:
    """Whether this is the step to take next; counting again stays possible beside publishing."""
    tally = tally_of(competition)
    closed = competition.is_closed or not competition.has_voting
    return {
        Deed.CLOSE: not closed,
        Deed.COUNT: closed and tally is None,
        Deed.PUBLISH: bool(tally and not tally.is_published),
    }[deed]


def others_who_lead(user: User) -> list[User]:
    """The other people who lead: one of them publishes what this person has counted."""
    people = User.objects.filter(is_active=True, groups__name=Role.LEAD.value).exclude(pk=user.pk)
    return list(people.order_by("last_name", "first_name", "email"))
