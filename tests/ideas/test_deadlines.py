"""The service promise: due dates, the public quota with its definition, the weekly list of what is overdue."""

import csv
import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from common import outbox
from ideas import actions, promise
from ideas.management.commands import describe_workflow
from ideas.models import Idea, IdeaAuthor, IdeaVersion, ReviewSettings, TrailEntry, TrailText
from ideas.workflow import Action, Status
from tests.factories import UserFactory, make_idea, submission

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 2, 12, tzinfo=BERLIN)  # a Monday
WHY = actions.Decision(reason="Das gibt es schon.")


def decide(idea: Idea, when: datetime, action: Action = Action.REJECT) -> None:
    actions.take(idea, action, by=UserFactory(lead=True), decision=WHY, now=when)


def days(number: int) -> timedelta:
    return timedelta(days=number)


# --- the quota --------------------------------------------------------------------------------------------------------


def test_an_answer_on_the_last_day_is_in_time_and_one_on_the_next_is_not(db: None) -> None:
    for late in (28, 29):
        idea = make_idea(Status.SUBMITTED, now=NOON)
        decide(idea, NOON.replace(hour=23, minute=59) + days(late))
    found = promise.quota(NOON + days(40))
    assert (found.answered, found.in_time, found.open_overdue, found.percent) == (2, 1, 0, 50)


def test_the_day_is_the_local_one_on_both_databases(db: None) -> None:
    idea = make_idea(Status.SUBMITTED, now=NOON)
    # Half past midnight on the 29th day in Berlin, still the 28th in UTC.
    decide(idea, NOON.replace(hour=0, minute=30) + days(29))
    assert promise.quota(NOON + days(40)).in_time == 0


def test_what_is_overdue_and_open_counts_as_not_in_time(db: None) -> None:
    decide(make_idea(Status.SUBMITTED, now=NOON), NOON + days(1))
    make_idea(Status.SUBMITTED, now=NOON)
    assert promise.quota(NOON + days(28)).percent == 100
    late = promise.quota(NOON + days(29))
    assert (late.promised, late.answered, late.in_time, late.open_overdue, late.percent) == (2, 1, 1, 1, 50)


def test_hundred_percent_means_all(db: None) -> None:
    assert promise.Quota(NOON.date(), NOON.date(), 1000, 999, 0, []).percent == 99
    assert promise.Quota(NOON.date(), NOON.date(), 0, 0, 0, []).percent is None


def test_what_was_answered_more_than_a_year_ago_is_left_out(db: None) -> None:
    decide(make_idea(Status.SUBMITTED, now=NOON), NOON + days(1))
    assert promise.quota(NOON + days(365)).answered == 1
    assert promise.quota(NOON + days(366)).answered == 0


def test_each_step_of_the_review_is_an_answer_and_has_its_own_median(db: None) -> None:
    for wait in (2, 4, 10):
        idea = make_idea(Status.SUBMITTED, released=True, now=NOON)
        decide(idea, NOON + days(wait), Action.TAKE_INTO_REVIEW)
        decide(idea, NOON + days(wait + 30), Action.KEEP)
    found = promise.quota(NOON + days(60))
    assert (found.answered, found.in_time) == (6, 3)
    steps = {step.status: (step.ideas, step.median_days, step.promised_days) for step in found.steps}
    assert steps == {Status.SUBMITTED: (3, 4, 28), Status.IN_REVIEW: (3, 30, 28), Status.QUESTION: (0, None, None)}


def test_a_question_stops_the_clock(db: None) -> None:
    idea = make_idea(Status.SUBMITTED, released=True, now=NOON)
    decide(idea, NOON + days(3), Action.ASK_BACK)
    assert Idea.objects.get(pk=idea.pk).answer_due is None
    decide(idea, NOON + days(90))
    found = promise.quota(NOON + days(91))
    assert (found.answered, found.in_time) == (1, 1), "the question was the answer; while we waited nothing was due"


def test_ideas_taken_over_from_elsewhere_are_no_answers(db: None) -> None:
    from ideas.workflow import Channel

    actions.import_kept(actions.ImportedIdea(145, "Titel", "Text", None, Channel.WORKSHOP, NOON))
    assert promise.quota(NOON + days(1)).answered == 0


@pytest.mark.parametrize(
    ("numbers", "middle"),
    [([], None), ([3], 3), ([1, 2], 1.5), ([5, 1, 3], 3), ([1, 1, 1, 9], 1), ([1, 1, 9, 9], 5), ([0, 0, 7, 8, 9], 7)],
)
def test_the_median_is_the_one_in_the_middle(numbers: list[int], middle: float | None) -> None:
    assert promise.median(Counter(numbers)) == middle


def test_the_page_the_table_and_the_data_say_the_same(client: Client, db: None) -> None:
    now = timezone.now()
    decide(make_idea(Status.SUBMITTED, now=now - days(20)), now - days(5))
    decide(make_idea(Status.SUBMITTED, now=now - days(90)), now - days(5))
    make_idea(Status.SUBMITTED, now=now - days(50))
    page = client.get("/fortschritt/").text
    assert "33 Prozent der Antworten kamen rechtzeitig: 1 von 3." in page
    assert "zählen als nicht rechtzeitig" in page
    data = json.loads(client.get("/fortschritt/fristen.json").content)
    assert (data["percent_in_time"], data["answers_due"], data["open_overdue"]) == (33, 3, 1)
    assert data["steps"][0] == {"status": "submitted", "ideas": 2, "median_days": 50.0, "promised_days": 28}
    rows = {
        (name, status): value for name, status, value in csv.reader(client.get("/fortschritt/fristen.csv").text.splitlines())
    }
    assert rows["answered_in_time", ""] == "1"
    assert rows["median_days", "submitted"] == "50.0"
    assert rows["promised_days", "question"] == ""


def test_the_page_costs_the_same_however_many_answers_there_are(
    client: Client, db: None, django_assert_num_queries: Any
) -> None:
    client.get("/fortschritt/")
    make_idea(Status.REJECTED)
    with django_assert_num_queries(4):
        client.get("/fortschritt/fristen.json")
    for _ in range(3):
        make_idea(Status.REJECTED)
    with django_assert_num_queries(4):
        client.get("/fortschritt/fristen.json")


# --- due dates --------------------------------------------------------------------------------------------------------


def test_days_are_a_setting_and_open_ideas_follow_it_at_once(db: None) -> None:
    submitted, review = make_idea(Status.SUBMITTED, now=NOON), make_idea(Status.IN_REVIEW, now=NOON)
    question, kept = make_idea(Status.QUESTION, now=NOON), make_idea(Status.KEPT, now=NOON)
    own = ReviewSettings.load()
    own.days_submitted, own.days_in_review = 10, 20
    own.save()
    due = dict(Idea.objects.values_list("pk", "answer_due"))
    assert due == {submitted.pk: date(2026, 11, 12), review.pk: date(2026, 11, 22), question.pk: None, kept.pk: None}
    later = make_idea(Status.SUBMITTED, now=NOON)
    assert later.answer_due == date(2026, 11, 12)


def test_what_an_answer_was_promised_for_stays_as_it_was(db: None) -> None:
    idea = make_idea(Status.SUBMITTED, now=NOON)
    decide(idea, NOON + days(1))
    own = ReviewSettings.load()
    own.days_submitted = 1
    own.save()
    assert idea.trail.get(action=Action.REJECT).answer_was_due == NOON.date() + days(28)


def test_the_description_of_the_workflow_names_the_days_as_defaults(db: None) -> None:
    assert "Vorgabe" in describe_workflow.text()


# --- the weekly list --------------------------------------------------------------------------------------------------


def lists_at(when: datetime) -> list[Any]:
    promise.mail_overdue_list(when)
    outbox.drain()
    letters = [letter for letter in mail.outbox if "überfällig" in letter.subject or "overdue" in letter.subject]
    mail.outbox.clear()
    return letters


def test_the_lead_gets_the_list_once_on_monday_after_six(db: None) -> None:
    first, second = UserFactory(lead=True, email="eins@example.org"), UserFactory(lead=True, email="zwei@example.org")
    UserFactory(reviewer=True)
    UserFactory(lead=True, is_active=False)
    idea, _new = actions.submit(submission(), now=NOON - days(400))
    assert lists_at(NOON - days(1)) == []
    assert lists_at(NOON.replace(hour=5, minute=59)) == []
    letters = lists_at(NOON)
    assert sorted(letter.to[0] for letter in letters) == [first.email, second.email]
    assert f"Idee {idea.number}, fällig am" in letters[0].body
    assert f"/admin/ideen/{idea.number}/" in letters[0].body
    assert lists_at(NOON + timedelta(hours=3)) == []
    assert lists_at(NOON + days(1)) == []
    assert len(lists_at(NOON + days(7))) == 2


def test_nothing_overdue_no_mail_and_none_where_it_is_switched_off(db: None) -> None:
    UserFactory(lead=True)
    make_idea(Status.KEPT, now=NOON - days(400))
    assert lists_at(NOON) == []
    actions.submit(submission(), now=NOON - days(400))
    own = ReviewSettings.load()
    own.mails_overdue_list = False
    own.save()
    assert lists_at(NOON) == []


# --- many -------------------------------------------------------------------------------------------------------------


def ten_thousand_open_ideas() -> None:
    """Rows as the actions would write them, in bulk; their rules are lifted meanwhile."""
    from django.db import connection

    from common import database_rules

    now, number = timezone.now(), 10_000
    database_rules.lift(connection)
    ideas = Idea.objects.bulk_create(
        Idea(
            number=position + 1,
            status=Status.SUBMITTED if position % 2 else Status.IN_REVIEW,
            status_since=now - days(position % 60),
            submitted_at=now - days(position % 60),
            answer_due=timezone.localdate() + days(28 - position % 60),
            trail_length=1,
        )
        for position in range(number)
    )
    IdeaVersion.objects.bulk_create(IdeaVersion(idea=idea, title=f"Idee {idea.number}", text="Text") for idea in ideas)
    IdeaAuthor.objects.bulk_create(IdeaAuthor(idea=idea) for idea in ideas)
    texts = TrailText.objects.bulk_create(TrailText() for _ in ideas)
    TrailEntry.objects.bulk_create(
        TrailEntry(idea=idea, position=1, action="submit", from_status="draft", to_status=idea.status, text=text)
        for idea, text in zip(ideas, texts, strict=True)
    )
    database_rules.install(connection)


@pytest.mark.slow
def test_the_inbox_with_ten_thousand_open_ideas_answers_within_fifteen_queries(
    client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    ten_thousand_open_ideas()
    client.force_login(UserFactory(lead=True))
    client.get("/admin/ideen/")
    for folder in ("eingereicht", "pruefung", "ueberfaellig", "alle"):
        with django_assert_max_num_queries(15):
            page = client.get(f"/admin/ideen/?ordner={folder}")
        assert page.status_code == 200
        assert len(page.context["ideas"]) == 25
    due = [idea.answer_due for idea in client.get("/admin/ideen/?ordner=ueberfaellig").context["ideas"]]
    assert due == sorted(due)
