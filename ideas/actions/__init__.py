"""What people do with ideas and measures: the only place that changes a status, a Lösung, a link or a progress.

Every step runs the same way, in one transaction: permission → precondition → row in the trail → conditional UPDATE of the
idea → messages in the outbox. A step that can't be taken raises `Refused` with a sentence for the person; `Overtaken` if
somebody was quicker. Nothing is changed then.
"""

from .desk import link_measure, reclassify, release, take, unlink_measure
from .handing_in import Submission, confirm, keep_number_free, next_number, submit
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
from .record import Decision, Overtaken, Refused

__all__ = [
    "Decision",
    "ImportedIdea",
    "Overtaken",
    "Refused",
    "Submission",
    "change_measure_status",
    "confirm",
    "current_progress",
    "import_classification",
    "import_idea",
    "import_kept",
    "import_link",
    "import_measure_changes",
    "import_measures",
    "keep_number_free",
    "link_measure",
    "next_number",
    "reclassify",
    "release",
    "submit",
    "take",
    "unlink_measure",
]
