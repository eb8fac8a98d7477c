"""Reports and values that project leads propose for their measures, and what the lead does with them.

A proposal changes nothing that is public. Released, a report and a value of a measure's own figure get a row in the measure's
way; a value of a Lösung's figure is shown at the Lösung.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, has_words, one_line
from pages.words import words

from .. import notifications, permissions
from ..charts import figure
from ..models import Kpi, KpiValue, Measure, MeasureEntry, ProgressNote, Proposal
from .measures import hold_measure, record_for_measure
from .record import Decision, Overtaken, Refused, in_the_trails_language

EARLIEST = date(1990, 1, 1)
TEXT_LENGTH = 5000


def propose_note(
    measure: Measure, *, happened_on: date, text: str, by: User, office: str = "", now: datetime | None = None
) -> ProgressNote:
    """A report on the measure. It waits for the lead; the lead's own is released at once.

    Raises Refused with a sentence: not this person's measure, no words, a day to come, the same report once more.
    """
    if not permissions.reports_on(by, measure):
        raise Refused(_("Berichte schreiben nur die Projektverantwortlichen %(this_gen_massnahme)s und die Leitung.") % words)
    text = clean_text(text)
    if not has_words(text) or len(text) > TEXT_LENGTH:
        raise Refused(_("Bitte schreiben Sie in ein paar Sätzen, was geschehen ist, höchstens 5.000 Zeichen."))
    _check_day(happened_on, now)
    with transaction.atomic():
        hold_measure(measure)
        again = measure.notes.standing().filter(happened_on=happened_on, text=text)
        if again.exists():
            raise Refused(_("Diesen Bericht gibt es schon."))
        note = ProgressNote.objects.create(
            measure=measure, happened_on=happened_on, text=text, author=by, created_at=now or timezone.now()
        )
        if permissions.leads(by):
            release_proposal(note, by=by, office=office, now=now)
    return note


def propose_value(
    kpi: Kpi, *, measured_on: date, value: Decimal, note: str = "", by: User, office: str = "", now: datetime | None = None
) -> KpiValue:
    """A value of the figure on a day, as propose_note. A figure has one value a day; one that was declined doesn't count.

    The lead corrects a public value by entering it once more: both stand in the measure's way, the chart shows the newer one.
    """
    if not permissions.enters_values_of(by, kpi):
        raise Refused(_("Werte tragen nur die Projektverantwortlichen %(the_gen_massnahme)s und die Leitung ein.") % words)
    _check_day(measured_on, now)
    try:
        with transaction.atomic():
            corrected = _set_aside(kpi, measured_on, value, by, now) if permissions.leads(by) else None
            proposed = KpiValue.objects.create(
                kpi=kpi,
                measured_on=measured_on,
                value=value,
                note=one_line(note)[:250],
                author=by,
                created_at=now or timezone.now(),
            )
            if permissions.leads(by):
                release_proposal(proposed, by=by, office=office, now=now, corrected=corrected)
    except IntegrityError as error:
        if not kpi.values.standing().filter(measured_on=measured_on).exists():
            raise
        raise Refused(_("Für diesen Tag gibt es schon einen Wert dieser Kennzahl.")) from error
    return proposed


def _set_aside(kpi: Kpi, day: date, value: Decimal, by: User, now: datetime | None) -> KpiValue | None:
    """The public value of that day makes room for another one; it is returned, None where there is none."""
    old = kpi.values.released().filter(measured_on=day).exclude(value=value).select_for_update().first()
    if old is not None:
        old.state, old.decided_by, old.decided_at = Proposal.State.DECLINED, by, now or timezone.now()
        with in_the_trails_language():
            old.answer = _("Berichtigt: %(value)s") % {"value": figure(value, kpi.unit)}
        old.save()
    return old


def release_proposal(
    proposal: ProgressNote | KpiValue,
    *,
    by: User,
    office: str = "",
    now: datetime | None = None,
    corrected: KpiValue | None = None,
) -> MeasureEntry | None:
    """Make it public, dated on the day that it tells of, and tell its author. Returns the row in the measure's way; None for a
    value of a Lösung's figure, which is in no measure. `corrected`: the value that this one takes the place of."""
    now = now or timezone.now()
    with transaction.atomic():
        _decide(proposal, Proposal.State.RELEASED, by, now)
        measure = proposal.measure if isinstance(proposal, ProgressNote) else proposal.kpi.measure
        if measure is None:
            entry = None
        else:
            hold_measure(measure)
            entry = _tell(measure, proposal, by=by, office=office, now=now, corrected=corrected)
            type(proposal).objects.filter(pk=proposal.pk).update(entry=entry)
            proposal.entry = entry
        notifications.tell_of_proposal(proposal)
    return entry


def decline_proposal(proposal: ProgressNote | KpiValue, *, answer: str, by: User, now: datetime | None = None) -> None:
    """Give it back to its author, with words that only they read."""
    answer = clean_text(answer)
    if permissions.leads(by) and not has_words(answer):
        raise Refused(_("Bitte schreiben Sie, was noch fehlt oder anders sein soll."))
    with transaction.atomic():
        _decide(proposal, Proposal.State.DECLINED, by, now or timezone.now(), answer=answer)
        notifications.tell_of_proposal(proposal)


def _decide(proposal: ProgressNote | KpiValue, state: Proposal.State, by: User, now: datetime, answer: str = "") -> None:
    """Write the lead's decision, unless somebody else was quicker."""
    if not permissions.leads(by):
        raise Refused(_("Für diesen Schritt fehlt Ihnen die Berechtigung."))
    values = {"state": state, "decided_by": by, "decided_at": now, "answer": answer}
    waiting = type(proposal).objects.waiting().filter(pk=proposal.pk)
    if not waiting.update(**values):
        raise Overtaken(_("Darüber hat inzwischen jemand anderes entschieden. Bitte sehen Sie sich den neuen Stand an."))
    for name, new in values.items():
        setattr(proposal, name, new)


def _tell(
    measure: Measure,
    proposal: ProgressNote | KpiValue,
    *,
    by: User,
    office: str,
    now: datetime,
    corrected: KpiValue | None,
) -> MeasureEntry:
    if isinstance(proposal, ProgressNote):
        kind, day, words, changes = MeasureEntry.Kind.NOTE, proposal.happened_on, proposal.text, []
    else:
        kind, day, words = MeasureEntry.Kind.KPI, proposal.measured_on, proposal.note
        changes = [_value_change(proposal, corrected)]
    return record_for_measure(
        measure,
        kind,
        now=now,
        by=by,
        decision=Decision(reason=words, office=office),
        changes=changes,
        happened_at=_noon(day, now),
    )


@in_the_trails_language()
def _value_change(proposal: KpiValue, corrected: KpiValue | None) -> dict[str, Any]:
    kpi = proposal.kpi
    before = corrected or kpi.values.released().filter(measured_on__lt=proposal.measured_on).order_by("-measured_on").first()
    return {
        "label": _("%(figure)s, berichtigt") % {"figure": kpi.name} if corrected else kpi.name,
        "before": figure(before.value, kpi.unit) if before else "",
        "after": figure(proposal.value, kpi.unit),
    }


def _check_day(day: date, now: datetime | None) -> None:
    if day > timezone.localdate(now):
        raise Refused(_("Dieser Tag liegt in der Zukunft. Bitte geben Sie einen Tag bis heute an."))
    if day < EARLIEST:
        raise Refused(_("Bitte geben Sie einen Tag nach dem %(day)s an.") % {"day": date_format(EARLIEST)})


def _noon(day: date, now: datetime) -> datetime:
    """A moment of that day: noon, but never after now."""
    return min(timezone.make_aware(datetime.combine(day, time(12))), now)
