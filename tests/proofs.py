"""What a reader's browser does for a guarded form, in Python: it solves the page's challenge."""

import json
import re
from datetime import datetime
from html import unescape
from typing import Any

import altcha
from django.test import Client

from common.guarding import stamp
from common.proof_of_work import new_challenge


def solved(challenge: dict[str, Any], **changes: Any) -> str:
    """The proof for this challenge; `changes` to its parameters are made after solving, as somebody who forges would."""
    parsed = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(parsed)
    assert solution is not None
    forged = {**challenge, "parameters": {**challenge["parameters"], **changes}}
    return str(altcha.Payload(altcha.Challenge.from_dict(forged), solution).to_base64())


def a_proof(purpose: str = "probe", *, now: datetime | None = None) -> str:
    return solved(new_challenge(purpose, now=now))


def proof_of_page(html: str) -> str:
    """What a browser would send along with the form on this page."""
    found = re.search(r'data-proof="([^"]+)"', html)
    assert found, "the page has no challenge"
    return solved(json.loads(unescape(found[1])))


def by_hand(purpose: str) -> dict[str, str]:
    """What a person's browser sends along with a guarded form: a minute of writing, and the proof."""
    return {"started": stamp(purpose, 60), "proof": a_proof(purpose)}


class Commenter(Client):
    """A client that writes comments as people do."""

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
        if path.endswith(("/schreiben/", "/antworten/")):
            data = {**by_hand("comment"), **(data or {})}
        return super().post(path, data, *args, **kwargs)
