"""Internal notes about an idea, in a thread on its page of the desk."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from accounts.models import User

from .. import actions
from ..models import Idea, InternalNote
from .frame import header, idea_crumb, idea_or_404, review_staff
from .review_forms import NoteForm


def thread(user: Any, idea: Idea) -> list[dict[str, Any]]:
    """The notes with their answers, oldest first, each with an empty form for one more answer."""
    notes = InternalNote.objects.visible_to(user).filter(idea=idea).select_related("author").order_by("created_at", "pk")
    rows = list(notes)
    return [
        {
            "note": note,
            "replies": [reply for reply in rows if reply.reply_to_id == note.pk],
            "form": NoteForm(initial={"reply_to": note.pk}, auto_id=f"notiz-{note.pk}-%s"),
        }
        for note in rows
        if note.reply_to_id is None
    ]


@review_staff
@require_POST
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Add a note; a page of its own says what is missing and keeps what was typed."""
    idea = idea_or_404(request, number)
    form = NoteForm(request.POST)
    if form.is_valid():
        notes = InternalNote.objects.visible_to(request.user).select_related("reply_to")
        key = form.cleaned_data["reply_to"]
        try:
            actions.add_note(
                idea,
                form.cleaned_data["text"],
                by=cast(User, request.user),
                reply_to=notes.filter(pk=key).first() if key else None,
            )
        except actions.Refused as problem:
            form.add_error("text", str(problem))
        else:
            messages.success(request, _("Ihre Notiz ist gespeichert. Sie bleibt im Prüfteam."))
            return redirect(f"{reverse('ideas_desk:idea', args=[number])}#desk-notes")
    context = {"idea": idea, "form": form, **header(_("Interne Notiz"), idea_crumb(idea))}
    return render(request, "ideas/desk/note.html", context, status=422)
