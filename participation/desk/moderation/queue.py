"""What waits for the moderators: the folders of the queue, their counts and their order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.text import whole_number
from ideas.desk.frame import head
from pages.words import words

from ...comment_workflow import State
from ...models import Comment, CommentVersion, Complaint
from ...models.comment import AWAITING_MODERATION, CommentQuerySet
from .frame import ABOUT, ICON, moderators, tabs, who_wrote, with_subjects

PER_PAGE = 50


@dataclass(frozen=True)
class Folder:
    """One part of the queue, the oldest first. `since`: from when on the thing waits."""

    key: str
    label: Any
    holds: Q
    empty: Any
    since: Any = field(default_factory=lambda: F("submit_date"))
    order: Callable[[], tuple[str, ...]] = lambda: ("since", "pk")


UNSEEN = Q(state=State.PUBLIC, approved_at=None, is_official=False)
FOLDERS = (
    Folder("wartet", _("Wartet"), Q(state=State.HELD), _("Kein Kommentar wartet auf die Freigabe.")),
    Folder(
        "aenderungen",
        _("Änderungen"),
        Q(state=State.PUBLIC, waiting__isnull=False),
        _("Keine Änderung wartet auf die Freigabe."),
        F("waiting__written_at"),
    ),
    Folder(
        "gemeldet",
        _("Gemeldet"),
        Q(open_reports__gt=0),
        _("Keine Meldung ist offen."),
        Min("reports__reported_at", filter=Q(reports__decision=None)),
    ),
    Folder(
        "einsprueche",
        _("Einsprüche"),
        Q(has_complaint=True),
        _("Kein Einspruch ist offen."),
        Min("steps__complaint__filed_at", filter=Q(steps__complaint__decision=None)),
    ),
    Folder("ungesehen", _("Ungesehen"), UNSEEN, _("Alle Kommentare, die zu lesen sind, hat die Moderation gesehen.")),
    Folder(
        "alle",
        _("Alle"),
        ~Q(state=State.UNCONFIRMED),
        _("Noch hat niemand einen Kommentar geschrieben."),
        order=lambda: ("-submit_date", "-pk"),
    ),
)
KINDS = {
    "idee": (_("Ideen"), Q(discussion__idea__isnull=False)),
    "massnahme": (words.later("%(pl_massnahme)s"), Q(discussion__measure__isnull=False)),
    "seite": (_("Seiten"), Q(discussion__page__isnull=False)),
}


def folder(key: str | None) -> Folder:
    """The folder of this name; the first one for a name that doesn't exist."""
    return next((each for each in FOLDERS if each.key == key), FOLDERS[0])


def counts() -> dict[str, int]:
    """How many comments each folder holds, in one query."""
    return Comment.objects.aggregate(**{each.key: Count("pk", filter=each.holds) for each in FOLDERS})


def waiting() -> int:
    """How many comments a moderator has to decide about."""
    return Comment.objects.filter(AWAITING_MODERATION).exclude(state__in=(State.UNCONFIRMED, State.DELETED)).count()


def rows(of: Folder, *, search: str = "", kind: str = "", about: int | None = None, by: int | None = None) -> CommentQuerySet:
    """The comments of a folder in its order, narrowed by words, by what they are about and by their author."""
    found = Comment.objects.filter(of.holds).annotate(since=of.since)
    if search:
        texts = CommentVersion.objects.filter(comment=OuterRef("pk"), text__icontains=search)
        found = found.filter(Exists(texts))
    if kind in KINDS:
        found = found.filter(KINDS[kind][1])
    if about:
        found = found.filter(discussion=about)
    if by:
        found = found.filter(contact=by)
    return found.order_by(*of.order())


def next_in(of: Folder, user: Any, after: Comment | None = None) -> Comment | None:
    """What comes first in this folder, other than the one just decided, that this person may decide: not their own, and no
    complaint about what they decided."""
    found = rows(of).exclude(contact__user=user)
    found = found.exclude(Exists(Complaint.objects.filter(step__comment=OuterRef("pk"), decision=None, step__actor=user)))
    return (found.exclude(pk=after.pk) if after else found).first()


def _filters(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET
    return {
        "search": asked.get("q", "").strip()[:100],
        "kind": asked.get("art", "") if asked.get("art") in KINDS else "",
        "about": whole_number(asked.get("zu")),
        "by": whole_number(asked.get("von")),
    }


@moderators
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """/admin/moderation/?ordner=…&q=…: what waits, the oldest first."""
    numbers, filters = counts(), _filters(request)
    asked = request.GET.get("ordner")
    # Whoever opens the desk comes to the first folder in which something waits.
    first = next((each for each in FOLDERS if numbers[each.key] and each.key != "alle"), FOLDERS[0])
    current = folder(asked) if asked else first
    found = rows(current, **filters).select_related(*ABOUT, "shown", "waiting")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "tabs": tabs("queue"),
        "folders": [{"folder": each, "count": numbers[each.key]} for each in FOLDERS],
        "folder": current,
        "page": page,
        "rows": [_row(comment, subject) for comment, subject in with_subjects(page)],
        "kinds": [{"value": value, "label": label} for value, (label, _holds) in KINDS.items()],
        "is_filtered": any(filters.values()),
        "can_choose": current.key == "ungesehen",
        "all_chosen": request.GET.get("auswahl") == "alle",
        **filters,
        **head(_now("Moderation"), ICON, ("", _now("Moderation"))),
    }
    return render(request, "participation/desk/moderation/queue.html", context)


def _row(comment: Comment, subject: Any) -> dict[str, Any]:
    version = comment.waiting or comment.shown
    return {
        "comment": comment,
        "since": getattr(comment, "since", comment.submit_date),
        "subject": subject,
        "who": who_wrote(comment),
        "text": version.text if version else "",
        "reasons": comment.waiting.why_held if comment.waiting else [],
        "can_choose": comment.open_reports == 0,
        "url": reverse("moderation_desk:comment", args=[comment.pk]),
    }
