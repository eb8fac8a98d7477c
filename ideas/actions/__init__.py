"""What people do with ideas and measures: the only place that changes a status, a Lösung, a link or a progress.

Every step runs the same way, in one transaction: permission → precondition → row in the trail → conditional UPDATE of the
idea → messages in the outbox. A step that can't be taken raises `Refused` with a sentence for the person; `Overtaken` if
somebody was quicker. Nothing is changed then.
"""

from .authors import answer, claim, edit, redact, release_answer, withdraw
from .desk import link_measure, reclassify, release, take, unlink_measure
from .handing_in import Submission, confirm, keep_number_free, next_number, submit
from .imports import ImportedIdea, import_kept, import_link
from .measures import change_measure_status, current_progress
from .merging import Part, merge, split, unmerge
from .record import Decision, Overtaken, Refused
from .relabelling import Labels, relabel
from .reports import decline_proposal, propose_note, propose_value, release_proposal
from .voices import follow, recount_supports, support, supports, unfollow, unsupport

__all__ = [
    "Decision",
    "ImportedIdea",
    "Labels",
    "Overtaken",
    "Part",
    "Refused",
    "Submission",
    "answer",
    "change_measure_status",
    "claim",
    "confirm",
    "current_progress",
    "decline_proposal",
    "edit",
    "follow",
    "import_kept",
    "import_link",
    "keep_number_free",
    "link_measure",
    "merge",
    "next_number",
    "propose_note",
    "propose_value",
    "reclassify",
    "recount_supports",
    "redact",
    "relabel",
    "release",
    "release_answer",
    "release_proposal",
    "split",
    "submit",
    "support",
    "supports",
    "take",
    "unfollow",
    "unlink_measure",
    "unmerge",
    "unsupport",
    "withdraw",
]
