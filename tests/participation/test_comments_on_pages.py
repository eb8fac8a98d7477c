"""Comments below ideas, measures, news and Lösungen: what stands there, for how many questions to the database."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page

from accounts.contacts import contact_of_user
from ideas import actions as idea_actions
from ideas.models import Idea
from ideas.workflow import Status
from pages.models import NewsIndexPage, NewsPage
from participation import actions
from participation.comment_workflow import Action, Ground, State
from participation.models import Comment, Discussion
from participation.threads import BESIDE
from tests.factories import comments as make
from tests.factories import home_page
from tests.factories.ideas import MeasureFactory, make_idea
from tests.factories.pages import LoesungFactory, ZielbildFactory
from tests.factories.users import UserFactory

from .looks import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_brakes() -> None:
    make.rules(**make.OPEN)


def news() -> NewsPage:
    index = home_page().add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    page: NewsPage = index.add_child(instance=NewsPage(title="Neuer Radweg", slug="neuer-radweg"))
    return page


def loesung() -> Any:
    return LoesungFactory(parent=ZielbildFactory(parent=home_page()))


THINGS: dict[str, Any] = {
    "idea": lambda: make_idea(Status.KEPT),
    "measure": MeasureFactory,
    "news": news,
    "loesung": loesung,
}
SWITCHES = {"idea": "on_ideas", "measure": "on_measures", "news": "on_news", "loesung": "on_loesungen"}


def url_of(target: Any) -> str:
    return str(target.url if isinstance(target, Page) else target.get_absolute_url())


def words_on(client: Client, target: Any) -> str:
    answer = client.get(url_of(target))
    assert answer.status_code == 200
    return text_of(answer)


def many(target: Any, number: int) -> None:
    """So many comments in threads of three, of two people of the office, who wait for nobody."""
    people = [contact_of_user(UserFactory(lead=True)) for _person in range(2)]
    last = None
    for place in range(number):
        reply_to = last if place % 3 else None
        last = actions.write(target, f"Kommentar {place}", make.author(people[place % 2]), reply_to=reply_to)


@pytest.mark.parametrize("kind", THINGS)
def test_comments_stand_on_the_page_with_their_number_and_the_way_to_a_new_one(client: Client, kind: str) -> None:
    target = THINGS[kind]()
    assert "Noch hat niemand etwas geschrieben" in words_on(client, target)
    first = make.comment(on=target, text="Das brauchen wir hier schon lange.", by=make.person("Ada"))
    make.comment(reply_to=first, text="Sehe ich auch so.", by=make.person("Bert"))
    words = words_on(client, target)
    for expected in ("2 Kommentare", "Ada", "Das brauchen wir hier schon lange.", "Antwort auf Ada", "Kommentar schreiben"):
        assert expected in words
    assert "Noch hat niemand" not in words


@pytest.mark.parametrize("kind", THINGS)
def test_where_comments_are_switched_off_only_those_that_are_there_can_be_read(client: Client, kind: str) -> None:
    target = THINGS[kind]()
    make.rules(**{SWITCHES[kind]: False})
    assert "Kommentare" not in words_on(client, target)
    make.rules(**{SWITCHES[kind]: True})
    make.comment(on=target, text="Steht schon da.")
    make.rules(**{SWITCHES[kind]: False})
    words = words_on(client, target)
    assert "Steht schon da." in words
    assert "Hier lässt sich nicht kommentieren." in words
    assert "Kommentar schreiben" not in words
    assert "Antworten" not in words


def test_a_closed_discussion_can_be_read_and_says_why_nobody_can_write(client: Client) -> None:
    comment = make.comment(text="Das letzte Wort")
    Discussion.objects.update(is_closed=True)
    words = words_on(client, comment.content_object)
    assert "Das letzte Wort" in words
    assert "Hier sind keine neuen Kommentare mehr möglich." in words
    assert "Kommentar schreiben" not in words


def test_an_idea_that_is_not_public_has_no_comments(client: Client) -> None:
    idea = make_idea(Status.SUBMITTED)
    client.force_login(UserFactory(lead=True))
    assert "Kommentar" not in words_on(client, idea)


def test_of_many_comments_the_first_stand_there_with_the_way_to_all(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    many(idea, BESIDE)
    assert "Alle 20 Kommentare" not in words_on(client, idea)
    many(idea, 1)
    words = words_on(client, idea)
    assert "Alle 21 Kommentare" in words
    assert "Kommentar 19" in words
    assert words.count("Kommentar von") == BESIDE


def test_what_a_visitor_typed_is_text_with_safe_links(client: Client) -> None:
    comment = make.comment(text="<script>alert(1)</script> https://example.org/plan?a=1&b=2 javascript:alert(1)")
    html = client.get(url_of(comment.content_object)).content.decode()
    assert "<script>alert(1)" not in html
    assert '<a href="https://example.org/plan?a=1&amp;b=2" rel="nofollow ugc noopener">example.org/plan?a=1&amp;b=2</a>' in html
    assert 'href="javascript:' not in html


def test_an_english_page_says_that_comments_are_german(client: Client) -> None:
    first = make.comment(text="Gute Idee!", by=make.person("Ada"))
    make.comment(reply_to=first)
    html = client.get(f"/en{url_of(first.content_object)}").content.decode()
    assert '<div class="comment-text" lang="de"><p>Gute Idee!</p></div>' in html
    assert '<span lang="de">Ada</span>' in html


def test_all_languages_of_a_page_have_one_discussion(client: Client) -> None:
    german = news()
    english_locale = Locale.objects.get_or_create(language_code="en")[0]
    english = german.copy_for_translation(english_locale, copy_parents=True)
    english.title = "New cycle path"
    english.save_revision().publish()
    english = NewsPage.objects.get(pk=english.pk)
    make.comment(on=german, text="Auf Deutsch")
    make.comment(on=english, text="In English")
    assert Discussion.objects.count() == 1
    for page in (german, english):
        words = words_on(client, page)
        assert "Auf Deutsch" in words
        assert "In English" in words
    assert client.get(f"/en/kommentare/seite/{english.pk}/")["Location"] == f"/en/kommentare/seite/{german.pk}/"
    assert "New cycle path" in text_of(client.get(f"/en/kommentare/seite/{german.pk}/"))


def test_a_merged_family_has_its_comments_in_one_place(client: Client) -> None:
    target, joined, lead = make_idea(Status.KEPT), make_idea(Status.IN_REVIEW), UserFactory(lead=True)
    make.comment(on=target, text="Auf der einen")
    make.comment(on=joined, text="Auf der anderen")
    decision = idea_actions.Decision(reason="Beides meint dasselbe.")
    idea_actions.merge(Idea.objects.get(pk=target.pk), [Idea.objects.get(pk=joined.pk)], by=lead, decision=decision)
    words = words_on(client, target)
    for expected in ("2 Kommentare", "Auf der einen", "Auf der anderen", f"Geschrieben zu Idee {joined.number}"):
        assert expected in words
    there = words_on(client, joined)
    assert f"Alle Kommentare stehen jetzt bei Idee {target.number}" in there
    assert "Auf der anderen" not in there
    [row] = client.get("/ideen/?status=idee").context["ideas"]
    assert row.comment_count == 2


def test_lists_say_how_many_comments_can_be_read(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    assert "Kommentar" not in text_of(client.get("/ideen/"))
    for state in (State.PUBLIC, State.PUBLIC, State.HELD, State.HIDDEN, State.DELETED):
        make.comment(state, on=idea)
    assert "2 Kommentare" in text_of(client.get("/ideen/"))


def test_the_first_comments_cost_two_questions_however_many_there_are(
    client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    idea = make_idea(Status.KEPT)
    client.get(url_of(idea))
    make.rules(on_ideas=False)
    with django_assert_max_num_queries(9) as without:  # one of them asks for the rules and counts
        client.get(url_of(idea))
        cost = len(without)  # asked here: the next request empties Django's log
    make.rules(on_ideas=True)
    many(idea, 1)
    client.get(url_of(idea))  # what is looked up once in a process, like types of content, is none of the page's costs
    with django_assert_num_queries(cost + 1):
        client.get(url_of(idea))
    many(idea, 499)
    client.get(url_of(idea))
    with django_assert_num_queries(cost + 1):
        answer = client.get(url_of(idea))
    assert "500 Kommentare" in text_of(answer)
    assert len(answer.content) < 80_000


@pytest.mark.parametrize("kind", THINGS)
def test_every_page_costs_the_same_with_one_and_with_many_comments(client: Client, kind: str) -> None:
    target = THINGS[kind]()
    many(target, 1)
    client.get(url_of(target))
    few = _count(client, target)
    many(target, 40)
    assert _count(client, target) == few


def _count(client: Client, target: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(url_of(target))
    return len(seen)


def test_the_number_on_the_page_is_right_after_every_decision(client: Client) -> None:
    comment = make.comment()
    idea, moderator = comment.content_object, make.moderator()
    for action, expected in ((Action.HIDE, "Kommentare"), (Action.RESTORE, "1 Kommentar")):
        actions.decide(
            Comment.objects.get(pk=comment.pk), action, by=moderator, ground=Ground.TOPIC, reason=make.WHY
        )  # fmt: skip
        assert expected in words_on(client, idea)
