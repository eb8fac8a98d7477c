"""What the trail keeps in words, in the language of whoever reads it: mails and the ways of ideas and measures."""

import re

from django import template
from django.utils.translation import get_language, gettext

from pages.words import from_german

register = template.Library()

# What stands before or behind it is a title, kept as it was written: "Radweg (fließt ganz ein)", "Radweg: In Planung".
_AN_IDEA = re.compile(r"Idee (\d+)")
_LAST_WORDS = re.compile(r"^(.*)(\(|: )([^(:]+?)(\)?)$", re.DOTALL)


@register.filter
def translated(text: str) -> str:
    """What the trail keeps in words (a label, a state, a contribution) in the reader's language; titles stay as they are."""
    if not text or get_language() == "de":
        return text
    if numbered := _AN_IDEA.fullmatch(text):
        return gettext("Idee %(number)s") % {"number": numbered[1]}
    whole = _word(text)
    found = _LAST_WORDS.match(text)
    if whole != text or not found:
        return whole
    before, opening, words, closing = found.groups()
    return f"{before}{opening}{_word(words)}{closing}"


@register.filter
def is_theirs(text: str) -> bool:
    """Whether people wrote this, at least how it begins: a title, a figure's name. Such words are in the default language."""
    return not _AN_IDEA.fullmatch(text) and _word(text) == text


def _word(text: str) -> str:
    return from_german(text) or gettext(text)
