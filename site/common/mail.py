"""One way to write a mail: a template for the subject, one for the text, a Message-ID that stays the same if sent again."""

import smtplib
from typing import Any
from urllib.parse import urlparse

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from . import outbox
from .models import OutboxMessage


def send(template: str, to: str, message: OutboxMessage, context: dict[str, Any], *, reply_to: str = "") -> None:
    """Send emails/<template>.txt; its first line is the subject. An answer goes to `reply_to`, if given, else to the sender.

    Raises what the mail server raises.
    """
    text = render_to_string(f"emails/{template}.txt", {"base_url": settings.BASE_URL, **context})
    subject, _, body = text.strip().partition("\n")
    _send(to, subject, body.strip(), message, reply_to=reply_to)


def put_ready_mail(to: str, subject: str, body: str) -> None:
    """Put a mail that somebody else (allauth) has written into the outbox."""
    outbox.put("mail.ready", to=to, subject=subject, body=body)


@outbox.handler("mail.ready")
def _deliver_ready(message: OutboxMessage) -> None:
    _send(message.payload["to"], message.payload["subject"], message.payload["body"], message)


def _send(to: str, subject: str, body: str, message: OutboxMessage, *, reply_to: str = "") -> None:
    host = urlparse(settings.BASE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<outbox-{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    subject = " ".join(subject.split())
    answers_to = [reply_to] if reply_to else None
    try:
        EmailMessage(subject=subject, body=body + "\n", to=[to], headers=headers, reply_to=answers_to).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        # 5xx to this address or this mail is final. Other 5xx (a wrong password, say) concern the operator: tried again.
        codes = (
            [code for code, _ in error.recipients.values()]
            if isinstance(error, smtplib.SMTPRecipientsRefused)
            else [error.smtp_code]
        )
        if min(codes) >= 500:
            raise outbox.Undeliverable(str(error)) from error
        raise
