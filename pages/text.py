"""Rich text as editors leave it."""

from django.utils.html import strip_tags


def is_blank(html: str) -> bool:
    """Whether nobody wrote anything: the editor stores an empty paragraph for an empty field. A picture is something."""
    return "<embed" not in html and not strip_tags(html).strip()
