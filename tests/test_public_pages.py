"""Everything that a reader without an account can reach from the home page, in the demo content: one walk, many questions."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests import axe

MOST_PAGES = 300
MOST_LISTINGS = 25  # addresses with a query: filters and pages of lists, which combine without end


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.resources: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in values and "nofollow" not in values.get("rel", ""):
            self.found.append(values["href"])
        elif tag in {"script", "img", "source", "iframe", "video", "audio"} and values.get("src"):
            self.resources.append(values["src"])
        elif tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload", "manifest"}:
            self.resources.append(values.get("href", ""))


@dataclass
class Walk:
    pages: dict[str, Any] = field(default_factory=dict)
    linked_from: dict[str, str] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)
    undefined: list[str] = field(default_factory=list)

    def html(self) -> dict[str, str]:
        return {
            address: answer.content.decode()
            for address, answer in self.pages.items()
            if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        }

    def one_of_each(self, most: int = 2) -> dict[str, str]:
        """Pages of the same kind come from the same template: some of each are enough for a costly check."""
        seen: Counter[str] = Counter()
        chosen = {}
        for address, text in self.html().items():
            templates = [template.name or "" for template in self.pages[address].templates]
            kind = templates[0] + ("?" if "?" in address else "")
            seen[kind] += 1
            if seen[kind] <= most:
                chosen[address] = text
        return chosen


def walk_from(start: str, undefined: list[str]) -> Walk:
    client, walk, waiting, listings = Client(), Walk(undefined=undefined), [start], 0
    walk.linked_from[start] = "the address bar"
    while waiting and len(walk.pages) < MOST_PAGES:
        address = waiting.pop(0)
        client.cookies.clear()
        answer = client.get(address)
        walk.pages[address] = answer
        if answer.status_code in {301, 302}:
            targets = [answer.headers["Location"]]
        elif answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            links = Links()
            links.feed(answer.content.decode())
            targets = links.found
            walk.resources.update(dict.fromkeys(links.resources, address))
        else:
            targets = []
        for target in targets:
            parts = urlsplit(urldefrag(urljoin(f"http://testserver{address}", target)).url)
            if parts.netloc not in {"testserver", "localhost"} or parts.scheme not in {"http", "https"}:
                continue
            following = parts.path + (f"?{parts.query}" if parts.query else "")
            if following in walk.linked_from:
                continue
            if parts.query:
                listings += 1
                if listings > MOST_LISTINGS:
                    continue
            walk.linked_from[following] = address
            waiting.append(following)
    return walk


_walks: list[Walk] = []


@pytest.fixture
def walk(demo: None, undefined_variables: list[str]) -> Walk:
    """Made once; the database is the same before every test."""
    if not _walks:
        _walks.append(walk_from("/", undefined_variables))
    return _walks[0]


@pytest.fixture(autouse=True, scope="module")
def _forget() -> Iterator[None]:
    yield
    _walks.clear()


def test_no_link_leads_nowhere(walk: Walk) -> None:
    broken = [f"{a}: {r.status_code}, linked from {walk.linked_from[a]}" for a, r in walk.pages.items() if r.status_code >= 400]
    assert broken == []
    assert len(walk.html()) > 30, "the walk ended too early to prove anything"


def test_templates_use_no_undefined_name(walk: Walk) -> None:
    assert sorted(set(walk.undefined)) == []


def test_reading_sets_no_cookie(walk: Walk) -> None:
    # A form page may, for its protection against forged requests; no cache may keep that page.
    setting = [a for a, r in walk.pages.items() if r.cookies and "no-store" not in r.headers.get("Cache-Control", "")]
    assert setting == []


def test_pages_that_a_cache_may_keep_hold_no_form_that_changes_something(walk: Walk) -> None:
    kept = {a: t for a, t in walk.html().items() if "no-store" not in walk.pages[a].headers.get("Cache-Control", "")}
    assert [a for a, text in kept.items() if re.search(r"""(?i)<form[^>]+method\s*=\s*["']?post""", text)] == []


def test_no_resource_comes_from_another_host(walk: Walk) -> None:
    foreign = [f"{page}: {name}" for name, page in walk.resources.items() if urlsplit(name).netloc]
    assert foreign == []


def test_pages_have_no_inline_style_and_no_inline_code(walk: Walk) -> None:
    inline = re.compile(
        r"""(?i)<style\b|<[^>]+\s(style|on[a-z]+)\s*=\s*["']|<script(?![^>]*\ssrc=)(?![^>]*type="application/)"""
    )
    assert [a for a, text in walk.html().items() if inline.search(text)] == []


def test_every_page_has_a_title_of_its_own(walk: Walk) -> None:
    pages = {a: t for a, t in walk.html().items() if "?" not in a}
    titles = {a: (re.search(r"(?s)<title>\s*(.*?)\s*</title>", t) or [None, ""])[1] for a, t in pages.items()}
    assert [a for a, title in titles.items() if not title] == []
    assert {title: n for title, n in Counter(titles.values()).items() if n > 1} == {}


def test_pages_are_valid_html(walk: Walk, validate_html: Any) -> None:
    assert validate_html(walk.one_of_each()) == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(walk: Walk, live_site: Any, new_context: Any, scheme: str) -> None:
    page: Page = new_context(color_scheme=scheme).new_page()
    found = []
    for address in walk.one_of_each(most=1):
        page.goto(f"{live_site.url}{address}")
        found += axe.violations(page)
    assert found == []


@pytest.mark.slow
def test_no_page_scrolls_sideways_on_a_small_screen(walk: Walk, live_site: Any, new_context: Any) -> None:
    # 320 px is a desk's 1280 px at 400 %, which WCAG 1.4.10 asks for.
    page: Page = new_context(viewport={"width": 320, "height": 800}).new_page()
    wide = []
    for address in walk.one_of_each(most=1):
        page.goto(f"{live_site.url}{address}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide.append(f"{address}: {width} px")
    assert wide == []
