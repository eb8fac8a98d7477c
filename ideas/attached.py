"""What hangs on an idea or a measure and comes along with it, for the pages of one thing (common/rows.py)."""

from typing import Any

from django.db.models import OuterRef
from taggit.models import Tag

from common.rows import Rows, as_objects, attach, rows
from pages.models import ZielbildPage

from .models import Place

HERE = OuterRef("pk")


def tag_rows(**wanted: Any) -> Rows:
    return rows(Tag.objects.filter(**wanted).order_by("name"), "id", "name", "slug")


def place_rows(**wanted: Any) -> Rows:
    return rows(Place.objects.filter(**wanted), "id", "name", "slug")


def zielbild_rows(**wanted: Any) -> Rows:
    """As much of a Zielbild as a link to it takes."""
    found = ZielbildPage.objects.filter(**wanted).order_by("path")
    return rows(found, "id", "page_ptr_id", "title", "url_path", "alias_of_id", "colour")


def attach_tags_and_places(thing: Any) -> None:
    """From its `tag_rows` and `place_rows`."""
    attach(thing, "tags", as_objects(Tag, thing.tag_rows))
    attach(thing, "places", as_objects(Place, thing.place_rows))
