"""Template tags of what makes a page one for everybody."""

import re

from django import template

register = template.Library()

# The end of a sentence: a word of at least two letters, its stop, a space, and something that begins a sentence.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?:])(?<!\bDr\.)(?<!\bNr\.)(?<!\bSt\.)(?<!\bca\.)(?<!\bbzw\.) +(?=[A-ZÄÖÜ„])")
_TAG = re.compile(r"(<[^>]*>)")


@register.filter
def easy_lines(html: str) -> str:
    """Stored rich text with every sentence in a line of its own, as the rules for easy language ask. Goes before |richtext."""
    parts = _TAG.split(html)
    return "".join(part if part.startswith("<") else _SENTENCE_END.sub("<br>", part) for part in parts)
