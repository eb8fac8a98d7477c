"""How allauth works with our house: its mails go through the outbox like all others."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from common.mail import put_ready_mail


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, {**context, "email": email})
        put_ready_mail(email, message.subject, message.body)
