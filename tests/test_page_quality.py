"""What holds for the HTML and the headers of every public page (tests/public_pages.py). No browser needed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests import public_pages
from tests.public_pages import Case, Open

pytestmark = pytest.mark.slow

# Forms that change something. Written by hand: a form on any other page would keep it out of every cache.
FORM_PAGES = {
    "/ideen/einreichen/", "/ideen/bestaetigen/<str:token>/",
    "/konto/login/", "/konto/signup/", "/konto/login/code/", "/konto/login/code/confirm/", "/konto/confirm-email/",
    "/konto/password/reset/", "/konto/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
}  # fmt: skip
# Anonymous, but about one person: never kept by a proxy.
NEVER_KEPT = {"/ideen/verfolgen/<str:token>/", "receipt of a rejected idea", "receipt of an idea with a question",
              "link to confirm that is wrong", "receipt that is wrong"}  # fmt: skip


@dataclass
class Visit:
    """One page as it was answered."""

    case: Case
    path: str
    status: int
    headers: dict[str, str]
    cookies: set[str]
    html: str
    reads: bool  # nothing was sent: somebody only read

    @property
    def is_cacheable(self) -> bool:
        return self.reads and not self.case.who and self.case.name not in FORM_PAGES | NEVER_KEPT

    def parsed(self) -> "Parsed":
        return Parsed(self.html)


class Parsed(HTMLParser):
    """The elements of a page with their attributes, and the text of title and h1."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, str] = {"title": "", "h1": ""}
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in {"title", "h1", "svg"}:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] in self.texts:
            self.texts[self._inside[-1]] += data

    def all(self, *tags: str) -> Iterator[dict[str, str]]:
        return (attributes for tag, attributes in self.elements if tag in tags)


_visits: list[Visit] = []
_undefined: list[str] = []


@pytest.fixture
def visits(demo: None, request: pytest.FixtureRequest) -> list[Visit]:
    """Every page once; all claims of this file are about the same answers."""
    if not _visits:
        noted = request.getfixturevalue("undefined_variables")
        state = request.getfixturevalue("_demo_state")
        made = []
        for case in public_pages.all_cases():
            made.append(visit(case))
            if len(case.steps()) > 1 or case.who == public_pages.WITHOUT_PASSWORD:
                state.restore()
        _undefined.extend(dict.fromkeys(noted))
        _visits.extend(made)
    return _visits


def visit(case: Case) -> Visit:
    client, response = public_pages.reach_with_client(case)
    steps = len(response.redirect_chain)
    path = response.redirect_chain[-1][0] if steps else response.request["PATH_INFO"]
    cookies = set(client.cookies) if not case.who else set()
    reads = response.request["REQUEST_METHOD"] == "GET" and not cookies - {"csrftoken"}
    return Visit(case, path, response.status_code, dict(response.headers), cookies, response.content.decode(), reads)


def test_every_page_answers_as_it_should(visits: list[Visit]) -> None:
    assert [(each.case.name, each.status) for each in visits if each.status != each.case.status] == []


def test_every_address_that_is_no_page_still_exists(db: None) -> None:
    assert set(public_pages.NO_PAGES) <= set(public_pages.public_patterns())
    assert set(public_pages.SAMPLES) <= set(public_pages.public_patterns())


def test_wagtails_own_doors_lead_to_ours(client: Client, db: None) -> None:
    for door in ("/admin/login/", "/_util/login/"):
        answer = client.get(door)
        assert (answer.status_code, urlsplit(answer["Location"]).path) == (302, "/konto/login/")
        assert client.post(door, {"username": "admin@example.org", "password": "x"})["Location"] == "/konto/login/"


def test_the_html_of_every_page_is_valid(visits: list[Visit], validate_html: Any) -> None:
    assert validate_html({each.case.name: each.html for each in visits}) == []


def test_no_page_uses_an_undefined_variable(visits: list[Visit]) -> None:
    assert _undefined == []


def test_no_page_has_a_script_or_style_of_its_own(visits: list[Visit]) -> None:
    found = []
    for each in visits:
        for tag, attributes in each.parsed().elements:
            inline = tag == "style" or (tag == "script" and "src" not in attributes) or "style" in attributes
            if inline or any(name.startswith("on") for name in attributes) or attributes.get("href", "").startswith("javascript:"):
                found.append(f"{each.case}: <{tag} {attributes}>")
    assert found == []


def test_every_page_carries_a_strict_content_policy(visits: list[Visit]) -> None:
    for each in visits:
        policy = each.headers["Content-Security-Policy"]
        assert "unsafe-" not in policy, each.case
        assert "default-src 'none'" in policy, each.case
        assert "script-src 'self';" in policy + ";", each.case
        assert "style-src 'self';" in policy + ";", each.case
        assert not re.search(r"https?:|\*", policy), each.case
        assert each.headers["X-Content-Type-Options"] == "nosniff", each.case


def test_an_anonymous_reader_gets_no_cookie(visits: list[Visit]) -> None:
    reading = [each for each in visits if not each.case.who and each.reads]
    assert len(reading) > 30
    wrong = {each.case.name: each.cookies for each in reading if each.cookies - ({"csrftoken"} if each.case.name in FORM_PAGES else set())}
    assert wrong == {}


def test_a_form_that_changes_something_stands_on_no_page_that_may_be_kept(visits: list[Visit]) -> None:
    wrong = [each.case.name for each in visits if each.is_cacheable and any(form.get("method") == "post" for form in each.parsed().all("form"))]
    assert wrong == []


def test_what_is_the_same_for_everybody_may_be_kept_and_the_rest_may_not(visits: list[Visit]) -> None:
    for each in visits:
        rule = each.headers["Cache-Control"]
        if each.is_cacheable and each.status in (200, 404):
            assert rule == "public, max-age=0, must-revalidate", each.case
            assert "Cookie" in each.headers["Vary"], each.case
        else:
            assert "private" in rule, f"{each.case}: {rule}"
            assert "public" not in rule, each.case


def test_asking_again_costs_no_second_transfer(visits: list[Visit], client: Client) -> None:
    for each in visits:
        if each.is_cacheable and each.status == 200:
            path = urlsplit(each.case.steps()[-1].path)  # type: ignore[union-attr]
            address = path.path + (f"?{path.query}" if path.query else "")
            first = client.get(address)
            again = client.get(address, headers={"If-None-Match": first["ETag"]})
            assert (again.status_code, again.content) == (304, b""), each.case


def test_every_page_says_its_language_its_one_heading_and_a_title_of_its_own(visits: list[Visit]) -> None:
    titles: dict[str, str] = {}
    for each in visits:
        page = each.parsed()
        assert next(page.all("html"))["lang"] == "de", each.case
        assert len(list(page.all("h1"))) == 1, each.case
        assert len(page.texts["h1"].strip()) > 3, each.case
        title = " ".join(page.texts["title"].split())
        own, _, site = title.rpartition(" – ")
        assert len(own) > 3, f"{each.case}: {title}"
        assert len(site) > 3, f"{each.case}: {title}"
        if each.status == 200 and each.reads:
            # Two addresses with one title are either the same page or one that can't be told from the other.
            assert titles.setdefault(title, each.path) == each.path, f"{each.case} has the title of {titles[title]}: {title}"


def test_every_link_on_every_page_leads_somewhere(visits: list[Visit]) -> None:
    """Each internal address is asked once, by who saw it; a fragment must exist on its page."""
    targets: dict[tuple[str, str], str] = {}
    for each in visits:
        page = each.parsed()
        found = [attributes["href"] for attributes in page.all("a", "link", "use") if attributes.get("href")]
        found += [attributes[name] for attributes in page.all("img", "script", "source") for name in ("src", "srcset") if attributes.get(name)]
        found += [attributes["action"] for attributes in page.all("form") if attributes.get("action") and attributes.get("method") != "post"]
        for link in found:
            # Links with a secret in them (receipts, pictures in a form) hold for the moment of the visit only.
            if not re.match(r"(mailto|tel|data):", link) and not re.search(r"/verfolgen/|/bestaetigen/|schluessel=|/reset/key/", link):
                targets.setdefault((each.case.who, urljoin(f"http://testserver{each.path}", link)), f"{each.case.name}: {link}")
    assert len(targets) > 200
    assert [problem for (who, url), origin in targets.items() if (problem := link_problem(who, url, origin, visits))] == []


_anybody = Client()


def link_problem(who: str, url: str, origin: str, visits: list[Visit]) -> str:
    parts = urlsplit(url)
    if parts.netloc != "testserver":
        return "" if parts.scheme == "https" else f"{origin}: not https"
    if parts.path.startswith("/static/"):
        return "" if finders.find(unquote(parts.path.removeprefix("/static/"))) else f"{origin}: no such file"
    client = _anybody
    if who and parts.path.startswith(("/konto/", "/admin/")):
        case = Case(origin, lambda: [Open(f"{parts.path}?{parts.query}")], who)
        answer: Any = public_pages.reach_with_client(case)[1] if who != public_pages.WITHOUT_PASSWORD else None
    else:
        answer = client.get(parts.path, query_params=dict(pair.partition("=")[::2] for pair in unquote(parts.query).split("&") if pair), follow=True)
    if answer is not None and answer.status_code >= 400:
        same_page = any(each.status == answer.status_code and each.path == parts.path for each in visits)
        return "" if same_page else f"{origin}: {answer.status_code}"
    if parts.fragment and answer is not None and not answer.streaming:
        ids = {attributes.get("id") for _tag, attributes in Parsed(answer.content.decode()).elements}
        states = [each for each in visits if each.path == parts.path and f'id="{parts.fragment}"' in each.html]
        return "" if parts.fragment in ids or states else f"{origin}: no such place on the page"
    return ""
