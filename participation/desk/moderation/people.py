"""Who is blocked, and everything that was decided: the two lists beside the queue."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from accounts.models import User

from ... import actions
from ...comment_workflow import Who
from ...models import Block, CommentStep
from .frame import header, moderators, person, tabs
from .history import who_took

PER_PAGE = 50


@moderators
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """/admin/moderation/gesperrt/: who can't write comments now, and earlier blocks."""
    now = timezone.now()
    found = Block.objects.select_related("contact__user", "blocked_by", "lifted_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    rows = [
        {
            "ban": ban,
            "who": person(ban.contact),
            "in_force": ban.lifted_at is None and (ban.until is None or ban.until > now),
        }
        for ban in page
    ]
    context = {"rows": rows, "page": page, "tabs": tabs("people"), **header(_("Gesperrte Personen"))}
    return render(request, "participation/desk/moderation/people.html", context)


@moderators
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody write again before the time is over."""
    try:
        actions.lift_block(get_object_or_404(Block, pk=pk), by=cast(User, request.user))
    except actions.Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Die Sperre ist aufgehoben. Die Person bekommt eine E-Mail."))
    return redirect("moderation_desk:people")


@moderators
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """/admin/moderation/protokoll/: what moderators and the house's rules did, the newest first."""
    found = (
        CommentStep.objects.filter(who__in=(Who.MODERATOR, Who.RULE)).select_related("actor").order_by("-happened_at", "-pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    rows = [{"step": step, "who": who_took(step)} for step in page]
    context = {"rows": rows, "page": page, "tabs": tabs("log"), **header(_("Protokoll"))}
    return render(request, "participation/desk/moderation/log.html", context)
