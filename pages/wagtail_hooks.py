"""What pages add to Wagtail's back office."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from . import back_office
from .models import Message

register_permission_policy(Message, back_office.MessagePolicy(Message))
register_snippet(back_office.MessageViewSet)


@hooks.register("construct_homepage_panels")
def statement_notice(request: HttpRequest, panels: list[Any]) -> None:
    panels[:0] = back_office.notices(request)
