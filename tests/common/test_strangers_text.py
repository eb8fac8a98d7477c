"""Text of strangers on a page: no markup of theirs, and links that lead where they say."""

from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.templatetags.strangers import strangers_text

PIECES = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "http://", "https://", "HTTPS://", "@",
    '"', "'", "&quot;", "&#106;", "<", ">", "\\", "\n", "\n\n", "\t", " ", "example.org", "/a?b=c&d=e#f", "[::1]", "[", ")", "(",
    ":99999", "data:text/html,x", "://", "Ü", "\u202e", "…", "*", "vbscript:", "</p>", "<!--", "]]>", "%00", "xn--",
)  # fmt: skip
ANY = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.odd = "", []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.odd.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@given(ANY)
def test_whatever_is_typed_there_are_only_our_paragraphs_breaks_and_links(text):
    seen = Tags(strangers_text(text))
    assert {tag for tag, _attributes in seen.tags} <= {"p", "br", "a"}
    assert seen.odd == []
    for tag, attributes in seen.tags:
        assert set(attributes) == ({"href", "rel"} if tag == "a" else set())
        if tag == "a":
            assert attributes["rel"] == "nofollow ugc noopener"
            assert urlsplit(attributes["href"] or "").scheme in ("http", "https")
            assert urlsplit(attributes["href"] or "").username is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200).filter(lambda text: "://" not in text))
def test_what_was_typed_can_be_read_character_by_character(text):
    assert Tags(strangers_text(text)).text == text.strip()


@pytest.mark.parametrize(
    ("typed", "href", "around"),
    [
        ("Siehe https://example.org/plan.", "https://example.org/plan", "Siehe example.org/plan."),
        ("(https://example.org)", "https://example.org", "(example.org)"),
        ("https://de.wikipedia.org/wiki/Kreis_(Verwaltung)", "https://de.wikipedia.org/wiki/Kreis_(Verwaltung)", None),
        ("„https://example.org/“", "https://example.org/", "„example.org“"),
        ("HTTP://Example.org/?a=1&b=2", "HTTP://Example.org/?a=1&b=2", "Example.org/?a=1&b=2"),
    ],
)
def test_a_web_address_becomes_a_link_without_the_end_of_the_sentence(typed, href, around):
    seen = Tags(strangers_text(typed))
    assert [attributes["href"] for tag, attributes in seen.tags if tag == "a"] == [href]
    assert around is None or seen.text == around


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "ftp://example.org", "mailto:a@example.org", "www.example.org", "https://", "https://sparkasse.de@boese.example",
     "http://[", "data:text/html,<b>", "https://example.org:port"],
)  # fmt: skip
def test_nothing_else_becomes_a_link(typed):
    assert "<a " not in strangers_text(typed)
    assert unescape(strangers_text(typed)) == f"<p>{typed}</p>"


def test_a_long_address_is_shown_in_short_and_leads_to_all_of_it():
    address = f"https://example.org/{'a' * 300}"
    seen = Tags(strangers_text(address))
    assert seen.tags[1][1]["href"] == address
    assert len(seen.text) == 60


def test_blank_lines_part_paragraphs_and_single_ones_stay_breaks():
    assert strangers_text("Eins\nzwei\n\n\n drei") == "<p>Eins<br>zwei</p>\n<p>drei</p>"


def test_a_long_text_of_brackets_takes_no_time():
    assert strangers_text("https://a/" + ")" * 50_000)
