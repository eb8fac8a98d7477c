"""What lies on the desk: the folders of the inbox, their counts and their order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from pages.models import Message

from ..models import Idea, IdeaVersion, TrailEntry
from ..models.idea import AWAITING_RELEASE, IdeaQuerySet, overdue_condition
from ..workflow import DECIDED, IDEA_STATES, NOT_YET_SUBMITTED, Status


@dataclass(frozen=True)
class Folder:
    """One part of the inbox. What waits is sorted by the day on which an answer is due."""

    key: str
    label: Any
    holds: Callable[[], Q]
    empty: Any
    order: tuple[Any, ...] = ("answer_due", "pk")


_BY_DUE_DATE = ("answer_due", "pk")
_LATEST_FIRST = ("-status_since", "-pk")

FOLDERS = (
    Folder("neu", _("Neu"), lambda: AWAITING_RELEASE, _("Alle neuen Ideen sind gesichtet.")),
    Folder(
        "eingereicht",
        IDEA_STATES[Status.SUBMITTED].label,
        lambda: Q(status=Status.SUBMITTED),
        _("Keine Idee wartet auf den Beginn der Prüfung."),
    ),
    Folder(
        "pruefung",
        IDEA_STATES[Status.IN_REVIEW].label,
        lambda: Q(status=Status.IN_REVIEW),
        _("Gerade ist keine Idee in Prüfung."),
    ),
    Folder(
        "rueckfrage",
        IDEA_STATES[Status.QUESTION].label,
        lambda: Q(status=Status.QUESTION),
        _("Keine Rückfrage ist offen."),
        ("status_since", "pk"),
    ),
    Folder(
        "ueberfaellig",
        _("Überfällig"),
        overdue_condition,
        _("Nichts ist überfällig. Alle Antworten sind im Zeitplan."),
        _BY_DUE_DATE,
    ),
    Folder(
        "entschieden",
        _("Entschieden"),
        lambda: Q(status__in=DECIDED),
        _("Noch ist über keine Idee entschieden."),
        _LATEST_FIRST,
    ),
    Folder("alle", _("Alle"), Q, _("Noch ist keine Idee eingegangen."), ("-number",)),
)


def folder(key: str | None) -> Folder:
    """The folder of this name; the first one for a name that doesn't exist."""
    return next((folder for folder in FOLDERS if folder.key == key), FOLDERS[0])


def handed_in() -> IdeaQuerySet:
    return Idea.objects.exclude(status__in=NOT_YET_SUBMITTED)


def counts() -> dict[str, int]:
    """How many ideas each folder holds, in one query."""
    return handed_in().aggregate(**{folder.key: Count("pk", filter=folder.holds()) for folder in FOLDERS})


def counts_for_menu() -> tuple[dict[str, int], int]:
    """counts(), and how many messages wait for an answer, which the menu beside the inbox names: still one query."""
    # Added to a count, because a subquery alone is nothing that an aggregate knows.
    messages = Count("pk") * 0 + Message.objects.open_count()
    numbers = handed_in().aggregate(**{folder.key: Count("pk", filter=folder.holds()) for folder in FOLDERS}, messages=messages)
    return numbers, numbers.pop("messages")


def rows(folder: Folder, *, search: str = "", loesung: int | None = None) -> IdeaQuerySet:
    """The ideas of a folder in its order, each with `latest_title` (staff work on the newest wording), `unread_answer`."""
    ideas = handed_in().filter(folder.holds())
    if loesung:
        ideas = ideas.filter(loesung=loesung)
    if search:
        ideas = ideas.filter(_matches(search))
    newest = IdeaVersion.objects.filter(idea=OuterRef("pk")).order_by("-version")
    return (
        ideas.annotate(
            latest_title=Subquery(newest.values("title")[:1]),
            unread_answer=Exists(TrailEntry.objects.filter(idea=OuterRef("pk"), text__awaits_release=True)),
        )
        .select_related("loesung")
        .prefetch_related("places")
        .order_by(*folder.order)
    )


def next_after(idea: Idea) -> Idea | None:
    """The idea whose answer is due soonest, other than this one."""
    return handed_in().filter(answer_due__isnull=False).exclude(pk=idea.pk).order_by(*_BY_DUE_DATE).first()


def _matches(search: str) -> Q:
    number = search.removeprefix("#").strip()
    # Longer than any number we give; a database would refuse it as an integer.
    if number.isdecimal() and len(number) <= 9:
        return Q(number=int(number))
    return Q(Exists(IdeaVersion.objects.filter(idea=OuterRef("pk"), title__icontains=search)))


def age_in_days(idea: Idea, now: datetime) -> int:
    return (now - (idea.submitted_at or idea.status_since)).days
