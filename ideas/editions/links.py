"""Links in rich text name pages and documents by their key. Frozen, they lead to the address of the moment. Wagtail's own way
asks for every link; this one asks once for all."""

import re
from collections.abc import Sequence
from html import escape

from django.apps import apps
from wagtail.models import Page, Site
from wagtail.rich_text.rewriters import extract_attrs

_LINK = re.compile(r"<a(\s[^>]*)>")
_KEY = re.compile(r"[0-9]{1,9}")  # more digits than the database has numbers for are no key


def with_addresses(texts: Sequence[str]) -> list[str]:
    """The texts with `href` in every link. What is gone leads nowhere: its link keeps only its words. Three queries at most."""
    wanted: dict[str, set[int]] = {"page": set(), "document": set()}
    for text in texts:
        for match in _LINK.finditer(text):
            attributes = extract_attrs(match[1])
            if attributes.get("linktype") in wanted and _KEY.fullmatch(attributes.get("id", "")):
                wanted[attributes["linktype"]].add(int(attributes["id"]))
    found = {"page": _pages(wanted["page"]), "document": _documents(wanted["document"])}

    def finished(match: re.Match[str]) -> str:
        attributes = extract_attrs(match[1])
        kind, key = attributes.get("linktype", ""), attributes.get("id", "")
        href = found[kind].get(int(key), "") if kind in found and _KEY.fullmatch(key) else attributes.get("href", "")
        return f'<a href="{escape(href)}">' if href else "<a>"

    return [_LINK.sub(finished, text) for text in texts]


def _pages(keys: set[int]) -> dict[int, str]:
    if not keys:
        return {}
    root = Site.objects.filter(is_default_site=True).values_list("root_page__url_path", flat=True).first() or "/"
    rows = Page.objects.filter(pk__in=keys, live=True).values_list("pk", "url_path")
    return {key: f"/{path.removeprefix(root)}" for key, path in rows if path.startswith(root)}


def _documents(keys: set[int]) -> dict[int, str]:
    documents = apps.get_model("wagtaildocs", "Document").objects.filter(pk__in=keys) if keys else ()
    return {document.pk: document.url for document in documents}
