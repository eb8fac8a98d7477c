"""Whose idea is it? "Mine" is what my account handed in, and what this browser has opened the receipt of.

A receipt's link is opened once; from then on the session knows the digest of its token, as the database does, and no address
holds the secret any more. The receipt ends where the idea's digest is deleted: when it is withdrawn or erased.
"""

import base64
import io

import segno
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from common import tokens

from .models import Idea
from .models.idea import IdeaQuerySet

_SESSION_KEY = "receipts"
_AT_MOST = 20  # of one browser; the oldest gives way


def idea_of_token(token: str) -> Idea | None:
    """The idea whose receipt has this secret link."""
    return Idea.objects.select_related("author").filter(author__receipt_digest=tokens.digest(token)).first()


def keep(request: HttpRequest, idea: Idea) -> None:
    """This browser holds the idea's receipt from now on."""
    digest = tokens.digest(idea.receipt_token)
    held = [each for each in _held(request) if each != digest]
    request.session[_SESSION_KEY] = [*held, digest][-_AT_MOST:]


def forget_all(request: HttpRequest) -> None:
    """Put all receipts of this browser away, as on somebody else's device."""
    request.session.pop(_SESSION_KEY, None)


def ideas_held(request: HttpRequest) -> IdeaQuerySet:
    """The ideas whose receipts this browser holds."""
    return Idea.objects.with_receipt(_held(request))


def own_ideas(request: HttpRequest) -> IdeaQuerySet:
    """The ideas that the person in front of this browser may act for as their author."""
    held = ideas_held(request)
    return held | Idea.objects.handed_in_by(request.user) if request.user.is_authenticated else held


def own_idea_or_404(request: HttpRequest, number: int) -> Idea:
    """The idea of this number, if it is the reader's own."""
    return get_object_or_404(own_ideas(request).select_related("author__user", "released_version"), number=number)


def _held(request: HttpRequest) -> list[str]:
    return list(request.session.get(_SESSION_KEY, []))


def qr_code(url: str) -> str:
    """The address as a picture to scan, as a data: address for <img>."""
    picture = io.BytesIO()
    segno.make(url, error="m").save(picture, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()
