"""Samples and states of the pages on which people write comments. Used by public_states.py."""

from collections.abc import Callable
from itertools import count
from typing import Any

from accounts.contacts import contact_of_user
from accounts.known import proof_token
from accounts.models import AddressProof, User
from ideas.models import Idea
from ideas.workflow import Status
from participation import actions
from participation.actions import Author
from participation.comment_mails import stop_path
from participation.comment_workflow import State
from participation.models import Comment, Discussion
from tests.factories import comments as make
from tests.public_ways import Case, Open, Send, Steps

CITIZEN = "buergerin@example.org"
_number = count(1)


def _idea() -> Idea:
    """An idea of its own for each sample: every one has an address of its own, and no two addresses share a title."""
    ideas = Idea.objects.public().filter(status=Status.KEPT, merged_into=None).order_by("number")
    return ideas[next(_number) % ideas.count()]


def _write(idea: Idea | None = None) -> str:
    return f"/kommentare/idee/{(idea or _idea()).number}/schreiben/"


def _page(name: str, state: State = State.PUBLIC, by: str = "", **more: Any) -> Steps:
    """A page of a new comment in this state; of the citizen's, where nobody else is named."""
    author = contact_of_user(User.objects.get(email=by or CITIZEN))
    comment = make.comment(state, on=_idea(), by=author, text="Eine Bank am Busbahnhof wäre auch schön.", **more)
    return [Open(f"/kommentare/{comment.pk}/{name}/")]


def _others(name: str, state: State = State.PUBLIC) -> Steps:
    return _page(name, state, by="leitung@example.org")


def _guests(name: str) -> Steps:
    comment = make.comment(on=_idea(), by=make.guest(), text="Eine Bank am Busbahnhof wäre auch schön.")
    return [Open(f"/kommentare/{comment.pk}/{name}/")]


def _stop() -> str:
    return stop_path(make.comment(on=_idea(), by=make.guest(), followup=True))


def _late() -> Steps:
    steps = _page("bearbeiten")
    Comment.objects.filter(pk=Comment.objects.latest("pk").pk).update(submit_date="2026-01-01T12:00:00Z")
    return steps


def _closed() -> Steps:
    idea = _idea()
    Discussion.objects.update_or_create(idea=idea, defaults={"is_closed": True})
    return [Open(_write(idea))]


def _link_with_text() -> Steps:
    """The link that a guest gets who wrote a comment."""
    author = Author(name="Nora", email=f"gast-{next(_number)}-{Comment.objects.count()}@example.org")
    actions.write(_idea(), "Eine Bank am Busbahnhof wäre auch schön.", author)
    return [Open(f"/konto/adresse/{proof_token(AddressProof.objects.latest('pk').key)}/")]


def _own_in_every_state() -> Steps:
    for state in (State.PUBLIC, State.HELD, State.HIDDEN, State.REFUSED, State.DELETED):
        _page("", state)
    return [Open("/konto/kommentare/")]


SIGNED_IN = {
    "konto/kommentare/": CITIZEN,
    "kommentare/<number:pk>/bearbeiten/": CITIZEN,
    "kommentare/<number:pk>/loeschen/": CITIZEN,
}
SAMPLES: dict[str, Callable[[], Steps]] = {
    "kommentare/<slug:kind>/<str:key>/schreiben/": lambda: [Open(_write())],
    "kommentare/<number:pk>/antworten/": lambda: _others("antworten"),
    "kommentare/<number:pk>/bearbeiten/": lambda: _page("bearbeiten"),
    "kommentare/<number:pk>/loeschen/": lambda: _page("loeschen"),
    "kommentare/<number:pk>/abbestellen/<str:token>/": lambda: [Open(_stop())],
}
_LONG = {"text": "Zu lang. " * 250, "name": "gast@example.org", "email": "gast@"}
STATES: list[Case] = [
    Case("comment, with an account", lambda: [Open(_write())], CITIZEN),
    Case("comment, of the office", lambda: [Open(_write())], "leitung@example.org"),
    Case("comment, everything missing", lambda: [Open(_write()), Send({"action": "send"})], status=422),
    Case("comment, everything wrong", lambda: [Open(_write()), Send({**_LONG, "action": "send"})], status=422),
    Case("comment, link is on its way", lambda: [Open(f"{_write()}?gesendet")]),
    Case("comment, by a guest who proved the address", lambda: [*_link_with_text(), Send(), Open(_write())]),
    Case("comment, closed", _closed),
    Case("answer, with an account", lambda: _others("antworten"), CITIZEN),
    Case("answer to what is hidden", lambda: _others("antworten", State.HIDDEN)),
    Case("link to prove an address, with a text", _link_with_text),
    Case("change a comment, nothing in it", lambda: [*_page("bearbeiten"), Send({"text": ""})], CITIZEN, 422),
    Case("change a comment, too late", _late, CITIZEN),
    Case("change a comment, not known yet", lambda: _guests("bearbeiten")),
    Case("change a comment, link is on its way", lambda: [*_guests("bearbeiten"), Send({"email": "gast@example.org"})]),
    Case("delete a comment of somebody else", lambda: _others("loeschen"), CITIZEN, 403),
    Case("own comments in every state", _own_in_every_state, CITIZEN),
    Case("mails about answers, stopped", lambda: [Open(_stop()), Send()]),
    Case("link to stop mails that is wrong", lambda: [Open("/kommentare/1/abbestellen/falsch/")], status=404),
]
