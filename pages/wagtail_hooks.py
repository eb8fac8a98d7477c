"""What pages add to Wagtail's back office: messages, addresses of pages that are gone, a notice about the accessibility
statement, the report „Für alle“."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.models import register_snippet

from . import back_office
from .coverage import CoverageView
from .models import GoneAddress, Message
from .page_form import taken

register_permission_policy(Message, back_office.MessagePolicy(Message))
register_snippet(back_office.MessageViewSet)
register_permission_policy(GoneAddress, back_office.GonePolicy(GoneAddress))
register_snippet(back_office.GoneAddressViewSet)


@hooks.register("before_move_page")
def keep_in_reach(request: HttpRequest, page: Page, above: Page) -> HttpResponse | None:
    """No page moves to where something fixed stands before it."""
    sentence = taken(above, page.slug)
    if not sentence:
        return None
    messages.error(request, sentence)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("construct_homepage_panels")
def statement_notice(request: HttpRequest, panels: list[Any]) -> None:
    panels[:0] = back_office.notices(request)


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    return [
        path("reports/fuer-alle/", CoverageView.as_view(), name="everybody_report"),
        path("reports/fuer-alle/results/", CoverageView.as_view(results_only=True), name="everybody_report_results"),
    ]


class CoverageMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        may = policy_registry.get_by_type(Page).user_has_any_permission(request.user, CoverageView.any_permission_required)
        return bool(may)


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    return CoverageMenuItem(_("Für alle"), reverse("everybody_report"), name="everybody", icon_name="globe", order=650)
