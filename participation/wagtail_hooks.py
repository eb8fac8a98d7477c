"""What competitions add to Wagtail's back office: the desk of the lead, and guards around their pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ideas.permissions import leads

from .desk import urls


@hooks.register("register_admin_urls")
def desk_urls() -> list[Any]:
    return [path("wettbewerbe/", include(urls))]


class DeskMenuItem(MenuItem):
    """The way to the desk, for the lead."""

    def is_shown(self, request: HttpRequest) -> bool:
        return leads(request.user)


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return DeskMenuItem(
        _("Wettbewerbe"), reverse("competitions_desk:index"), name="competitions-desk", icon_name="desk-cup", order=52
    )


@hooks.register("register_icons")
def desk_icons(icons: list[str]) -> list[str]:
    return [*icons, "participation/desk/icons/desk-cup.svg"]
