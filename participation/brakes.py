"""What holds a text until a moderator has read it. Asked for every new text and every edit, while the row of the rules is
locked: of a hundred that come at once no more get through than one after the other.

Nobody is refused here, and nothing is lost: what is held waits in the queue.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Contact

from .comment_workflow import HoldReason, State
from .models import Comment, CommentRules

# A link as people write it: with http, with www, or a bare host with a path. Linear: no part can match in two ways.
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
# Whoever calls themselves so waits: only the office speaks for the office.
NAMES_OF_THE_OFFICE = """Stabsstelle
Moderation
Redaktion
Verwaltung
Kreisverwaltung
Stadtverwaltung
Landrat
Landrätin
Bürgermeister
Bürgermeisterin
Oberbürgermeister
Oberbürgermeisterin
Administrator"""
_WORD = re.compile(r"\w+")


def reasons_to_hold(
    text: str,
    contact: Contact | None,
    rules: CommentRules,
    *,
    name: str = "",
    is_staff: bool = False,
    proved: bool = True,
    counted: bool = True,
    approved_before: bool = False,
) -> list[HoldReason]:
    """Why this text waits; [] where it can be shown at once. `proved`: the form came with its proof of work. `counted`: the
    rate limits could be asked. `approved_before`: a moderator has passed the text that this one takes the place of."""
    if is_staff:
        return []
    found = []
    if rules.moderation == CommentRules.Moderation.BEFORE:
        found.append(HoldReason.PREMODERATION)
    if approved_before:
        found.append(HoldReason.APPROVED_BEFORE)
    if has_listed_word(f"{name}\n{text}", rules.words) or has_listed_word(name, NAMES_OF_THE_OFFICE):
        found.append(HoldReason.WORD)
    if len(LINK.findall(text)) > rules.most_links:
        found.append(HoldReason.LINKS)
    if not counted:
        found.append(HoldReason.LIMITER)
    if not is_known(contact, rules):
        # Whoever is known needs no proof: an old browser, or one without JavaScript, costs them nothing.
        if not proved:
            found.append(HoldReason.NO_PROOF)
        if unseen_from_new(rules) >= rules.unseen_from_new:
            found.append(HoldReason.NEW_AUTHOR)
    return found


def has_listed_word(text: str, listed: str) -> bool:
    """Whether a word or phrase of the list stands in the text as whole words, whatever its case."""
    words = " ".join(_WORD.findall(text.casefold()))
    phrases = (" ".join(_WORD.findall(line.casefold())) for line in listed.splitlines())
    return any(phrase and f" {phrase} " in f" {words} " for phrase in phrases)


def is_known(contact: Contact | None, rules: CommentRules) -> bool:
    """Whether moderators have passed enough of what this person wrote."""
    if contact is None:
        return False
    return Comment.objects.shown().filter(contact=contact, approved_at__isnull=False).count() >= rules.known_after


def unseen_from_new(rules: CommentRules) -> int:
    """How many comments can be read now that no moderator has passed, of people who aren't known. One query."""
    passed = Comment.objects.shown().filter(contact=OuterRef("contact"), approved_at__isnull=False).order_by()
    number = passed.values("contact").annotate(number=Count("pk")).values("number")
    unseen = Comment.objects.shown().filter(approved_at=None, is_official=False)
    return unseen.annotate(passed=Coalesce(Subquery(number), 0)).filter(passed__lt=rules.known_after).count()


def written_today(contact: Contact, now: datetime | None = None) -> int:
    """How many comments this person wrote in the last 24 hours, deleted ones among them."""
    since = (now or timezone.now()) - timedelta(days=1)
    return Comment.objects.filter(contact=contact, submit_date__gt=since).exclude(state=State.UNCONFIRMED).count()


def is_limited(contact: Contact, rules: CommentRules, now: Any = None) -> bool:
    """Whether somebody who is new has written as much as new people can in a day."""
    return not is_known(contact, rules) and written_today(contact, now) >= rules.new_per_day
