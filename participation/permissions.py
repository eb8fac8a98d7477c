"""Who may do what in a competition now. When a deed is possible at all stands in phases.py; this module adds who it is and what
else must hold. Every function gives the sentence that tells the person why not, '' if they may."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from ideas.models import Idea
from ideas.permissions import has_role, is_author, leads
from ideas.workflow import NOT_YET_SUBMITTED, STANDING

from . import clock, phases
from .local_time import moment_in_words
from .models import Ballot, Competition, Entry, JurySheet
from .phases import Deed, Moment, Phase
from .voters import Voter

# What people do who take part.
_PARTS = frozenset({Deed.HAND_IN, Deed.PROPOSE, Deed.SCORE})
# What the lead does from the desk.
_DESK = frozenset(
    {
        Deed.PLAN,
        Deed.TAKE_IN,
        Deed.TAKE_OUT,
        Deed.APPOINT,
        Deed.EXTEND,
        Deed.QUARANTINE,
        Deed.CLOSE,
        Deed.COUNT,
        Deed.PUBLISH,
    }
)
ALREADY_THERE = _("Diese Idee nimmt an diesem Wettbewerb schon teil, oder es wird noch darüber entschieden.")
OWN_IDEA = _("Über die eigene Idee entscheidet jemand anderes.")
NO_RIGHT = _("Für diesen Schritt fehlt Ihnen die Berechtigung.")
# Whoever writes a draft sees it already, but takes part in nothing that others can't see.
NOT_PUBLIC = _("Dieser Wettbewerb ist noch nicht öffentlich, darum kann noch niemand mitmachen.")
CLOSED_TO = {
    Deed.HAND_IN: _("Gerade kann man zu diesem Wettbewerb nichts einreichen."),
    Deed.PROPOSE: _("Gerade kann man zu diesem Wettbewerb nichts vorschlagen."),
    Deed.VOTE: _("Gerade kann man nicht abstimmen."),
    Deed.SCORE: _("Gerade bewertet die Jury nicht."),
    Deed.TAKE_IN: _("Gerade lassen sich keine Beiträge aufnehmen."),
    Deed.TAKE_OUT: _("Gerade lassen sich keine Beiträge herausnehmen."),
    Deed.APPOINT: _("Die Jury lässt sich nicht mehr ändern."),
    Deed.EXTEND: _("Gerade läuft keine Phase, die sich verlängern lässt."),
    Deed.QUARANTINE: _("Gerade lassen sich keine Stimmzettel unter Quarantäne stellen."),
    Deed.CLOSE: _("Schließen lässt sich die Abstimmung erst, wenn sie zu Ende ist."),
    Deed.COUNT: _("Auszählen lässt sich erst, wenn Abstimmung und Jury zu Ende sind."),
    Deed.PUBLISH: _("Veröffentlichen lässt sich erst, wenn Abstimmung und Jury zu Ende sind."),
    Deed.PLAN: _("Der Ablauf dieses Wettbewerbs lässt sich nicht mehr ändern."),
}


def why_not(user: Any, deed: Deed, competition: Competition, *, now: datetime | None = None) -> Any:
    """Why this person can't do this now. For votes ask `why_not_vote`, for an entry or a sheet the functions below."""
    now = now or clock.now()
    if deed in _DESK and not leads(user):
        return NO_RIGHT
    if deed is Deed.SCORE and not sits_in_jury(user, competition):
        return NO_RIGHT
    if deed in _PARTS and not competition.page.live:
        return NOT_PUBLIC
    # A schedule that nobody has read yet can be planned anew, even when its dates are past.
    if not phases.allows(deed, competition.spans, now) and (deed is not Deed.PLAN or competition.was_public):
        return closed_sentence(deed, competition, now)
    return _what_else(user, deed, competition, now)


def closed_sentence(deed: Deed, competition: Competition, now: datetime) -> Any:
    """What is said when the phase of a deed is not running: since when it is over, or from when on it will be possible."""
    phase = {
        Deed.HAND_IN: Phase.SUBMISSION,
        Deed.PROPOSE: Phase.SUBMISSION,
        Deed.VOTE: Phase.VOTING,
        Deed.SCORE: Phase.JURY,
    }.get(deed)
    span = competition.span(phase) if phase else None
    if phase and span and span.is_over(now) and span.ends_at:
        sentence = _now("Die Phase „%(phase)s“ ist am %(date)s zu Ende gegangen.")
        return sentence % {"phase": phase.label, "date": moment_in_words(span.ends_at)}
    if phase and span and not span.has_begun(now):
        sentence = _now("Die Phase „%(phase)s“ beginnt am %(date)s.")
        return sentence % {"phase": phase.label, "date": moment_in_words(span.starts_at)}
    return CLOSED_TO[deed]


def _what_else(user: Any, deed: Deed, competition: Competition, now: datetime) -> Any:
    tally = getattr(competition, "tally", None)
    if deed in (Deed.TAKE_IN, Deed.PLAN) and tally and tally.is_published:
        return _("Das Ergebnis ist veröffentlicht, daran ändert sich nichts mehr.")
    if deed is Deed.TAKE_IN and any(_has_begun(competition, phase, now) for phase in (Phase.VOTING, Phase.JURY)):
        return _("Abstimmung oder Jury haben schon begonnen. Neue Beiträge hätten schlechtere Aussichten.")
    if deed in (Deed.TAKE_OUT, Deed.QUARANTINE) and tally and tally.is_published:
        return _("Das Ergebnis ist veröffentlicht, daran ändert sich nichts mehr.")
    if deed is Deed.QUARANTINE and not (competition.has_voting and _has_begun(competition, Phase.VOTING, now)):
        return CLOSED_TO[deed]
    if deed is Deed.APPOINT and (tally or _is_over(competition, Phase.JURY, now)):
        return CLOSED_TO[deed]
    if deed is Deed.EXTEND and competition.is_closed and competition.moment(now) == Moment.VOTING:
        return CLOSED_TO[deed]
    if deed is Deed.CLOSE:
        return _why_not_close(competition, now)
    if deed is Deed.COUNT:
        return _why_not_count(competition, now)
    if deed is Deed.PUBLISH:
        return _why_not_publish(user, competition)
    return ""


def _has_begun(competition: Competition, phase: Phase, now: datetime) -> bool:
    span = competition.span(phase)
    return bool(span and span.has_begun(now))


def _is_over(competition: Competition, phase: Phase, now: datetime) -> bool:
    span = competition.span(phase)
    return bool(span and span.is_over(now))


def _why_not_close(competition: Competition, now: datetime) -> Any:
    if competition.is_closed:
        return _("Die Abstimmung ist schon geschlossen.")
    if not competition.has_voting or not _is_over(competition, Phase.VOTING, now):
        return CLOSED_TO[Deed.CLOSE]
    return ""


def _why_not_count(competition: Competition, now: datetime) -> Any:
    if getattr(competition, "tally", None) and competition.tally.is_published:
        return _("Das Ergebnis ist schon veröffentlicht.")
    # A vote or a jury without a phase never takes place, so nobody waits for it.
    votes = competition.has_voting and competition.span(Phase.VOTING)
    judges = competition.has_jury and competition.span(Phase.JURY)
    if not votes and not judges:
        return _("Zu diesem Wettbewerb gehören weder Abstimmung noch Jury: Es gibt nichts zu zählen.")
    if votes and not competition.is_closed:
        return _("Bitte schließen Sie zuerst die Abstimmung.")
    if judges and not _is_over(competition, Phase.JURY, now):
        return CLOSED_TO[Deed.COUNT]
    return ""


def _why_not_publish(user: Any, competition: Competition) -> Any:
    tally = getattr(competition, "tally", None)
    if tally is None:
        return _("Bitte zählen Sie zuerst aus.")
    if tally.is_published:
        return _("Das Ergebnis ist schon veröffentlicht.")
    if tally.counted_by_id == user.pk:
        return _("Wer ausgezählt hat, veröffentlicht nicht. Bitte lassen Sie das eine zweite Person tun.")
    return ""


def why_not_change_rules(user: Any, competition: Competition, *, now: datetime | None = None) -> Any:
    """Why this person can't change any more how is voted and counted: whoever takes part knows it from the start."""
    now = now or clock.now()
    if not leads(user):
        return NO_RIGHT
    votes = competition.page.live and competition.has_voting and _has_begun(competition, Phase.VOTING, now)
    if votes or Ballot.objects.filter(competition=competition).exists():
        return _("Die Abstimmung hat begonnen. Wie abgestimmt und gezählt wird, steht seitdem fest.")
    scores = competition.page.live and competition.has_jury and _has_begun(competition, Phase.JURY, now)
    if scores or JurySheet.objects.filter(entry__competition=competition).exists():
        return _("Die Jury hat begonnen. Wonach sie bewertet und wie gezählt wird, steht seitdem fest.")
    if why_not(user, Deed.PLAN, competition, now=now):
        return _("Der Wettbewerb ist zu Ende. An seinen Regeln ändert sich nichts mehr.")
    return ""


# --- entries ----------------------------------------------------------------------------------------------------------


def why_not_propose(
    idea: Idea, competition: Competition, *, user: Any = None, is_own: bool = False, now: datetime | None = None
) -> Any:
    """Why this idea can't be proposed to the competition. `is_own`: the person holds its receipt; else `user` is asked."""
    if not (is_own or (user is not None and (is_author(user, idea) or leads(user)))):
        return _("Eine Idee schlägt vor, wer sie eingereicht hat.")
    if problem := why_not_suited(idea):
        return problem
    entry = Entry.objects.filter(competition=competition, idea=idea).first()
    if entry and not entry.was_taken_back:
        return ALREADY_THERE
    return why_not(user, Deed.PROPOSE, competition, now=now)


def why_not_suited(idea: Idea) -> Any:
    """Why this idea can take part in no competition at all."""
    if idea.status in NOT_YET_SUBMITTED:
        return _("Bitte bestätigen Sie zuerst die Idee mit dem Link in unserer E-Mail.")
    if idea.status not in STANDING:
        return _("Diese Idee kann nicht teilnehmen: Sie wurde zurückgezogen oder ist in einer anderen aufgegangen.")
    return ""


def why_not_retract(entry: Entry, *, user: Any = None, is_own: bool = False, now: datetime | None = None) -> Any:
    """Why this person can't have the idea take part no longer. `is_own` as above."""
    if not (is_own or (user is not None and is_author(user, entry.idea))):
        return _("Eine Teilnahme beendet, wer die Idee eingereicht hat.")
    if not (entry.is_in or entry.awaits_decision):
        return _("Diese Idee nimmt an diesem Wettbewerb nicht teil.")
    now = now or clock.now()
    if not phases.allows(Deed.PROPOSE, entry.competition.spans, now):
        return closed_sentence(Deed.PROPOSE, entry.competition, now)
    return ""


def why_not_decide(user: Any, deed: Deed, entry: Entry, *, now: datetime | None = None) -> Any:
    """Why the lead can't take this entry in (a proposed one, or one that was refused) or out (also: decline it)."""
    if problem := why_not(user, deed, entry.competition, now=now):
        return problem
    if is_author(user, entry.idea):
        return OWN_IDEA
    if deed is Deed.TAKE_OUT:
        return ""
    if entry.was_taken_back:
        return _("Wer diese Idee eingereicht hat, möchte nicht teilnehmen. Nur diese Person kann sie wieder vorschlagen.")
    return why_not_suited(entry.idea)


# --- votes ------------------------------------------------------------------------------------------------------------


def why_not_vote(voter: Voter | None, competition: Competition, *, now: datetime | None = None) -> Any:
    """Why this person can't cast, change or withdraw a ballot now."""
    return why_no_voting(competition, now=now) or why_not_entitled(voter, competition)


def why_no_voting(competition: Competition, *, now: datetime | None = None) -> Any:
    """Why nobody can vote in this competition now."""
    now = now or clock.now()
    if not competition.has_voting:
        return _("In diesem Wettbewerb wird nicht abgestimmt.")
    if not competition.page.live:
        return NOT_PUBLIC
    if competition.is_closed or not phases.allows(Deed.VOTE, competition.spans, now):
        return closed_sentence(Deed.VOTE, competition, now)
    return ""


def why_not_entitled(voter: Voter | None, competition: Competition) -> Any:
    """Why this person has no vote in this competition at all, whatever the time."""
    if voter is None:
        return _("Bitte melden Sie sich an oder bestätigen Sie Ihre E-Mail-Adresse.")
    if competition.electorate != Competition.Electorate.EMAIL and voter.is_guest:
        return _("In diesem Wettbewerb stimmt ab, wer ein Konto hat. Bitte melden Sie sich an.")
    if competition.electorate == Competition.Electorate.VERIFIED and not voter.is_verified:
        return _("In diesem Wettbewerb stimmt ab, wer sich ausgewiesen hat. Bei Ihrem Konto fehlt das noch.")
    return ""


# --- jury -------------------------------------------------------------------------------------------------------------


def sits_in_jury(user: Any, competition: Competition) -> bool:
    """Whether the person is a member of this competition's jury, and still has the role."""
    return has_role(user, Role.JURY) and competition.jury.filter(user=user).exists()


def why_not_appoint(user: Any, competition: Competition, *, now: datetime | None = None) -> Any:
    """Why this person can't give seats in the jury now."""
    if problem := why_not(user, Deed.APPOINT, competition, now=now):
        return problem
    if not competition.has_jury:
        return _("Bitte wählen Sie zuerst in den Regeln, nach welchem Prüfbogen die Jury bewertet.")
    return ""


def why_not_be_appointed(user: Any) -> Any:
    """Why this person can't sit in a jury."""
    if not has_role(user, Role.JURY):
        return _("%(name)s hat nicht die Rolle „Jury“.") % {"name": user}
    return ""


def why_not_score(user: Any, sheet: JurySheet, *, now: datetime | None = None) -> Any:
    """Why this person can't write on or hand in this sheet, or step back from it, now."""
    entry = sheet.entry
    if sheet.member.user_id != user.pk:
        return NO_RIGHT
    if problem := why_not(user, Deed.SCORE, entry.competition, now=now):
        return problem
    if is_author(user, entry.idea):
        return _("Die eigene Idee bewertet jemand anderes.")
    if not entry.counts or not entry.idea.is_public:
        return _("Diese Idee nimmt nicht mehr am Wettbewerb teil.")
    if sheet.state == JurySheet.State.HANDED_IN:
        return _("Diese Bewertung haben Sie schon abgegeben. Sie lässt sich nicht mehr ändern.")
    if sheet.state == JurySheet.State.CONFLICT:
        return _("Sie haben sich bei dieser Idee für befangen erklärt.")
    return ""
