"""What can happen to an idea: its states, and the one table of steps between them.

Nothing here touches the database. ideas/permissions.py answers who may take a step now, ideas/actions takes it.
docs/idea-workflow.md is generated from this file (`manage.py describe_workflow`).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from pages.words import named, words


class Status(models.TextChoices):
    """An idea's own status. Every idea begins as a draft; each later one has a row in the trail (database_rules.py)."""

    DRAFT = "draft", _("Entwurf")
    UNCONFIRMED = "unconfirmed", _("Unbestätigt")
    SUBMITTED = "submitted", _("Eingereicht")
    IN_REVIEW = "in_review", _("In Prüfung")
    QUESTION = "question", _("Rückfrage")
    KEPT = "kept", _("Idee")
    REJECTED = "rejected", _("Verworfen")
    MERGED = "merged", _("Aufgegangen")
    WITHDRAWN = "withdrawn", _("Zurückgezogen")


# Groups of states, named once and used in queries, permissions and views.
NOT_YET_SUBMITTED = (Status.DRAFT, Status.UNCONFIRMED)
AWAITING_DECISION = (Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION)
UNDER_REVIEW = (Status.IN_REVIEW, Status.QUESTION)  # what reviewers may work on; a question can come in between
DECIDED = (Status.KEPT, Status.REJECTED)
STANDING = (*AWAITING_DECISION, *DECIDED)  # an idea of its own: neither merged nor withdrawn

# Days until an answer is due, counted from the step into the status; ReviewSettings holds the days that are in force.
# No promise while we wait for the author.
DAYS_TO_ANSWER = {Status.SUBMITTED: 28, Status.IN_REVIEW: 28}


class MeasureStatus(models.TextChoices):
    """A measure's status, in the order of its life."""

    IDEA = "idea", _("Idee")
    PLANNING = "planning", _("In Planung")
    PREPARATION = "preparation", _("In Vorbereitung")
    IMPLEMENTATION = "implementation", _("In Umsetzung")
    DONE = "done", _("Abgeschlossen")


# A kept idea shows the most advanced of its measures; a measure that is still an idea itself gives none.
PROGRESS = (MeasureStatus.PLANNING, MeasureStatus.PREPARATION, MeasureStatus.IMPLEMENTATION, MeasureStatus.DONE)


def progress_from(statuses: list[str]) -> str:
    """The progress that an idea takes from the statuses of its measures; '' for none."""
    reached = [status for status in PROGRESS if status in statuses]
    return reached[-1].value if reached else ""


class Contribution(models.TextChoices):
    """How far an idea goes into a measure."""

    FULL = "full", _("fließt ganz ein")
    PARTLY = "partly", _("fließt teilweise ein")
    INSPIRED = "inspired", _("gab den Anstoß")


class Channel(models.TextChoices):
    """The way on which an idea came in."""

    WEBSITE = "website", _("Website")
    COMPETITION = "competition", _("Ideenwettbewerb")
    SURVEY = "survey", _("Umfrage")
    INTERVIEW = "interview", _("Interview")
    WORKSHOP = "workshop", _("Werkstatt")
    LETTER = "letter", _("Zusendung")
    COUNCIL = "council", _("Gremium")
    APPLICATION = "application", _("Förderantrag")


class Action(StrEnum):
    SUBMIT = "submit"
    CONFIRM = "confirm"
    IMPORT = "import"
    RELEASE = "release"
    TAKE_INTO_REVIEW = "take_into_review"
    ASK_BACK = "ask_back"
    KEEP = "keep"
    REJECT = "reject"
    REOPEN = "reopen"
    RECLASSIFY = "reclassify"
    LINK_MEASURE = "link_measure"
    UNLINK_MEASURE = "unlink_measure"
    PROGRESS = "progress"
    # by the author
    ANSWER = "answer"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    # several ideas at once: the first of each pair is pressed, the second is the row of the other idea
    MERGE = "merge"
    ABSORB = "absorb"
    UNMERGE = "unmerge"
    LET_GO = "let_go"
    SPLIT = "split"
    SPLIT_OFF = "split_off"
    # about the review and the trail itself
    PUBLISH_REVIEW = "publish_review"
    REDACT = "redact"


# What the public hears of first: the answers of the office.
DECISIONS = (Action.KEEP, Action.REJECT, Action.REOPEN)


class Reason(StrEnum):
    """Whether a step carries a public reason."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Step:
    """One row of the table. `target` None: the step leaves the status as it is. `roles` empty: the system or the author."""

    action: Action
    label: Any  # the button
    done: Any  # what the trail says afterwards
    sources: tuple[Status, ...]
    target: Status | None
    roles: frozenset[Role] = frozenset()
    reason: Reason = Reason.NONE
    needs_release: bool = False
    tells_author: bool = False


_REVIEW = frozenset({Role.REVIEWER, Role.LEAD})
_LEAD = frozenset({Role.LEAD})
_OPEN = AWAITING_DECISION

STEPS: tuple[Step, ...] = (
    Step(Action.SUBMIT, _("Einreichen"), _("Eingereicht"), (Status.DRAFT,), Status.SUBMITTED, tells_author=True),
    Step(Action.SUBMIT, _("Einreichen"), _("Eingereicht, noch nicht bestätigt"), (Status.DRAFT,), Status.UNCONFIRMED),
    Step(Action.CONFIRM, _("Bestätigen"), _("Eingereicht und bestätigt"), (Status.UNCONFIRMED,), Status.SUBMITTED, tells_author=True),
    *(
        Step(Action.IMPORT, _("Übernehmen"), words.later(_("In %(the_acc_ideenspeicher)s übernommen")), (Status.DRAFT,), target, reason=Reason.OPTIONAL)
        for target in (Status.KEPT, Status.SUBMITTED, Status.IN_REVIEW, Status.REJECTED)
    ),
    Step(
        # Also where a question was asked or a rejection pronounced before the release: otherwise such an idea had no way on.
        # In review: a newer wording of an idea that is public already.
        Action.RELEASE, _("Veröffentlichen"), _("Veröffentlicht"),
        (Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.REJECTED), None,
        roles=_REVIEW, reason=Reason.OPTIONAL, tells_author=True,
    ),
    Step(
        Action.TAKE_INTO_REVIEW, _("In Prüfung nehmen"), _("Prüfung begonnen"), (Status.SUBMITTED, Status.QUESTION), Status.IN_REVIEW,
        roles=_REVIEW, reason=Reason.OPTIONAL, needs_release=True, tells_author=True,
    ),
    Step(
        Action.ASK_BACK, _("Rückfrage stellen"), _("Rückfrage gestellt"), (Status.SUBMITTED, Status.IN_REVIEW), Status.QUESTION,
        roles=_REVIEW, reason=Reason.REQUIRED, tells_author=True,
    ),
    Step(
        Action.KEEP, _("Als Idee behalten"), _("Als Idee behalten"), (Status.IN_REVIEW,), Status.KEPT,
        roles=_LEAD, reason=Reason.OPTIONAL, needs_release=True, tells_author=True,
    ),
    Step(
        Action.REJECT, _("Verwerfen"), _("Verworfen"), _OPEN, Status.REJECTED,
        roles=_LEAD, reason=Reason.REQUIRED, tells_author=True,
    ),
    Step(
        Action.REOPEN, _("Wieder aufnehmen"), _("Wieder in Prüfung genommen"), (Status.KEPT, Status.REJECTED), Status.IN_REVIEW,
        roles=_LEAD, reason=Reason.REQUIRED, needs_release=True, tells_author=True,
    ),
    Step(
        Action.RECLASSIFY, _("Umordnen"), _("Umgeordnet"), STANDING, None,
        roles=_REVIEW, reason=Reason.REQUIRED, tells_author=True,
    ),
    Step(
        Action.LINK_MEASURE, words.later(_("Mit %(dat_massnahme)s verknüpfen")), words.later(_("Mit %(a_dat_massnahme)s verknüpft")), (Status.KEPT,), None,
        roles=_REVIEW, reason=Reason.OPTIONAL, needs_release=True, tells_author=True,
    ),
    Step(
        Action.UNLINK_MEASURE, words.later(_("Von %(dat_massnahme)s lösen")), words.later(_("Von %(a_dat_massnahme)s gelöst")), (Status.KEPT,), None,
        roles=_REVIEW, reason=Reason.REQUIRED, needs_release=True, tells_author=True,
    ),
    Step(Action.PROGRESS, _("Fortschritt"), words.later(_("Neuer Stand %(the_gen_massnahme)s")), (Status.KEPT,), None, tells_author=True),
    # The answer leads back to where the question was asked.
    *(
        Step(Action.ANSWER, _("Antworten"), _("Rückfrage beantwortet"), (Status.QUESTION,), target, reason=Reason.REQUIRED)
        for target in (Status.SUBMITTED, Status.IN_REVIEW)
    ),
    Step(Action.EDIT, _("Ändern"), _("Neue Fassung eingereicht"), _OPEN, None),
    Step(Action.WITHDRAW, _("Zurückziehen"), _("Zurückgezogen"), STANDING, Status.WITHDRAWN),
    Step(
        Action.MERGE, _("Zusammenlegen"), _("In einer anderen Idee aufgegangen"), STANDING, Status.MERGED,
        roles=_LEAD, reason=Reason.REQUIRED, needs_release=True, tells_author=True,
    ),
    Step(Action.ABSORB, _("Aufnehmen"), _("Andere Ideen aufgenommen"), STANDING, None, reason=Reason.REQUIRED, tells_author=True),
    # Undone, a merge leads back to where the idea stood.
    *(
        Step(
            Action.UNMERGE, _("Zusammenlegung aufheben"), _("Wieder eine eigene Idee"), (Status.MERGED,), target,
            roles=_LEAD, reason=Reason.REQUIRED, tells_author=True,
        )
        for target in STANDING
    ),
    Step(Action.LET_GO, _("Abgeben"), _("Eine aufgenommene Idee steht wieder für sich"), (*STANDING, Status.MERGED), None, reason=Reason.REQUIRED),
    Step(
        Action.SPLIT, _("Aufteilen"), _("In mehrere Ideen aufgeteilt"), STANDING, None,
        roles=_LEAD, reason=Reason.REQUIRED, needs_release=True, tells_author=True,
    ),
    Step(
        Action.SPLIT_OFF, _("Hervorgehen"), _("Aus einer anderen Idee hervorgegangen"), (Status.DRAFT,), Status.SUBMITTED,
        reason=Reason.REQUIRED, tells_author=True,
    ),
    Step(
        Action.PUBLISH_REVIEW, _("Prüfergebnis veröffentlichen"), _("Ergebnis der Prüfung veröffentlicht"), (Status.IN_REVIEW, *DECIDED), None,
        roles=_LEAD, reason=Reason.OPTIONAL, needs_release=True, tells_author=True,
    ),
    Step(
        Action.REDACT, _("Text schwärzen"), _("Text eines Schritts entfernt"), (*STANDING, Status.MERGED, Status.WITHDRAWN), None,
        roles=_LEAD, reason=Reason.REQUIRED,
    ),
)

# Named in the database's own rule as well (models/idea.py): these steps must carry a public reason.
ACTIONS_WITH_REQUIRED_REASON = tuple(sorted({step.action.value for step in STEPS if step.reason is Reason.REQUIRED}))


def find_step(action: Action, status: str, target: Status | None = None) -> Step | None:
    """The row of the table for this action from this status (and to this target, where an action has two); None if there is none."""
    rows = [step for step in STEPS if step.action is action and status in step.sources]
    if target is not None:
        rows = [step for step in rows if step.target == target]
    return rows[0] if rows else None


@dataclass(frozen=True)
class PublicState:
    """A state as people see it: a word, an icon and a tone, never a colour alone. `slug` is its name in addresses; word and
    explanation are those of the settings where a region has its own (pages/words.py)."""

    slug: str
    label: Any
    icon: str
    tone: str
    explanation: Any


def _nameable(kind: str, states: dict[str, PublicState]) -> dict[str, PublicState]:
    return {
        status: replace(
            state,
            label=named(f"{kind}.{state.slug}", state.label),
            explanation=named(f"{kind}.{state.slug}", state.explanation, "explanation"),
        )
        for status, state in states.items()
    }


IDEA_STATES: dict[str, PublicState] = _nameable("idee", {
    Status.DRAFT: PublicState("entwurf", _("Entwurf"), "pencil", "neutral", _("Noch nicht eingereicht.")),
    Status.UNCONFIRMED: PublicState(
        "unbestaetigt", _("Unbestätigt"), "mail", "warn", _("Wir warten darauf, dass die E-Mail-Adresse bestätigt wird.")
    ),
    Status.SUBMITTED: PublicState("eingereicht", _("Eingereicht"), "inbox", "neutral", _("Die Idee ist da. Die Prüfung hat noch nicht begonnen.")),
    Status.IN_REVIEW: PublicState("in-pruefung", _("In Prüfung"), "search", "info", _("Wir prüfen die Idee nach den veröffentlichten Kriterien.")),
    Status.QUESTION: PublicState("rueckfrage", _("Rückfrage"), "question", "warn", _("Wir brauchen noch eine Auskunft, bevor wir entscheiden.")),
    Status.KEPT: PublicState("idee", _("Idee"), "bulb", "success", words.later(_("Geprüft und behalten. Die Idee kann in %(a_acc_massnahme)s einfließen."))),
    Status.REJECTED: PublicState("verworfen", _("Verworfen"), "cross", "danger", _("Wir setzen die Idee nicht um und sagen, warum.")),
    Status.MERGED: PublicState("aufgegangen", _("Aufgegangen"), "merge", "neutral", _("Die Idee ist Teil einer anderen Idee geworden.")),
    Status.WITHDRAWN: PublicState("zurueckgezogen", _("Zurückgezogen"), "back", "neutral", _("Die Idee wurde zurückgezogen.")),
})
MEASURE_STATES: dict[str, PublicState] = _nameable("massnahme", {
    MeasureStatus.IDEA: PublicState("idee", _("Idee"), "bulb", "success", _("Vorgesehen, die Ausgestaltung hat noch nicht begonnen.")),
    MeasureStatus.PLANNING: PublicState("in-planung", _("In Planung"), "compass", "progress", _("Wir klären, was genau gebraucht wird.")),
    MeasureStatus.PREPARATION: PublicState(
        "in-vorbereitung", _("In Vorbereitung"), "gear", "progress", _("Wir bereiten den Start vor, zum Beispiel mit einer Ausschreibung.")
    ),
    MeasureStatus.IMPLEMENTATION: PublicState("in-umsetzung", _("In Umsetzung"), "run", "progress", _("Der Auftrag ist vergeben, die Arbeit läuft.")),
    MeasureStatus.DONE: PublicState("abgeschlossen", _("Abgeschlossen"), "check", "success", _("Das Vorhaben ist fertig.")),
})
PUBLIC_STATUSES = (Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED, Status.MERGED, Status.WITHDRAWN)


def public_state(status: str, progress: str = "") -> PublicState:
    """What people see of an idea: its progress where a measure gives one, otherwise its own status."""
    return MEASURE_STATES[progress] if progress else IDEA_STATES[status]


def measure_status_choices() -> list[tuple[str, Any]]:
    """The statuses of a measure by their names in force, for a field that offers them."""
    return [(status.value, MEASURE_STATES[status].label) for status in MeasureStatus]


def stepper(current: str) -> list[dict[str, Any]]:
    """The life of a measure as steps: label and `done`, `current` or `todo`."""
    order = list(MeasureStatus)
    position = order.index(MeasureStatus(current))
    return [
        {"label": MEASURE_STATES[status].label, "state": "done" if index < position else "current" if index == position else "todo"}
        for index, status in enumerate(order)
    ]
