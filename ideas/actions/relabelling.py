"""What a measure is called and where it stands in the agenda: changed with before, after and reason in its public way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, has_words, one_line
from pages.models import LoesungPage, ZielbildPage
from pages.words import words

from .. import permissions
from ..models import Measure, MeasureEntry
from .measures import hold_measure, measure_overtaken, record_for_measure
from .record import Decision, Refused, in_the_trails_language


@dataclass(frozen=True)
class Labels:
    """All that a measure is found by. For one change: `dataclasses.replace(Labels.of(measure), title=…)`."""

    code: str
    title: str
    zielbild: ZielbildPage
    loesung: LoesungPage | None

    @classmethod
    def of(cls, measure: Measure) -> Self:
        return cls(measure.code, measure.title, measure.zielbild, measure.loesung)


def relabel(
    measure: Measure, labels: Labels, *, by: User | None, decision: Decision, now: datetime | None = None
) -> MeasureEntry:
    """Give the measure these labels. `by` None: the system, an import for example.

    Raises Refused without a reason, where nothing changes or the labels don't fit; Overtaken if somebody was quicker.
    """
    if by is not None and not permissions.relabels(by):
        raise Refused(_("Für diesen Schritt fehlt Ihnen die Berechtigung."))
    if not has_words(clean_text(decision.reason)):
        raise Refused(_("Bitte begründen Sie die Änderung. Der Grund wird veröffentlicht."))
    fields = _clean(labels)
    with transaction.atomic():
        own = hold_measure(measure)
        if decision.seen is not None and decision.seen != own.trail_length:
            raise measure_overtaken()
        changes = _changes(own, labels, fields)
        if not changes:
            raise Refused(
                _("%(The_massnahme)s heißt schon so. Bitte ändern Sie Nummer, Titel, %(zielbild)s oder %(loesung)s.") % words
            )
        if Measure.objects.filter(code=fields["code"]).exclude(pk=own.pk).exists():
            raise Refused(_("Diese Nummer ist schon vergeben. Bitte wählen Sie eine andere."))
        return record_for_measure(
            measure, MeasureEntry.Kind.RELABEL, now=now or timezone.now(), by=by, decision=decision, changes=changes, **fields
        )


def _clean(labels: Labels) -> dict[str, Any]:
    """The new values of the measure. Raises Refused where they can't be."""
    code, title = one_line(labels.code), one_line(labels.title)
    if not has_words(code) or len(code) > 20:
        raise Refused(_("Bitte geben Sie eine Nummer ein, zum Beispiel: 3.1"))
    if not has_words(title) or len(title) > 200:
        raise Refused(_("Bitte geben Sie einen Titel ein, höchstens 200 Zeichen."))
    if labels.loesung and not labels.loesung.path.startswith(labels.zielbild.path):
        raise Refused(
            _("%(This_loesung)s gehört nicht zu %(this_dat_zielbild)s. Bitte ändern Sie eine der beiden Angaben.") % words
        )
    return {"code": code, "title": title, "zielbild": labels.zielbild, "loesung": labels.loesung}


@in_the_trails_language()
def _changes(own: Measure, labels: Labels, fields: dict[str, Any]) -> list[dict[str, str]]:
    none = _("nicht zugeordnet")
    rows = [
        (_("Nummer"), own.code, fields["code"], own.code != fields["code"]),
        (_("Titel"), own.title, fields["title"], own.title != fields["title"]),
        (words["Zielbild"], own.zielbild.title, labels.zielbild.title, own.zielbild_id != labels.zielbild.pk),
        (
            words["Loesung"],
            own.loesung.title if own.loesung else none,
            labels.loesung.title if labels.loesung else none,
            own.loesung_id != (labels.loesung.pk if labels.loesung else None),
        ),
    ]
    return [{"label": label, "before": before, "after": after} for label, before, after, differs in rows if differs]
