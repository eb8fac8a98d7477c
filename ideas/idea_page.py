"""The idea with all that its page shows beside its way and its measures, in one query."""

from typing import Any

from django.db.models import DateTimeField, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from django.shortcuts import get_object_or_404

from common.rows import as_objects, attach, rows
from pages.models import ZielbildPage

from .attached import HERE, attach_tags_and_places, place_rows, tag_rows, zielbild_rows
from .models import Idea, IdeaPicture, ReviewRound

_OTHER_IDEAS = ("merged_into", "merged_root", "origin")


def read(ideas: QuerySet[Idea], number: int) -> Any:
    """The idea of these with this number, its tags, places, pictures and pages at hand, and `review`: the latest round whose
    results are published, or None. Raises Http404."""
    found = ideas.select_related(
        "released_version", "loesung", "event", *(f"{name}__released_version" for name in _OTHER_IDEAS)
    )
    idea: Any = get_object_or_404(found.annotate(**_beside()), number=number)
    attach_tags_and_places(idea)
    if idea.released_version:
        attach(idea.released_version, "pictures", as_objects(IdeaPicture, idea.picture_rows))
    for zielbild in as_objects(ZielbildPage, idea.zielbild_rows):
        idea.loesung.zielbild = zielbild
    published, at = idea.review_published, idea.review_published_at
    idea.review = ReviewRound(idea=idea, published=published, published_at=at) if at else None
    return idea


def _beside() -> dict[str, Any]:
    reviews = ReviewRound.objects.published().filter(idea=HERE).order_by("-published_at")
    pictures = IdeaPicture.objects.filter(version=OuterRef("released_version")).order_by("pk")
    path = OuterRef("loesung__path")
    return {
        "tag_rows": tag_rows(idea_tags__content_object=HERE),
        "place_rows": place_rows(ideas=HERE),
        "picture_rows": rows(pictures, "id", "version_id", "key", "alt_text", "width", "height"),
        "zielbild_rows": zielbild_rows(path=Substr(path, 1, Length(path) - ZielbildPage.steplen)),
        "review_published": Subquery(reviews.values("published")[:1], output_field=JSONField()),
        "review_published_at": Subquery(reviews.values("published_at")[:1], output_field=DateTimeField()),
    }
