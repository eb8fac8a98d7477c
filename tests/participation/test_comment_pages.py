"""The page of all comments on a thing: threads, pages, order, and permalinks that hold whatever happens to others."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.contacts import contact_of_user
from ideas import actions as idea_actions
from ideas.models import Idea
from ideas.workflow import Status
from participation import actions
from participation.comment_workflow import Action, Ground, State
from participation.discussions import Subject
from participation.models import Comment
from participation.threads import PER_PAGE
from tests.factories import comments as make
from tests.factories.ideas import make_idea
from tests.factories.users import UserFactory

from .looks import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_brakes() -> None:
    make.rules(**make.OPEN)


def page_of(client: Client, target: Any, query: str = "") -> Any:
    return client.get(Subject(target).comments_url + query)


def shown(answer: Any) -> list[int]:
    """The keys of the comments on a page, in their order."""
    return [int(key) for key in re.findall(r'<li class="comment [^>]*id="kommentar-(\d+)"', answer.content.decode())]


def many(target: Any, number: int) -> list[Comment]:
    """So many comments of the office, which waits for nobody; every third one an answer to the one before."""
    contact, made = contact_of_user(UserFactory(lead=True)), list[Comment]()
    for place in range(number):
        reply_to = made[-1] if place % 3 == 2 else None
        written = actions.write(target, f"Kommentar {place}", make.author(contact), reply_to=reply_to)
        assert written is not None
        made.append(written)
    return made


def lands_on(client: Client, comment: Comment) -> bool:
    """Whether the permalink leads to a page on which the comment stands."""
    answer = client.get(f"/kommentare/{comment.pk}/")
    assert answer.status_code == 302
    place, _sharp, anchor = answer["Location"].partition("#")
    assert anchor == f"kommentar-{comment.pk}"
    return comment.pk in shown(client.get(place))


# --- all comments -----------------------------------------------------------------------------------------------------


def test_all_comments_stand_in_threads_and_say_whom_they_answer(client: Client) -> None:
    first = make.comment(text="Gute Idee!", by=make.person("Ada"))
    other = make.comment(on=first.content_object, text="Zu teuer.", by=make.person("Bert"))
    reply = make.comment(reply_to=first, text="Finde ich auch.", by=make.person("Cem"))
    answer = page_of(client, first.content_object)
    assert shown(answer) == [first.pk, reply.pk, other.pk]
    words = text_of(answer)
    assert "3 Kommentare" in words
    assert "Antwort auf Ada" in words
    assert f'href="#kommentar-{first.pk}"' in answer.content.decode()


def test_the_newest_threads_come_first_for_whoever_asks(client: Client) -> None:
    first = make.comment()
    other = make.comment(on=first.content_object)
    reply = make.comment(reply_to=first)
    assert shown(page_of(client, first.content_object, "?sortiert=neueste")) == [other.pk, first.pk, reply.pk]
    assert shown(page_of(client, first.content_object, "?sortiert=quatsch&seite=%27")) == [first.pk, reply.pk, other.pk]


def test_fifty_stand_on_a_page_and_a_thread_that_goes_on_says_whom_it_answers(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    made = many(idea, PER_PAGE - 1)
    last = make.comment(on=idea, by=make.person("Ada"))
    reply = make.comment(reply_to=last)
    assert shown(page_of(client, idea)) == [each.pk for each in [*made, last]]
    second = page_of(client, idea, "?seite=2")
    assert shown(second) == [reply.pk]
    assert "Antwort auf Ada" in text_of(second)
    assert f'href="/kommentare/{last.pk}/"' in second.content.decode()


def test_anybody_may_keep_the_page_and_it_sets_no_cookie(client: Client) -> None:
    answer = page_of(client, make.comment().content_object)
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not answer.cookies
    assert 'method="post"' not in answer.content.decode()


def test_search_engines_are_led_to_the_thing_itself_and_keep_no_further_page(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    many(idea, PER_PAGE + 1)
    html = page_of(client, idea).content.decode()
    assert re.search(rf'<link rel="canonical" href="[^"]+/ideen/{idea.number}/">', html)
    assert "noindex" not in html
    for query in ("?seite=2", "?sortiert=neueste"):
        assert '<meta name="robots" content="noindex">' in page_of(client, idea, query).content.decode()


def test_the_page_costs_the_same_with_one_and_with_many_comments(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    idea = make_idea(Status.KEPT)
    many(idea, 1)
    page_of(client, idea)
    with django_assert_max_num_queries(8) as few:
        page_of(client, idea)
    many(idea, PER_PAGE + 20)
    with django_assert_num_queries(len(few)):
        page_of(client, idea)
    with django_assert_max_num_queries(8):
        page_of(client, idea, "?seite=2&sortiert=neueste")


# --- what can't be read -----------------------------------------------------------------------------------------------


def test_what_was_deleted_hidden_or_held_leaves_a_sentence_and_neither_name_nor_text(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    make.comment(State.DELETED, on=idea, by=make.person("Ada Weg"), text="Geheim eins")
    make.comment(State.HIDDEN, on=idea, by=make.person("Bert Weg"), text="Geheim zwei")
    held = make.comment(on=idea, by=make.person("Cem Weg"), text="Geheim drei")
    for _number in range(3):
        actions.report(held, Ground.INSULT, contact=make.person())
    words = text_of(page_of(client, idea))
    assert "hat ihn gelöscht" in words
    assert "Die Moderation hat diesen Kommentar ausgeblendet. Grund: Beleidigung oder Drohung." in words
    assert "wird gerade geprüft" in words
    assert "Geheim" not in words
    assert "Weg" not in words


def test_what_was_never_shown_stands_nowhere(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    for state in (State.UNCONFIRMED, State.HELD, State.REFUSED):
        hidden = make.comment(state, on=idea, text="Nie zu lesen")
        assert client.get(f"/kommentare/{hidden.pk}/").status_code == 404
    answer = page_of(client, idea)
    assert shown(answer) == []
    assert "Nie zu lesen" not in text_of(answer)


def test_what_nobody_wrote_and_what_nobody_may_see_is_not_found(client: Client) -> None:
    secret = make_idea(Status.SUBMITTED)
    for address in ("/kommentare/99999999/", f"/kommentare/{10**30}/", "/kommentare/idee/99999999/", "/kommentare/idee/x/",
                    f"/kommentare/idee/{secret.number}/", "/kommentare/seite/1/", "/kommentare/quatsch/1/"):  # fmt: skip
        assert client.get(address).status_code == 404, address


# --- permalinks -------------------------------------------------------------------------------------------------------


def test_a_permalink_finds_every_comment_after_deletions_and_moderation(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    made = many(idea, 2 * PER_PAGE + 5)
    actions.delete_own(made[3], made[3].contact)
    actions.decide(made[10], Action.HIDE, by=make.moderator(), ground=Ground.TOPIC, reason=make.WHY)
    late = make.comment(reply_to=made[0], by=made[0].contact)  # pushes everything behind it one place on
    for each in (*made[:: PER_PAGE // 5], made[PER_PAGE - 1], made[PER_PAGE], made[-1], late, made[3], made[10]):
        assert lands_on(client, each), each.pk


def test_the_same_link_holds_when_ideas_are_merged_and_when_that_is_undone(client: Client) -> None:
    target, joined, lead = make_idea(Status.KEPT), make_idea(Status.IN_REVIEW), UserFactory(lead=True)
    on_target, on_joined = many(target, PER_PAGE), many(joined, 3)
    before = client.get(f"/kommentare/{on_joined[0].pk}/")["Location"]
    assert before.startswith(f"/kommentare/idee/{joined.number}/")
    _merge(joined, target, lead)
    answer = client.get(f"/kommentare/{on_joined[0].pk}/")
    assert answer["Location"] == f"/kommentare/idee/{target.number}/?seite=2#kommentar-{on_joined[0].pk}"
    reply = make.comment(on=target, reply_to=on_joined[0], text="Nach der Zusammenlegung")
    for each in (*on_joined, reply, on_target[0], on_target[-1]):
        assert lands_on(client, each)
    assert client.get(f"/kommentare/idee/{joined.number}/")["Location"] == f"/kommentare/idee/{target.number}/"
    words = text_of(client.get(f"/kommentare/idee/{target.number}/?seite=2"))
    assert f"Geschrieben zu Idee {joined.number}" in words
    _undo_merge(joined, lead)
    assert client.get(f"/kommentare/{on_joined[0].pk}/")["Location"] == before
    # An answer stays with what it answers.
    assert shown(page_of(client, Idea.objects.get(pk=joined.pk)))[:2] == [on_joined[0].pk, reply.pk]
    assert shown(page_of(client, Idea.objects.get(pk=target.pk))) == [each.pk for each in on_target]


def _merge(joined: Idea, target: Idea, lead: Any) -> None:
    decision = idea_actions.Decision(reason="Beides meint dasselbe.")
    idea_actions.merge(Idea.objects.get(pk=target.pk), [Idea.objects.get(pk=joined.pk)], by=lead, decision=decision)


def _undo_merge(joined: Idea, lead: Any) -> None:
    decision = idea_actions.Decision(reason="Doch zweierlei.")
    idea_actions.unmerge([Idea.objects.get(pk=joined.pk)], by=lead, decision=decision)


# --- who reads --------------------------------------------------------------------------------------------------------


def test_authors_find_change_and_delete_on_their_own_comments_and_nobody_else_does(client: Client) -> None:
    comment = make.comment()
    ways = {"Ändern", "Löschen"}

    def offered() -> set[str]:
        return ways & {way.label for row in page_of(client, comment.content_object).context["rows"] for way in row.ways}

    assert offered() == set()
    client.force_login(UserFactory())
    assert offered() == set()
    client.force_login(comment.user)
    assert offered() == ways
    Comment.objects.filter(pk=comment.pk).update(submit_date=timezone.now() - timedelta(minutes=15))
    assert offered() == {"Löschen"}


def test_a_name_is_what_the_person_chose_and_never_the_address(client: Client) -> None:
    idea = make_idea(Status.KEPT)
    nameless = make.person()
    nameless.user.display_name, nameless.user.email = "", "geheim@example.org"
    nameless.user.save()
    make.comment(on=idea, by=nameless)
    gone = make.comment(on=idea, by=make.person("Wer geht"))
    gone.user.delete()
    answer = page_of(client, idea)
    assert "Ohne Namen" in text_of(answer)
    assert "Gelöschtes Konto" in text_of(answer)
    assert "@example.org" not in answer.content.decode().split("<main")[1].split("</main")[0]
    assert "gravatar" not in answer.content.decode()


def test_official_answers_say_so_in_words(client: Client) -> None:
    lead = UserFactory(lead=True, display_name="Kathrin Adams")
    idea = make_idea(Status.KEPT)
    make.comment(on=idea, by=contact_of_user(lead), official=True)
    words = text_of(page_of(client, idea))
    assert "Offizielle Antwort" in words
    assert "Stabsstelle" in words


def test_the_templates_of_comments_name_nothing_that_nobody_defines(client: Client, undefined_variables: list[str]) -> None:
    first = make.comment()
    make.comment(State.HIDDEN, on=first.content_object, reply_to=first)
    for address in (first.content_object.get_absolute_url(), Subject(first.content_object).comments_url, "/ideen/"):
        assert client.get(address).status_code == 200
    assert undefined_variables == []
