"""Samples and states of everything around surveys. Used by public_states.py."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from accounts.models import User
from participation.actions import surveys as actions
from participation.models import Survey, SurveyAnswer
from tests.factories import surveys as make
from tests.public_ways import Case, Open, Send, Steps

CITIZEN = "buergerin@example.org"
_round = count(1)
# The surveys of the demo: one runs, one has its result.
RUNNING, OVER = "/umfragen/besuch-im-kreishaus/", "/umfragen/warten-an-der-haltestelle/"
QUESTIONS: Any = [
    {**make.CHOICE, "allows_other": True},
    {**make.MULTIPLE, "most_choices": 2},
    make.SCALE,
    {**make.TEXT, "is_required": True},
]


def _survey(state: str = "running", **fields: Any) -> Survey:
    """A survey in this state, with a title of its own: no two addresses share one."""
    title = f"Was im Ort gefragt wird, Runde {next(_round)}"
    return make.survey(state, questions=QUESTIONS, **{"title": title, "intro": "Wir fragen alle, die hier wohnen.", **fields})


def _in(state: str, page: str = "", **fields: Any) -> Steps:
    return [Open(f"{_survey(state, **fields).get_absolute_url()}{page}")]


def _has_answered() -> Steps:
    found = _survey(mode="account")
    make.answered(found, 0, None, None, "Ein Text", by=User.objects.get(email=CITIZEN))
    return [Open(f"{found.get_absolute_url()}teilnehmen/")]


def _result(people: int, **fields: Any) -> Steps:
    found = _survey("over", **fields)
    for person in range(people):
        make.answered(found, person % 3, [0, "Schatten"], person % 5 + 1, f"Text {person}")
    lead = User.objects.get(email="leitung@example.org")
    for answer in SurveyAnswer.objects.filter(response__survey=found, text="Text 0"):
        actions.release(answer, by=lead)
    return [Open(f"{found.get_absolute_url()}ergebnis/")]


def _something_else() -> Steps:
    """„Sonstiges“ chosen and nothing written."""
    found = _survey()
    return [Open(f"{found.get_absolute_url()}teilnehmen/"), Send({f"frage-{found.questions.all()[0].pk}": "sonstiges"})]


SIGNED_IN: dict[str, str] = {}
SAMPLES: dict[str, Callable[[], Steps]] = {
    "umfragen/<slug:slug>/": lambda: [Open(RUNNING)],
    "umfragen/<slug:slug>/teilnehmen/": lambda: [Open(f"{RUNNING}teilnehmen/")],
    "umfragen/<slug:slug>/danke/": lambda: [Open(f"{RUNNING}danke/")],
    "umfragen/<slug:slug>/ergebnis/": lambda: [Open(f"{OVER}ergebnis/")],
}
NO_PAGES = {
    "umfragen/": "leads on to /beteiligung/",
    "umfragen/<slug:slug>/ergebnis/daten.csv": "data",
    "umfragen/<slug:slug>/ergebnis/daten.json": "data",
}
STATES: list[Case] = [
    Case("a survey that comes", partial(_in, "coming")),
    Case("a survey that is over", lambda: [Open(OVER)]),
    Case("a survey whose result is to be published", partial(_in, "over", results_visibility="published")),
    Case("questionnaire, everything missing", lambda: [*_in("running", "teilnehmen/"), Send()], status=422),
    Case("questionnaire, something else without words", _something_else, status=422),
    Case("questionnaire, with an account", partial(_in, "running", "teilnehmen/", mode="account"), CITIZEN),
    Case("questionnaire, not signed in", partial(_in, "running", "teilnehmen/", mode="account")),
    Case("questionnaire, answered already", _has_answered, CITIZEN),
    Case("questionnaire, over", lambda: [Open(f"{OVER}teilnehmen/")]),
    Case("questionnaire, not yet", partial(_in, "coming", "teilnehmen/")),
    Case("thanks after the end", lambda: [Open(f"{OVER}danke/")]),
    Case("result of a survey that nobody answered", partial(_result, 0)),
    Case("result of a survey with an account", partial(_result, 0, mode="account", outcome="Die Bänke stehen.")),
    Case("result of a survey with texts", partial(_result, 7)),
    Case("result of a survey that is not there yet", lambda: [Open(f"{RUNNING}ergebnis/")], status=404),
    Case("surveys among the procedures", lambda: [Open("/beteiligung/?art=umfrage")]),
]
