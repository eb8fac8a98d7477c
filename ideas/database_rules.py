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

Checks that look at one row alone are constraints of the models. How rules are put in place: common/database_rules.py.
"""

from common.database_rules import Rule, register

from .workflow import ACTIONS_WITH_REQUIRED_REASON

_REASONS = ", ".join(f"'{action}'" for action in ACTIONS_WITH_REQUIRED_REASON)
_BLANK = " \t\n\r"
_RELABELLED = " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in ("code", "title", "zielbild_id", "loesung_id"))
_NEVER_PUBLIC = "('draft', 'unconfirmed')"

_RULES: dict[str, Rule] = {
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
register(_RULES, never_emptied=("ideas_idea", "ideas_trailentry", "ideas_trailtext", "ideas_measureentry", "ideas_edition"))
