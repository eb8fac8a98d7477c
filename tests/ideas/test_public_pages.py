"""The public lists and pages of ideas and measures: what they show, what they cost, what they answer to nonsense."""

from typing import Any

import pytest
from django.test import Client

from common import outbox
from ideas import actions
from ideas.models import Idea
from ideas.workflow import Action, Contribution, MeasureStatus, Status
from tests.factories import LoesungFactory, MeasureFactory, PlaceFactory, UserFactory, make_idea

pytestmark = pytest.mark.django_db


def numbers(response: Any) -> list[int]:
    return [idea.number for idea in response.context["ideas"]]


def group(response: Any, name: str) -> dict[str, int]:
    return {
        option.value: option.count
        for group in response.context["filters"].groups
        if group.name == name
        for option in group.options
    }


def idea_with(*, places: tuple[Any, ...] = (), tags: tuple[str, ...] = (), **fields: Any) -> Idea:
    idea = make_idea(fields.pop("status", Status.IN_REVIEW), **fields)
    idea.places.set(places)
    idea.tags.set(tags)
    return idea


# --- filters --------------------------------------------------------------------------------------------------------


def test_each_idea_counts_once_by_the_state_that_people_see(client: Client) -> None:
    running = MeasureFactory(status=MeasureStatus.IMPLEMENTATION)
    make_idea(Status.KEPT, measures=(running,))
    make_idea(Status.KEPT)
    make_idea(Status.IN_REVIEW)
    make_idea(Status.SUBMITTED)  # not released, so not here
    answer = client.get("/ideen/")
    assert group(answer, "status") == {"in-umsetzung": 1, "idee": 1, "in-pruefung": 1}
    assert answer.context["total"] == 3


@pytest.mark.parametrize(
    "query", ["status=in-pruefung", "loesung={l}", "zielbild={z}", "tag=wasser", "ort={p}", "sort=aelteste"]
)
def test_every_filter_leaves_just_the_ideas_that_fit_and_says_how_many(client: Client, query: str) -> None:
    loesung, place = LoesungFactory(), PlaceFactory()
    fits = idea_with(loesung=loesung, places=(place,), tags=("Wasser", "Straße"))
    if "sort" not in query:
        idea_with(status=Status.REJECTED, loesung=LoesungFactory(), tags=("Straße",))
    answer = client.get("/ideen/?" + query.format(l=loesung.slug, z=loesung.zielbild.slug, p=place.slug))
    assert numbers(answer) == [fits.number]
    assert answer.context["total"] == 1
    assert answer.context["total_label"] == "1 Idee"


def test_two_values_of_one_filter_mean_either_and_no_idea_comes_twice(client: Client) -> None:
    here, there = PlaceFactory(), PlaceFactory()
    both = idea_with(places=(here, there), tags=("a", "b"))
    one = idea_with(places=(here,))
    answer = client.get(f"/ideen/?ort={here.slug}&ort={there.slug}")
    assert numbers(answer) == [one.number, both.number]
    assert answer.context["total"] == 2
    assert numbers(client.get("/ideen/?tag=a&tag=b")) == [both.number]


def test_counts_show_what_a_click_would_bring(client: Client) -> None:
    green, blue = LoesungFactory(), LoesungFactory()
    idea_with(loesung=green)
    idea_with(loesung=blue)
    idea_with(loesung=blue, status=Status.REJECTED)
    answer = client.get(f"/ideen/?loesung={blue.slug}")
    assert group(answer, "loesung") == {green.slug: 1, blue.slug: 2}
    assert group(answer, "status") == {"in-pruefung": 1, "verworfen": 1}
    for value, count in group(answer, "status").items():
        assert client.get(f"/ideen/?loesung={blue.slug}&status={value}").context["total"] == count


def test_a_chosen_filter_can_be_taken_off_by_a_link_that_keeps_the_others(client: Client) -> None:
    idea_with(tags=("wasser",))
    answer = client.get("/ideen/?status=in-pruefung&tag=wasser&seite=1")
    assert [(chip.label, chip.remove_url) for chip in answer.context["filters"].chips] == [
        ("In Prüfung", "/ideen/?tag=wasser"),
        ("wasser", "/ideen/?status=in-pruefung"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "status=gibtsnicht",
        "loesung=%00",
        "tag=%F0%9F%A6%86",
        "ort='%20OR%201=1",
        "wettbewerb=herbst",
        "zielbild=" + "x" * 3000,
        "sort=number;DROP",
        "seite=99999",
        "seite=-1",
        "seite=abc",
        "seite=36893488147419103231",
        "q=%00%ff",
        "q=" + "wort " * 500,
        "&".join(f"tag={number}" for number in range(900)),
    ],
)
def test_nonsense_in_the_address_is_answered_with_the_list(client: Client, query: str) -> None:
    idea = idea_with()
    for address in ("/ideen/", "/massnahmen/"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 200
    if "q=" not in query:
        assert numbers(client.get(f"/ideen/?{query}")) == [idea.number]


def test_an_unknown_value_is_said_and_left_out(client: Client) -> None:
    idea_with()
    answer = client.get("/ideen/?status=gibtsnicht")
    assert answer.context["filters"].notices == ["Status „gibtsnicht“ gibt es nicht. Wir lassen diese Auswahl weg."]
    assert "gibtsnicht" in answer.content.decode()


def test_taking_the_words_off_a_search_brings_no_complaint_about_its_order(client: Client) -> None:
    page = client.get("/ideen/?q=Radweg&sort=relevanz")
    [chip] = page.context["filters"].chips
    assert client.get(chip.remove_url).context["filters"].notices == []


@pytest.mark.parametrize("number", ["0", "7", "999999999", "36893488147419103231", "-1", "1e3", "%00"])
def test_an_idea_that_is_not_there_is_a_page_that_helps(client: Client, number: str) -> None:
    answer = client.get(f"/ideen/{number}/")
    assert answer.status_code in {400, 404}
    assert b"<h1" in answer.content


def test_a_long_list_has_pages_that_keep_the_filters(client: Client) -> None:
    for _ in range(21):
        idea_with()
    first = client.get("/ideen/?status=in-pruefung")
    assert len(first.context["ideas"]) == 20
    assert first.context["page_urls"]["next"] == "/ideen/?status=in-pruefung&seite=2"
    second = client.get(first.context["page_urls"]["next"])
    assert len(second.context["ideas"]) == 1
    assert not set(numbers(first)) & set(numbers(second))


def test_search_words_and_filters_go_together(client: Client) -> None:
    wanted = idea_with(title="Radweg an der Nette", tags=("verkehr",))
    idea_with(title="Radständer am Bahnhof")
    idea_with(title="Brunnen im Park", text="Trinkwasser für alle, die im Park sitzen.", tags=("verkehr",))
    outbox.drain()
    assert numbers(client.get("/ideen/?q=Radwege&tag=verkehr")) == [wanted.number]


# --- details --------------------------------------------------------------------------------------------------------


def test_a_rejected_idea_shows_status_reason_and_its_whole_way(client: Client) -> None:
    idea = make_idea(Status.REJECTED)
    page = client.get(f"/ideen/{idea.number}/").content.decode()
    for words in ("Verworfen", "passt nicht zu den Zielen der Agenda", "Der Weg dieser Idee", "Eingereicht", "Veröffentlicht"):
        assert words in page


def test_an_idea_shows_the_progress_of_its_measure_and_the_measure_its_idea(client: Client) -> None:
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    idea = make_idea(Status.KEPT, measures=(measure,))
    assert "In Planung" in client.get(f"/ideen/{idea.number}/").content.decode()
    actions.change_measure_status(measure, MeasureStatus.IMPLEMENTATION)
    page = client.get(f"/ideen/{idea.number}/").content.decode()
    assert "In Umsetzung" in page
    assert measure.title in page
    assert f"/ideen/{idea.number}/" in client.get(measure.get_absolute_url()).content.decode()


def test_a_measure_names_no_idea_that_is_not_public(client: Client) -> None:
    measure = MeasureFactory()
    idea = make_idea(Status.KEPT, measures=(measure,))
    other = make_idea(Status.SUBMITTED)
    page = client.get(measure.get_absolute_url()).content.decode()
    assert f"/ideen/{idea.number}/" in page
    assert f"/ideen/{other.number}/" not in page


def test_taking_an_idea_out_of_a_measure_shows_what_ended_and_no_arrow_into_nothing(client: Client) -> None:
    measure = MeasureFactory()
    idea = idea_with(status=Status.KEPT, measures=(measure,))
    actions.unlink_measure(idea, measure, by=UserFactory(lead=True), decision=actions.Decision(reason="Passt nicht."))
    page = client.get(idea.get_absolute_url()).content.decode()
    assert f"<del>{measure.title}</del></dd>" in page
    assert "<ins></ins>" not in page


def test_internal_notes_and_names_of_staff_are_never_public(client: Client) -> None:
    lead = UserFactory(lead=True, first_name="Kanarienvogel", last_name="Geheim")
    idea = make_idea(Status.IN_REVIEW)
    decision = actions.Decision(reason="Passt gut zur Agenda.", note="Interner Kanarienvogel")
    actions.take(idea, Action.KEEP, by=lead, decision=decision)
    outbox.drain()
    for address in (f"/ideen/{idea.number}/", "/ideen/", "/", "/suche/?q=Kanarienvogel"):
        page = client.get(address).content.decode()
        # What was asked for stands there again: in the field, in the sentence, in the way to the other language.
        for asked in ('value="Kanarienvogel"', "„Kanarienvogel“", "?q=Kanarienvogel"):
            page = page.replace(asked, "")
        assert "Kanarienvogel" not in page


# --- what it costs --------------------------------------------------------------------------------------------------


def _fill(count: int) -> None:
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    loesung = LoesungFactory()
    for number in range(count):
        idea = idea_with(
            status=Status.KEPT if number % 2 else Status.REJECTED,
            loesung=loesung,
            places=(PlaceFactory(),),
            tags=(f"stichwort-{number}", "gemeinsam"),
            measures=(measure,) if number % 2 else (),
            title=f"Radweg Nummer {number}",
        )
    assert idea
    outbox.drain()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/ideen/", 12),
        ("/ideen/?q=Radweg&sort=relevanz", 12),
        ("/ideen/?status=verworfen&tag=gemeinsam&tag=stichwort-1&sort=bewegt", 12),
        ("/massnahmen/", 12),
    ],
)
def test_a_list_costs_the_same_with_few_and_with_many_rows(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any, address: str, most: int
) -> None:
    _fill(3)
    client.get(address)  # fills Django's cache of content types and sites
    with django_assert_max_num_queries(most) as few:
        client.get(address)
    _fill(17)
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_an_idea_costs_the_same_with_few_and_with_many_steps_and_measures(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    _fill(6)
    idea = make_idea(Status.KEPT, measures=(MeasureFactory(),), loesung=LoesungFactory(), title="Radweg an der Mosel")
    outbox.drain()
    client.get(f"/ideen/{idea.number}/")
    with django_assert_max_num_queries(8) as few:
        client.get(f"/ideen/{idea.number}/")
    lead = UserFactory(lead=True)
    for number in range(6):
        actions.link_measure(idea, MeasureFactory(), Contribution.PARTLY, by=lead)
        actions.reclassify(idea, LoesungFactory(), by=lead, decision=actions.Decision(reason=f"Grund {number}"))
    outbox.drain()
    with django_assert_num_queries(len(few)):
        client.get(f"/ideen/{idea.number}/")
