"""The demo content is the district's agenda: its numbers, its measures and their ideas, exactly."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from ideas.models import Idea, Kpi, Measure, Place
from ideas.workflow import Status
from pages.agenda import sources
from pages.models import LoesungPage, NewsPage, ZielbildPage

# Written down from the published agenda: measure → idea numbers, in its order.
AGENDA: dict[str, list[int]] = {
    "1.1": [45],
    "2.1": [70, 80, 81, 86],
    "3.1": [19, 34, 64, 107, 108, 114, 115],
    "3.2": [144],
    "3.3": [14, 17, 24, 25, 35, 41, 48, 64, 85, 114, 115],
    "4.1": [102],
    "4.2": [160],
    "4.3": [95],
    "5.1": [104],
    "5.2": [83],
    "6.1": [76],
    "6.2": [3],
    "6.3": [119],
    "6.4": [8],
    "7.1": [145],
    "7.2": [68, 116],
    "7.3": [117],
    "8.1": [15, 23],
    "8.2": [44, 85],
    "8.3": [],
    "8.4": [35, 48],
    "9.1": [97],
    "10.1": [28, 19, 108, 24, 41, 64, 107, 114, 115],
    "10.2": [65, 91, 135],
    "10.3": [16],
    "11.1": [7],
    "11.2": [74, 105],
    "11.3": [],
    "11.4": [154],
    "11.5": [155],
    "12.1": [21],
    "12.2": [22, 79, 50, 81, 99, 100],
    "12.3": [154],
    "12.4": [42, 82, 153],
    "13.1": [39, 53, 82, 105],
    "13.2": [96],
    "13.3": [96],
    "13.4": [39, 53, 82, 105],
}
CHAPTER_4 = {6, 29, 51, 52, 111, 90, 110, 4, 92, 40, 28, 12, 38, 78, 59}
NUMBERS = CHAPTER_4 | {number for numbers in AGENDA.values() for number in numbers}


def test_all_numbers_of_the_agenda_answer_and_each_measure_names_exactly_its_ideas(demo: None, client: Client) -> None:
    assert len(NUMBERS) == 74
    for number in sorted(NUMBERS):
        answer = client.get(f"/ideen/{number}/")
        assert answer.status_code == 200, number
        assert answer.context["idea"].number == number
    assert {measure.code for measure in Measure.objects.all()} == set(AGENDA)
    for measure in Measure.objects.all():
        shown = [link.idea.number for link in client.get(measure.get_absolute_url()).context["idea_links"]]
        agenda_ideas = [number for number in shown if number <= 160]
        assert agenda_ideas == AGENDA[measure.code], measure


def test_the_agenda_has_its_zielbilder_loesungen_kpis_and_statuses(demo: None) -> None:
    assert sources(ZielbildPage).filter(live=True).count() == 3
    assert sources(LoesungPage).filter(live=True).count() == 13
    assert Kpi.objects.count() == 53
    assert [zielbild.get_children().count() for zielbild in sources(ZielbildPage).order_by("number")] == [7, 3, 3]
    counts = {
        status: Measure.objects.filter(status=status).count()
        for status in ("idea", "planning", "preparation", "implementation", "done")
    }
    # One has moved on since June 2023 (editionen.yaml); the first edition holds what the source says.
    assert counts == {"idea": 9, "planning": 5, "preparation": 4, "implementation": 20, "done": 0}
    assert list(LoesungPage.objects.exclude(budget_eur=None).order_by("number").values_list("number", "budget_eur")) == [
        (8, 800_000),
        (11, 700_000),
        (13, 889_824),
    ]
    assert Place.objects.filter(kind__in=["town", "municipality"]).count() == 10
    assert Measure.objects.get(code="10.1").idea_links.get(idea__number=28).contribution == "full"
    assert Measure.objects.get(code="10.1").idea_links.filter(contribution="partly").count() == 8


def test_every_status_that_people_can_reach_is_on_show_with_its_way(demo: None) -> None:
    reachable = set(Status) - {Status.DRAFT}
    assert set(Idea.objects.values_list("status", flat=True)) == reachable
    assert Idea.objects.awaiting_release().exists()
    assert Idea.objects.overdue().exists()
    for idea in Idea.objects.all():
        assert idea.trail.count() == idea.trail_length > 0
    assert NewsPage.objects.live().exists()


def test_the_agenda_is_of_june_2023_and_what_is_invented_is_of_these_days(demo: None) -> None:
    from datetime import timedelta

    from django.utils import timezone

    for idea in Idea.objects.filter(number__lte=160):
        assert {(entry.happened_on.year, entry.happened_on.month) for entry in idea.trail.all()} == {(2023, 6)}
    recent = timezone.now() - timedelta(days=400)
    assert not Idea.objects.filter(number__gt=160, submitted_at__lt=recent).exists()


def test_the_next_idea_goes_on_after_the_demo_content(demo: None, client: Client) -> None:
    highest = Idea.objects.order_by("-number").values_list("number", flat=True)[0]
    client.post(
        "/ideen/einreichen/",
        {
            "title": "Noch eine Idee",
            "text": "Ein Text, der lang genug ist.",
            "email": "a@example.org",
            "consent": "on",
            "action": "submit",
        },
    )
    assert Idea.objects.order_by("-number").values_list("number", flat=True)[0] == highest + 1


def test_demo_content_never_goes_on_top_of_other_content(demo: None, capsys: Any) -> None:
    before = Idea.objects.count()
    with pytest.raises(CommandError, match="schon Inhalte"):
        call_command("load_demo")
    call_command("load_demo", "--if-empty")
    assert Idea.objects.count() == before


@pytest.mark.django_db
def test_the_agenda_alone_has_pages_but_neither_ideas_nor_measures(client: Client) -> None:
    call_command("load_demo", "--agenda-only", verbosity=0)
    assert LoesungPage.objects.count() == 13
    assert not Idea.objects.exists()
    assert not Measure.objects.exists()
    for address in ("/", "/agenda/", "/ideen/", "/massnahmen/", LoesungPage.objects.first().url):
        assert client.get(address).status_code == 200


def test_the_front_page_counts_what_the_lists_behind_its_numbers_show(demo: None, client: Client) -> None:
    home = client.get("/")
    for step in home.context["flow"]:
        assert client.get(step.url).context["total"] == step.count, step.label
    for state in home.context["measure_states"]:
        assert client.get(state["url"]).context["total"] == state["count"], state["state"].label
    for zielbild in home.context["zielbilder"]:
        assert client.get(f"/ideen/?zielbild={zielbild.slug}").context["total"] == zielbild.idea_count
        assert client.get(f"/massnahmen/?zielbild={zielbild.slug}").context["total"] == zielbild.measure_count


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 18),
        ("/agenda/", 9),
        ("/agenda/myk-veraendert-sich/", 11),
        ("/agenda/myk-veraendert-sich/regionale-entwicklungscockpits/", 11),
        ("/massnahmen/mobilitaetscockpit/", 5),
        ("/ideen/64/", 8),
        ("/ideen/107/", 8),
        ("/en/ideen/107/", 8),
        ("/aktuelles/", 9),
        ("/aktuelles/werkstatt-ortskerne/", 7),
    ],
)
def test_pages_of_the_agenda_stay_within_their_queries(
    demo: None, client: Client, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200
