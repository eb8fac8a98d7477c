"""What people do with ideas and measures: the only place that changes a status, a Lösung, a link or a progress.

Every step runs the same way, in one transaction: permission → precondition → row in the trail → conditional UPDATE of the
idea → messages in the outbox. A step that can't be taken raises `Refused` with a sentence for the person; `Overtaken` if
somebody was quicker. Nothing is changed then.
"""

from .desk import link_measure, reclassify, release, take, unlink_measure
from .handing_in import Submission, confirm, keep_number_free, next_number, submit
from .imports import ImportedIdea, import_kept, import_link
from .measures import change_measure_status, current_progress
from .record import Decision, Overtaken, Refused
from .voices import ask_with_address, follow, grant, recount_supports, request_token, support, supports, unfollow, unsupport

__all__ = [
    "Decision",
    "ImportedIdea",
    "Overtaken",
    "Refused",
    "Submission",
    "ask_with_address",
    "change_measure_status",
    "confirm",
    "current_progress",
    "follow",
    "grant",
    "import_kept",
    "import_link",
    "keep_number_free",
    "link_measure",
    "next_number",
    "reclassify",
    "recount_supports",
    "release",
    "request_token",
    "submit",
    "support",
    "supports",
    "take",
    "unfollow",
    "unlink_measure",
    "unsupport",
]
