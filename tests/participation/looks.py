"""How tests read the pages of competitions."""

import re
from html import unescape
from typing import Any

from django.test import Client
from wagtail.models import Locale, Page

from participation.models import Competition


def look(client: Client, found: Competition, query: str = "") -> Any:
    """The page of this competition."""
    answer = client.get(f"/wettbewerbe/{found.slug}/{query}")
    assert answer.status_code == 200
    return answer


def text_of(answer: Any) -> str:
    """What a reader reads on a page, in one line."""
    body = re.sub(r"<svg.*?</svg>|<script.*?</script>", " ", answer.content.decode(), flags=re.DOTALL)
    main = body.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", "<" + main)).split())


def ways(answer: Any) -> list[tuple[str, str]]:
    """What the page asks its reader to do."""
    return [(way.label, way.url) for way in answer.context["standing"].ways]


def numbers(answer: Any) -> list[int]:
    """The entries on the page, in order."""
    return [entry.idea.number for entry in answer.context["entries"]]


def english_of(found: Competition, **fields: Any) -> Any:
    """The English version of the competition's page, published, with what stands above it."""
    english = Locale.objects.get_or_create(language_code="en")[0]
    page = Page.objects.get(pk=found.page_id).specific
    copy = page.copy_for_translation(english, copy_parents=True)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(page).objects.get(pk=copy.pk)
