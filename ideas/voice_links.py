"""What a public page says about supporting and following: links to the small pages that hold the forms."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.models import LoesungPage
from pages.words import words

from . import permissions
from .models import Idea, Measure


def voice_links(target: Idea | Measure | LoesungPage) -> dict[str, Any]:
    """`count`: in words, ideas only · `support_url` and `follow_url`: '' where that isn't possible (now)."""
    possible = permissions.may_follow(target)
    if isinstance(target, Idea):
        number = target.support_count
        return {
            "count": ngettext(
                "%(number)s Person unterstützt diese Idee.", "%(number)s Personen unterstützen diese Idee.", number
            )
            % {"number": number}
            if number
            else (_("Noch unterstützt niemand diese Idee. Machen Sie den Anfang.") if possible else ""),
            "number": number,
            "support_url": reverse("support_idea", args=[target.number]) if possible else "",
            "follow_url": follow_url(target) if possible else "",
        }
    return {"count": "", "number": 0, "support_url": "", "follow_url": follow_url(target) if possible else ""}


def label_of(target: Idea | Measure | LoesungPage) -> str:
    """What it is called in a sentence: by its number."""
    if isinstance(target, Idea):
        return _("Idee %(number)s") % {"number": target.number}
    if isinstance(target, Measure):
        return _("%(Massnahme)s %(code)s") % words(code=target.code)
    return _("%(Loesung)s %(number)s") % words(number=target.number)


def follow_url(target: Idea | Measure | LoesungPage) -> str:
    """The page with the form that follows it."""
    if isinstance(target, Idea):
        return reverse("follow_idea", args=[target.number])
    if isinstance(target, Measure):
        return reverse("follow_measure", args=[target.slug])
    return reverse("follow_loesung", args=target.url_path.strip("/").split("/")[-2:])
