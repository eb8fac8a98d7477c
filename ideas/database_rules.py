"""What the database itself refuses, whoever types it: triggers on PostgreSQL and SQLite.

1. An idea begins as a draft; its status, its Lösung, its released version and where it was merged into change only together with a
   new row of its trail. So does a measure's status; its number, title, Zielbild and Lösung with a row of its own kind.
2. A public number, once given, stays.
3. A trail row never changes; it goes only with an idea that was never confirmed. A step that needs a reason has one, a rejection
   always, a measure's new label and a report too.
4. The words of a step change only when they are blacked out, and stay so.
5. An idea that was handed in and confirmed never goes.
6. The wording of a criterion never changes, nor does an answer that a reviewer has handed in.
7. An adopted edition of the agenda never changes and never goes. Its file is only a drawing.

Checks that look at one row alone are constraints of the models. Triggers are put in place after every `migrate`: SQLite forgets
them when Django rebuilds a table, so there they are lifted before a migration. Tests that empty tables lift them in a fixture.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .workflow import ACTIONS_WITH_REQUIRED_REASON

_REASONS = ", ".join(f"'{action}'" for action in ACTIONS_WITH_REQUIRED_REASON)
_BLANK = " \t\n\r"
_RELABELLED = " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in ("code", "title", "zielbild_id", "loesung_id"))
_NEVER_PUBLIC = "('draft', 'unconfirmed')"

# name: (table, event, when it applies, what must hold, what is said otherwise). {differs} is the null-safe "is not equal".
_RULES: dict[str, tuple[str, str, str, str, str]] = {
    # SQLite's INSERT OR REPLACE takes the old row away without asking the rules for DELETE: hence the look at what is there.
    "idea_begins_as_draft": (
        "ideas_idea", "INSERT", "TRUE",
        "NEW.status = 'draft' AND NEW.trail_length = 0 AND NEW.released_version_id IS NULL AND NEW.merged_into_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM ideas_idea i WHERE i.id = NEW.id OR i.number = NEW.number OR i.submission_key = NEW.submission_key)",
        "an idea begins as a draft of its own without a trail",
    ),
    "idea_changes_with_its_trail": (
        "ideas_idea", "UPDATE",
        "NEW.status {differs} OLD.status OR NEW.trail_length {differs} OLD.trail_length OR NEW.progress {differs} OLD.progress"
        " OR NEW.released_version_id {differs} OLD.released_version_id OR NEW.merged_into_id {differs} OLD.merged_into_id"
        " OR (OLD.status <> 'draft' AND NEW.loesung_id {differs} OLD.loesung_id)",
        "NEW.trail_length = OLD.trail_length + 1 AND EXISTS (SELECT 1 FROM ideas_trailentry t WHERE t.idea_id = OLD.id"
        " AND t.position = NEW.trail_length AND t.from_status = OLD.status AND t.to_status = NEW.status AND t.progress = NEW.progress"
        " AND (t.action IN ('release', 'import', 'split_off') OR NOT (NEW.released_version_id {differs} OLD.released_version_id))"
        " AND (t.action IN ('merge', 'unmerge') OR NOT (NEW.merged_into_id {differs} OLD.merged_into_id))"
        " AND (t.action = 'reclassify' OR NOT (NEW.loesung_id {differs} OLD.loesung_id)))",
        "an idea changes only together with a row of its trail",
    ),
    "idea_keeps_its_number": (
        "ideas_idea", "UPDATE", "NEW.id {differs} OLD.id OR (OLD.number IS NOT NULL AND NEW.number {differs} OLD.number)", "FALSE",
        "a public number never changes",
    ),
    "idea_never_goes": (
        "ideas_idea", "DELETE", "TRUE", f"OLD.status IN {_NEVER_PUBLIC}", "an idea that was handed in never goes",
    ),
    "trail_goes_on_where_the_idea_stands": (
        "ideas_trailentry", "INSERT", "TRUE",
        "EXISTS (SELECT 1 FROM ideas_idea i WHERE i.id = NEW.idea_id AND i.trail_length = NEW.position - 1 AND NEW.from_status = i.status)"
        " AND NOT EXISTS (SELECT 1 FROM ideas_trailentry t WHERE t.id = NEW.id OR t.text_id = NEW.text_id)",
        "a trail goes on where its idea stands",
    ),
    "trail_needs_its_reason": (
        "ideas_trailentry", "INSERT",
        f"NEW.action IN ({_REASONS}) OR (NEW.to_status IN ('rejected', 'merged') AND NEW.from_status <> NEW.to_status)",
        f"EXISTS (SELECT 1 FROM ideas_trailtext x WHERE x.id = NEW.text_id AND trim(x.reason, '{_BLANK}') <> '')",  # nosec B608 - our own constants
        "such a step needs a public reason",
    ),
    "trail_never_changes": ("ideas_trailentry", "UPDATE", "TRUE", "FALSE", "a trail row never changes"),
    "trail_never_goes": (
        "ideas_trailentry", "DELETE", "TRUE",
        f"EXISTS (SELECT 1 FROM ideas_idea i WHERE i.id = OLD.idea_id AND i.status IN {_NEVER_PUBLIC})",  # nosec B608 - our own constants
        "a trail row never goes",
    ),
    "trail_text_is_only_blacked_out": (
        "ideas_trailtext", "UPDATE",
        "NEW.id {differs} OLD.id OR NEW.reason {differs} OLD.reason OR NEW.internal_note {differs} OLD.internal_note"
        " OR NEW.actor_id {differs} OLD.actor_id OR NEW.redacted_at {differs} OLD.redacted_at"
        " OR NEW.awaits_release {differs} OLD.awaits_release",
        "NOT (NEW.id {differs} OLD.id) AND (OLD.awaits_release OR NOT NEW.awaits_release) AND (NEW.actor_id IS NULL OR NEW.actor_id = OLD.actor_id)"
        " AND (OLD.redacted_at IS NULL OR NOT (NEW.redacted_at {differs} OLD.redacted_at))"
        " AND (NOT (NEW.reason {differs} OLD.reason) OR (NEW.reason = '' AND NEW.redacted_at IS NOT NULL))"
        " AND (NOT (NEW.internal_note {differs} OLD.internal_note) OR (NEW.internal_note = '' AND NEW.redacted_at IS NOT NULL))",
        "the words of a step change only when they are blacked out",
    ),
    "trail_text_stays_with_its_step": (
        "ideas_trailtext", "DELETE", "TRUE",
        "NOT EXISTS (SELECT 1 FROM ideas_trailentry t WHERE t.text_id = OLD.id)"
        " AND NOT EXISTS (SELECT 1 FROM ideas_measureentry m WHERE m.text_id = OLD.id)",
        "the words of a step stay with it",
    ),
    "trail_text_is_no_other": (
        "ideas_trailtext", "INSERT", "TRUE", "NOT EXISTS (SELECT 1 FROM ideas_trailtext x WHERE x.id = NEW.id)",
        "the words of a step are never replaced",
    ),
    "measure_changes_with_its_trail": (
        "ideas_measure", "UPDATE",
        f"NEW.status {{differs}} OLD.status OR NEW.trail_length {{differs}} OLD.trail_length OR {_RELABELLED}",
        "NEW.trail_length = OLD.trail_length + 1 AND EXISTS (SELECT 1 FROM ideas_measureentry t WHERE t.measure_id = OLD.id"
        " AND t.position = NEW.trail_length AND t.from_status = OLD.status AND t.to_status = NEW.status"
        f" AND (t.kind = 'status' OR t.from_status = t.to_status) AND (t.kind = 'relabel' OR NOT ({_RELABELLED})))",  # nosec B608 - our own constants
        "a measure changes only together with a row of its trail",
    ),
    "measure_is_no_other": (
        "ideas_measure", "INSERT", "TRUE",
        "NEW.trail_length = 0 AND NOT EXISTS (SELECT 1 FROM ideas_measure m WHERE m.id = NEW.id OR m.code = NEW.code OR m.slug = NEW.slug)",
        "a measure is never replaced",
    ),
    "measure_trail_needs_its_words": (
        "ideas_measureentry", "INSERT", "NEW.kind IN ('relabel', 'note')",
        f"EXISTS (SELECT 1 FROM ideas_trailtext x WHERE x.id = NEW.text_id AND trim(x.reason, '{_BLANK}') <> '')",  # nosec B608 - our own constants
        "such a step needs public words",
    ),
    "measure_trail_goes_on_where_the_measure_stands": (
        "ideas_measureentry", "INSERT", "TRUE",
        "EXISTS (SELECT 1 FROM ideas_measure m WHERE m.id = NEW.measure_id AND m.trail_length = NEW.position - 1 AND NEW.from_status = m.status)"
        " AND NOT EXISTS (SELECT 1 FROM ideas_measureentry t WHERE t.id = NEW.id OR t.text_id = NEW.text_id)",
        "a trail goes on where its measure stands",
    ),
    "criterion_never_changes": (
        "ideas_criterion", "UPDATE", "TRUE", "FALSE", "the wording of a criterion never changes, a change is a new version",
    ),
    "version_in_use_stays_as_it_is": (
        "ideas_criterion", "INSERT", "TRUE", "NOT EXISTS (SELECT 1 FROM ideas_reviewround r WHERE r.scheme_version_id = NEW.version_id)",
        "a version by which ideas are reviewed gets no more criteria",
    ),
    "score_handed_in_never_changes": (
        "ideas_reviewscore", "UPDATE", "TRUE",
        "NOT EXISTS (SELECT 1 FROM ideas_review r WHERE r.id = OLD.review_id AND r.state = 'handed_in')",
        "an answer that was handed in never changes",
    ),
    "score_handed_in_comes_from_a_draft": (
        "ideas_reviewscore", "INSERT", "TRUE",
        "NOT EXISTS (SELECT 1 FROM ideas_review r WHERE r.id = NEW.review_id AND r.state = 'handed_in')",
        "an answer is written before the review is handed in",
    ),
    "adopted_edition_never_changes": (
        "ideas_edition", "UPDATE", "OLD.state = 'adopted'", "FALSE", "an adopted edition never changes; a correction is a new version",
    ),
    "adopted_edition_never_goes": ("ideas_edition", "DELETE", "OLD.state = 'adopted'", "FALSE", "an adopted edition never goes"),
    "edition_is_no_other": (
        "ideas_edition", "INSERT", "TRUE",
        "NOT EXISTS (SELECT 1 FROM ideas_edition e WHERE e.id = NEW.id OR (e.year = NEW.year AND e.version = NEW.version))",
        "an edition is never replaced",
    ),
    "measure_trail_never_changes": ("ideas_measureentry", "UPDATE", "TRUE", "FALSE", "a trail row never changes"),
    "measure_trail_never_goes": ("ideas_measureentry", "DELETE", "TRUE", "FALSE", "a trail row never goes"),
}
# PostgreSQL empties a table without looking at its rows.
_NEVER_EMPTIED = ("ideas_idea", "ideas_trailentry", "ideas_trailtext", "ideas_measureentry", "ideas_edition")


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every rule in place, replacing older ones of the same name."""
    lift(connection)
    with connection.cursor() as cursor:
        for name, rule in _RULES.items():
            for statement in _statements(connection.vendor, name, *rule):
                cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSE_EMPTYING)
            for table in _NEVER_EMPTIED:
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
    " RAISE EXCEPTION 'ideas and their trail are never emptied' USING ERRCODE = 'check_violation'; END $$"
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
