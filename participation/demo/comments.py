"""Comments of the demo (kommentare.yaml): written, answered, hidden and deleted through the same steps as any other, with dates
relative to today."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from accounts.contacts import contact_of_address, contact_of_user
from ideas.demo.ideas import Builder
from ideas.models import Idea, Measure
from pages.agenda import sources
from pages.models import NewsPage

from .. import actions
from ..actions import Author
from ..comment_workflow import Action, State
from ..models import Comment
from .competitions import day

FILE = "kommentare.yaml"
Row = dict[str, Any]


def build(builder: Builder, profile: Path) -> None:
    """On top of what the builder has made; a profile without the file has no comments."""
    if not (profile / FILE).exists():
        return
    guests = 0
    for talk in yaml.safe_load((profile / FILE).read_text()):
        target, made = _target(builder, talk["zu"]), list[Comment]()
        for row in talk["kommentare"]:
            guests += "gast" in row
            written = _write(builder, target, row, f"kommentar-{guests:02}@example.org", made)
            made.append(written)
            _go_on(builder, written, row)


def _target(builder: Builder, row: Row) -> Any:
    match row:
        case {"idee": number}:
            return Idea.objects.get(number=number)
        case {"massnahme": code}:
            return Measure.objects.get(code=code)
        case {"loesung": number}:
            return builder.loesungen[number]
        case _:
            return next(page for page in sources(NewsPage) if page.slug == row["neuigkeit"])


def _write(builder: Builder, target: Any, row: Row, address: str, before: list[Comment]) -> Comment:
    """The comment; where the house's rules hold it, the moderation has passed it an hour later."""
    user, now = builder.people.get(row.get("konto", "")), _moment(row)
    author = Author(contact_of_user(user) if user else contact_of_address(address), user, row.get("gast", ""))
    reply_to = before[row["auf"] - 1] if "auf" in row else None
    made = actions.write(target, row["text"], author, reply_to=reply_to, official=row.get("offiziell", False), now=now)
    if made is None:
        raise ValueError(f"Kommentar ohne Adresse: {row['text']}")
    if made.state == State.HELD:
        actions.decide(made, Action.APPROVE, by=builder.people["moderation"], now=now + timedelta(hours=1))
    return Comment.objects.get(pk=made.pk)


def _go_on(builder: Builder, comment: Comment, row: Row) -> None:
    """What happened to it the day after."""
    later = _moment(row) + timedelta(days=1)
    if hidden := row.get("ausgeblendet"):
        words = {"ground": hidden["grund"], "reason": hidden["begruendung"]}
        actions.decide(comment, Action.HIDE, by=builder.people["moderation"], now=later, **words)
    if row.get("geloescht") and comment.contact:
        actions.delete_own(comment, comment.contact, now=later)


def _moment(row: Row) -> datetime:
    return day(-row["vor_tagen"], time.fromisoformat(row["um"]))
