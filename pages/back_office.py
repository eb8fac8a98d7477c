"""Messages to the office in Wagtail: read, note something, say that they are answered. Nobody changes what people wrote.
Also the addresses of pages that are gone, and a notice about an old accessibility statement."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import GoneAddress, Message
from .statement import old_statement


class MessagePolicy(ModelPermissionPolicy):
    """Messages come by the forms of the site alone."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and bool(super().user_has_permission(user, action))


class MessageForm(WagtailAdminModelForm):
    # Not the model's own field: the day of the answer goes along with it.
    new_state = forms.ChoiceField(
        label=_("Stand"),
        choices=Message.State.choices,
        widget=forms.RadioSelect,
        help_text=_("Wählen Sie „beantwortet“, sobald Ihre Antwort hinausgegangen oder die Sache erledigt ist."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_state"].initial = self.instance.state

    def save(self, commit: bool = True) -> Message:
        self.instance.move_to(self.cleaned_data["new_state"])
        message: Message = super().save(commit)
        return message


class WordsPanel(Panel):
    """What somebody wrote, to read."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/back_office/message.html"


def _due(message: Message) -> str:
    if message.answer_due is None or message.state == Message.State.ANSWERED:
        return "–"
    day = date_format(message.answer_due)
    return _now("überfällig seit dem %(day)s") % {"day": day} if message.is_overdue else day


class MessageMenuItem(MenuItem):
    """The way to the messages, with the number of those that wait for an answer."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("pages.change_message")

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        counted = getattr(request, "open_messages", None)  # the inbox of ideas has counted them already
        waiting = Message.objects.open().count() if counted is None else counted
        if waiting:
            component.label = f"{self.label} ({waiting})"
        return component


class MessageViewSet(SnippetViewSet):
    model = Message
    icon = "mail"
    menu_label = _("Nachrichten")
    menu_item_class = MessageMenuItem
    add_to_admin_menu = True
    menu_order = 70
    admin_url_namespace = "messages_admin"
    base_url_path = "nachrichten"
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar[list[Any]] = [
        "ticket",
        Column("kind", label=_("Art"), accessor="get_kind_display"),
        Column("subject", label=_("Worum es geht"), accessor="headline"),
        DateColumn("received_at", label=_("Eingegangen")),
        Column("answer_due", label=_("Antwort bis"), accessor=_due),
        Column("state", label=_("Stand"), accessor="get_state_display"),
    ]
    list_filter: ClassVar[list[str]] = ["kind", "state"]
    search_fields: ClassVar[list[str]] = ["ticket", "subject", "text", "name", "email"]
    search_backend_name = None  # personal: not in an index
    edit_handler = ObjectList(
        [WordsPanel(heading=_("Nachricht")), FieldPanel("new_state"), FieldPanel("note")], base_form_class=MessageForm
    )

    def get_queryset(self, request: Any) -> QuerySet[Message]:
        return Message.objects.in_working_order()


class GonePolicy(ModelPermissionPolicy):
    """Addresses are remembered when pages go. People look at them and have them forgotten, no more."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("view", "delete") and bool(super().user_has_permission(user, action))


class GoneAddressViewSet(SnippetViewSet):
    """What is said of pages that were: a title that nobody should read any more is deleted here."""

    model = GoneAddress
    icon = "history"
    menu_label = _("Frühere Adressen")
    add_to_settings_menu = True
    menu_order = 710  # after Wagtail's redirects
    admin_url_namespace = "gone_admin"
    base_url_path = "fruehere-adressen"
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar[list[Any]] = ["path", "title", DateColumn("gone_at", label=_("Seit"))]
    search_fields: ClassVar[list[str]] = ["path", "title"]
    search_backend_name = None

    def get_queryset(self, request: Any) -> QuerySet[GoneAddress]:
        return GoneAddress.objects.order_by("-gone_at", "path")


class OldStatementPanel(Component):
    """On the start page of those who may publish the accessibility statement: nobody has looked at it for a year."""

    template_name = "pages/back_office/old_statement.html"
    order = 10

    def __init__(self, page: Any) -> None:
        self.page = page

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"page": self.page}


def notices(request: HttpRequest) -> list[Component]:
    """What the start page of the back office has to say to this person about the accessibility statement."""
    page = old_statement()
    return [OldStatementPanel(page)] if page and page.permissions_for_user(request.user).can_publish() else []
