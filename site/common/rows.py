"""What hangs on a row, read together with it: the rows of another table as one JSON list, in the very same query.

    ideas.annotate(place_rows=rows(Place.objects.filter(ideas=OuterRef("pk")), "name", "slug"))
    attach(idea, "places", idea.place_rows)        idea.places.all() asks nobody

For pages that show one thing with all that belongs to it. Lists have prefetch_related.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import F, Field, JSONField, Model, QuerySet, Subquery
from django.db.models.functions import JSONObject

M = TypeVar("M", bound=Model)


class Rows(Subquery):
    """The rows of a query with one JSON column `line` as a list, in their order; None or empty where there are none."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        super().__init__(queryset, output_field=JSONField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="(SELECT json_group_array(json(line)) FROM (%(subquery)s) AS lines)", **extra
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="(SELECT jsonb_agg(line) FROM (%(subquery)s) AS lines)", **extra)


def rows(queryset: QuerySet[Any], *columns: str) -> Rows:
    """These columns of the rows, for as_objects(). Text, numbers, keys, moments; no column that is JSON itself."""
    return Rows(queryset.values(line=JSONObject(**{name: F(name) for name in columns})))


def as_objects(model: type[M], found: Iterable[dict[str, Any]] | None) -> list[M]:
    """The rows as objects of the model. A column that was not asked for is read from the database when somebody needs it."""
    return [_object(model, row) for row in found or []]


def _object(model: type[M], row: dict[str, Any]) -> M:
    fields = [field for field in model._meta.concrete_fields if field.attname in row]
    return model.from_db(None, [field.attname for field in fields], [_value(field, row[field.attname]) for field in fields])


def _value(field: Field[Any, Any], given: Any) -> Any:
    value = field.to_python(given)
    if isinstance(value, datetime) and value.tzinfo is None:  # SQLite keeps moments in UTC without saying so
        return value.replace(tzinfo=UTC)
    return value


def attach(thing: Model, relation: str, objects: list[Any]) -> None:
    """Let `thing.<relation>.all()` give these objects, as prefetch_related does."""
    known: QuerySet[Any] = getattr(thing, relation).get_queryset()
    known._result_cache, known._prefetch_done = objects, True  # type: ignore[attr-defined]
    vars(thing).setdefault("_prefetched_objects_cache", {})[relation] = known
