"""A hundred windows that answer a survey at the same moment, over HTTP: with an account one answer a person, without one an
answer a form. What keeps it so is taken away in runs of their own, which must see it break."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, models

from accounts.models import User
from common import database_rules
from participation.actions import surveys as actions
from participation.models import Survey, SurveyAnswer, SurveyParticipation, SurveyResponse
from participation.views import surveys as views
from tests.at_once import at_once
from tests.factories import UserFactory
from tests.factories import surveys as make
from tests.participation.crowd import Crowd, crowd, session_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WINDOWS = 100


@pytest.fixture
def windows(live_site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowd]:
    monkeypatch.setattr(views, "ANSWERS_AN_HOUR", 10_000)  # all windows stand on this machine
    cache.clear()
    with crowd(live_site, WINDOWS) as found:
        yield found


def path(found: Survey) -> str:
    return f"/umfragen/{found.slug}/teilnehmen/"


def forms(found: Survey) -> list[dict[str, Any]]:
    """A form for each window, each with other answers."""
    return [flat(make.form_data(found, n % 3, [n % 2], n % 5 + 1, f"Fenster {n}")) for n in range(WINDOWS)]


def flat(data: dict[str, Any]) -> dict[str, Any]:
    """Each name with one value, as the windows send it."""
    return {name: value[0] if isinstance(value, list) else value for name, value in data.items()}


def assert_whole(count: int) -> None:
    """So many questionnaires, each with its four answers."""
    assert SurveyResponse.objects.count() == count
    sizes = SurveyAnswer.objects.order_by().values_list("response").annotate(n=models.Count("pk")).values_list("n", flat=True)
    assert list(sizes) == [4] * count


def test_of_a_hundred_answers_of_one_account_at_once_exactly_one_counts(windows: Crowd) -> None:
    found = make.survey(mode="account")
    for run in range(1, 4):
        answers = windows.send(session_of(UserFactory()), [(path(found), form) for form in forms(found)])
        # Who comes when the first one is counted is told so (200), who came together with it is thanked (302).
        assert set(answers) <= {200, 302}
        assert 302 in answers
        assert SurveyParticipation.objects.count() == run
        assert_whole(run)


def test_of_a_hundred_clicks_on_one_form_exactly_one_counts(windows: Crowd) -> None:
    found = make.survey()
    for run in range(1, 4):
        form = forms(found)[0]
        assert windows.send("", [(path(found), form)] * WINDOWS) == [302] * WINDOWS
        assert_whole(run)


def test_a_hundred_forms_at_once_all_count(windows: Crowd) -> None:
    found = make.survey()
    assert windows.send("", [(path(found), form) for form in forms(found)]) == [302] * WINDOWS
    assert_whole(WINDOWS)
    assert set(SurveyAnswer.objects.exclude(text="").values_list("text", flat=True)) == {f"Fenster {n}" for n in range(WINDOWS)}


def test_while_a_survey_is_closed_every_answer_that_was_thanked_for_counts(windows: Crowd) -> None:
    found, editor = make.survey(), UserFactory(editor=True)
    outcome: list[Any] = []
    sent = forms(found)

    def send() -> None:
        outcome.extend(windows.send("", [(path(found), form) for form in sent]))

    def close() -> None:
        # As soon as the first answers are there.
        for _try in range(2000):
            if SurveyResponse.objects.exists():
                break
        actions.close(Survey.objects.get(pk=found.pk), by=editor)

    assert at_once([send, close]) == [None, None]
    assert set(outcome) <= {302, 409}
    assert_whole(outcome.count(302))


@pytest.mark.postgres  # SQLite writes one after the other
def test_without_the_constraint_one_form_would_count_several_times(windows: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the runs above."""
    monkeypatch.setattr(actions, "_respond", look_then_write)
    with without(SurveyResponse, "a_form_of_a_survey_counts_once"):
        found = make.survey()
        form = forms(found)[0]
        for _run in range(5):
            windows.send("", [(path(found), {**form, "formular": str(uuid.uuid4())})] * WINDOWS)
        assert SurveyResponse.objects.count() > 5


def look_then_write(survey: Survey, key: uuid.UUID | None, now: Any) -> tuple[SurveyResponse, bool]:
    """As one writes it without thinking of others."""
    earlier = SurveyResponse.objects.filter(survey=survey, submission_key=key).first()
    if earlier is not None:
        return earlier, False
    return SurveyResponse.objects.create(survey=survey, answered_on=now.date(), submission_key=key), True


@contextmanager
def without(model: type[models.Model], name: str) -> Iterator[None]:
    """The table without this constraint and all rules; put back once the rows that it forbids are gone."""
    every = model._meta.constraints
    [constraint] = [each for each in every if each.name == name]
    database_rules.lift(connection)
    # SQLite builds the table anew from what the model says.
    model._meta.constraints = [each for each in every if each is not constraint]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        SurveyAnswer.objects.all().delete()
        SurveyResponse.objects.all().delete()
        model._meta.constraints = every
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)
        database_rules.install(connection)


def test_everybody_who_is_signed_in_counts_when_all_come_at_once(live_site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty people, each in two threads."""
    found = make.survey(mode="account")
    people = list(User.objects.filter(pk__in=[UserFactory().pk for _each in range(20)]))

    def answer(person: User) -> str:
        try:
            make.answered(found, 0, [1], 3, "Text", by=person)
        except actions.AlreadyAnswered:
            return "again"
        return "counted"

    results = at_once([lambda person=person: answer(person) for person in people for _twice in range(2)])
    assert sorted(results) == ["again"] * 20 + ["counted"] * 20
    assert_whole(20)
