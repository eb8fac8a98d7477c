"""Text from strangers made harmless, and secret links."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common import tokens
from common.text import clean_text, has_words

# Any characters at all, lone surrogates included, and often the troublesome ones.
TROUBLE = "\x00\x07\x0b\x1f\x7f\x85\r\n\t \u200b\u200f\u202a\u202e\u2066\u2069\ufeff\ud800\udfff\u0308ä\u2126"
TEXTS = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(TROUBLE)), max_size=60)


@given(TEXTS)
@example("\r\x00\n")
@example(" \u0308a")
@example("\u202eText\u0000")
def test_no_text_keeps_what_breaks_a_database_or_turns_the_direction_of_writing(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\x00\x07\x0b\x1f\x7f\x85\r\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert all(unicodedata.category(character) not in {"Cs", "Cc"} or character in "\n\t" for character in cleaned)
    assert cleaned == cleaned.strip() == unicodedata.normalize("NFC", cleaned)


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=40))
def test_what_people_write_stays_as_they_wrote_it(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


def test_line_ends_of_every_system_become_one_kind() -> None:
    assert clean_text("eins\r\nzwei\rdrei\nvier\t!") == "eins\nzwei\ndrei\nvier\t!"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Grund", True), ("7", True), ("理由", True), ("", False), ("\u200b \u2060", False), ("…?!", False), ("👍", False)],
)
def test_words_are_letters_or_digits(text: str, expected: bool) -> None:
    assert has_words(text) is expected


@given(st.sampled_from(["receipt", "confirm"]), st.uuids(), st.uuids())
def test_each_purpose_and_each_idea_has_a_link_of_its_own(purpose: str, one: Any, other: Any) -> None:
    token = tokens.derive(purpose, str(one))
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert token == tokens.derive(purpose, str(one))
    assert token != tokens.derive({"receipt": "confirm", "confirm": "receipt"}[purpose], str(one))
    assert one == other or token != tokens.derive(purpose, str(other))


def test_a_link_can_only_be_made_with_the_sites_own_key(settings: Any) -> None:
    token = tokens.derive("receipt", "nonce")
    settings.SECRET_KEY = "another"
    assert tokens.derive("receipt", "nonce") != token


def test_what_the_database_keeps_of_a_link_opens_nothing() -> None:
    token = tokens.derive("receipt", "nonce")
    assert token not in tokens.digest(token)
    assert re.fullmatch(r"[0-9a-f]{64}", tokens.digest(token))
    assert tokens.digest(tokens.digest(token)) != tokens.digest(token)
