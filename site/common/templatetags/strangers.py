"""What strangers wrote, as text: nothing of it is markup, and only plain web addresses become links."""

import re
from urllib.parse import urlsplit

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

LONGEST = 60
# A web address as people write it, with its scheme. Linear: no part can match in two ways.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n\s*\n")
_PAIRS = {")": "(", "]": "[", "}": "{"}


@register.filter(is_safe=True)
def strangers_text(text: str) -> SafeString:
    """Paragraphs, line breaks, and links to http and https. Everything else stays the characters that were typed."""
    paragraphs = [part.strip() for part in _PARAGRAPHS.split(str(text)) if part.strip()]
    lines = ("<br>".join(_line(line) for line in part.split("\n")) for part in paragraphs)
    return mark_safe("\n".join(f"<p>{line}</p>" for line in lines))  # noqa: S308  # nosec B308 B703 - each piece is escaped


def _line(text: str) -> str:
    """One line, escaped, with its links."""
    pieces, done = [], 0
    for found in _ADDRESS.finditer(text):
        address = _without_end_of_sentence(found.group())
        if not _leads_where_it_says(address):
            continue
        pieces += [escape(text[done : found.start()]), _link(address)]
        done = found.start() + len(address)
    return "".join([*pieces, escape(text[done:])])


def _link(address: str) -> str:
    shown = address.split("://", 1)[1].removesuffix("/")
    if len(shown) > LONGEST:
        shown = f"{shown[: LONGEST - 1]}…"
    return format_html('<a href="{}" rel="nofollow ugc noopener">{}</a>', address, shown)


def _without_end_of_sentence(address: str) -> str:
    """The address without the stop, comma or bracket that belongs to the sentence around it. Each step takes one character."""
    while address:
        last = address[-1]
        if last in ".,;:!?…“”„‚‘’»«*_" or (last in _PAIRS and address.count(last) > address.count(_PAIRS[last])):
            address = address[:-1]
        else:
            break
    return address


def _leads_where_it_says(address: str) -> bool:
    """Whether a browser goes to the host that a reader sees: none without a host, and no name in front of it."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises ValueError where it is none
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc
