"""Who may do what with a survey now. Every function gives the sentence that tells the person why not, '' if they may."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from ideas.permissions import has_role

from . import clock
from .local_time import moment_in_words
from .models import Survey, SurveyAnswer, SurveyTextDecision

State = Survey.State


class Deed(StrEnum):
    """What editors and the lead do at the desk, besides writing the questionnaire."""

    CLOSE = "close"
    PUBLISH = "publish"
    READ = "read"  # results, single answers and files of them
    DECIDE = "decide"  # release a free text, or erase it


NO_RIGHT = _("Für diesen Schritt fehlt Ihnen die Berechtigung.")
NOT_PUBLIC = _("Diese Umfrage ist noch ein Entwurf, darum kann noch niemand mitmachen.")
NOT_RUNNING = _("Schließen lässt sich nur eine Umfrage, die gerade läuft.")
NOT_OVER = _("Antworten und Ergebnis gibt es, sobald die Umfrage zu Ende ist. Bis dahin sieht sie niemand.")
SIGN_IN = _("Bei dieser Umfrage zählt jede Person einmal. Bitte melden Sie sich an.")
ERASED = _("Dieser Text ist schon entfernt.")
FIXED = _(
    "Es gibt schon Antworten. Darum bleiben Fragen und Antworten zur Auswahl, Adresse, Sprache und Beginn, und auch, wer "
    "mitmachen kann und wann das Ergebnis zu sehen ist. Für andere Fragen kopieren Sie diese Umfrage bitte."
)


def makes_surveys(user: Any) -> bool:
    """Writes surveys, closes them and works with the answers."""
    return has_role(user, Role.LEAD, Role.EDITOR)


def why_not_answer(survey: Survey, now: datetime) -> Any:
    """Why nobody can answer at this moment."""
    state = survey.state(now)
    if state == State.DRAFT:
        return NOT_PUBLIC
    if state == State.COMING:
        return _now("Die Umfrage beginnt am %(date)s.") % {"date": moment_in_words(survey.starts_at)}
    if state == State.OVER:
        return _now("Die Umfrage ist am %(date)s zu Ende gegangen.") % {"date": moment_in_words(survey.ended_at)}
    return ""


def why_not_entitled(user: Any, survey: Survey) -> Any:
    """Why this person can't answer, while others can."""
    return SIGN_IN if survey.needs_account and not user.is_authenticated else ""


def why_not(user: Any, deed: Deed, survey: Survey, *, now: datetime | None = None) -> Any:
    """Why this person can't do this at the desk now."""
    now = now or clock.now()
    if not makes_surveys(user):
        return NO_RIGHT
    if deed is Deed.CLOSE:
        return "" if survey.state(now) == State.RUNNING else NOT_RUNNING
    if not survey.is_over(now):
        return NOT_OVER
    return _why_not_publish(survey) if deed is Deed.PUBLISH else ""


def _why_not_publish(survey: Survey) -> Any:
    if not survey.is_published:
        return NOT_PUBLIC
    if survey.shows_by_itself:
        return _("Das Ergebnis ist schon zu sehen, seit die Umfrage zu Ende ist.")
    return _("Das Ergebnis ist schon veröffentlicht.") if survey.results_published_at else ""


def why_not_decide(user: Any, answer: SurveyAnswer, *, now: datetime | None = None) -> Any:
    """Why this person can't release or erase this text now."""
    if answer.option_id is not None or answer.value is not None:
        return _("Nur über freie Texte wird entschieden.")
    if answer.is_redacted:
        return ERASED
    return why_not(user, Deed.DECIDE, answer.response.survey, now=now)


def is_released(answer: SurveyAnswer) -> bool:
    """Whether everybody may read this text."""
    decision = getattr(answer, "decision", None)
    return decision is not None and decision.kind == SurveyTextDecision.Kind.RELEASED
