"""The steps with an edition of the agenda: open, freeze anew, propose, adopt, correct. Only the lead takes them, Wagtail's log
says who did. A conditional UPDATE sees to it that of two people at the same moment one is told.

An adopted edition is never touched again: a correction is the next version of its year.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from common import outbox
from common.text import clean_text, has_words, one_line

from .. import permissions
from ..editions import freeze, pdf
from ..models import Edition, EditionFile
from .record import Overtaken, Refused

FIRST_YEAR, LAST_YEAR = 1990, 2200
State = Edition.State


def open_edition(
    year: int, title: str, *, by: User, foreword: str = "", as_of: date | None = None, now: datetime | None = None
) -> Edition:
    """A draft of the year's edition, with the live agenda frozen in it.

    Raises Refused: not the lead, no title, or the year has an edition already (a correction is opened from there).
    """
    _check_lead(by)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(_("Bitte geben Sie ein Jahr mit vier Ziffern ein, zum Beispiel: 2026"))
    if Edition.objects.filter(year=year).exists():
        sentence = _("Für %(year)s gibt es schon eine Edition. Ist sie beschlossen, öffnen Sie dort eine Berichtigung.")
        raise Refused(sentence % {"year": year})
    edition = Edition(year=year, title=one_line(title), foreword=clean_text(foreword))
    return _insert(edition, by, "ideas.edition.open", as_of, now)


def open_correction(
    edition: Edition, correction: str, *, by: User, as_of: date | None = None, now: datetime | None = None
) -> Edition:
    """The next version of an adopted edition's year, with the agenda frozen anew and a text on what it corrects."""
    _check_lead(by)
    if edition.state != State.ADOPTED:
        raise Refused(_("Berichtigen lässt sich nur eine beschlossene Edition. Diese können Sie noch ändern."))
    if not has_words(clean_text(correction)):
        raise Refused(_("Bitte schreiben Sie, was diese Fassung berichtigt."))
    highest = Edition.objects.filter(year=edition.year).aggregate(Max("version"))["version__max"]
    successor = Edition(
        year=edition.year,
        version=highest + 1,
        title=edition.title,
        foreword=edition.foreword,
        correction=clean_text(correction),
    )
    return _insert(successor, by, "ideas.edition.correct", as_of, now)


def describe_edition(edition: Edition, *, title: str, foreword: str, correction: str = "", by: User) -> None:
    """Title, foreword and what a correction says of itself; only of a draft."""
    _check_lead(by)
    if not has_words(title):
        raise Refused(_("Bitte geben Sie einen Titel ein."))
    if edition.version > 1 and not has_words(correction):
        raise Refused(_("Bitte schreiben Sie, was diese Fassung berichtigt."))
    fields: dict[str, Any] = {"title": one_line(title), "foreword": clean_text(foreword)}
    if edition.version > 1:
        fields["correction"] = clean_text(correction)
    _move(edition, State.DRAFT, by=by, action="ideas.edition.describe", **fields)


def refreeze(edition: Edition, *, by: User, as_of: date | None = None, now: datetime | None = None) -> None:
    """Freeze the live agenda anew into a draft."""
    _check_lead(by)
    _move(edition, State.DRAFT, by=by, action="ideas.edition.refreeze", **_frozen(as_of, now))


def propose_edition(edition: Edition, *, by: User, now: datetime | None = None) -> None:
    """Show the draft to everybody as what is to be adopted."""
    _check_lead(by)
    fields = {"state": State.PROPOSAL, "proposed_at": now or timezone.now()}
    _move(edition, State.DRAFT, by=by, action="ideas.edition.propose", draws=True, **fields)


def take_back_edition(edition: Edition, *, by: User) -> None:
    """Make a proposal a draft again, which only staff see."""
    _check_lead(by)
    _move(edition, State.PROPOSAL, by=by, action="ideas.edition.take_back", state=State.DRAFT, proposed_at=None)


def adopt_edition(
    edition: Edition, *, body: str, adopted_on: date, resolution_number: str, by: User, now: datetime | None = None
) -> None:
    """Note that the body has adopted the proposal. From here on nothing of the edition changes."""
    _check_lead(by)
    body, resolution_number = one_line(body), one_line(resolution_number)
    if not has_words(body) or not has_words(resolution_number):
        raise Refused(_("Zum Beschluss gehören Gremium, Datum und Nummer."))
    if adopted_on > timezone.localdate(now):
        raise Refused(_("Das Datum des Beschlusses liegt in der Zukunft."))
    fields = {"body": body, "adopted_on": adopted_on, "resolution_number": resolution_number, "state": State.ADOPTED}
    _move(edition, State.PROPOSAL, by=by, action="ideas.edition.adopt", draws=True, **fields)


def delete_draft(edition: Edition, *, by: User) -> None:
    """Throw a draft away. What was proposed or adopted stays."""
    _check_lead(by)
    with transaction.atomic():
        log(instance=edition, action="wagtail.delete", user=by, deleted=True)
        seen = _as_seen(edition, State.DRAFT)
        if not seen.delete()[1].get("ideas.Edition"):
            raise _overtaken()


def _check_lead(by: User) -> None:
    if not permissions.leads(by):
        raise Refused(_("Für diesen Schritt fehlt Ihnen die Berechtigung."))


def _overtaken() -> Overtaken:
    return Overtaken(_("Diese Edition wurde inzwischen geändert. Bitte sehen Sie sie sich noch einmal an."))


def _frozen(as_of: date | None, now: datetime | None) -> dict[str, Any]:
    day = as_of or timezone.localdate(now)
    try:
        data = freeze.freeze(day)
    except freeze.Incomplete as error:
        raise Refused(str(error)) from error
    return {"data": data, "data_hash": freeze.hash_of(data), "as_of": day, "frozen_at": now or timezone.now()}


def _insert(edition: Edition, by: User, action: str, as_of: date | None, now: datetime | None) -> Edition:
    if not has_words(edition.title):
        raise Refused(_("Bitte geben Sie einen Titel ein."))
    for name, value in _frozen(as_of, now).items():
        setattr(edition, name, value)
    try:
        edition.clean_fields(exclude={"data"})
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
            log(instance=edition, action=action, user=by)
    except IntegrityError as error:
        raise Overtaken(_("Für dieses Jahr ist schon eine Fassung offen.")) from error
    return edition


def check_seen(edition: Edition, seen: str) -> None:
    """Whether the person who sends a form saw this edition as it stands. Raises Overtaken. The steps themselves see to it that
    nothing changes in between."""
    if seen != edition.seen:
        raise _overtaken()


def _as_seen(edition: Edition, state: State) -> Any:
    """The row, if it still holds the data and texts of this object."""
    texts = {"title": edition.title, "foreword": edition.foreword, "correction": edition.correction}
    return Edition.objects.filter(pk=edition.pk, state=state, data_hash=edition.data_hash, **texts)


def _move(edition: Edition, source: State, *, by: User, action: str, draws: bool = False, **fields: Any) -> None:
    """Change these fields of the edition if it still stands where the person saw it, with the data and texts that they saw."""
    seen = _as_seen(edition, source)
    with transaction.atomic():
        # Whoever is just keeping a file of it (editions/pdf.py) comes before or after, never in between.
        list(Edition.objects.filter(pk=edition.pk).select_for_update().values_list("pk"))
        EditionFile.objects.filter(edition__in=seen.values("pk")).delete()
        if edition.state != source or not seen.update(**fields):
            raise _overtaken()
        for name, value in fields.items():
            setattr(edition, name, value)
        log(instance=edition, action=action, user=by)
        if draws:
            outbox.put(pdf.KIND, edition=edition.pk)
