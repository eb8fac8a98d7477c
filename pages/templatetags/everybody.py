"""Template tags of what makes a page one for everybody."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

register = template.Library()

# The end of a sentence: a word of at least two letters, its stop, a space, and something that begins a sentence.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?:])(?<!\bDr\.)(?<!\bNr\.)(?<!\bSt\.)(?<!\bca\.)(?<!\bbzw\.) +(?=[A-ZÄÖÜ„])")
_TAG = re.compile(r"(<[^>]*>)")


@register.filter
def easy_lines(html: str) -> SafeString:
    """Rich text in easy language, every sentence in a line of its own, as the rules for easy language ask."""
    parts = _TAG.split(str(expand_db_html(html)))
    return mark_safe("".join(part if part.startswith("<") else _SENTENCE_END.sub("<br>", part) for part in parts))  # noqa: S308
