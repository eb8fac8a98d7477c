"""What people do with ideas and measures: the only place that changes a status, a Lösung, a link or a progress.

Every step runs the same way, in one transaction: permission → precondition → row in the trail → conditional UPDATE of the
idea → messages in the outbox. A step that can't be taken raises `Refused` with a sentence for the person; `Overtaken` if
somebody was quicker. Nothing is changed then.
"""

from .authors import answer, claim, edit, redact, release_answer, withdraw
from .desk import link_measure, reclassify, release, take, unlink_measure
from .editions import (
    adopt_edition,
    check_seen,
    delete_draft,
    describe_edition,
    open_correction,
    open_edition,
    propose_edition,
    refreeze,
    take_back_edition,
)
from .handing_in import Submission, TooLate, confirm, keep_number_free, next_number, submit
from .imports import (
    ImportedIdea,
    import_classification,
    import_idea,
    import_kept,
    import_link,
    import_measure_changes,
    import_measures,
)
from .measures import change_measure_status, current_progress
from .merging import Part, merge, split, unmerge
from .own_reviews import Answer, Incomplete, add_note, declare_conflict, hand_in, save_draft
from .record import Decision, Overtaken, Refused
from .relabelling import Labels, relabel
from .reports import decline_proposal, propose_note, propose_value, release_proposal
from .reviewing import (
    Assignment,
    aggregates_of,
    assign,
    assign_as_planned,
    open_reviews_of,
    open_round,
    open_stage_two,
    plan_assignment,
    publish_review,
    results_to_publish,
    review_team,
    settle_stage_one,
    take_off,
)
from .schemes import Question, save_scheme
from .voices import ask_with_address, follow, grant, recount_supports, request_token, support, supports, unfollow, unsupport

__all__ = [
    "Answer",
    "Assignment",
    "Decision",
    "ImportedIdea",
    "Incomplete",
    "Labels",
    "Overtaken",
    "Part",
    "Question",
    "Refused",
    "Submission",
    "TooLate",
    "add_note",
    "adopt_edition",
    "aggregates_of",
    "answer",
    "ask_with_address",
    "assign",
    "assign_as_planned",
    "change_measure_status",
    "check_seen",
    "claim",
    "confirm",
    "current_progress",
    "declare_conflict",
    "decline_proposal",
    "delete_draft",
    "describe_edition",
    "edit",
    "follow",
    "grant",
    "hand_in",
    "import_classification",
    "import_idea",
    "import_kept",
    "import_link",
    "import_measure_changes",
    "import_measures",
    "keep_number_free",
    "link_measure",
    "merge",
    "next_number",
    "open_correction",
    "open_edition",
    "open_reviews_of",
    "open_round",
    "open_stage_two",
    "plan_assignment",
    "propose_edition",
    "propose_note",
    "propose_value",
    "publish_review",
    "reclassify",
    "recount_supports",
    "redact",
    "refreeze",
    "relabel",
    "release",
    "release_answer",
    "release_proposal",
    "request_token",
    "results_to_publish",
    "review_team",
    "save_draft",
    "save_scheme",
    "settle_stage_one",
    "split",
    "submit",
    "support",
    "supports",
    "take",
    "take_back_edition",
    "take_off",
    "unfollow",
    "unlink_measure",
    "unmerge",
    "unsupport",
    "withdraw",
]
