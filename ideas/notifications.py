"""Mails to authors, and to people who still have to prove their address. Written into the outbox as keys of rows, put into
words at delivery: an address erased meanwhile gets none, and no token stands in the database."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from common import outbox, tokens
from common.mail import compose, put_ready_mail, send
from common.models import OutboxMessage
from pages import site
from pages.models import SiteSettings

from . import offers
from .models import ContactRequest, Idea, IdeaAuthor, KpiValue, ProgressNote, TrailEntry
from .workflow import IDEA_STATES, Action, Status


def ask_to_confirm(idea: Idea) -> None:
    outbox.put("ideas.confirm", idea=idea.pk)


def tell_author(idea: Idea, entry: TrailEntry) -> None:
    """Tell the author of a step, and the authors of ideas that have become part of this one; nobody without an address, and
    nobody twice."""
    told: set[str] = set()
    of_merged = IdeaAuthor.objects.filter(idea__merged_root=idea).select_related("user").order_by("idea")
    for author in [idea.author, *of_merged]:
        key = author.address.casefold()
        if key and key not in told:
            told.add(key)
            outbox.put("ideas.step", idea=author.idea_id, entry=entry.pk)


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
    send_signed("ideas/proposal", proposal.author.email, message, context, language=proposal.author.language)


def tell_withdrawn(idea: Idea) -> None:
    """The last mail about a withdrawn idea, in words at once: at delivery nobody knows the address any more."""
    if idea.author.address:
        language = idea.author.mail_language
        letter = compose(
            "ideas/withdrawn", {"idea": idea, "state": IDEA_STATES[Status.WITHDRAWN], "house": signature()}, language
        )
        put_ready_mail(idea.author.address, letter.subject, letter.text, language)


def send_receipts(authors: list[IdeaAuthor]) -> None:
    """Mail the receipts of these ideas, all of one address, in one mail. Of none: a message that delivers nothing."""
    outbox.put("ideas.receipts", authors=[author.pk for author in authors])


@outbox.handler("ideas.receipts")
def _deliver_receipts(message: OutboxMessage) -> None:
    authors = IdeaAuthor.objects.exclude(receipt_digest=None).filter(pk__in=message.payload["authors"])
    found = [author for author in authors.select_related("idea", "user").order_by("-idea__number") if author.address]
    if found:
        # Addresses can have changed meanwhile; one mail goes to one of them.
        same = [author for author in found if author.address.casefold() == found[0].address.casefold()]
        rows = [{"idea": author.idea, "url": receipt_url(author.idea)} for author in same]
        send_signed("ideas/receipts", found[0].address, message, {"rows": rows}, language=found[0].mail_language)


def receipt_url(idea: Idea) -> str:
    """The secret link, as it stands in mails and on the receipt."""
    return settings.BASE_URL + reverse("idea_receipt", args=[idea.receipt_token])


def author_url(idea: Idea) -> str:
    """Where the author answers, changes and withdraws: in their account, or with the receipt."""
    return settings.BASE_URL + reverse("my_idea", args=[idea.number]) if idea.author.user_id else receipt_url(idea)


def _parts(idea: Idea) -> list[offers.Part]:
    """In what the idea takes part, in the language of its author."""
    with translation.override(idea.author.mail_language):
        return offers.taking_part(idea)


@outbox.handler("ideas.confirm")
def _deliver_confirm(message: OutboxMessage) -> None:
    idea = Idea.objects.select_related("author").filter(pk=message.payload["idea"], status=Status.UNCONFIRMED).first()
    if idea is None or not idea.author.email:
        return
    url = settings.BASE_URL + reverse("idea_confirm", args=[idea.confirm_token])
    # The address is not proved yet: nothing that a stranger typed goes into this mail.
    context = {"number": idea.number, "url": url, "days": Idea.DAYS_TO_CONFIRM, "parts": _parts(idea)}
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
    if entry is None:
        return
    # Whose mail it is: the author of the idea, or of one that has become part of it.
    idea = entry.idea
    own = (
        idea
        if message.payload["idea"] == idea.pk
        else Idea.objects.select_related("author__user").get(pk=message.payload["idea"])
    )
    if not own.author.address:
        return
    first = entry.action in (Action.SUBMIT, Action.CONFIRM)
    context = {
        "idea": idea,
        "own": None if own is idea else own,
        "entry": entry,
        "asks": entry.action == Action.ASK_BACK and own is idea,
        "url": settings.BASE_URL + idea.get_absolute_url() if idea.is_public else "",
        "answer_url": author_url(own),
        "receipt_url": receipt_url(own),
        "parts": _parts(own) if first else [],
    }
    template = "ideas/received" if first else "ideas/step"
    send_signed(template, own.author.address, message, context, language=own.author.mail_language)


def send_signed(
    template: str, to: str, message: OutboxMessage, context: dict[str, Any], *, language: str, stop_url: str = ""
) -> None:
    """Signed by the office; an answer goes to the address that the site names for enquiries."""
    house = signature()
    send(template, to, message, {**context, "house": house}, reply_to=house.email, language=language, stop_url=stop_url)


def signature() -> SiteSettings:
    """Who signs: the office of the site."""
    return site.current()
