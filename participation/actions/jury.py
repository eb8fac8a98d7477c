"""The jury: who sits in it, and what each member does with a sheet: draft, hand in, step back. A member's row is held first,
so that nobody is dismissed in the moment in which they hand in."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from common.text import clean_text, has_words
from ideas.actions.record import Overtaken, Refused

from .. import clock, jury_mails, permissions
from ..jury import criteria_of
from ..models import Competition, Entry, JuryAnswer, JuryMember, JurySheet
from ..phases import Deed, Moment

State = JurySheet.State
LONGEST = 5000  # characters of a comment or a reason


class Incomplete(Refused):
    """Criteria that have no answer yet, by their keys."""

    def __init__(self, missing: list[int]) -> None:
        super().__init__(_("Bitte beantworten Sie noch alle Kriterien. Ihr Entwurf ist gespeichert."))
        self.missing = missing


# --- who is in it -----------------------------------------------------------------------------------------------------


def appoint(competition: Competition, user: User, *, by: User, now: datetime | None = None) -> JuryMember:
    """Give this person a seat in the jury and tell them by mail. Raises Refused."""
    now = now or clock.now()
    if problem := permissions.why_not_appoint(by, competition, now=now):
        raise Refused(problem)
    if problem := permissions.why_not_be_appointed(user):
        raise Refused(problem)
    # Whoever comes when scoring has begun learns it from the same mail.
    told = now if competition.moment(now) == Moment.JURY else None
    try:
        with transaction.atomic():
            member = JuryMember.objects.create(competition=competition, user=user, appointed_at=now, told_of_begin_at=told)
            log(instance=competition, action="participation.jury.appoint", user=by, timestamp=now, data={"member": user.pk})
            jury_mails.tell_appointed(member)
    except IntegrityError as error:
        if not JuryMember.objects.filter(competition=competition, user=user).exists():
            raise
        raise Refused(_("%(name)s ist schon Mitglied dieser Jury.") % {"name": user}) from error
    return member


def dismiss(member: JuryMember, *, by: User, now: datetime | None = None) -> None:
    """Take a member's seat away, with drafts and conflicts. Raises Refused once something of theirs was handed in."""
    if problem := permissions.why_not(by, Deed.APPOINT, member.competition, now=now):
        raise Refused(problem)
    with transaction.atomic():
        held = JuryMember.objects.select_for_update().filter(pk=member.pk).first()
        if held is None:
            raise Overtaken(_("Dieses Mitglied gehört schon nicht mehr zur Jury."))
        if held.sheets.handed_in().exists():
            raise Refused(_("Von diesem Mitglied ist schon eine Bewertung abgegeben. Deshalb bleibt es in der Jury."))
        log(instance=member.competition, action="participation.jury.dismiss", user=by, data={"member": held.user_id})
        held.delete()


# --- what a member does -----------------------------------------------------------------------------------------------


def sheet_of(member: JuryMember, entry: Entry) -> JurySheet:
    """The member's sheet about this entry, made when it is first needed. Of two at the same moment both get the same."""
    return JurySheet.objects.get_or_create(member=member, entry=entry)[0]


def save_sheet(
    sheet: JurySheet, answers: Mapping[int, str], comment: str = "", *, by: User, now: datetime | None = None
) -> JurySheet:
    """Keep what the member has so far. `answers`: by the criterion's key, '' takes one back; criteria that aren't named stay as
    they are. Raises Refused."""
    with transaction.atomic():
        held = _hold(sheet, by, now or clock.now())
        _write(held, answers, comment)
    return held


def hand_in_sheet(
    sheet: JurySheet, answers: Mapping[int, str], comment: str = "", *, by: User, now: datetime | None = None
) -> JurySheet:
    """Keep the answers and hand the sheet in; from then on nothing of it changes. Raises Refused; Incomplete where a criterion
    has no answer: the draft is kept then."""
    now = now or clock.now()
    with transaction.atomic():
        held = _hold(sheet, by, now)
        _write(held, answers, comment)
        answered = set(held.answers.values_list("criterion", flat=True))
        missing = [criterion.pk for criterion in criteria_of(held.entry.competition) if criterion.pk not in answered]
        if not missing:
            held.state, held.handed_in_at = State.HANDED_IN, now
            held.save(update_fields=["state", "handed_in_at"])
    if missing:
        raise Incomplete(missing)
    return held


def declare_conflict(sheet: JurySheet, reason: str, *, by: User, now: datetime | None = None) -> JurySheet:
    """Step back from this entry for being biased: the draft goes, the reason is for the lead. Raises Refused."""
    reason = clean_text(reason)
    if not has_words(reason):
        raise Refused(_("Bitte schreiben Sie in einem Satz, warum Sie befangen sind. Das liest nur die Leitung."))
    with transaction.atomic():
        held = _hold(sheet, by, now or clock.now())
        held.answers.all().delete()
        held.state, held.conflict_reason, held.comment = State.CONFLICT, reason[:LONGEST], ""
        held.save(update_fields=["state", "conflict_reason", "comment"])
    return held


def _hold(sheet: JurySheet, by: User, now: datetime) -> JurySheet:
    """The sheet as it is now, held together with its member; refused where this person can't write on it."""
    list(JuryMember.objects.select_for_update().filter(pk=sheet.member_id).values_list("pk"))
    related = ("member", "entry__competition__page", "entry__competition__jury_scheme", "entry__idea__author")
    held = JurySheet.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=sheet.pk).first()
    if held is None:
        raise Refused(permissions.NO_RIGHT)
    if problem := permissions.why_not_score(by, held, now=now):
        raise Refused(problem)
    return held


def _write(sheet: JurySheet, answers: Mapping[int, str], comment: str) -> None:
    criteria = {criterion.pk: criterion for criterion in criteria_of(sheet.entry.competition)}
    # Of criteria that the lead has exchanged since, nothing stays.
    sheet.answers.exclude(criterion__in=criteria).delete()
    for key, answer in answers.items():
        allowed = {"", *(choice["value"] for choice in criteria[key].choices)} if key in criteria else set()
        if answer not in allowed:
            raise Refused(_("Diese Antwort gibt es bei diesem Kriterium nicht."))
        if answer:
            JuryAnswer.objects.update_or_create(sheet=sheet, criterion=criteria[key], defaults={"answer": answer})
        else:
            sheet.answers.filter(criterion=key).delete()
    sheet.comment = clean_text(comment)[:LONGEST]
    sheet.save(update_fields=["comment"])
