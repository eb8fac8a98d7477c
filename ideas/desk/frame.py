"""What the pages of the desk share: who gets in, and the head of the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.auth import permission_required

from .. import permissions
from ..models import Idea

View = Callable[..., HttpResponse]
review_staff = permission_required("ideas.review_idea")


def lead_only(view: View) -> View:
    """For pages of the lead; everybody else is sent back as Wagtail does it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.leads(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def idea_or_404(request: HttpRequest, number: int) -> Idea:
    ideas = Idea.objects.visible_to(request.user).select_related("released_version", "loesung", "author__user")
    return get_object_or_404(ideas.prefetch_related("versions"), number=number)


def header(title: str, *above: tuple[str, str], icon: str = "tasks") -> dict[str, Any]:
    """The page's title and the way to it; `above`: address and title of each page between the desk and this one."""
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("ideas_desk:inbox"), "label": _("Ideen prüfen")},
        *({"url": url, "label": label} for url, label in above),
        {"url": "", "label": title},
    ]
    return {"header_title": title, "header_icon": icon, "breadcrumbs_items": crumbs}


def idea_crumb(idea: Idea) -> tuple[str, str]:
    return reverse("ideas_desk:idea", args=[idea.number]), _("Idee %(number)s") % {"number": idea.number}
