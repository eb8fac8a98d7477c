"""What the pages of the desk of competitions share: who gets in, the competition that they are about, the head of the page and
the tabs that lead from each to every other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ideas.desk.frame import head, lead_only
from ideas.permissions import leads

from ..models import Competition

__all__ = ["competition_of", "header", "lead_only", "tabs", "user_of"]
ICON = "desk-cup"


@dataclass(frozen=True)
class Tab:
    """`key` is the name of the page's address within competitions_desk, `shown` says for which competitions there is one."""

    key: str
    label: Any
    shown: Callable[[Competition], bool] = lambda competition: True


TABS: list[Tab] = [
    Tab("competition", _("Übersicht")),
    Tab("setup", _("Regeln")),
    Tab("schedule", _("Ablauf")),
    Tab("entries", _("Beiträge")),
    Tab("jury", _("Jury"), lambda competition: competition.has_jury),
    Tab("quarantine", _("Stimmzettel"), lambda competition: competition.has_voting),
    Tab("count", _("Auszählung")),
]


def competition_of(pk: int) -> Competition:
    """The competition with its page and phases; the answer is 404 where there is none."""
    return get_object_or_404(Competition.objects.with_phases(), pk=pk)


def user_of(request: HttpRequest) -> User:
    """The person at the desk, who is always signed in."""
    return cast(User, request.user)


def header(title: str, competition: Competition | None = None) -> dict[str, Any]:
    """The head of a page below the list of competitions: its title, and the way to it. `competition`: the one it belongs to."""
    above = [(reverse("competitions_desk:index"), _now("Wettbewerbe"))]
    if competition is not None:
        above.append((reverse("competitions_desk:competition", args=[competition.pk]), competition.title))
    return head(title, ICON, *above, ("", title))


def tabs(user: Any, competition: Competition, current: str) -> list[dict[str, Any]]:
    """The tabs of this competition, for templates/ideas/desk/_tabs.html; none for who doesn't lead."""
    shown = [tab for tab in TABS if tab.shown(competition)] if leads(user) else []
    return [
        {
            "label": tab.label,
            "url": reverse(f"competitions_desk:{tab.key}", args=[competition.pk]),
            "count": None,
            "current": tab.key == current,
        }
        for tab in shown
    ]
