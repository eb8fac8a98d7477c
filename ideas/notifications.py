"""Mails to authors. Written into the outbox as keys of rows, put into words at delivery: an address erased meanwhile gets none,
and no token stands in the database."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from wagtail.models import Site

from common import outbox
from common.mail import send
from common.models import OutboxMessage
from pages.models import SiteSettings

from .models import Idea, KpiValue, ProgressNote, TrailEntry
from .workflow import Action, Status


def ask_to_confirm(idea: Idea) -> None:
    outbox.put("ideas.confirm", idea=idea.pk)


def tell_author(idea: Idea, entry: TrailEntry) -> None:
    """Tell the author of a step; nothing happens where we know no address."""
    if idea.author.address:
        outbox.put("ideas.step", idea=idea.pk, entry=entry.pk)


def tell_of_proposal(proposal: ProgressNote | KpiValue) -> None:
    """Tell a project lead what became of their report or value; who decided on their own knows."""
    if proposal.author_id and proposal.author_id != proposal.decided_by_id:
        outbox.put("ideas.proposal", **{"note" if isinstance(proposal, ProgressNote) else "value": proposal.pk})


@outbox.handler("ideas.proposal")
def _deliver_proposal(message: OutboxMessage) -> None:
    note, value = message.payload.get("note"), message.payload.get("value")
    proposal: ProgressNote | KpiValue | None
    if note:
        proposal = ProgressNote.objects.select_related("author", "measure").filter(pk=note).first()
    else:
        proposal = KpiValue.objects.select_related("author", "kpi__measure", "kpi__loesung").filter(pk=value).first()
    if proposal is None or proposal.author is None or not proposal.author.is_active:
        return
    context = {
        "proposal": proposal,
        "is_report": bool(note),
        "subject": proposal.subject,
        "url": settings.BASE_URL + proposal.public_url,
        "desk_url": settings.BASE_URL + reverse("ideas_desk:reports"),
    }
    _send("ideas/proposal", proposal.author.email, message, context)


@outbox.handler("ideas.confirm")
def _deliver_confirm(message: OutboxMessage) -> None:
    idea = Idea.objects.select_related("author").filter(pk=message.payload["idea"], status=Status.UNCONFIRMED).first()
    if idea is None or not idea.author.email:
        return
    url = settings.BASE_URL + reverse("idea_confirm", args=[idea.confirm_token])
    # The address is not proved yet: nothing that a stranger typed goes into this mail.
    context = {"number": idea.number, "url": url, "days": Idea.DAYS_TO_CONFIRM}
    _send("ideas/confirm", idea.author.email, message, context)


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
    _send("ideas/received" if first else "ideas/step", idea.author.address, message, context)


def _send(template: str, to: str, message: OutboxMessage, context: dict[str, Any]) -> None:
    """Signed by the office; an answer goes to the address that the site names for enquiries."""
    # The page of a question says "answer our mail": the answer must reach the office, not the machine that sends.
    site = Site.objects.filter(is_default_site=True).first()
    house = SiteSettings.for_site(site) if site else SiteSettings()
    send(template, to, message, {**context, "house": house}, reply_to=house.email)
