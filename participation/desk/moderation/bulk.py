"""Many comments that a moderator has read in the list: first what is about to happen, then all at once."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.models import User
from common.text import whole_number

from ... import actions
from ... import comment_permissions as permissions
from ...comment_workflow import Action
from ...models import Comment
from .forms import BulkForm
from .frame import ABOUT, header, moderators, who_wrote, with_subjects
from .queue import PER_PAGE, UNSEEN


@moderators
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """/admin/moderation/freigeben/?kommentar=<pk>:<steps>…: a preview; a POST does it."""
    sent = request.POST if request.method == "POST" else request.GET
    seen = _chosen(sent.getlist("kommentar"))
    if not seen:
        messages.error(request, _("Bitte wählen Sie zuerst Kommentare aus."))
        return _to_queue()
    form = BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _carry_out(request, form, seen)
    return _preview(request, form, seen, 422 if form.errors else 200)


def _chosen(pairs: list[str]) -> dict[int, int]:
    """The chosen comments, each with the number of steps that it had in the list; one page of the list at most."""
    parts = [pair.partition(":") for pair in pairs[:PER_PAGE]]
    return {
        pk: steps for key, _colon, number in parts if (pk := whole_number(key)) and (steps := whole_number(number)) is not None
    }


def _rows(request: HttpRequest, seen: dict[int, int]) -> list[dict[str, Any]]:
    found = Comment.objects.filter(pk__in=list(seen)).select_related(*ABOUT, "shown").order_by("submit_date", "pk")
    unseen = set(Comment.objects.filter(UNSEEN, pk__in=list(seen)).values_list("pk", flat=True))
    return [
        {
            "comment": comment,
            "subject": subject,
            "who": who_wrote(comment),
            "text": comment.shown.text if comment.shown else "",
            "pair": f"{comment.pk}:{seen[comment.pk]}",
            "why_not": _why_not(request.user, comment, comment.pk in unseen, seen[comment.pk]),
        }
        for comment, subject in with_subjects(found)
    ]


def _why_not(user: Any, comment: Comment, is_unseen: bool, seen: int) -> Any:
    """Why this one isn't passed along with the others."""
    if not is_unseen or comment.step_count != seen:
        return _("Hier hat sich inzwischen etwas getan.")
    if comment.open_reports:
        return _("Gemeldet: Darüber entscheiden Sie bitte einzeln, weil die Begründung an andere geht.")
    return permissions.why_not_decide(user, Action.KEEP, comment)


def _preview(request: HttpRequest, form: BulkForm, seen: dict[int, int], status: int = 200) -> HttpResponse:
    rows = _rows(request, seen)
    context = {
        "form": form,
        "rows": rows,
        "possible": [row for row in rows if not row["why_not"]],
        "back": f"{reverse('moderation_desk:queue')}?ordner=ungesehen",
        **header(_("Als gesehen freigeben")),
    }
    return render(request, "participation/desk/moderation/many.html", context, status=status)


def _carry_out(request: HttpRequest, form: BulkForm, seen: dict[int, int]) -> HttpResponse:
    done = 0
    for row in _rows(request, seen):
        comment, problem = row["comment"], row["why_not"]
        if not problem:
            try:
                actions.decide(
                    comment,
                    Action.KEEP,
                    by=cast(User, request.user),
                    reason=form.cleaned_data["reason"],
                    seen=seen[comment.pk],
                )
                done += 1
            except actions.Refused as refusal:
                problem = str(refusal)
        if problem:
            messages.error(request, _("Kommentar %(number)s: %(why)s") % {"number": comment.pk, "why": problem})
    if done:
        said = ngettext("%(number)d Kommentar ist freigegeben.", "%(number)d Kommentare sind freigegeben.", done)
        messages.success(request, said % {"number": done})
    return _to_queue()


def _to_queue() -> HttpResponse:
    return redirect(f"{reverse('moderation_desk:queue')}?ordner=ungesehen")
