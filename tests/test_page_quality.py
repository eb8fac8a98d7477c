"""What holds for the HTML and the headers of every public page (tests/public_pages.py). No browser needed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.models import User
from tests import comment_states_moderation, public_pages
from tests.public_pages import Case, Open, Send

pytestmark = pytest.mark.slow

# Takes the secret out of the address at once and remembers it in a session.
RESET_LINK = "/konto/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"
# Forms that change something. Written by hand: a form on any other page would keep it out of every cache.
FORM_PAGES = {
    "/ideen/einreichen/", "/ideen/bestaetigen/<str:token>/", "/ideen/verfolgen/",
    "/konto/login/", "/konto/signup/", "/konto/login/code/", "/konto/login/code/confirm/", "/konto/confirm-email/",
    "/konto/password/reset/", RESET_LINK,
    "/ideen/<number:number>/unterstuetzen/", "/ideen/<number:number>/folgen/", "/massnahmen/<slug:slug>/folgen/",
    "/agenda/<slug:zielbild>/<slug:slug>/folgen/", "/mitmachen/<str:token>/", "link to follow",
    "/abos/beenden/<str:token>/", "/abos/alle-beenden/<str:token>/",
    "/kontakt/", "/barrierefreiheit/melden/", "report a barrier, from a page",
    "/wettbewerbe/<slug:slug>/einreichen/", "/wettbewerbe/<slug:slug>/abstimmen/",
    "/wettbewerbe/<slug:slug>/abstimmen/<number:number>/", "/konto/adresse/<str:token>/",
    "/kommentare/<slug:kind>/<str:key>/schreiben/", "/kommentare/<number:pk>/antworten/",
    "/kommentare/<number:pk>/abbestellen/<str:token>/", "link to prove an address, with a text",
    "change a comment, not known yet",
    *comment_states_moderation.FORM_PAGES,
    "/umfragen/<slug:slug>/teilnehmen/",
}  # fmt: skip
# Anonymous, but about one person: never kept by a proxy.
NEVER_KEPT = {
    "link to confirm that is wrong",
    "receipt that is wrong",
    "link to support that is wrong",
    "stopped already",
    "link to prove an address that is wrong",
    "/wettbewerbe/<slug:slug>/vorschlagen/", "propose, over", "hand in to a competition, over",
    "vote, only with an account", "vote, over", "vote, not yet",
    "comment, closed", "comment, link is on its way", "answer to what is hidden", "link to stop mails that is wrong",
    "/kontakt/danke/<str:token>/", "contact, sent with an address", "report a barrier, sent",
    *comment_states_moderation.NEVER_KEPT,
    "questionnaire, not signed in", "questionnaire, over", "questionnaire, not yet",
}  # fmt: skip
# Anonymous too, with a receipt that was opened on the way: the session remembers it, and forms change the idea.
WITH_A_RECEIPT = {
    "/ideen/verfolgen/<str:token>/", "/ideen/verfolgen/<number:number>/", "/ideen/verfolgen/<number:number>/aendern/",
    "/ideen/verfolgen/<number:number>/zurueckziehen/", "/ideen/verfolgen/<number:number>/uebernehmen/",
    "receipt of a rejected idea", "receipt of an idea with a question", "change an idea that is decided",
    "withdraw an idea that was never public", "withdraw an idea in a measure", "several receipts",
}  # fmt: skip


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
        return self.reads and not self.case.who and self.case.name not in FORM_PAGES | NEVER_KEPT | WITH_A_RECEIPT

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

    @property
    def ids(self) -> set[str]:
        return {attributes["id"] for _tag, attributes in self.elements if "id" in attributes}

    def all(self, *tags: str) -> Iterator[dict[str, str]]:
        return (attributes for tag, attributes in self.elements if tag in tags)


_visits: list[Visit] = []
_undefined: list[str] = []
_dead_links: list[str] = []


@pytest.fixture
def visits(demo: None, request: pytest.FixtureRequest) -> list[Visit]:
    """Every page once; all claims of this file are about the same answers."""
    if not _visits:
        noted = request.getfixturevalue("undefined_variables")
        made = [visit(case) for case in public_pages.all_cases()]
        # Now, as some of these pages show ideas that were handed in on the way.
        _dead_links.extend(dead_links(made))
        _undefined.extend(dict.fromkeys(noted))
        _visits.extend(made)
    return _visits


def visit(case: Case) -> Visit:
    client, steps, response = public_pages.reach_with_client(case)
    path = response.redirect_chain[-1][0] if response.redirect_chain else response.request["PATH_INFO"]
    cookies = {name for name, cookie in client.cookies.items() if cookie.value}
    reads = not any(isinstance(step, Send) for step in steps)
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


# What a browser reads and does not run: pieces of data, which the policy for scripts is not about.
DATA = {"application/json", "application/ld+json"}


def test_no_page_has_a_script_or_style_of_its_own(visits: list[Visit]) -> None:
    found = []
    for each in visits:
        for tag, attributes in each.parsed().elements:
            inline = (
                tag == "style"
                or (tag == "script" and "src" not in attributes and attributes.get("type") not in DATA)
                or "style" in attributes
            )
            if (
                inline
                or any(name.startswith("on") for name in attributes)
                or attributes.get("href", "").startswith("javascript:")
            ):
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
    reading = [each for each in visits if each.reads and not each.case.who]
    assert len(reading) > 30
    session = {"csrftoken", "sessionid"}
    allowed = {
        RESET_LINK: session,
        **dict.fromkeys(WITH_A_RECEIPT, session),
        **{page: {"csrftoken"} for page in FORM_PAGES - {RESET_LINK}},
    }
    assert {each.case.name: each.cookies for each in reading if each.cookies - allowed.get(each.case.name, set())} == {}


def test_a_form_that_changes_something_stands_on_no_page_that_may_be_kept(visits: list[Visit]) -> None:
    wrong = [
        each.case.name
        for each in visits
        if each.is_cacheable and any(form.get("method") == "post" for form in each.parsed().all("form"))
    ]
    assert wrong == []


def test_what_is_the_same_for_everybody_may_be_kept_and_the_rest_may_not(visits: list[Visit]) -> None:
    for each in visits:
        rule = each.headers["Cache-Control"]
        if each.is_cacheable and each.status in (200, 404, 410):
            assert rule == "public, max-age=0, must-revalidate", each.case
            assert "Cookie" in each.headers["Vary"], each.case
        else:
            assert "private" in rule, f"{each.case}: {rule}"
            assert "public" not in rule, each.case


def test_asking_again_costs_no_second_transfer(visits: list[Visit], client: Client) -> None:
    for each in visits:
        if each.is_cacheable and each.status == 200:
            (step,) = each.case.steps()
            assert isinstance(step, Open)
            address = step.path
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
    assert _dead_links == []


# Addresses that hold for the moment of the visit, or that only mean something to a person who is on the way.
_SECRET = re.compile(r"/verfolgen/|/bestaetigen/|schluessel=|/reset/key/")


def dead_links(visits: list[Visit]) -> list[str]:
    """Asks each internal address once, as the person who saw it. A fragment must exist on its page."""
    found, targets = [], dict[tuple[str, str], str]()
    for each in visits:
        page = each.parsed()
        # A page that isn't there, or not for this reader, isn't there in the other language either.
        elsewhere = "hreflang" if each.case.status in (403, 404, 410) else "-"
        links = [
            attributes["href"]
            for attributes in page.all("a", "link", "use")
            if attributes.get("href") and elsewhere not in attributes
        ]
        links += [
            attributes[name]
            for attributes in page.all("img", "script", "source")
            for name in ("src", "srcset")
            if attributes.get(name)
        ]
        links += [
            attributes["action"]
            for attributes in page.all("form")
            if attributes.get("action") and attributes.get("method") != "post"
        ]
        for link in links:
            address = urljoin(f"http://testserver{each.path}", link)
            if link.startswith("#"):
                if link[1:] not in page.ids:
                    found.append(f"{each.case.name}: {link} is not on the page")
            elif not re.match(r"(mailto|tel|data):", link) and not _SECRET.search(address):
                targets.setdefault((each.case.who, address), f"{each.case.name}: {link}")
    assert len(targets) > 200
    readers = {who: signed_in_client(who) for who in {who for who, _url in targets} | {""}}
    answered = {(each.path, each.status) for each in visits}
    for (who, url), origin in targets.items():
        problem = link_problem(readers[""], urlsplit(url), answered)
        if problem and who:
            problem = link_problem(readers[who], urlsplit(url), answered)
        found += [f"{origin}: {problem}"] if problem else []
    return found


def signed_in_client(who: str) -> Client:
    client = Client()
    if who:
        client.force_login(User.objects.get(email=who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def link_problem(client: Client, url: SplitResult, answered: set[tuple[str, int]]) -> str:
    """What is wrong with this address; '' if nothing."""
    if url.netloc != "testserver":
        return "" if url.scheme == "https" else "not https"
    if url.path.startswith("/static/"):
        return "" if finders.find(unquote(url.path.removeprefix("/static/"))) else "no such file"
    answer: Any = client.get(url.path + (f"?{url.query}" if url.query else ""), follow=True)
    if answer.streaming:
        answer.close()
    elif url.fragment and url.fragment not in Parsed(answer.content.decode()).ids:
        return "no such place on the page"
    # The page that tells of a missing page links to itself in its frame.
    return (
        f"answers {answer.status_code}" if answer.status_code >= 400 and (url.path, answer.status_code) not in answered else ""
    )
