"""Plain text from strangers, made harmless before it is stored."""

import re
import unicodedata

# Control characters, surrogates and the marks that turn the direction of writing: no reader needs them, PostgreSQL refuses NUL.
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean_text(text: str) -> str:
    """The text in NFC, with \\n line ends, without unwanted characters and without blank space around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()


def one_line(text: str) -> str:
    """The clean text without line breaks and double spaces: what a title or a name is kept as."""
    return " ".join(clean_text(text).split())


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter or a digit. Dots alone or characters without a picture don't count."""
    return any(character.isalnum() for character in text)


def whole_number(text: str | None) -> int | None:
    """The number that an address or a form names, as long as every database can take it; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 9 else None
