"""Whether the database still guards the decision trail: asked by `manage.py check --database default` and by `migrate`."""

from typing import Any

from django.core import checks
from django.db import DatabaseError, connections

from common import database_rules


@checks.register(checks.Tags.database)
def rules_are_in_place(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        try:
            # Before the first migration there is nothing to guard.
            missing = database_rules.missing(connection) if database_rules.tables_exist(connection) else []
        except DatabaseError:
            continue  # a database out of reach is Django's own check
        if missing:
            found.append(
                checks.Warning(
                    f"The database doesn't guard the decision trail: {', '.join(missing)}.",
                    hint="`manage.py migrate` puts the rules back in place.",
                    id="ideas.W001",
                )
            )
    return found
