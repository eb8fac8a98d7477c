"""One way to write a mail: one template for subject and text, in the language of whoever gets it. The simple HTML beside the
text is made from the text, so both say the same. The Message-ID stays the same if a mail is sent again."""

import re
import smtplib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from . import outbox
from .models import OutboxMessage

_SIGNATURE = "\n-- \n"


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def compose(template: str, context: dict[str, Any], language: str = "de") -> Letter:
    """The mail that emails/<template>.txt makes of this; its first line is the subject."""
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", {"base_url": settings.BASE_URL, **context})
        subject, _, body = text.strip().partition("\n")
        return written(subject, body)


def written(subject: str, body: str) -> Letter:
    """Subject and text with the HTML made of them, in the language that is active."""
    subject = " ".join(subject.split())
    body = re.sub(r"\n\s*\n\s*\n", "\n\n", body.strip())
    main, _, signature = body.partition(_SIGNATURE)
    context = {
        "subject": subject,
        "paragraphs": [part.strip() for part in re.split(r"\n\s*\n", main) if part.strip()],
        "signature": signature.strip(),
        "language": translation.get_language() or settings.LANGUAGE_CODE,
    }
    return Letter(subject, body + "\n", render_to_string("emails/base.html", context))


def send(
    template: str,
    to: str,
    message: OutboxMessage,
    context: dict[str, Any],
    *,
    reply_to: str = "",
    language: str = "de",
    stop_url: str = "",
) -> None:
    """Send emails/<template>.txt. An answer goes to `reply_to`, if given, else to the sender.

    `stop_url` is for mail that somebody subscribed to: the address where a POST stops it at once (RFC 8058).
    Raises what the mail server raises.
    """
    _send(to, compose(template, context, language), message, reply_to=reply_to, stop_url=stop_url)


def put_ready_mail(to: str, subject: str, body: str, language: str = "de") -> None:
    """Put a mail that somebody else (allauth) has written into the outbox."""
    outbox.put("mail.ready", to=to, subject=subject, body=body, language=language)


@outbox.handler("mail.ready")
def _deliver_ready(message: OutboxMessage) -> None:
    with translation.override(message.payload.get("language", "de")):
        letter = written(message.payload["subject"], message.payload["body"])
    _send(message.payload["to"], letter, message)


def _send(to: str, letter: Letter, message: OutboxMessage, *, reply_to: str = "", stop_url: str = "") -> None:
    host = urlparse(settings.BASE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<outbox-{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if stop_url:
        headers |= {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    answers_to = [reply_to] if reply_to else None
    mail = EmailMultiAlternatives(subject=letter.subject, body=letter.text, to=[to], headers=headers, reply_to=answers_to)
    mail.attach_alternative(letter.html, "text/html")
    try:
        mail.send()
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
