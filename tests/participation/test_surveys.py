"""Answering a survey: what counts, what is kept, what somebody is told."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from participation import housekeeping, survey_permissions
from participation.actions import surveys as actions
from participation.models import Survey, SurveyAnswer, SurveyParticipation, SurveyResponse
from participation.views import surveys as views
from tests.factories import UserFactory
from tests.factories import surveys as make

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def nobody_was_here_before() -> None:
    cache.clear()


def path(found: Survey, page: str = "teilnehmen/") -> str:
    return f"/umfragen/{found.slug}/{page}"


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- opening times ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("just before its begin", "coming"),
        ("at its begin", "running"),
        ("just before its end", "running"),
        ("at its end", "over"),
        ("just after its end", "over"),
    ],
)
def test_a_survey_runs_from_its_begin_until_just_before_its_end(moment: str, state: str) -> None:
    found = make.survey()
    now = {
        "just before its begin": found.starts_at - TICK,
        "at its begin": found.starts_at,
        "just before its end": found.ends_at - TICK,
        "at its end": found.ends_at,
        "just after its end": found.ends_at + TICK,
    }[moment]
    assert found.state(now) == state
    assert (survey_permissions.why_not_answer(found, now) == "") == (state == "running")
    if state == "running":
        make.answered(found, 0, now=now)
    else:
        with pytest.raises(actions.NoLongerOpen):
            make.answered(found, 0, now=now)
    assert SurveyResponse.objects.count() == (state == "running")


def test_a_survey_that_was_closed_early_is_over_at_that_moment() -> None:
    found = make.survey()
    moment = found.starts_at + timedelta(hours=5)
    actions.close(found, by=UserFactory(editor=True), now=moment)
    assert (found.state(moment), found.ended_at) == ("over", moment)
    with pytest.raises(actions.NoLongerOpen):
        make.answered(found, 0, now=moment)


def test_a_draft_is_seen_by_editors_and_lead_alone_and_answered_by_nobody(client: Client) -> None:
    found = make.survey("draft")
    assert client.get(path(found, "")).status_code == client.get(path(found)).status_code == 404
    client.force_login(UserFactory())
    assert client.get(path(found, "")).status_code == 404
    client.force_login(UserFactory(editor=True))
    assert client.get(path(found, "")).status_code == 200
    answer = client.post(path(found), make.form_data(found, 0))
    assert answer.status_code == 409
    assert not SurveyResponse.objects.exists()


# --- the form ---------------------------------------------------------------------------------------------------------


def test_somebody_answers_without_an_account_and_is_thanked(client: Client) -> None:
    found = make.survey(thanks="Sie helfen uns sehr.")
    answer = client.post(path(found), make.form_data(found, 1, [0, 2, "Schatten"], 4, "Mehr Radwege."), follow=True)
    assert answer.redirect_chain == [(path(found, "danke/"), 302)]
    assert "Sie helfen uns sehr." in text_of(answer)
    response = SurveyResponse.objects.get()
    rows = response.answers.values_list("question__kind", "option__text", "value", "text")
    assert sorted(map(str, rows)) == sorted(
        map(
            str,
            [
                ("choice", "Rad", None, ""),
                ("multiple", "Bänke", None, ""),
                ("multiple", "Brunnen", None, ""),
                ("multiple", None, None, "Schatten"),
                ("scale", None, 4, ""),
                ("text", None, None, "Mehr Radwege."),
            ],
        )
    )


def test_what_was_typed_stays_when_a_required_answer_is_missing(client: Client) -> None:
    found = make.survey()
    answer = client.post(path(found), make.form_data(found, None, [1, "Schatten"], 2, "Mein langer Text."))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Frage 1: Bitte wählen Sie eine Antwort." in page
    assert "Mein langer Text." in page
    assert 'value="Schatten"' in page
    assert page.count("checked") == 3
    assert not SurveyResponse.objects.exists()


CHOICE_WITH_OTHER = {**make.CHOICE, "allows_other": True, "is_required": False}


@pytest.mark.parametrize(
    ("picked", "other", "sentence"),
    [
        ("0", "Zu Fuß", "Sie haben oben eine andere Antwort gewählt."),
        ("sonstiges", "", "Bitte schreiben Sie, was Sie meinen"),
        ("999999", "", "Diese Antwort steht nicht zur Wahl."),
        ("", "x" * 201, "Das ist zu lang"),
        ("", "", "Bitte beantworten Sie mindestens eine Frage."),
    ],
)
def test_something_else_is_asked_back_where_it_is_not_clear(client: Client, picked: str, other: str, sentence: str) -> None:
    found = make.survey(questions=[CHOICE_WITH_OTHER])
    question = found.questions.get()
    first = str(question.options.all()[0].pk)
    data = make.form_data(found) | {
        f"frage-{question.pk}": first if picked == "0" else picked,
        f"frage-{question.pk}-sonstiges": other,
    }
    answer = client.post(path(found), data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_something_else_counts_when_it_was_only_written(client: Client) -> None:
    found = make.survey(questions=[CHOICE_WITH_OTHER])
    question = found.questions.get()
    client.post(path(found), make.form_data(found) | {f"frage-{question.pk}-sonstiges": "Zu Fuß"})
    assert SurveyAnswer.objects.get().text == "Zu Fuß"


def test_more_answers_than_possible_are_refused_with_their_number(client: Client) -> None:
    found = make.survey(questions=[{**make.MULTIPLE, "most_choices": 2}])
    answer = client.post(path(found), make.form_data(found, [0, 1, "Schatten"]))
    assert "Sie haben 3 Antworten gewählt. Möglich sind höchstens 2." in text_of(answer)
    with pytest.raises(actions.Refused):
        make.answered(found, [0, 1, 2])


def test_a_form_that_a_programme_filled_in_is_refused(client: Client) -> None:
    found = make.survey()
    answer = client.post(path(found), make.form_data(found, 0, website="https://example.org"))
    assert answer.status_code == 422
    assert not SurveyResponse.objects.exists()


def test_who_comes_too_late_sees_what_they_had_answered(client: Client) -> None:
    found = make.survey()
    data = make.form_data(found, 1, ["Schatten"], 5, "Mein Text.")
    actions.close(found, by=UserFactory(editor=True))
    answer = client.post(path(found), data)
    assert answer.status_code == 409
    for sentence in ("Das zählt leider nicht mehr", "Rad", "Sonstiges: Schatten", "5 – sehr", "Mein Text."):
        assert sentence in text_of(answer)
    assert not SurveyResponse.objects.exists()


def test_whoever_filled_in_other_questions_looks_at_the_new_ones_first(client: Client) -> None:
    found = make.survey()
    data = make.form_data(found, 1, None, None, "Mein Text.")
    found.questions.filter(kind="choice").update(text="Wie kommen Sie NICHT zur Arbeit?")
    answer = client.post(path(found), data)
    assert answer.status_code == 422
    assert "Der Fragebogen ist gerade geändert worden." in text_of(answer)
    assert "Mein Text." in text_of(answer)
    fresh = re.search(r'name="fragebogen" value="([0-9a-f]+)"', answer.content.decode())
    assert fresh is not None
    assert client.post(path(found), data | {"fragebogen": fresh[1]}).status_code == 302


def test_too_many_answers_from_one_network_are_slowed_down_and_nothing_is_lost(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ANSWERS_AN_HOUR", 2)
    found = make.survey()
    answers = [client.post(path(found), make.form_data(found, 0, None, None, "Mein Text.")) for _each in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Mein Text." in text_of(answers[-1])
    assert SurveyResponse.objects.count() == 2


@pytest.mark.parametrize(
    "junk", [{"fragebogen": ""}, {"formular": "kein-schluessel"}, {"formular": "\x00"}, {"frage-1": "\x00"}]
)
def test_what_no_page_of_ours_sends_is_no_error_of_the_server(client: Client, junk: dict[str, str]) -> None:
    found = make.survey()
    assert client.post(path(found), make.form_data(found, 0) | junk).status_code in (302, 422)
    assert client.post(path(found), {}).status_code == 422
    assert client.put(path(found)).status_code == 405


# --- with an account --------------------------------------------------------------------------------------------------


def test_with_an_account_everybody_counts_once(client: Client) -> None:
    found = make.survey(mode="account")
    assert "Bitte melden Sie sich an." in text_of(client.get(path(found)))
    assert client.post(path(found), make.form_data(found, 0)).status_code == 200
    assert not SurveyResponse.objects.exists()
    client.force_login(UserFactory())
    for _each in range(3):
        client.post(path(found), make.form_data(found, 0))
    assert SurveyResponse.objects.count() == SurveyParticipation.objects.count() == 1
    assert "Sie haben schon teilgenommen" in text_of(client.get(path(found)))
    with pytest.raises(actions.AlreadyAnswered):
        make.answered(found, 0, by=User.objects.get())


def test_a_new_account_with_the_same_address_does_not_count_again() -> None:
    found, person = make.survey(mode="account"), UserFactory(email="eine@example.org")
    make.answered(found, 0, by=person)
    person.delete()
    again = UserFactory(email="Eine+zwei@example.org")
    with pytest.raises(actions.AlreadyAnswered):
        make.answered(found, 0, by=again)


def test_a_form_without_an_account_counts_once_however_often_it_is_sent(client: Client) -> None:
    found = make.survey()
    data = make.form_data(found, 0)
    assert [client.post(path(found), data).status_code for _each in range(3)] == [302, 302, 302]
    assert SurveyResponse.objects.count() == 1
    client.post(path(found), data | {"formular": str(uuid.uuid4())})
    assert SurveyResponse.objects.count() == 2


# --- secrecy ----------------------------------------------------------------------------------------------------------


def test_nothing_leads_from_an_answer_to_a_person() -> None:
    """By the columns: no reference to anybody, no time, no number in a row."""
    columns = {field.name: field.get_internal_type() for field in SurveyResponse._meta.get_fields() if field.concrete}
    assert columns == {"id": "UUIDField", "survey": "ForeignKey", "answered_on": "DateField", "submission_key": "UUIDField"}
    columns = {field.name: field.get_internal_type() for field in SurveyParticipation._meta.get_fields() if field.concrete}
    assert columns == {"id": "UUIDField", "survey": "ForeignKey", "contact": "ForeignKey", "person_key": "CharField"}
    assert SurveyAnswer._meta.pk.get_internal_type() == "UUIDField"
    found = make.survey(mode="account")
    response = make.answered(found, 0, by=UserFactory())
    assert response.submission_key is None
    assert response.pk != SurveyParticipation.objects.get().pk


def test_who_took_part_is_forgotten_once_the_survey_is_over() -> None:
    found = make.survey(mode="account")
    make.answered(found, 0, by=UserFactory())
    assert housekeeping.forget_participants() == 0
    actions.close(found, by=UserFactory(editor=True))
    assert housekeeping.forget_participants() == 1
    assert SurveyResponse.objects.count() == 1


def test_pages_of_a_survey_set_no_cookie_and_hold_no_form_but_the_questionnaire(client: Client) -> None:
    found = make.survey()
    for page in ("", "danke/", "ergebnis/"):
        answer = client.get(path(found, page))
        assert 'method="post"' not in answer.content.decode()
        assert not answer.cookies
    form = client.get(path(found))
    assert "no-store" in form["Cache-Control"]
    assert "Nach dem Absenden lässt sich nichts mehr ändern." in text_of(form)


def test_all_surveys_stand_among_the_ways_to_take_part(client: Client) -> None:
    assert client.get("/umfragen/")["Location"] == "/beteiligung/?art=umfrage"
    running, coming = make.survey(title="Läuft gerade"), make.survey("coming", title="Kommt bald")
    over = make.survey("over", title="Ist vorbei", outcome="Die Bänke stehen.")
    make.answered(over, 0)
    make.survey("draft", title="Noch geheim")
    page = text_of(client.get("/beteiligung/?art=umfrage"))
    for words in (running.title, coming.title, over.title, "Die Bänke stehen.", "1 Person hat mitgemacht. Zum Ergebnis"):
        assert words in page
    assert "Noch geheim" not in page
    calendar = client.get("/beteiligung/kalender.ics").content.decode()
    assert "Läuft gerade" in calendar
    assert "Kommt bald" in calendar
    assert "Ist vorbei" not in calendar
    assert "Noch geheim" not in calendar
