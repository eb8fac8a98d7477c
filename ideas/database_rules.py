"""What the database itself refuses, whoever types it: triggers on PostgreSQL and SQLite.

1. An idea begins as a draft; its status, its Lösung and its released version change only together with a new row of its trail.
2. A public number, once given, stays.
3. A trail row never changes; it goes only with an idea that was never confirmed. A step that needs a reason has one.
4. The words of a step change only when they are blacked out.

Checks that look at one row alone are constraints of the models. Triggers are put in place after every `migrate`: SQLite forgets
them when Django rebuilds a table, so there they are lifted before a migration. Tests that empty tables lift them in a fixture.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .workflow import ACTIONS_WITH_REQUIRED_REASON

_REASONS = ", ".join(f"'{action}'" for action in ACTIONS_WITH_REQUIRED_REASON)

# name: (table, event, when it applies, what must hold, what is said otherwise). {differs} is the null-safe "is not equal".
_RULES: dict[str, tuple[str, str, str, str, str]] = {
    "idea_begins_as_draft": (
        "ideas_idea", "INSERT", "TRUE", "NEW.status = 'draft' AND NEW.trail_length = 0 AND NEW.released_version_id IS NULL",
        "an idea begins as a draft without a trail",
    ),
    "idea_changes_with_its_trail": (
        "ideas_idea", "UPDATE",
        "NEW.status {differs} OLD.status OR NEW.trail_length {differs} OLD.trail_length"
        " OR NEW.released_version_id {differs} OLD.released_version_id"
        " OR (OLD.status <> 'draft' AND NEW.loesung_id {differs} OLD.loesung_id)",
        "NEW.trail_length = OLD.trail_length + 1 AND EXISTS (SELECT 1 FROM ideas_trailentry t WHERE t.idea_id = OLD.id"
        " AND t.position = NEW.trail_length AND t.from_status = OLD.status AND t.to_status = NEW.status"
        " AND (t.action IN ('release', 'import') OR NOT (NEW.released_version_id {differs} OLD.released_version_id))"
        " AND (t.action = 'reclassify' OR NOT (NEW.loesung_id {differs} OLD.loesung_id)))",
        "an idea changes only together with a row of its trail",
    ),
    "idea_keeps_its_number": (
        "ideas_idea", "UPDATE", "OLD.number IS NOT NULL", "NOT (NEW.number {differs} OLD.number)", "a public number never changes",
    ),
    "trail_needs_its_reason": (
        "ideas_trailentry", "INSERT", f"NEW.action IN ({_REASONS})",
        "EXISTS (SELECT 1 FROM ideas_trailtext x WHERE x.id = NEW.text_id AND trim(x.reason) <> '')",
        "such a step needs a public reason",
    ),
    "trail_never_changes": ("ideas_trailentry", "UPDATE", "TRUE", "FALSE", "a trail row never changes"),
    "trail_never_goes": (
        "ideas_trailentry", "DELETE", "TRUE",
        "EXISTS (SELECT 1 FROM ideas_idea i WHERE i.id = OLD.idea_id AND i.status IN ('draft', 'unconfirmed'))",
        "a trail row never goes",
    ),
    "trail_text_is_only_blacked_out": (
        "ideas_trailtext", "UPDATE", "NEW.reason {differs} OLD.reason", "NEW.redacted_at IS NOT NULL",
        "the words of a step change only when they are blacked out",
    ),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every rule in place, replacing older ones of the same name."""
    lift(connection)
    with connection.cursor() as cursor:
        for name, rule in _RULES.items():
            for statement in _statements(connection.vendor, name, *rule):
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take every rule away. Only for migrations on SQLite and for tests that empty tables."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for name, (table, *_) in _RULES.items():
            if table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of rules that are not in place: [] in a healthy installation."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(set(_RULES) - {row[0] for row in cursor.fetchall()})


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
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if all(rule[0] in tables for rule in _RULES.values()):
        install(connection)
