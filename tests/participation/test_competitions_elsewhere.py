"""Competitions beyond their own page: the list of all, home, ideas, the filter of the list of ideas, search, machines."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from common import outbox
from participation.models import Competition, Entry
from participation.phases import Phase
from tests.factories import home_page, make_idea
from tests.factories.participation import competition, entry, index_page, place, publish

from .looks import english_of, text_of

pytestmark = pytest.mark.django_db
ALL = tuple(Phase)


def titles(cards: list[Any]) -> list[str]:
    return [card.page.title for card in cards]


def with_winner(title: str, **fields: Any) -> tuple[Competition, Entry]:
    """A competition whose result is published: its only entry has won."""
    found = competition(Phase.RESULT, title=title, **fields)
    won = entry(found, idea=make_idea(released=True, title=f"Gewonnen: {title}"))
    publish(found, {"ballots": {}, "jury": None, "entries": [place(won, 1, 5)], "method": {}})
    return found, won


# --- all competitions -------------------------------------------------------------------------------------------------


def test_the_list_tells_what_runs_what_comes_and_what_came_of_the_past_ones(client: Client) -> None:
    competition(Phase.VOTING, title="Läuft")
    soon = competition(Phase.SUBMISSION, title="Endet zuerst")
    soon.phases.filter(phase=Phase.SUBMISSION).update(ends_at=timezone.now() + timedelta(hours=3))
    competition(Phase.RESULT, title="Wird gezählt")
    competition(Phase.ANNOUNCED, phases=ALL, title="Kommt")
    competition(None, title="Ohne Termine")
    with_winner("Vorbei")
    page = client.get("/wettbewerbe/")
    assert titles(page.context["running"]) == ["Endet zuerst", "Läuft", "Wird gezählt"]
    assert titles(page.context["coming"]) == ["Kommt", "Ohne Termine"]
    assert titles(page.context["past"]) == ["Vorbei"]
    assert "1. Platz Gewonnen: Vorbei" in text_of(page)


def test_without_competitions_the_list_leads_to_the_ideenspeicher(client: Client) -> None:
    index_page()
    words = text_of(client.get("/wettbewerbe/"))
    assert "Gerade läuft kein Wettbewerb" in words


def test_a_competition_that_is_not_published_is_not_listed(client: Client) -> None:
    competition(Phase.VOTING, title="Geheim").page.unpublish()
    page = client.get("/wettbewerbe/")
    assert "Geheim" not in text_of(page)


def test_the_list_costs_the_same_with_few_and_with_many_competitions(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    def fill() -> None:
        competition(Phase.VOTING)
        competition(Phase.ANNOUNCED, phases=ALL)
        with_winner("Vorbei")

    fill()
    client.get("/wettbewerbe/")
    with django_assert_max_num_queries(13) as few:
        client.get("/wettbewerbe/")
    for _ in range(5):
        fill()
    with django_assert_num_queries(len(few)):
        client.get("/wettbewerbe/")


# --- home -------------------------------------------------------------------------------------------------------------


def test_home_shows_where_one_can_take_part_now_with_the_days_left(client: Client) -> None:
    home_page()
    competition(Phase.VOTING, title="Jetzt abstimmen")
    competition(Phase.REVIEW, title="Wird geprüft")
    competition(Phase.RESULT, title="Ist vorbei")
    competition(Phase.SUBMISSION, title="Geheim").page.unpublish()
    page = client.get("/")
    words = text_of(page)
    assert titles(page.context["competitions"]) == ["Jetzt abstimmen"]
    assert re.search(r"Jetzt mitmachen .*Abstimmung läuft Noch [45] Tage Jetzt abstimmen", words)


def test_home_without_a_running_competition_says_nothing_of_it(client: Client) -> None:
    home_page()
    competition(Phase.JURY)
    assert "Jetzt mitmachen" not in text_of(client.get("/"))


def test_home_in_english_names_the_competition_in_english(client: Client) -> None:
    found = competition(Phase.VOTING, title="Kühle Orte", slug="orte")
    english_of(found, title="Cool places")
    page = client.get("/en/")
    assert titles(page.context["competitions"]) == ["Cool places"]


# --- ideas ------------------------------------------------------------------------------------------------------------


def test_an_idea_says_in_which_competitions_it_takes_part_and_where_they_stand(client: Client) -> None:
    idea = make_idea(released=True)
    entry(competition(Phase.VOTING, title="Kühle Orte", slug="orte"), idea=idea)
    entry(competition(Phase.SUBMISSION, title="Nur vorgeschlagen"), idea=idea, state=Entry.State.PROPOSED)
    hidden = competition(Phase.VOTING, title="Geheim")
    entry(hidden, idea=idea)
    hidden.page.unpublish()
    page = client.get(f"/ideen/{idea.number}/")
    words = text_of(page)
    assert re.search(r"Nimmt teil an Kühle Orte Abstimmung läuft Noch [45] Tage", words)
    assert 'href="/wettbewerbe/orte/"' in page.content.decode()
    assert "Nur vorgeschlagen" not in words
    assert "Geheim" not in words


def test_an_idea_that_won_wears_its_place_once_the_result_is_published(client: Client) -> None:
    found = competition(Phase.RESULT, title="Kühle Orte")
    won = entry(found)
    rows = [place(won, 1, 5)]
    assert "1. Platz" not in text_of(client.get(f"/ideen/{won.idea.number}/"))
    publish(found, {"ballots": {}, "jury": None, "entries": rows, "method": {}})
    words = text_of(client.get(f"/ideen/{won.idea.number}/"))
    assert "Hat teilgenommen an Kühle Orte 1. Platz" in words
    assert words.index("1. Platz") < words.index(won.idea.title, words.index("1. Platz"))


def test_an_idea_costs_the_same_in_one_and_in_many_competitions(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    idea = make_idea(released=True)
    entry(competition(Phase.VOTING), idea=idea)
    client.get(f"/ideen/{idea.number}/")
    with django_assert_max_num_queries(8) as few:
        client.get(f"/ideen/{idea.number}/")
    for phase in (Phase.SUBMISSION, Phase.RESULT, Phase.JURY):
        entry(competition(phase), idea=idea)
    with django_assert_num_queries(len(few)):
        client.get(f"/ideen/{idea.number}/")


def test_the_list_of_ideas_can_be_narrowed_to_the_entries_of_a_competition(client: Client) -> None:
    found = competition(Phase.VOTING, title="Kühle Orte", slug="orte")
    inside, outside = entry(found).idea, make_idea(released=True)
    entry(found, state=Entry.State.OUT)
    page = client.get("/ideen/?wettbewerb=orte")
    assert [idea.number for idea in page.context["ideas"]] == [inside.number]
    assert page.context["total"] == 1
    assert [(chip.label, chip.remove_url) for chip in page.context["filters"].chips] == [("Kühle Orte", "/ideen/")]
    everything = client.get("/ideen/")
    group = next(group for group in everything.context["filters"].groups if group.name == "wettbewerb")
    assert [(option.value, option.count) for option in group.options] == [("orte", 1)]
    assert outside.number in [idea.number for idea in everything.context["ideas"]]


def test_a_competition_that_is_unknown_or_not_published_is_said_and_left_out(client: Client) -> None:
    found = competition(Phase.VOTING, slug="geheim")
    shown = entry(found).idea
    found.page.unpublish()
    for name in ("geheim", "gibts-nicht"):
        page = client.get(f"/ideen/?wettbewerb={name}")
        assert [idea.number for idea in page.context["ideas"]] == [shown.number]
        assert page.context["filters"].notices == [f"Wettbewerb „{name}“ gibt es nicht. Wir lassen diese Auswahl weg."]


def test_the_feed_of_ideas_follows_the_filter(client: Client) -> None:
    found = competition(Phase.VOTING, slug="orte")
    inside, outside = entry(found).idea, make_idea(released=True)
    feed = client.get("/ideen/feed.atom?wettbewerb=orte").content.decode()
    assert f"/ideen/{inside.number}/" in feed
    assert f"/ideen/{outside.number}/" not in feed


# --- search and machines ----------------------------------------------------------------------------------------------


def test_search_finds_a_competition_by_its_words_in_german_and_in_english(client: Client) -> None:
    found = competition(Phase.VOTING, title="Kühle Orte", slug="orte", page={"rules": "<p>Mit Schattenwald.</p>"})
    english_of(found, title="Cool places", rules="<p>With a canopy.</p>")
    outbox.drain()
    for address in ("/suche/?q=Schattenwald", "/suche/?q=Kühle+Orte"):
        assert 'href="/wettbewerbe/orte/"' in client.get(address).content.decode(), address
    assert 'href="/en/wettbewerbe/orte/"' in client.get("/en/suche/?q=canopy").content.decode()


def test_search_forgets_a_competition_that_is_taken_off(client: Client) -> None:
    found = competition(Phase.VOTING, title="Schattenwald", slug="orte")
    outbox.drain()
    found.page.unpublish()
    outbox.drain()
    assert "/wettbewerbe/orte/" not in client.get("/suche/?q=Schattenwald").content.decode()


def test_the_sitemap_names_competitions_in_the_languages_they_are_written_in(client: Client) -> None:
    found = competition(Phase.VOTING, slug="orte")
    english_of(found, title="Cool places")
    sitemap = client.get("/sitemap-seiten.xml").content.decode()
    assert "/wettbewerbe/orte/</loc>" in sitemap
    assert "/en/wettbewerbe/orte/</loc>" in sitemap


def test_the_sitemap_names_published_results(client: Client) -> None:
    with_winner("Vorbei", slug="vorbei")
    competition(Phase.RESULT, slug="wird-gezaehlt")
    sitemap = client.get("/sitemap-ergebnisse.xml").content.decode()
    assert "/wettbewerbe/vorbei/ergebnis/</loc>" in sitemap
    assert "wird-gezaehlt" not in sitemap


def test_a_shared_competition_has_a_card_and_its_dates_for_machines(client: Client) -> None:
    found = competition(Phase.VOTING, title="Kühle Orte", slug="orte")
    html = client.get("/wettbewerbe/orte/").content.decode()
    assert '<meta property="og:title" content="Kühle Orte"' in html
    blocks = [json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)]
    event = next(block for block in blocks if block["@type"] == "Event")
    assert event["name"] == "Kühle Orte"
    assert event["startDate"] == found.spans[0].starts_at.isoformat()
    crumbs = next(block for block in blocks if block["@type"] == "BreadcrumbList")
    assert [step["name"] for step in crumbs["itemListElement"]] == ["Start", "Wettbewerbe", "Kühle Orte"]
