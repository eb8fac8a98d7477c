"""Every public page, in every state that tests/public_pages.py knows, in light and dark, on a phone and on a desk."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests import axe
from tests.public_pages import Case, all_cases, reach_in_browser

PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
# One load for all four: style sheets answer to a change of size and scheme at once, no script of ours asks for either.
VIEWS = [("light", DESK), ("light", PHONE), ("dark", PHONE), ("dark", DESK)]


class Watch:
    """What a page did that it must not: complaints of the browser, missing files, requests to other hosts."""

    def __init__(self, page: Page, host: str) -> None:
        self.host, self.found = host, list[str]()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Said of the document itself as well, whose status is the case's matter; files are looked at below.
        if message.type in {"error", "warning"} and "the server responded with a status of" not in message.text:
            self.found.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self.found.append(f"foreign host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.found.append(f"answers {response.status}: {response.url}")


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_a_page_is_accessible_in_every_view(case: Case, demo: None, live_site: Any, new_context: Any) -> None:
    page = new_context(viewport=DESK, reduced_motion="reduce").new_page()
    watch = Watch(page, urlsplit(live_site.url).netloc)
    answer = reach_in_browser(page, live_site.url, case)
    assert answer.status == case.status
    found = []
    for scheme, size in VIEWS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        view = f"{scheme}, {size['width']} px"
        found += [f"{view}: {line}" for line in too_wide(page)]
        # On the phone with everything unfolded: menu, filters, answers.
        page.evaluate("open => document.querySelectorAll('details').forEach(each => each.open = open)", size == PHONE)
        found += [f"{view}: {line}" for line in axe.violations(page) + too_wide(page)]
    assert found + watch.found == []


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const edge = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= edge) return [];
            const wide = [...document.querySelectorAll("body *")].filter(node => node.getBoundingClientRect().right > edge + 1);
            return ["scrolls sideways", ...wide.slice(0, 5).map(node => `too wide: ${node.outerHTML.slice(0, 120)}`)];
        }"""
    )
