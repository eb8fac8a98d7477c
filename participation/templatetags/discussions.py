"""Comments below what they are about. Pages and ideas never import them: their templates load this."""

from typing import Any

from django import template
from wagtail.models import Page

from ideas.models import Idea
from pages.languages import source_of

from ..discussions import Subject
from ..threads import BESIDE, first_comments, rows_of, talk_about

register = template.Library()


@register.inclusion_tag("participation/_comments.html", takes_context=True)
def comments_below(context: template.Context, target: Any) -> dict[str, Any]:
    """{% comments_below idea %}: the first comments, and the way to all of them and to a new one. Two queries at most, for any
    number of comments. On the page of an idea that became part of another one only the way to that one's."""
    if target.pk is None:  # the preview of a page that was never saved
        return {"talk": None}
    root = target.merged_root if isinstance(target, Idea) else None
    if root:
        return {"talk": None, "moved_to": Subject(root)}
    talk = talk_about(Subject(source_of(target) if isinstance(target, Page) else target))
    request = context.get("request")
    rows = rows_of(talk, first_comments(talk), getattr(request, "user", None)) if talk.listed else []
    return {"talk": talk, "rows": rows, "has_more": talk.listed > BESIDE}
