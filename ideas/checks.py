"""Whether the database still guards the decision trail: asked by `manage.py check --database default` and by `migrate`."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004
from django.db import DatabaseError, connections

from . import database_rules


@register(Tags.database)
def rules_are_in_place(databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        try:
            # Before the first migration there is nothing to guard.
            missing = database_rules.missing(connection) if database_rules.tables_exist(connection) else []
        except DatabaseError:
            continue  # a database out of reach is Django's own check
        if missing:
            found.append(
                Warning(
                    f"The database doesn't guard the decision trail: {', '.join(missing)}.",
                    hint="`manage.py migrate` puts the rules back in place.",
                    id="ideas.W001",
                )
            )
    return found
