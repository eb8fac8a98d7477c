"""Rules that the database itself keeps, whoever types: triggers on PostgreSQL and SQLite. Each app above registers its own
(ideas/database_rules.py, participation/database_rules.py).

Triggers are put in place after every `migrate`: SQLite forgets them when Django rebuilds a table, so there they are lifted
before a migration. Tests that empty tables lift them in a fixture.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# table, event, when it applies, what must hold, what is said otherwise. {differs} is the null-safe "is not equal".
Rule = tuple[str, str, str, str, str]
_RULES: dict[str, Rule] = {}
# PostgreSQL empties a table without looking at its rows.
_NEVER_EMPTIED: set[str] = set()


def register(rules: dict[str, Rule], *, never_emptied: Iterable[str] = ()) -> None:
    """Have the database keep these rules by their names, and refuse to empty these tables."""
    _RULES.update(rules)
    _NEVER_EMPTIED.update(never_emptied)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every rule in place, replacing older ones of the same name."""
    lift(connection)
    with connection.cursor() as cursor:
        for name, rule in _RULES.items():
            for statement in _statements(connection.vendor, name, *rule):
                cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSE_EMPTYING)
            for table in sorted(_NEVER_EMPTIED):
                cursor.execute(
                    f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_emptying()"
                )


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take every rule away. Only for migrations on SQLite and for tests that empty tables."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for name, (table, *_) in _RULES.items():
            if table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
        if connection.vendor == "postgresql":
            for table in tables.intersection(_NEVER_EMPTIED):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_is_never_emptied ON {table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of rules that are not in place: [] in a healthy installation."""
    wanted = set(_RULES)
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        wanted |= {f"{table}_is_never_emptied" for table in _NEVER_EMPTIED}
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(wanted - {row[0] for row in cursor.fetchall()})


_REFUSE_EMPTYING = (
    "CREATE OR REPLACE FUNCTION refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION 'this table is never emptied' USING ERRCODE = 'check_violation'; END $$"
)


def _statements(vendor: str, name: str, table: str, event: str, when: str, holds: str, message: str) -> list[str]:
    if vendor == "postgresql":
        when, holds = (text.format(differs="IS DISTINCT FROM") for text in (when, holds))
        back = "OLD" if event == "DELETE" else "NEW"
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF ({when}) AND NOT ({holds}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;"
            f" RETURN {back}; END $$",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    when, holds = (text.format(differs="IS NOT") for text in (when, holds))
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({when}) AND NOT ({holds})"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    ]


def lift_before_migrating(using: str, **kwargs: Any) -> None:
    """On SQLite a rebuilt table can't be renamed while a trigger names it. PostgreSQL keeps its triggers all the time."""
    if connections[using].vendor == "sqlite":
        lift(connections[using])


def install_after_migrating(using: str, **kwargs: Any) -> None:
    if tables_exist(connections[using]):
        install(connections[using])


def tables_exist(connection: BaseDatabaseWrapper) -> bool:
    """Whether the migrations have made what the rules protect."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    return all(rule[0] in tables for rule in _RULES.values())
