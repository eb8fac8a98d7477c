"""What the office did with a competition, in sentences for its public page."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .local_time import moment_in_words
from .models import CompetitionStep
from .phase_line import end_in_words
from .phases import Phase

Kind = CompetitionStep.Kind
# What needs no details to be said.
PLAIN: dict[str, Any] = {
    Kind.CLOSED: gettext_lazy("Die Abstimmung ist geschlossen. Ab jetzt ändert sich kein Stimmzettel mehr."),
    Kind.COUNTED: gettext_lazy("Die Stimmen sind ausgezählt. Veröffentlicht wird das Ergebnis von einer zweiten Person."),
    Kind.PUBLISHED: gettext_lazy("Das Ergebnis ist veröffentlicht. Alle können es nachzählen."),
    Kind.LINKS_DELETED: gettext_lazy("Es ist gelöscht, welcher Stimmzettel von wem ist. Der Beleg gilt weiter."),
}


def sentence_of(step: CompetitionStep) -> str:
    """What this step was, in the reader's language; the public note stands beside it."""
    if step.kind == Kind.EXTENDED:
        return _extended(step.details)
    if step.kind == Kind.PLANNED:
        return _planned(step.details)
    return str(PLAIN[step.kind])


def _extended(details: dict[str, Any]) -> str:
    sentence = _("„%(phase)s“ dauert länger: bis zum %(to)s, vorher bis zum %(from)s.") % {
        "phase": _label(details["phase"]),
        "to": _end(details["to"]),
        "from": _end(details["from"]),
    }
    moved = [_moved(change) for change in details.get("moved", [])]
    return " ".join([sentence, *moved])


def _moved(change: dict[str, Any]) -> str:
    return _("„%(phase)s“ ist jetzt %(span)s.") % {"phase": _label(change["phase"]), "span": _span(change["to"])}


def _planned(details: dict[str, Any]) -> str:
    changes = details.get("phases", [])
    if not changes:
        return str(Kind.PLANNED.label)
    return " ".join(_change(change) for change in changes)


def _change(change: dict[str, Any]) -> str:
    words = {"phase": _label(change["phase"])}
    if change["to"] is None:
        return _("„%(phase)s“ entfällt, geplant war %(old)s.") % {**words, "old": _span(change["from"])}
    words["new"] = _span(change["to"])
    if change["from"] is None:
        return _("„%(phase)s“ ist %(new)s.") % words
    return _("„%(phase)s“ ist jetzt %(new)s, geplant war %(old)s.") % {**words, "old": _span(change["from"])}


def _label(phase: str) -> str:
    return str(Phase(phase).label)


def _span(ends: list[str | None]) -> str:
    begin, end = ends
    words = {"begin": moment_in_words(datetime.fromisoformat(str(begin))), "end": _end(end) if end else ""}
    return (_("vom %(begin)s bis zum %(end)s") if end else _("ab dem %(begin)s")) % words


def _end(moment: str) -> str:
    return end_in_words(datetime.fromisoformat(moment))
