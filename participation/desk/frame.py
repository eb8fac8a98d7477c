"""What the pages of the desk of competitions share: who gets in, the competition that they are about, the head of the page and
the tabs that lead from each to every other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
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
    """`name` is the address of the page within competitions_desk, `shown` says for which competitions there is one."""

    key: str
    label: Any
    name: str
    shown: Callable[[Competition], bool] = lambda competition: True


TABS: list[Tab] = [
    Tab("competition", _("Übersicht"), "competition"),
    Tab("setup", _("Regeln"), "setup"),
    Tab("schedule", _("Ablauf"), "schedule"),
    Tab("entries", _("Beiträge"), "entries"),
    Tab("jury", _("Jury"), "jury", lambda competition: competition.has_jury),
    Tab("quarantine", _("Stimmzettel"), "quarantine", lambda competition: competition.has_voting),
    Tab("count", _("Auszählung"), "count"),
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
        {"label": tab.label, "url": url, "count": None, "current": tab.key == current}
        for tab in shown
        if (url := _address(tab, competition))
    ]


def _address(tab: Tab, competition: Competition) -> str:
    # A page that is not there yet has no tab.
    try:
        return reverse(f"competitions_desk:{tab.name}", args=[competition.pk])
    except NoReverseMatch:
        return ""
