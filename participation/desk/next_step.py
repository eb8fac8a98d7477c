"""What the lead does next in a competition: one clear step, or none. Asks for nothing that `with_desk` has not brought."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import permissions, phases
from ..local_time import moment_in_words
from ..models import Competition, Entry
from ..phases import Deed, Phase


@dataclass(frozen=True)
class Next:
    """A sentence, and where it is done; without an address there is nothing to do but wait."""

    sentence: str
    url: str = ""
    button: str = ""

    @property
    def waits(self) -> bool:
        """Whether something waits for the lead."""
        return bool(self.url)


def with_desk() -> QuerySet[Competition]:
    """All competitions with what the desk says of one: three queries for any number."""
    rows = Competition.objects.with_phases().select_related("tally").defer("tally__file", "tally__result")
    return rows.annotate(
        proposed=Count("entries", filter=Q(entries__state=Entry.State.PROPOSED), distinct=True),
        taking_part=Count("entries", filter=Q(entries__state=Entry.State.IN), distinct=True),
        jury_size=Count("jury", distinct=True),
    )


def next_step(user: Any, own: Any, now: datetime) -> Next:
    """The first thing that waits; else what runs until when. `own`: of `with_desk`."""
    return _unpublished(own) or _entries(user, own, now) or _jury(own, now) or _result(user, own, now) or _time(own, now)


def _at(name: str, own: Competition) -> str:
    return reverse(f"competitions_desk:{name}", args=[own.pk])


def _unpublished(own: Competition) -> Next | None:
    if own.page.live:
        return None
    sentence = _(
        "Der Wettbewerb ist ein Entwurf. Ergänzen Sie, was fehlt, sehen Sie sich die Vorschau an und veröffentlichen Sie ihn."
    )
    return Next(sentence, _at("competition", own) + "#veroeffentlichen", _("Zum Veröffentlichen"))


def _entries(user: Any, own: Any, now: datetime) -> Next | None:
    if not own.proposed or permissions.why_not(user, Deed.TAKE_OUT, own, now=now):
        return None
    sentence = ngettext(
        "%(n)s Vorschlag wartet auf Ihre Entscheidung.", "%(n)s Vorschläge warten auf Ihre Entscheidung.", own.proposed
    )
    return Next(sentence % {"n": own.proposed}, _at("entries", own), _("Beiträge ansehen"))


def _jury(own: Any, now: datetime) -> Next | None:
    if not own.has_jury or own.jury_size or not phases.allows(Deed.APPOINT, own.spans, now):
        return None
    return Next(_("Die Jury hat noch kein Mitglied."), _at("jury", own), _("Jury berufen"))


def _result(user: Any, own: Competition, now: datetime) -> Next | None:
    tally = getattr(own, "tally", None)
    if tally and tally.is_published:
        return Next(_("Das Ergebnis ist veröffentlicht. Es gibt nichts mehr zu tun."))
    if not permissions.why_not(user, Deed.CLOSE, own, now=now):
        return Next(_to_close(own, now), _at("count", own), _("Zur Auszählung"))
    if tally is None:
        if permissions.why_not(user, Deed.COUNT, own, now=now):
            return None
        return Next(_("Abstimmung und Jury sind zu Ende. Bitte zählen Sie aus."), _at("count", own), _("Zur Auszählung"))
    if tally.counted_by_id == user.pk:
        sentence = _("Sie haben ausgezählt. Jetzt prüft eine zweite Person aus der Leitung das Ergebnis und veröffentlicht es.")
    else:
        sentence = _("Es ist ausgezählt. Bitte prüfen Sie das Ergebnis und veröffentlichen Sie es.")
    return Next(sentence, _at("count", own), _("Zur Auszählung"))


def _to_close(own: Competition, now: datetime) -> str:
    """For how long it waits to be closed, and when it stops waiting."""
    sentences = [_("Die Abstimmung ist zu Ende. Bitte schließen Sie sie.")]
    span = own.span(Phase.VOTING)
    if span and span.ends_at:
        if days := (now - span.ends_at).days:
            sentences.append(ngettext("Das wartet seit %(n)s Tag.", "Das wartet seit %(n)s Tagen.", days) % {"n": days})
        by_itself = {"date": moment_in_words(span.ends_at + phases.CLOSES_AFTER)}
        sentences.append(_("Sonst schließt sie sich am %(date)s von selbst.") % by_itself)
    return " ".join(sentences)


def _time(own: Competition, now: datetime) -> Next:
    running, coming = phases.span_at(own.spans, now), phases.next_span(own.spans, now)
    if running and running.ends_at:
        words = {"phase": Phase(running.phase).label, "date": moment_in_words(running.ends_at)}
        return Next(_("Gerade ist nichts zu tun. „%(phase)s“ läuft bis %(date)s.") % words)
    if coming:
        words = {"phase": Phase(coming.phase).label, "date": moment_in_words(coming.starts_at)}
        return Next(_("Gerade ist nichts zu tun. „%(phase)s“ beginnt am %(date)s.") % words)
    if not own.spans:
        return Next(_("Noch keine Phase hat ein Datum."), _at("schedule", own), _("Ablauf festlegen"))
    return Next(_("Gerade ist nichts zu tun."))


def next_date(own: Competition, now: datetime) -> str:
    """Its next date in words: until when its phase runs, or when the next one begins; '' if there is none."""
    running, coming = phases.span_at(own.spans, now), phases.next_span(own.spans, now)
    if running and running.ends_at:
        return _("bis %(date)s") % {"date": moment_in_words(running.ends_at)}
    if coming:
        return _("„%(phase)s“ ab %(date)s") % {"phase": Phase(coming.phase).label, "date": moment_in_words(coming.starts_at)}
    return ""


def standing(own: Competition, now: datetime) -> str:
    """Where it stands, in a word or two: its phase, a pause, before, after."""
    moment = own.moment(now)
    words = {
        phases.Moment.UNPLANNED: _("noch ohne Termine"),
        phases.Moment.BEFORE: _("noch nicht begonnen"),
        phases.Moment.PAUSE: _("Pause zwischen zwei Phasen"),
        phases.Moment.AFTER: _("zu Ende"),
    }
    return words[moment] if moment in words else str(Phase(moment.value).label)
