"""The life of a comment as one table: what can happen to it in which state, and who does it.

What is read in public is only ever what was shown: an edit that waits stands in a version of its own. A comment that was shown
once keeps its place for ever, so links to it and replies below it hold; instead of its text there is then a sentence.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")  # a guest's, whose address isn't proved yet
    HELD = "held", _("wartet auf die Moderation")
    PUBLIC = "public", _("öffentlich")
    HIDDEN = "hidden", _("ausgeblendet")  # was public, and keeps its place
    REFUSED = "refused", _("nicht veröffentlicht")  # was never public
    DELETED = "deleted", _("gelöscht")  # by its author


class Who(StrEnum):
    """Who takes a step."""

    AUTHOR = "author"
    READER = "reader"  # anybody, without an account too
    MODERATOR = "moderator"
    RULE = "rule"  # the house's own rules (brakes.py)


class Action(models.TextChoices):
    WRITE = "write", _("geschrieben")
    CONFIRM = "confirm", _("Adresse bestätigt")
    EDIT = "edit", _("geändert")
    DELETE = "delete", _("gelöscht")
    REPORT = "report", _("gemeldet")
    HOLD = "hold", _("angehalten, bis die Moderation entschieden hat")
    APPROVE = "approve", _("freigegeben")
    REFUSE = "refuse", _("nicht veröffentlicht")
    HIDE = "hide", _("ausgeblendet")
    KEEP = "keep", _("bleibt stehen")
    RESTORE = "restore", _("wieder eingeblendet")
    APPROVE_EDIT = "approve_edit", _("Änderung freigegeben")
    REFUSE_EDIT = "refuse_edit", _("Änderung nicht veröffentlicht")
    COMPLAIN = "complain", _("Einspruch eingelegt")
    UPHOLD = "uphold", _("Einspruch stattgegeben")
    REJECT = "reject", _("Einspruch zurückgewiesen")


class Ground(models.TextChoices):
    """Why a comment is reported, hidden or refused."""

    INSULT = "insult", _("Beleidigung oder Drohung")
    HATE = "hate", _("Hass gegen Gruppen von Menschen")
    PRIVATE = "private", _("Persönliche Daten von anderen")
    ILLEGAL = "illegal", _("Anderer Verstoß gegen ein Gesetz")
    ADVERT = "advert", _("Werbung oder Spam")
    TOPIC = "topic", _("Gehört nicht zum Thema")
    OTHER = "other", _("Etwas anderes")


class HoldReason(models.TextChoices):
    """Why the house's rules hold a text for the moderation (brakes.py)."""

    PREMODERATION = "premoderation", _("Jeder Kommentar wird vorher gelesen.")
    APPROVED_BEFORE = "approved_before", _("Der freigegebene Text ändert sich erst nach neuer Freigabe.")
    WORD = "word", _("Enthält ein Wort von der Liste.")
    LINKS = "links", _("Enthält zu viele Links.")
    NEW_AUTHOR = "new_author", _("Es warten schon mehrere Kommentare neuer Personen auf einen ersten Blick.")
    NO_PROOF = "no_proof", _("Die Prüfung gegen automatische Beiträge fehlt.")
    REPORTS = "reports", _("Mehrere Personen haben den Kommentar gemeldet.")
    NOT_ANY_MORE = "not_any_more", _("Als die Adresse bestätigt wurde, war Kommentieren hier nicht mehr möglich.")
    LIMITER = "limiter", _("Es ließ sich gerade nicht prüfen, wie viel von dort schon kam.")


@dataclass(frozen=True)
class Move:
    """One row of the table. `targets`: where the step leads; an empty one stays where it is."""

    action: Action
    who: Who
    sources: frozenset[State]
    targets: frozenset[State]
    needs_reason: bool = False


def _move(action: Action, who: Who, sources: str, targets: str = "", *, needs_reason: bool = False) -> Move:
    return Move(
        action, who, frozenset(State(name) for name in sources.split()), frozenset(State(name) for name in targets.split()),
        needs_reason,
    )  # fmt: skip


MOVES = (
    _move(Action.CONFIRM, Who.AUTHOR, "unconfirmed", "public held"),
    _move(Action.EDIT, Who.AUTHOR, "held public"),
    _move(Action.DELETE, Who.AUTHOR, "held public hidden refused", "deleted"),
    _move(Action.REPORT, Who.READER, "public"),
    _move(Action.HOLD, Who.RULE, "public", "held"),
    _move(Action.APPROVE, Who.MODERATOR, "held", "public"),
    _move(Action.REFUSE, Who.MODERATOR, "held", "refused", needs_reason=True),
    _move(Action.HIDE, Who.MODERATOR, "public held", "hidden", needs_reason=True),
    _move(Action.KEEP, Who.MODERATOR, "public", needs_reason=True),
    _move(Action.RESTORE, Who.MODERATOR, "hidden refused", "public", needs_reason=True),
    _move(Action.APPROVE_EDIT, Who.MODERATOR, "public"),
    _move(Action.REFUSE_EDIT, Who.MODERATOR, "public", needs_reason=True),
    _move(Action.COMPLAIN, Who.AUTHOR, "hidden refused"),
    _move(Action.UPHOLD, Who.MODERATOR, "hidden refused", "public", needs_reason=True),
    _move(Action.REJECT, Who.MODERATOR, "hidden refused", needs_reason=True),
)
MOVE = {move.action: move for move in MOVES}
# Decisions against an author, who may complain about them. A refused edit isn't among them: the old text stays readable.
COMPLAINABLE = frozenset({Action.HIDE, Action.REFUSE})
# What a moderator decides at the desk; complaints are decided apart, by another person.
DECISIONS = (
    Action.APPROVE,
    Action.REFUSE,
    Action.APPROVE_EDIT,
    Action.REFUSE_EDIT,
    Action.KEEP,
    Action.HIDE,
    Action.RESTORE,
)
EDIT_MINUTES = 15
