"""How allauth works with our house: its mails go through the outbox like all others, its links name our own address."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils import translation

from common.mail import put_ready_mail

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # allauth builds links from the Host header of the request; in a mail only our own address may stand.
        ours = {name: at_home(value) if name.endswith("_url") else value for name, value in context.items()}
        person = User.objects.filter(email__iexact=email).first()
        language = person.language if person else settings.LANGUAGE_CODE
        with translation.override(language):
            message = self.render_mail(template_prefix, email, {**ours, "email": email, "base_url": settings.BASE_URL})
        put_ready_mail(email, message.subject, message.body, language)


def at_home(url: str) -> str:
    """The same path at the site's own address."""
    parts = urlsplit(url)
    return settings.BASE_URL + parts.path + (f"?{parts.query}" if parts.query else "")
