"""The tabs of the desk: one list, so that every page of it leads to every other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import permissions


@dataclass(frozen=True)
class Tab:
    """`name` is the address of the page, `may` says who sees the tab, `count` the number beside it, if any."""

    key: str
    label: Any
    name: str
    may: Callable[[Any], bool]
    count: Callable[[Any], int] | None = None


TABS: list[Tab] = [
    Tab("reviews", _("Meine Prüfungen"), "ideas_desk:reviews", permissions.reviews),
    Tab("inbox", _("Eingangskorb"), "ideas_desk:inbox", permissions.reviews),
    Tab("reports", _("Berichte"), "ideas_desk:reports", permissions.writes_reports),
    Tab("assign", _("Zuweisen"), "ideas_desk:assign", permissions.leads),
    Tab("mails", _("E-Mails"), "ideas_desk:mails", permissions.reviews),
    Tab("schemes", _("Prüfbögen"), "ideas_desk:schemes", permissions.leads),
    Tab("editions", _("Editionen"), "ideas_desk:editions", permissions.leads),
    Tab("exchange", _("Austausch"), "ideas_desk:exchange", permissions.leads),
]


def tabs(user: Any, current: str) -> list[dict[str, Any]]:
    """The tabs that this person sees, for templates/ideas/desk/_tabs.html."""
    return [
        {
            "label": tab.label,
            "url": reverse(tab.name),
            "count": tab.count(user) if tab.count else None,
            "current": tab.key == current,
        }
        for tab in TABS
        if tab.may(user)
    ]
