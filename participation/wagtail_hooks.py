"""What competitions and surveys add to Wagtail's back office: the desk of the lead, that of surveys, and guards around both."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from ideas.permissions import leads

from . import guards
from .desk import survey_urls, urls
from .desk.survey_editor import SurveyViewSet
from .models import Survey

STEPS = (
    ("make", _("Wettbewerb anlegen"), _("Wettbewerb angelegt")),
    ("describe", _("Texte ändern"), _("Texte geändert")),
    ("rules", _("Regeln ändern"), _("Regeln der Abstimmung geändert")),
    ("publish_page", _("Seite veröffentlichen"), _("Seite veröffentlicht")),
)


register_snippet(SurveyViewSet)


@hooks.register("register_admin_urls")
def desk_urls() -> list[Any]:
    return [path("wettbewerbe/", include(urls)), path("umfragen-auswertung/", include(survey_urls))]


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


@hooks.register("register_log_actions")
def competition_steps(log_actions: Any) -> None:
    """What Wagtail's log calls the steps of actions/setup.py."""
    for name, button, done in STEPS:
        log_actions.register_action(f"participation.competition.{name}", button, done)


@hooks.register("before_delete_page")
def keep_competitions(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, guards.why_not_delete([page]), page)


@hooks.register("before_unpublish_page")
def keep_running_ones_public(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, guards.why_not_unpublish([page]), page)


@hooks.register("before_bulk_action")
def keep_competitions_in_bulk(request: HttpRequest, action: str, objects: list[Any], _instance: Any) -> HttpResponse | None:
    """The same for what is marked in a list of pages."""
    ask = {"delete": guards.why_not_delete, "unpublish": guards.why_not_unpublish}.get(action)
    surveys = [each for each in objects if isinstance(each, Survey)]
    if action == "delete" and (sentence := guards.why_not_delete_surveys(surveys)):
        messages.error(request, sentence)
        return redirect("surveys_admin:list")
    pages = [each for each in objects if isinstance(each, Page)]
    return _refused(request, ask(pages), pages[0]) if ask and pages else None


@hooks.register("before_delete_snippet")
def keep_answered_surveys(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    sentence = guards.why_not_delete_surveys([each for each in instances if isinstance(each, Survey)])
    if not sentence:
        return None
    messages.error(request, sentence)
    return redirect("surveys_admin:list")


def _refused(request: HttpRequest, sentence: str, page: Page) -> HttpResponse | None:
    if not sentence:
        return None
    messages.error(request, sentence)
    return redirect("wagtailadmin_explore", page.get_parent().pk)
