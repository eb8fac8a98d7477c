"""The idea with all that its page shows beside its way and its measures, in one query."""

from typing import Any

from django.db.models import DateTimeField, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from django.shortcuts import get_object_or_404
from taggit.models import Tag

from common.rows import as_objects, attach, rows
from pages.models import ZielbildPage

from .models import Idea, IdeaPicture, Place, ReviewRound

_OTHER_IDEAS = ("merged_into", "merged_root", "origin")


def read(ideas: QuerySet[Idea], number: int) -> Idea:
    """The idea of these with this number, its tags, places, pictures and pages at hand, and `review`: the latest round whose
    results are published, or None. Raises Http404."""
    found = ideas.select_related(
        "released_version", "loesung", "event", *(f"{name}__released_version" for name in _OTHER_IDEAS)
    )
    idea: Any = get_object_or_404(found.annotate(**_beside()), number=number)
    attach(idea, "tags", as_objects(Tag, idea.tag_rows))
    attach(idea, "places", as_objects(Place, idea.place_rows))
    if idea.released_version:
        attach(idea.released_version, "pictures", as_objects(IdeaPicture, idea.picture_rows))
    for zielbild in as_objects(ZielbildPage, idea.zielbild_rows):
        idea.loesung.zielbild = zielbild
    idea.review = (
        ReviewRound(idea=idea, published=idea.review_published, published_at=idea.review_published_at)
        if idea.review_published_at
        else None
    )
    return idea  # type: ignore[no-any-return]


def _beside() -> dict[str, Any]:
    of_idea = OuterRef("pk")
    reviews = ReviewRound.objects.published().filter(idea=of_idea).order_by("-published_at")
    pictures = IdeaPicture.objects.filter(version=OuterRef("released_version")).order_by("pk")
    path = OuterRef("loesung__path")
    zielbild = ZielbildPage.objects.filter(path=Substr(path, 1, Length(path) - ZielbildPage.steplen))
    return {
        "tag_rows": rows(Tag.objects.filter(idea_tags__content_object=of_idea).order_by("name"), "id", "name", "slug"),
        "place_rows": rows(Place.objects.filter(ideas=of_idea), "id", "name", "slug"),
        "picture_rows": rows(pictures, "id", "version_id", "key", "alt_text", "width", "height"),
        "zielbild_rows": rows(zielbild, "id", "page_ptr_id", "title", "url_path", "alias_of_id", "colour"),
        "review_published": Subquery(reviews.values("published")[:1], output_field=JSONField()),
        "review_published_at": Subquery(reviews.values("published_at")[:1], output_field=DateTimeField()),
    }
