"""Tags and their pages."""

from typing import Any

import pytest
from django.test import Client
from taggit.models import Tag

pytestmark = pytest.mark.django_db


def test_a_tag_shows_the_ideas_measures_and_news_that_carry_it(
    make_idea: Any, make_measure: Any, make_news: Any, client: Client
) -> None:
    make_idea("Radweg", tags=("Mobilität",))
    make_measure("Mobilstation", tags=("Mobilität",))
    make_news("Der neue Bus", tags=("Mobilität",))
    make_idea("Anderes", tags=("Klima",))
    slug = Tag.objects.get(name="Mobilität").slug
    groups = client.get(f"/stichworte/{slug}/").context["groups"]
    assert {group.key: [result.title for result in group.results] for group in groups} == {
        "ideen": ["Radweg"],
        "massnahmen": ["Mobilstation"],
        "seiten": ["Der neue Bus"],
    }


def test_the_list_holds_only_tags_that_something_public_carries(
    make_idea: Any, make_news: Any, hidden_idea: Any, client: Client
) -> None:
    make_idea("Eins", tags=("klima", "öpnv"))
    make_idea("Zwei", tags=("klima",))
    hidden_idea("Drei").tags.set(["geheim", "klima"])
    make_news("Entwurf", tags=("entwurf",), live=False)
    Tag.objects.create(name="unbenutzt")
    tags = client.get("/stichworte/").context["tags"]
    assert [(tag.name, tag.count) for tag in tags] == [("klima", 2), ("öpnv", 1)]


def test_a_tag_that_only_hidden_things_carry_shows_nothing_of_them(hidden_idea: Any, client: Client) -> None:
    hidden_idea("Geheimer Plan").tags.set(["geheim"])
    answer = client.get("/stichworte/geheim/")
    assert answer.context["groups"] == []
    assert "Geheimer Plan" not in answer.content.decode()


@pytest.mark.parametrize("slug", ["gibt-es-nicht", "%00", "%ED%A0%80", "' OR 1=1", "ä" * 300])
def test_an_unknown_tag_is_not_found(slug: str, client: Client) -> None:
    assert client.get(f"/stichworte/{slug}/").status_code in {400, 404}


def test_many_things_of_a_kind_lead_to_their_list(make_idea: Any, client: Client) -> None:
    for number in range(11):
        make_idea(f"Idee {number}", tags=("klima",))
    group = client.get("/stichworte/klima/").context["groups"][0]
    assert (len(group.results), group.total, group.more_url) == (10, 11, "/ideen/?tag=klima")


@pytest.mark.parametrize("many", [1, 9])
def test_tag_pages_cost_the_same_with_few_and_many_things(
    many: int, make_idea: Any, make_measure: Any, make_news: Any, client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        make_idea(f"Idee {number}", tags=("klima", f"i{number}"))
        make_measure(f"Maßnahme {number}", tags=("klima",))
        make_news(f"Nachricht {number}", tags=("klima",))
    client.get("/stichworte/klima/")
    with django_assert_num_queries(10):  # those of a search, and the tag
        client.get("/stichworte/klima/")
    with django_assert_num_queries(6):  # one for each kind, one for restrictions of pages, the tags, one for the frame
        client.get("/stichworte/")
