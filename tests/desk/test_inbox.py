"""The inbox: what waits, in which order, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ideas.desk import inbox
from ideas.models import Idea
from ideas.workflow import Action, Status
from tests.factories import LoesungFactory, PlaceFactory, make_idea


def numbers(response):
    return [idea.number for idea in response.context["ideas"]]


@pytest.fixture
def ideas(db):
    ago = lambda days: timezone.now() - timedelta(days=days)  # noqa: E731
    return {
        "new": make_idea(title="Neu und ungelesen", now=ago(2)),
        "late": make_idea(title="Seit Wochen ungelesen", now=ago(40)),
        "submitted": make_idea(released=True, now=ago(3)),
        "in_review": make_idea(Status.IN_REVIEW, now=ago(35)),
        "question": make_idea(Status.QUESTION, now=ago(60)),
        "kept": make_idea(Status.KEPT, now=ago(90)),
        "rejected": make_idea(Status.REJECTED, now=ago(80)),
        "unconfirmed": make_idea(Status.UNCONFIRMED),
    }


FOLDERS = {
    "neu": ["late", "new"],
    "eingereicht": ["late", "submitted", "new"],
    "pruefung": ["in_review"],
    "rueckfrage": ["question"],
    "ueberfaellig": ["late", "in_review"],
    "entschieden": ["rejected", "kept"],
    "alle": ["rejected", "kept", "question", "in_review", "submitted", "late", "new"],
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder_holds_its_ideas_with_the_oldest_due_date_first_and_counts_them(folder, ideas, at_desk, lead):
    response = at_desk(lead).inbox(ordner=folder)
    assert numbers(response) == [ideas[name].number for name in FOLDERS[folder]]
    counts = {each["folder"].key: each["count"] for each in response.context["folders"]}
    assert counts[folder] == len(FOLDERS[folder])


def test_the_inbox_opens_with_what_nobody_has_read_yet_also_for_a_folder_that_does_not_exist(ideas, at_desk, lead):
    for query in ({}, {"ordner": "gibt-es-nicht"}):
        assert numbers(at_desk(lead).inbox(**query)) == [ideas["late"].number, ideas["new"].number]


def test_overdue_is_said_by_a_word_and_age_in_days(ideas, at_desk, lead):
    page = at_desk(lead).inbox(ordner="ueberfaellig").content.decode()
    assert page.count("überfällig") == 2
    assert "40 Tage" in page


def test_ideas_are_found_by_number_and_by_a_word_of_the_title(ideas, at_desk, lead):
    desk = at_desk(lead)
    assert numbers(desk.inbox(ordner="alle", q=f"#{ideas['kept'].number}")) == [ideas["kept"].number]
    assert numbers(desk.inbox(ordner="alle", q="wochen")) == [ideas["late"].number]


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"q": "9" * 400}, {"loesung": "x"}, {"loesung": "9" * 30}, {"seite": "99999"}, {"seite": "-1"}]
)
def test_strange_questions_get_a_page(query, ideas, at_desk, lead):
    assert at_desk(lead).inbox(ordner="alle", **query).status_code == 200


def test_the_loesung_narrows_a_folder(at_desk, lead):
    loesung = LoesungFactory()
    mine, _other = make_idea(loesung=loesung), make_idea()
    assert numbers(at_desk(lead).inbox(loesung=loesung.pk)) == [mine.number]


def test_an_empty_folder_says_something_kind(at_desk, lead):
    assert "Alle neuen Ideen sind gesichtet." in at_desk(lead).inbox().content.decode()


def test_the_row_shows_the_newest_wording(at_desk, lead):
    idea = make_idea(Status.IN_REVIEW, title="Alter Titel")
    idea.versions.create(version=2, title="Neuer Titel", text="Text")
    page = at_desk(lead).inbox(ordner="pruefung").content.decode()
    assert "Neuer Titel" in page
    assert "Alter Titel" not in page


def test_overdue_means_the_same_to_a_query_and_to_an_idea(db):
    for hours in range(27 * 24, 30 * 24, 5):
        make_idea(now=timezone.now() - timedelta(hours=hours))
    late = set(Idea.objects.overdue())
    assert late == {idea for idea in Idea.objects.all() if idea.is_overdue}
    assert 0 < len(late) < Idea.objects.count()


def cost(page) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert page().status_code == 200
        return len(queries)


def test_a_full_inbox_costs_no_more_queries_than_a_short_one(at_desk, lead):
    place, loesung = PlaceFactory(), LoesungFactory()
    make_idea(places=[place], loesung=loesung)
    desk = at_desk(lead)
    desk.inbox()  # what is asked once per process
    short = cost(desk.inbox)
    for _ in range(30):
        make_idea(places=[place], loesung=loesung)
    assert cost(desk.inbox) == short <= 15
    assert len(numbers(desk.inbox())) == 25


def test_an_idea_with_a_long_way_and_many_measures_costs_no_more_queries(at_desk, lead):
    idea = make_idea(Status.KEPT)
    desk = at_desk(lead)
    desk.look_at(idea)
    short = cost(lambda: desk.look_at(idea))
    for _ in range(3):
        desk.take(idea, Action.REOPEN, reason="Noch einmal.")
        desk.take(idea, Action.KEEP, reason="Doch.")
    assert cost(lambda: desk.look_at(idea)) == short <= 31


def test_the_next_idea_is_the_one_that_is_due_soonest(ideas, at_desk, lead):
    assert inbox.next_after(ideas["new"]) == ideas["late"]
    assert inbox.next_after(ideas["late"]) == ideas["in_review"]


def test_the_start_page_of_the_back_office_counts_what_waits(ideas, at_desk, lead):
    page = at_desk(lead).client.get("/admin/").content.decode()
    assert "2 Ideen: Neu" in page
    assert "2 Ideen: Überfällig" in page
