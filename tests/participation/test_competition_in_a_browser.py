"""The pages of competitions in a browser: nothing that axe finds, in light and dark, on a phone, in each phase."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from participation.models import Entry
from participation.phases import Phase
from tests import axe
from tests.factories import LoesungFactory, PlaceFactory, home_page, make_idea
from tests.factories.participation import competition, entry, place, publish

from .test_result_page import BALLOTS


def _sites() -> list[str]:
    """A competition in each phase, with all that its page can show; the addresses to look at."""
    home_page("127.0.0.1")
    texts = {"rules": "<p>Alle können mitmachen.</p>", "prizes": "<p>Drei Bäume.</p>"}
    addresses = ["/", "/wettbewerbe/"]
    for phase in (None, *Phase):
        found = competition(phase, phases=tuple(Phase), slug=f"in-{phase or 'vorbereitung'}", page=texts)
        entry(found, idea=make_idea(released=True, loesung=LoesungFactory(), places=(PlaceFactory(),)))
        entry(found, state=Entry.State.OUT)
        addresses.append(f"/wettbewerbe/{found.slug}/")
    found = competition(Phase.RESULT, slug="fertig", voting="ranking", page=texts)
    one, two = entry(found), entry(found)
    numbers = [one.idea.number, two.idea.number]
    method = {"name": "schulze", "numbers": numbers, "duels": [[0, 4], [2, 0]], "paths": [[0, 4], [0, 0]]}
    publish(found, {"ballots": BALLOTS, "jury": None, "entries": [place(one, 1, 4, 2), place(two, 2, 1)], "method": method})
    return [*addresses, "/wettbewerbe/fertig/", "/wettbewerbe/fertig/ergebnis/", f"/ideen/{one.idea.number}/"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_the_pages_of_competitions(live_site: Any, new_context: Callable[..., BrowserContext]) -> None:
    addresses = _sites()
    found: list[str] = []
    for scheme in ("light", "dark"):
        page = new_context(color_scheme=scheme, viewport={"width": 360, "height": 800}).new_page()
        for address in addresses:
            page.goto(f"{live_site.url}{address}")
            found += [f"{scheme}: {line}" for line in axe.violations(page)]
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            found += [f"{scheme}: {address} is wider than a phone"] if wide else []
    assert found == []
