"""Ideas and measures in the words of schema.org, for search engines."""

from typing import Any

from django.conf import settings
from django.utils.text import Truncator

from common.addresses import absolute
from pages import site
from pages.sharing import organisation

from .models import Idea, Measure

LONGEST = 500


def of_idea(idea: Idea) -> dict[str, Any]:
    """A CreativeWork with its state. Who wrote it is nobody's business, so it names no author."""
    return {
        "@type": "CreativeWork",
        "name": idea.title,
        "identifier": str(idea.number),
        "text": Truncator(idea.text).chars(LONGEST),
        "datePublished": idea.submitted_on.isoformat() if idea.submitted_on else "",
        "creativeWorkStatus": str(idea.state.label),
        "keywords": ", ".join(sorted(tag.name for tag in idea.tags.all())),
        "inLanguage": settings.LANGUAGE_CODE,
        "url": absolute(idea.get_absolute_url()),
        "publisher": organisation(site.current()),
    }


def of_measure(measure: Measure) -> dict[str, Any]:
    """A Project of the body behind the site."""
    return {
        "@type": "Project",
        "name": measure.title,
        "identifier": measure.code,
        "description": measure.summary or Truncator(measure.text).chars(LONGEST),
        "url": absolute(measure.get_absolute_url()),
        "parentOrganization": organisation(site.current()),
    }
