"""What participation adds to Wagtail's back office: the desks of the lead and of the moderators, and guards around pages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from accounts.roles import Role
from ideas.models import Measure
from ideas.permissions import has_role, leads

from . import guards
from .comment_permissions import moderates
from .desk import survey_urls, urls
from .desk.moderation import queue
from .desk.moderation import urls as moderation_urls
from .desk.survey_editor import SurveyViewSet
from .models import Survey

STEPS = (
    ("make", _("Wettbewerb anlegen"), _("Wettbewerb angelegt")),
    ("describe", _("Texte ändern"), _("Texte geändert")),
    ("rules", _("Regeln ändern"), _("Regeln der Abstimmung geändert")),
    ("publish_page", _("Seite veröffentlichen"), _("Seite veröffentlicht")),
)

DISCUSSION_STEPS = (
    ("close", _("Diskussion schließen"), _("Diskussion geschlossen")),
    ("open", _("Diskussion öffnen"), _("Diskussion geöffnet")),
)


register_snippet(SurveyViewSet)


@hooks.register("register_admin_urls")
def desk_urls() -> list[Any]:
    return [
        path("wettbewerbe/", include(urls)),
        path("moderation/", include(moderation_urls)),
        path("umfragen-auswertung/", include(survey_urls)),
    ]


class DeskMenuItem(MenuItem):
    """The way to the desk, for the lead."""

    def is_shown(self, request: HttpRequest) -> bool:
        return leads(request.user)


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return DeskMenuItem(
        _("Wettbewerbe"), reverse("competitions_desk:index"), name="competitions-desk", icon_name="desk-cup", order=52
    )


class ModerationMenuItem(MenuItem):
    """The way to the moderators' desk, for moderators with the number of comments that wait for a decision: it costs a query on
    each page of the back office, which the lead, who mostly does other things, doesn't pay."""

    def is_shown(self, request: HttpRequest) -> bool:
        return moderates(request.user)

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        if has_role(request.user, Role.MODERATOR) and (number := queue.waiting()):
            component.label = f"{self.label} ({number})"
        return component


@hooks.register("register_admin_menu_item")
def moderation_menu_item() -> MenuItem:
    return ModerationMenuItem(
        _("Moderation"), reverse("moderation_desk:queue"), name="moderation-desk", icon_name="comment", order=53
    )


class ModerationSummary(SummaryItem):
    """On a moderator's start page: what waits, each number a link."""

    order = 12
    template_name = "participation/desk/moderation/summary.html"
    FOLDERS = ("wartet", "aenderungen", "gemeldet", "einsprueche", "ungesehen")

    def is_shown(self) -> bool:
        return moderates(self.request.user)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        numbers = queue.counts()
        return {"items": [{"folder": queue.folder(key), "count": numbers[key]} for key in self.FOLDERS]}


@hooks.register("construct_homepage_summary_items")
def moderation_summary(request: HttpRequest, items: list[SummaryItem]) -> None:
    items.append(ModerationSummary(request))


@hooks.register("register_icons")
def desk_icons(icons: list[str]) -> list[str]:
    return [*icons, "participation/desk/icons/desk-cup.svg"]


@hooks.register("register_log_actions")
def competition_steps(log_actions: Any) -> None:
    """What Wagtail's log calls the steps of actions/setup.py and of close_discussion."""
    for name, button, done in STEPS:
        log_actions.register_action(f"participation.competition.{name}", button, done)
    for name, button, done in DISCUSSION_STEPS:
        log_actions.register_action(f"participation.discussion.{name}", button, done)


@hooks.register("before_delete_page")
def keep_competitions(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, _why_not_delete([page]), page)


def _why_not_delete(pages: list[Page]) -> str:
    return guards.why_not_delete(pages) or guards.why_not_delete_discussed(pages)


@hooks.register("before_unpublish_page")
def keep_running_ones_public(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, guards.why_not_unpublish([page]), page)


@hooks.register("before_bulk_action")
def keep_competitions_in_bulk(request: HttpRequest, action: str, objects: list[Any], _instance: Any) -> HttpResponse | None:
    """The same for what is marked in a list of pages."""
    ask = {"delete": _why_not_delete, "unpublish": guards.why_not_unpublish}.get(action)
    surveys = [each for each in objects if isinstance(each, Survey)]
    if action == "delete" and (sentence := guards.why_not_delete_surveys(surveys)):
        messages.error(request, sentence)
        return redirect("surveys_admin:list")
    pages = [each for each in objects if isinstance(each, Page)]
    return _refused(request, ask(pages), pages[0]) if ask and pages else None


@hooks.register("before_delete_snippet")
def keep_discussed_measures(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """The same for measures, also by the list."""
    sentence = guards.why_not_delete_measures(each for each in instances if isinstance(each, Measure))
    if not sentence:
        return None
    messages.error(request, sentence)
    return redirect("measures:list")


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
