"""The accessibility statement wants a look every year: a system check, a note on Wagtail's start page and one mail to the lead
say so when it is older (the page type itself knows when: AccessibilityPage.is_old)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from common import outbox
from common.mail import send
from common.models import OutboxMessage
from common.worker import chore

from . import site
from .models import AccessibilityPage, StatementReminder


def old_statement(today: date | None = None) -> AccessibilityPage | None:
    """The published statement if nobody has looked at it for more than a year. In the default language: translations follow."""
    live = AccessibilityPage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE)
    return next((page for page in live if page.is_old(today)), None)


@checks.register(checks.Tags.database)
def statement_is_fresh(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Asked by `manage.py check --database default` and by `migrate`."""
    if "default" not in (databases or []):
        return []
    try:
        if AccessibilityPage._meta.db_table not in connections["default"].introspection.table_names():
            return []  # before the first migration
        page = old_statement()
    except DatabaseError:
        return []  # a database out of reach, or not migrated yet, is Django's own check
    if page is None:
        return []
    return [
        checks.Warning(
            f"The accessibility statement was last reviewed on {page.reviewed_on}, more than a year ago.",
            hint="Review it in the back office and enter the date.",
            id="pages.W001",
        )
    ]


@chore
def remind_of_old_statement(today: date | None = None) -> int:
    """Tell the leads once that the statement is old. Returns how many are told."""
    page = old_statement(today)
    if page is None:
        return 0
    leads = User.objects.filter(groups__name=Role.LEAD.value, is_active=True).order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        # Only one worker makes this row, so nobody is told twice.
        _row, is_new = StatementReminder.objects.get_or_create(
            reviewed_on=page.reviewed_on, defaults={"sent_at": timezone.now()}
        )
        if not is_new:
            return 0
        outbox.put_many("pages.statement_old", [{"lead": pk} for pk in leads])
    return len(leads)


@outbox.handler("pages.statement_old")
def _deliver(message: OutboxMessage) -> None:
    lead = User.objects.filter(pk=message.payload["lead"], is_active=True).first()
    page = old_statement()
    if lead is None or page is None:
        return
    context = {
        "reviewed_on": page.reviewed_on,
        "url": settings.BASE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "house": site.current(),
    }
    send("pages/statement_old", lead.email, message, context, reply_to=site.current().email, language=lead.language)
