"""What a reader finds under /suche/ and in lists that take ?q=."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ideas.models import Idea
from pages.words import TERMS, Term, Vocabulary
from search import backends
from search.models import SearchTerm

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Radwege", "Ein Radweg am Rhein"),
        ("radweg", "Mehr Radwege für alle"),
        ("Strasse", "Sichere Straßen"),
        ("STRAßE", "Sichere Strassen"),
        ("Häuser", "Ein Haus für alle"),
        ("Autos", "Ein Auto teilen"),
        ("Busse", "Der Bus am Abend"),
        ("Haus", "Neues Bürgerhaus"),
        ("Säule", "Eine Ladesäule am Rhein"),
        ("Ladesaeule", "Eine Ladesäule am Rhein"),
        ("open data", "OpenData"),
        ("wo ist der Radweg", "Ein Radweg am Rhein"),
        ("rhein radweg", "Ein Radweg am Rhein"),
        ("WLAN", "W-LAN im Bus"),
    ],
)
def test_german_forms_and_compounds_are_found(query: str, title: str, make_idea: Any, search: Any) -> None:
    make_idea(title)
    make_idea("Kuchen backen mit Senioren")
    assert search(query) == [title]


def test_ideas_measures_and_pages_are_found_with_one_query(
    make_idea: Any, make_measure: Any, make_page: Any, client: Client
) -> None:
    make_idea("Radwege bauen")
    make_measure("Radweg Polch")
    make_page("Unsere Radwege")
    groups = client.get("/suche/?q=Radweg").context["groups"]
    assert {(group.key, group.total, group.results[0].title) for group in groups} == {
        ("ideen", 1, "Radwege bauen"),
        ("massnahmen", 1, "Radweg Polch"),
        ("seiten", 1, "Unsere Radwege"),
    }


def test_the_text_of_an_idea_its_tags_and_the_lead_of_a_page_are_searched(make_idea: Any, make_page: Any, search: Any) -> None:
    make_idea("Titel eins", "Wir brauchen Fahrradständer.")
    idea = make_idea("Titel zwei", tags=("Inklusion",))
    from search import registry, sync

    sync.update(registry.source("ideen"), idea.pk)
    make_page("Seite", "Alles über die Nette und ihr Hochwasser")
    assert search("Fahrradständer") == ["Titel eins"]
    assert search("Inklusion") == ["Titel zwei"]
    assert search("Hochwasser") == ["Seite"]


@pytest.mark.parametrize("query", ["145", "Idee 145", "#145", "idee nr. 145", "Idee #145", "Ideen-ID 145", " 145 "])
def test_a_number_finds_that_idea_first(query: str, make_idea: Any, search: Any) -> None:
    make_idea("Haus 145 sanieren: Idee für Idee, 145 und 145")
    make_idea("Ein Stück Fabrik", number=145)
    make_idea("Noch einmal 145 Idee")
    assert search(query)[0] == "Ein Stück Fabrik"


def test_a_measure_is_found_by_its_number(make_measure: Any, search: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make_measure("Amt-O-Mat", code="6.3")
    make_measure("Anderes", code="6.30")
    assert search("Maßnahme 6.3") == ["Amt-O-Mat"]
    own = Vocabulary({**TERMS, "massnahme": Term("n", "Projekt", "Projekte", "project", "projects")})
    monkeypatch.setattr("pages.words._source", lambda: own)
    assert search("Projekt 6.3") == search("Maßnahme 6.3") == ["Amt-O-Mat"], "by the region's word, and by that of the house"


def test_words_in_the_title_come_before_words_in_the_text(make_idea: Any, search: Any) -> None:
    make_idea("Busse am Abend")
    make_idea("Etwas anderes", "Der Bus ist oft voll.")
    make_idea("Noch etwas", "Auch hier fährt ein Bus.")
    assert search("Bus") == ["Busse am Abend", "Noch etwas", "Etwas anderes"]


def test_an_idea_that_is_not_released_is_never_found_even_if_the_index_has_it(hidden_idea: Any, search: Any) -> None:
    idea = hidden_idea("Geheimer Plan")
    assert not SearchTerm.objects.filter(object_id=idea.pk, source="ideen").exists()
    SearchTerm.objects.create(source="ideen", object_id=idea.pk, term="plan", weight=6)
    assert search("Plan") == []
    assert search(str(idea.number)) == []


def test_a_page_that_is_not_live_is_never_found_even_if_the_index_has_it(make_page: Any, search: Any) -> None:
    page = make_page("Geheime Seite")
    type(page).objects.filter(pk=page.pk).update(live=False)
    assert SearchTerm.objects.filter(source="seiten", object_id=page.pk).exists()
    assert search("geheim") == []


def test_a_page_behind_a_password_is_not_found(make_page: Any, search: Any) -> None:
    from wagtail.models import PageViewRestriction

    page = make_page("Geheime Seite")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert search("geheim") == []


@pytest.mark.parametrize("query", ["und", "wo ist das", "???", "-", "*", '"', "e"])
def test_a_query_without_a_telling_word_finds_nothing_and_says_so(query: str, make_idea: Any, client: Client) -> None:
    make_idea("Dies und das")
    answer = client.get("/suche/", {"q": query})
    assert answer.context["groups"] == []
    assert answer.context["notice"]


def test_the_page_without_a_query_helps(client: Client) -> None:
    answer = client.get("/suche/")
    assert answer.status_code == 200
    assert answer.context["groups"] == []
    assert answer.context["notice"] == ""


def test_when_nothing_has_all_words_some_are_enough_and_the_page_says_so(make_idea: Any, client: Client) -> None:
    make_idea("Radweg am Rhein")
    context = client.get("/suche/?q=Radweg+Mosel").context
    assert context["groups"][0].results[0].title == "Radweg am Rhein"
    assert context["notice"]
    assert client.get("/suche/?q=Radweg+Rhein").context["notice"] == ""


def test_many_hits_lead_to_the_list_of_ideas(make_idea: Any, client: Client) -> None:
    for number in range(6):
        make_idea(f"Radweg {number}")
    group = client.get("/suche/?q=Radweg").context["groups"][0]
    assert (len(group.results), group.total, group.more_url) == (5, 6, "/ideen/?q=Radweg")


def test_one_kind_is_shown_page_by_page(make_page: Any, client: Client) -> None:
    for number in range(21):
        make_page(f"Radweg {number}")
    first = client.get("/suche/?q=Radweg").context
    more_url = first["groups"][0].more_url
    one = client.get(more_url).context
    two = client.get(one["next_url"]).context
    assert (len(one["groups"][0].results), len(two["groups"][0].results)) == (20, 1)
    assert (one["previous_url"], two["next_url"]) == ("", "")


def test_counts_are_exact_up_to_a_thousand(monkeypatch: pytest.MonkeyPatch, make_idea: Any) -> None:
    monkeypatch.setattr(backends, "COUNT_LIMIT", 2)
    for number in range(4):
        make_idea(f"Radweg {number}")
    assert backends.count(Idea.objects.all()) == 3
    assert backends.count_text(3) == "über 1.000"
    assert backends.count_text(2) == "2"


def test_a_list_keeps_its_own_filters_and_order(make_idea: Any) -> None:
    kept = [make_idea(f"Radweg {number}", tags=("rad",) if number % 2 else ()) for number in range(4)]
    ideas = Idea.objects.public().filter(tags__name="rad").order_by("number")
    found = backends.matching("ideen", "Radwege", ideas)
    assert list(found) == [kept[1], kept[3]]
    assert found.count() == 2
    assert list(backends.matching("ideen", "", ideas)) == [kept[1], kept[3]]
    assert list(backends.matching("ideen", "Schiff", ideas)) == []
    assert list(backends.by_relevance("ideen", "Radwege", found)) == [kept[3], kept[1]]


@pytest.mark.parametrize("many", [1, 12])
def test_search_costs_the_same_with_few_and_many_hits(
    many: int, make_idea: Any, make_measure: Any, make_page: Any, client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        make_idea(f"Radweg {number}")
        make_measure(f"Radweg {number}")
        make_page(f"Radweg {number}")
    client.get("/suche/?q=Radweg")  # content types and the site's root are kept in memory from here on
    with django_assert_num_queries(QUERIES_OF_A_SEARCH):
        client.get("/suche/?q=Radweg")


QUERIES_OF_A_SEARCH = 9  # two per kind, one for the type of pages, one for restrictions of pages, one for the frame


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=300), st.text("aÄß0'\"&|!:*()<>\\-%_#\x00\x1f\ud800 ", max_size=40)))
@example("\x00")
@example("145\x00")
@example("' OR 1=1 --")
@example("a:* & !b | (c")
@example('"NEAR(" AND ^x NOT')
@example("9" * 400)
@example("Radweg " * 400)
@example("\ud800")
@example("-" * 300)
def test_no_query_breaks_the_search(client: Client, db: None, query: str) -> None:
    assert client.get("/suche/", {"q": query.encode("utf-8", "surrogatepass")}).status_code == 200
    list(backends.by_relevance("ideen", query, backends.matching("ideen", query, Idea.objects.public())))


@pytest.mark.parametrize("seite", ["0", "-1", "abc", "99999999999999999999", "²", ""])
def test_no_page_number_breaks_the_search(seite: str, client: Client) -> None:
    assert client.get("/suche/", {"q": "Radweg", "art": "seiten", "seite": seite}).status_code == 200
    assert client.get("/suche/", {"q": "Radweg", "art": "\x00x", "seite": seite}).status_code == 200


def test_without_a_hit_other_words_for_the_same_thing_are_shown(make_idea: Any, client: Client) -> None:
    idea = make_idea("E-Ladestation im Ortskern")
    make_idea("Kuchen backen mit Senioren")
    answer = client.get("/suche/", {"q": "Ladesäule"})
    assert [result.title for group in answer.context["groups"] for result in group.results] == [idea.title]
    assert "Diese Wörter kommen bei uns nicht vor." in answer.content.decode()
    answer = client.get("/ideen/", {"q": "Ladesäule"})
    assert answer.context["total"] == 0
    assert answer.context["similar"] == [idea]


def test_a_site_whose_terms_are_not_built_yet_finds_by_wagtails_index(make_idea: Any, hidden_idea: Any, client: Client) -> None:
    public, hidden = make_idea("Zahnradbahn zur Burg"), hidden_idea("Zahnradbahn im Tal")
    SearchTerm.objects.all().delete()
    page = client.get("/suche/?q=Zahnradbahn").content.decode()
    assert public.title in page
    assert hidden.title not in page
