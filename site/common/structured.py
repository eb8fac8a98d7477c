"""Data for search engines (schema.org) as JSON-LD: a block of data, no script, so the content security policy lets it be."""

import json
from collections.abc import Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .addresses import absolute

# Nothing that somebody wrote can end the block or begin another one.
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def block(data: dict[str, Any]) -> SafeString:
    """The element that carries the data. Names without a value are left out."""
    kept = {"@context": "https://schema.org", **_filled(data)}
    text = json.dumps(kept, ensure_ascii=False, cls=DjangoJSONEncoder).translate(_ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  # nosec B308 B703 - escaped above


def breadcrumbs(crumbs: Sequence[dict[str, str]], here: str) -> dict[str, Any]:
    """BreadcrumbList of what leads to a page (title, url) and the page itself, which needs no address."""
    steps = [{"name": crumb["title"], "item": absolute(crumb["url"])} for crumb in crumbs]
    items = [{"@type": "ListItem", "position": at, **step} for at, step in enumerate([*steps, {"name": here}], start=1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _filled(value) if isinstance(value, dict) else value
        for name, value in data.items()
        if value not in ("", None, [], {})
    }
