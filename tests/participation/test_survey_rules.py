"""What the database refuses about surveys, whoever types it: on both databases, by SQL."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from participation.actions import surveys as actions
from participation.models import (
    Survey,
    SurveyAnswer,
    SurveyOption,
    SurveyParticipation,
    SurveyQuestion,
    SurveyResponse,
    SurveyTextDecision,
)
from tests.factories import UserFactory
from tests.factories import surveys as make

pytestmark = pytest.mark.django_db
WORDS = ("never", "only", "before", "stays", "keeps", "until")


def refused(sql: str, *values: object) -> bool:
    """Whether the database refuses this statement by one of its rules."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError as error:
        return any(word in str(error) for word in WORDS)
    return False


def key(value: uuid.UUID) -> Any:
    """A key as this database keeps it."""
    return value if connection.vendor == "postgresql" else value.hex


@pytest.fixture
def found() -> Survey:
    """A survey with one answer."""
    found = make.survey()
    make.answered(found, 0, [1, "Schatten"], 4, "Mein Text")
    return found


CHANGES = [
    "UPDATE participation_surveyquestion SET text = 'Etwas anderes'",
    "UPDATE participation_surveyquestion SET kind = 'multiple' WHERE kind = 'choice'",
    "UPDATE participation_surveyquestion SET steps = 7",
    "UPDATE participation_surveyquestion SET sort_order = 9",
    "UPDATE participation_surveyquestion SET low_label = 'sehr' WHERE kind = 'scale'",
    "UPDATE participation_surveyoption SET text = 'Etwas anderes'",
    "UPDATE participation_surveyoption SET sort_order = 9",
    "DELETE FROM participation_surveyoption",
    "UPDATE participation_survey SET mode = 'account'",
    "UPDATE participation_survey SET slug = 'anders'",
    "UPDATE participation_survey SET language = 'en'",
    "UPDATE participation_survey SET results_visibility = 'published'",
    "UPDATE participation_survey SET is_published = FALSE",
    "UPDATE participation_survey SET starts_at = ends_at",
]


@pytest.mark.parametrize("sql", CHANGES)
def test_the_questionnaire_stays_as_it_is_from_the_first_answer_on(found: Survey, sql: str) -> None:
    assert refused(sql)


@pytest.mark.parametrize("sql", [each for each in CHANGES if "starts_at" not in each])
def test_before_the_first_answer_everything_can_change(sql: str) -> None:
    make.survey(questions=[make.CHOICE, make.SCALE])
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_no_question_and_no_option_comes_or_goes_after_the_first_answer(found: Survey) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.add_question(found, 9, kind="text", text="Noch eine Frage")
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyOption.objects.create(question=found.questions.first(), text="Noch eine")
    unanswered = make.survey(questions=[make.TEXT])
    assert refused("UPDATE participation_surveyquestion SET survey_id = %s WHERE survey_id = %s", found.pk, unanswered.pk)
    assert SurveyQuestion.objects.filter(survey=found).count() == 4


def test_texts_and_the_end_can_still_change(found: Survey) -> None:
    Survey.objects.update(title="Neuer Titel", intro="Neu", outcome="Neu", ends_at=found.ends_at + make.DAY)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE participation_surveyresponse SET answered_on = '2020-01-01'",
        "UPDATE participation_surveyresponse SET submission_key = NULL",
        "UPDATE participation_surveyanswer SET value = 1 WHERE value = 4",
        "UPDATE participation_surveyanswer SET text = 'Etwas anderes' WHERE text <> ''",
        "UPDATE participation_surveyanswer SET text = '', is_redacted = TRUE WHERE text <> ''",
        "DELETE FROM participation_surveyanswer",
        "DELETE FROM participation_surveyresponse",
    ],
)
def test_an_answer_never_changes_and_never_goes(found: Survey, sql: str) -> None:
    assert refused(sql)


def test_a_text_is_erased_only_with_a_decision_and_the_decision_stays(found: Survey) -> None:
    text = SurveyAnswer.objects.get(text="Mein Text")
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyTextDecision.objects.create(answer=text, kind="redacted", reason="")
    SurveyTextDecision.objects.create(answer=text, kind="redacted", reason="Ein Name")
    assert not refused("UPDATE participation_surveyanswer SET text = '', is_redacted = TRUE WHERE id = %s", key(text.pk))
    assert refused("UPDATE participation_surveyanswer SET text = 'Zurück', is_redacted = FALSE WHERE id = %s", key(text.pk))
    assert refused("UPDATE participation_surveytextdecision SET reason = 'Ein anderer'")
    assert refused("UPDATE participation_surveytextdecision SET kind = 'released'")
    assert refused("DELETE FROM participation_surveytextdecision")


def test_only_a_text_is_decided_about(found: Survey) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyTextDecision.objects.create(answer=SurveyAnswer.objects.get(value=4), kind="released")


def response_of(found: Survey) -> SurveyResponse:
    return SurveyResponse.objects.create(survey=found, answered_on=timezone.localdate())


@pytest.mark.parametrize(
    "wrong",
    [
        "an option of another question",
        "an option of another survey",
        "a step that the scale does not have",
        "no step",
        "a step on a choice",
        "a text on a scale",
        "something else where that is not asked for",
        "two options where one is asked for",
        "the same option twice",
        "two texts",
        "nothing",
        "an option and a text",
        "erased from the beginning",
    ],
)
def test_an_answer_fits_its_question(wrong: str) -> None:
    found, other = make.survey(), make.survey()
    choice, multiple, scale, text = found.questions.all()
    response = response_of(found)
    bus, bike = choice.options.all()[:2]
    bench = multiple.options.all()[0]
    rows: list[dict[str, Any]] = {
        "an option of another question": [{"question": choice, "option": bench}],
        "an option of another survey": [{"question": choice, "option": other.questions.all()[0].options.all()[0]}],
        "a step that the scale does not have": [{"question": scale, "value": 6}],
        "no step": [{"question": scale, "value": 0}],
        "a step on a choice": [{"question": choice, "value": 1}],
        "a text on a scale": [{"question": scale, "text": "vier"}],
        "something else where that is not asked for": [{"question": choice, "text": "Zu Fuß"}],
        "two options where one is asked for": [{"question": choice, "option": bus}, {"question": choice, "option": bike}],
        "the same option twice": [{"question": multiple, "option": bench}] * 2,
        "two texts": [{"question": text, "text": "Eins"}, {"question": text, "text": "Zwei"}],
        "nothing": [{"question": text}],
        "an option and a text": [{"question": multiple, "option": bench, "text": "Schatten"}],
        "erased from the beginning": [{"question": text, "is_redacted": True}],
    }[wrong]
    *before, last = rows
    for row in before:
        SurveyAnswer.objects.create(response=response, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.create(response=response, **last)


def test_nobody_answers_a_closed_survey_and_it_stays_closed(found: Survey) -> None:
    response = response_of(found)
    actions.close(found, by=UserFactory(editor=True))
    for make_row in (
        lambda: response_of(found),
        lambda: SurveyAnswer.objects.create(response=response, question=found.questions.last(), text="Spät"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_row()
    assert refused("UPDATE participation_survey SET closed_at = NULL")
    later = Survey.objects.get().ends_at + make.DAY
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.update(ends_at=later)


def test_a_published_result_stays_published() -> None:
    found = make.survey("over", results_visibility="published")
    actions.publish_results(found, by=UserFactory(editor=True))
    assert refused("UPDATE participation_survey SET results_published_at = NULL")


def test_who_took_part_is_kept_until_the_end_and_is_nobody_else() -> None:
    found, person = make.survey(mode="account"), UserFactory()
    make.answered(found, 0, by=person)
    assert refused("DELETE FROM participation_surveyparticipation")
    assert refused("UPDATE participation_surveyparticipation SET person_key = 'x'")
    assert not refused("UPDATE participation_surveyparticipation SET contact_id = NULL")
    actions.close(found, by=UserFactory(editor=True))
    assert not refused("DELETE FROM participation_surveyparticipation")
    over = make.survey("over", mode="account")
    make.answered(over, 0, by=person)
    assert not refused("DELETE FROM participation_surveyparticipation")


def test_nobody_takes_part_by_account_in_an_anonymous_survey() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyParticipation.objects.create(survey=make.survey(), person_key="x")


@pytest.mark.postgres
def test_the_tables_of_answers_are_never_emptied(found: Survey) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for its check would refuse it, too
    for table in ("surveyresponse", "surveyanswer"):
        assert refused(f"TRUNCATE participation_{table} CASCADE")
