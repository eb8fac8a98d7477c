"""What accounts add to Wagtail's back office: the page on which the lead enters whose person was checked."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import verification
from .verifying import verify_accounts


@hooks.register("register_admin_urls")
def verifying_urls() -> list[Any]:
    return [path("personen/", verify_accounts, name="verify_accounts")]


class VerifyMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return verification.may_verify(request.user)  # type: ignore[arg-type]


@hooks.register("register_admin_menu_item")
def verify_menu_item() -> MenuItem:
    return VerifyMenuItem(_("Personen prüfen"), reverse("verify_accounts"), name="verify-accounts", icon_name="user", order=60)


@hooks.register("register_log_actions")
def verification_steps(log_actions: Any) -> None:
    """What Wagtail's log calls the two steps of accounts/verification.py."""
    log_actions.register_action(verification.VERIFIED, _("Als geprüft eintragen"), _("Person geprüft"))
    log_actions.register_action(verification.UNVERIFIED, _("Prüfung zurücknehmen"), _("Prüfung der Person zurückgenommen"))
