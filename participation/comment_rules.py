"""What the database itself refuses about comments, whoever types it (common/database_rules.py puts the rules in place).

1. A comment begins unread and changes its state only together with a step that leads there. Steps follow one another, never
   change and never go.
2. A text never changes; it can only be emptied. A comment shows only texts of its own and never goes once its author is known.
3. A report never goes, and is decided once. So is a complaint, by another person than who took the decision.
"""

from common.database_rules import Rule, register

TABLES = tuple(f"participation_{name}" for name in ("comment", "commentstep", "commentversion", "report", "complaint"))


def _differ(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in columns)


def _unconfirmed(key: str) -> str:
    return f"EXISTS (SELECT 1 FROM participation_comment c WHERE c.base_id = OLD.{key} AND c.state = 'unconfirmed')"  # nosec B608 - our own constants


def _own(column: str) -> str:
    return f"EXISTS (SELECT 1 FROM participation_commentversion v WHERE v.id = NEW.{column} AND v.comment_id = OLD.base_id)"  # nosec B608 - our own constants


_STEP_CHANGES: Rule = (
    "participation_commentstep", "UPDATE",
    _differ("id", "comment_id", "position", "action", "who", "from_state", "to_state", "version_id", "ground", "reason", "happened_at")
    + " OR (NEW.actor_id {differs} OLD.actor_id AND NEW.actor_id IS NOT NULL)",
    "FALSE", "a step never changes",
)  # fmt: skip

register(
    {
        "comment_begins_unread": (
            "participation_comment", "INSERT", "TRUE",
            "NEW.state IN ('held', 'unconfirmed') AND NEW.step_count = 0 AND NEW.shown_id IS NULL AND NEW.waiting_id IS NULL AND NEW.shown_at IS NULL",
            "a comment begins unread",
        ),
        "comment_changes_state_with_a_step": (
            "participation_comment", "UPDATE", _differ("state", "step_count"),
            "NEW.step_count = OLD.step_count + 1"
            " AND EXISTS (SELECT 1 FROM participation_commentstep s WHERE s.comment_id = OLD.base_id AND s.position = NEW.step_count"
            " AND s.to_state = NEW.state AND (s.from_state = OLD.state OR (s.action = 'write' AND s.position = 1)))",
            "a comment changes only together with a step that leads there",
        ),
        "comment_shows_a_text_of_its_own": (
            "participation_comment", "UPDATE", _differ("shown_id", "waiting_id"),
            "(NEW.shown_id IS NULL OR " + _own("shown_id") + ") AND (NEW.waiting_id IS NULL OR " + _own("waiting_id") + ")",
            "a comment shows only texts of its own",
        ),
        "comment_stays_where_it_was_written": (
            "participation_comment", "UPDATE", _differ("discussion_id", "reply_to_id", "key") + " OR (OLD.path <> '' AND (" + _differ("path") + "))", "FALSE",
            "a comment stays where it was written",
        ),
        "comment_never_goes": ("participation_comment", "DELETE", "TRUE", "OLD.state = 'unconfirmed'", "a comment never goes"),
        "comment_step_follows_the_last": (
            "participation_commentstep", "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_comment c WHERE c.base_id = NEW.comment_id AND c.step_count = NEW.position - 1)",
            "a step follows the last one",
        ),
        "comment_step_never_changes": _STEP_CHANGES,
        "comment_step_never_goes": ("participation_commentstep", "DELETE", "TRUE", _unconfirmed("comment_id"), "a step never goes"),
        "comment_text_never_changes": (
            "participation_commentversion", "UPDATE", _differ("id", "comment_id", "number", "text", "written_at"),
            "NEW.text = '' AND NOT (" + _differ("id", "comment_id", "number", "written_at") + ")", "a text never changes",
        ),
        "comment_text_never_goes": ("participation_commentversion", "DELETE", "TRUE", _unconfirmed("comment_id"), "a text never goes"),
        "report_is_decided_once": (
            "participation_report", "UPDATE", _differ("comment_id", "version_id", "ground", "reported_at", "decision_id"),
            "NOT (" + _differ("comment_id", "version_id", "ground", "reported_at") + ") AND OLD.decision_id IS NULL", "a report is decided once",
        ),
        "report_never_goes": ("participation_report", "DELETE", "TRUE", "FALSE", "a report never goes"),
        "complaint_is_decided_once_by_another_person": (
            "participation_complaint", "UPDATE", _differ("step_id", "text", "filed_at", "decision_id", "decided_by_id"),
            "NOT (" + _differ("step_id", "text", "filed_at") + ") AND ((OLD.decision_id IS NULL AND NEW.decided_by_id IS NOT NULL"  # nosec B608 - our own constants
            " AND EXISTS (SELECT 1 FROM participation_commentstep s WHERE s.id = OLD.step_id AND (s.actor_id IS NULL OR s.actor_id <> NEW.decided_by_id)))"
            # Null-safe: where no row of either is decided, "=" would be neither true nor false, and nothing refused.
            " OR (OLD.decision_id IS NOT NULL AND NOT (" + _differ("decision_id") + ") AND NEW.decided_by_id IS NULL))",
            "a complaint is decided once, by another person",
        ),
        "complaint_never_goes": ("participation_complaint", "DELETE", "TRUE", "FALSE", "a complaint never goes"),
    },
    never_emptied=("participation_commentstep", "participation_report", "participation_complaint"),
)  # fmt: skip
