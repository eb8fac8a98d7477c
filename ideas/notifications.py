"""Mails to authors, and to people who still have to prove their address. Written into the outbox as keys of rows, put into words at delivery: an address erased meanwhile gets none,
and no token stands in the database."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from common import outbox, tokens
from common.mail import send
from common.models import OutboxMessage
from pages.models import SiteSettings

from .models import ContactRequest, Idea, TrailEntry
from .workflow import Action, Status


def ask_to_confirm(idea: Idea) -> None:
    outbox.put("ideas.confirm", idea=idea.pk)


def tell_author(idea: Idea, entry: TrailEntry) -> None:
    """Tell the author of a step; nothing happens where we know no address."""
    if idea.author.address:
        outbox.put("ideas.step", idea=idea.pk, entry=entry.pk)


@outbox.handler("ideas.confirm")
def _deliver_confirm(message: OutboxMessage) -> None:
    idea = Idea.objects.select_related("author").filter(pk=message.payload["idea"], status=Status.UNCONFIRMED).first()
    if idea is None or not idea.author.email:
        return
    url = settings.BASE_URL + reverse("idea_confirm", args=[idea.confirm_token])
    # The address is not proved yet: nothing that a stranger typed goes into this mail.
    context = {"number": idea.number, "url": url, "days": Idea.DAYS_TO_CONFIRM}
    send_signed("ideas/confirm", idea.author.email, message, context, language=idea.author.mail_language)


def ask_to_prove(asked: ContactRequest) -> None:
    outbox.put("ideas.contact", request=asked.pk)


@outbox.handler("ideas.contact")
def _deliver_proof(message: OutboxMessage) -> None:
    requests = ContactRequest.objects.valid().filter(pk=message.payload["request"], done_at=None)
    asked = requests.select_related("idea", "measure", "loesung").first()
    if asked is None:
        return
    url = settings.BASE_URL + reverse("contact_request", args=[tokens.derive("contact", str(asked.key))])
    # The address is not proved yet: an idea is named by its number, for its title is what a stranger typed.
    context = {
        "supporting": asked.kind == ContactRequest.Kind.SUPPORT,
        "label": Named(asked.target),
        "url": url,
        "days": ContactRequest.DAYS,
    }
    send_signed("ideas/proof", asked.email, message, context, language=asked.language)


@dataclass(frozen=True)
class Named:
    """What a thing is called, in the language that is active when it is said; an idea by its number."""

    thing: Any

    def __str__(self) -> str:
        if isinstance(self.thing, Idea):
            return _("Idee %(number)s") % {"number": self.thing.number}
        return str(self.thing.title)


@outbox.handler("ideas.step")
def _deliver_step(message: OutboxMessage) -> None:
    entry = (
        TrailEntry.objects.select_related("idea__author__user", "idea__released_version", "text")
        .filter(pk=message.payload["entry"])
        .first()
    )
    if entry is None or not entry.idea.author.address:
        return
    idea = entry.idea
    first = entry.action in (Action.SUBMIT, Action.CONFIRM)
    context = {
        "idea": idea,
        "entry": entry,
        "asks": entry.action == Action.ASK_BACK,
        "url": settings.BASE_URL + idea.get_absolute_url() if idea.is_public else "",
        "receipt_url": settings.BASE_URL + reverse("idea_receipt", args=[idea.receipt_token]),
    }
    template = "ideas/received" if first else "ideas/step"
    send_signed(template, idea.author.address, message, context, language=idea.author.mail_language)


def send_signed(
    template: str, to: str, message: OutboxMessage, context: dict[str, Any], *, language: str, stop_url: str = ""
) -> None:
    """Signed by the office; an answer goes to the address that the site names for enquiries."""
    # The page of a question says "answer our mail": the answer must reach the office, not the machine that sends.
    house = signature()
    send(template, to, message, {**context, "house": house}, reply_to=house.email, language=language, stop_url=stop_url)


def signature() -> SiteSettings:
    """Who signs: the office of the default site."""
    site = Site.objects.filter(is_default_site=True).first()
    return SiteSettings.for_site(site) if site else SiteSettings()
