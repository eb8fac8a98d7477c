"""What ideas add to Wagtail's back office: the review desk, and the lists of measures, figures and tags."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.snippets.models import register_snippet

from pages.words import words

from . import permissions
from .desk import inbox, urls
from .desk.admin import KpiViewSet, MeasureViewSet, TagViewSet
from .desk.monitoring import IndicatorViewSet, MonitoringSummary
from .models import Kpi, KpiValue, ProgressNote, Review

EDITION_STEPS = (
    ("open", _("Edition anlegen"), _("Edition angelegt")),
    ("correct", _("Berichtigung anlegen"), _("Berichtigung angelegt")),
    ("describe", _("Texte der Edition ändern"), _("Texte der Edition geändert")),
    ("refreeze", _("Agenda neu übernehmen"), _("Agenda neu übernommen")),
    ("propose", _("Edition vorschlagen"), _("Edition vorgeschlagen")),
    ("take_back", _("Vorschlag zurücknehmen"), _("Vorschlag zurückgenommen")),
    ("adopt", _("Beschluss eintragen"), _("Beschluss eingetragen")),
)

register_snippet(MeasureViewSet)
register_snippet(KpiViewSet)
register_snippet(TagViewSet)
register_snippet(IndicatorViewSet)


@hooks.register("before_delete_snippet")
def keep_figures_with_values(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """What was measured stays: a figure goes only as long as nobody has entered a value, also by the list."""
    figures = [each.pk for each in instances if isinstance(each, Kpi)]
    names = Kpi.objects.filter(pk__in=figures, values__isnull=False).distinct().values_list("name", flat=True)
    if not names:
        return None
    text = _now("Zu diesen Kennzahlen gibt es schon Werte, darum lassen sie sich nicht löschen: %(names)s.")
    messages.error(request, text % {"names": ", ".join(names)})
    return redirect("kpis:list")


@hooks.register("register_admin_urls")
def desk_urls() -> list[Any]:
    return [path("ideen/", include(urls))]


class DeskMenuItem(MenuItem):
    """The way to the desk, with the number of ideas that nobody has looked at yet."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ideas.review_idea")

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        counted = getattr(request, "new_ideas", None)  # the inbox has counted them already
        new = inbox.handed_in().awaiting_release().count() if counted is None else counted
        if new:
            component.label = f"{self.label} ({new})"
        return component


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return DeskMenuItem(_("Ideen prüfen"), reverse("ideas_desk:inbox"), name="ideas-desk", icon_name="tasks", order=50)


class ReportsMenuItem(MenuItem):
    """The way to the reports for project leads, who don't see the inbox."""

    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.writes_reports(request.user) and not permissions.reviews(request.user)


@hooks.register("register_admin_menu_item")
def reports_menu_item() -> MenuItem:
    return ReportsMenuItem(
        words.later(_("Meine %(pl_massnahme)s")),
        reverse("ideas_desk:reports"),
        name="ideas-reports",
        icon_name="doc-full",
        order=51,
    )


class DeskSummary(SummaryItem):
    """On Wagtail's start page: what waits, each number a link."""

    order = 10
    template_name = "ideas/desk/summary.html"
    FOLDERS = ("neu", "pruefung", "ueberfaellig")

    def is_shown(self) -> bool:
        return self.request.user.has_perm("ideas.review_idea")

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        numbers = inbox.counts()
        return {"items": [{"folder": inbox.folder(key), "count": numbers[key]} for key in self.FOLDERS]}


class OwnReviewsSummary(SummaryItem):
    """On a reviewer's start page, before everything else: how many reviews wait for them."""

    order = 5
    template_name = "ideas/desk/reviews_summary.html"

    def is_shown(self) -> bool:
        return permissions.reviews(self.request.user)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"count": Review.objects.waiting_for(self.request.user).count()}


class ReportsSummary(SummaryItem):
    """On the lead's start page: how many reports and values wait."""

    order = 11
    template_name = "ideas/desk/reports_summary.html"

    def is_shown(self) -> bool:
        return permissions.leads(self.request.user)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"count": ProgressNote.objects.waiting().count() + KpiValue.objects.waiting().count()}


@hooks.register("construct_homepage_summary_items")
def desk_summary(request: HttpRequest, items: list[SummaryItem]) -> None:
    items.extend([OwnReviewsSummary(request), DeskSummary(request), ReportsSummary(request), MonitoringSummary(request)])


@hooks.register("register_icons")
def desk_icons(icons: list[str]) -> list[str]:
    return [*icons, "ideas/desk/icons/desk-bulb.svg", "ideas/desk/icons/desk-merge.svg"]


@hooks.register("register_permissions")
def review_permission() -> Any:
    """Lets a superuser give the right to review to a group of their own."""
    return Permission.objects.filter(content_type__app_label="ideas", codename="review_idea")


@hooks.register("register_log_actions")
def edition_steps(log_actions: Any) -> None:
    """What Wagtail's log calls the steps with an edition (ideas/actions/editions.py)."""
    for name, button, done in EDITION_STEPS:
        log_actions.register_action(f"ideas.edition.{name}", button, done)
