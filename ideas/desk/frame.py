"""What the pages of the desk share: who gets in, the ideas that they see there, and the head of the page."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.auth import permission_required, user_passes_test

from pages import site

from .. import permissions
from ..models import Idea
from ..models.idea import IdeaQuerySet

# Everybody else is sent back as Wagtail does it.
review_staff = permission_required("ideas.review_idea")
lead_only = user_passes_test(permissions.leads)


def visible_ideas(request: HttpRequest) -> IdeaQuerySet:
    """The ideas that this person may see, with what every page of the desk says of one."""
    return Idea.objects.visible_to(request.user).select_related("released_version", "loesung", "author__user")


def idea_or_404(request: HttpRequest, number: int) -> Idea:
    return get_object_or_404(visible_ideas(request).prefetch_related("versions"), number=number)


def office_of(request: HttpRequest) -> str:
    """Who signs what is decided here."""
    office: str = site.current().office
    return office


def head(title: str, icon: str, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """The page's title and the way to it from Wagtail's start page: address and title of each step, '' for the page itself."""
    way = [(reverse("wagtailadmin_home"), _("Start")), *crumbs]
    return {
        "header_title": title,
        "header_icon": icon,
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in way],
    }


def header(title: str, *above: tuple[str, str], icon: str = "tasks") -> dict[str, Any]:
    """The head of a page below the inbox; `above`: what lies between the two."""
    return head(title, icon, inbox_crumb(), *above, ("", title))


def inbox_crumb() -> tuple[str, str]:
    return reverse("ideas_desk:inbox"), _("Ideen prüfen")


def idea_crumb(idea: Idea) -> tuple[str, str]:
    return reverse("ideas_desk:idea", args=[idea.number]), _("Idee %(number)s") % {"number": idea.number}
