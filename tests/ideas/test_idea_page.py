"""The page of an idea to which everything belongs that can belong to one: that all of it is there, and what it costs."""

from typing import Any

import pytest
from django.test import Client

from common import outbox
from ideas import actions
from ideas.models import Idea
from ideas.workflow import Action, Contribution, Status
from participation.phases import Phase
from tests.factories import LoesungFactory, MeasureFactory, PlaceFactory, UserFactory, finished_round, make_idea, picture_of
from tests.factories.participation import competition, entry, place, publish
from tests.participation.looks import text_of

pytestmark = pytest.mark.django_db

MOST = 8  # with comments two more: the issue allows twelve
WHY = actions.Decision(reason="Gehört zusammen.")


def in_competition(idea: Idea, title: str) -> None:
    """The idea has won one that is over, and takes part in one that runs."""
    over = competition(Phase.RESULT, title=title)
    won = entry(over, idea=idea)
    publish(over, {"ballots": {}, "jury": None, "entries": [place(won, 1, 5)], "method": {}})
    entry(competition(Phase.VOTING), idea=idea)


def full_idea(lead: Any) -> Idea:
    """Tags, places, a picture, a Lösung with its Zielbild, a published review, a measure, competitions, ideas like it, ideas
    that became part of it and ideas made out of it; and it came out of another one itself."""
    part = actions.Part(
        "Radweg an der Mosel", "Ein Radweg an der Mosel, breit genug für zwei.", LoesungFactory(title="Radnetz")
    )
    [split_off] = actions.split(make_idea(Status.IN_REVIEW, title="Alles an der Mosel"), [part], by=lead, decision=WHY)
    idea = Idea.objects.get(pk=split_off.pk)
    idea.tags.set(["Rad", "Fluss"])
    idea.places.set([PlaceFactory(name="Oberdorf"), PlaceFactory(name="Unterdorf")])
    picture_of(idea)
    if idea.status != Status.IN_REVIEW:
        actions.take(idea, Action.TAKE_INTO_REVIEW, by=lead, decision=WHY)
    finished_round(idea, lead=lead)
    actions.publish_review(idea, by=lead)
    idea = Idea.objects.get(pk=idea.pk)
    actions.take(idea, Action.KEEP, by=lead, decision=WHY)
    actions.link_measure(idea, MeasureFactory(title="Radwege bauen"), Contribution.FULL, by=lead)
    grow(idea, lead, 1)
    make_idea(released=True, title="Radweg an der Mosel beleuchten")
    outbox.drain()
    return Idea.objects.get(pk=idea.pk)


def grow(idea: Idea, lead: Any, number: int) -> None:
    """One more of everything that an idea can have several of."""
    idea = Idea.objects.get(pk=idea.pk)
    actions.merge(idea, [make_idea(Status.IN_REVIEW, title=f"Aufgegangen {number}")], by=lead, decision=WHY)
    actions.split(Idea.objects.get(pk=idea.pk), [actions.Part(f"Teil {number}", "Für sich.", None)], by=lead, decision=WHY)
    in_competition(idea, f"Kühle Orte {number}")


def test_the_page_of_an_idea_shows_all_that_belongs_to_it(client: Client) -> None:
    idea = full_idea(UserFactory(lead=True))
    answer = client.get(f"/ideen/{idea.number}/")
    words = text_of(answer)
    for shown in (
        "Hervorgegangen aus Idee",
        "Rad",
        "Fluss",
        "Oberdorf",
        "Unterdorf",
        "Radnetz",
        idea.loesung.zielbild.title,
        "So haben wir geprüft",
        "Radwege bauen",
        "Hat teilgenommen an Kühle Orte 1 1. Platz",
        "Aufgegangen 1",
        "Teil 1",
        "Radweg an der Mosel beleuchten",
    ):
        assert shown in words, shown
    html = answer.content.decode()
    assert f'class="zb-{idea.loesung.zielbild.colour}"' in html
    assert idea.picture
    assert f'src="{idea.picture.url}"' in html


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_of_a_full_idea_stays_within_its_queries(
    client: Client, language: str, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    lead = UserFactory(lead=True)
    idea = full_idea(lead)
    address = f"{language}/ideen/{idea.number}/"
    client.get(address)
    with django_assert_max_num_queries(MOST) as few:
        client.get(address)
    for number in (2, 3):
        grow(idea, lead, number)
    outbox.drain()
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_an_idea_that_became_part_of_another_one_stays_within_its_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    lead = UserFactory(lead=True)
    idea = full_idea(lead)
    middle, last = make_idea(Status.KEPT, title="Das Mittlere"), make_idea(Status.KEPT, title="Das Ganze")
    actions.merge(middle, [idea], by=lead, decision=WHY)
    actions.merge(last, [Idea.objects.get(pk=middle.pk)], by=lead, decision=WHY)
    outbox.drain()
    address = f"/ideen/{idea.number}/"
    assert "Das Mittlere" in text_of(client.get(address))
    with django_assert_max_num_queries(MOST):
        assert "Das Ganze" in text_of(client.get(address))


def test_what_is_renamed_stands_on_the_page_at_once(client: Client) -> None:
    idea = full_idea(UserFactory(lead=True))
    address = f"/ideen/{idea.number}/"
    client.get(address)
    idea.tags.filter(name="Fluss").update(name="Wasser")
    idea.places.filter(name="Unterdorf").update(name="Das Unterdorf")
    zielbild = idea.loesung.zielbild
    zielbild.title = "Alle kommen an"
    zielbild.save_revision().publish()
    words = text_of(client.get(address))
    for shown in ("Wasser", "Das Unterdorf", "Alle kommen an"):
        assert shown in words, shown
