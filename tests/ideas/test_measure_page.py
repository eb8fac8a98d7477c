"""The facts of a measure on its public page, and what the page costs."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ideas import actions
from ideas.measure_page import facts_of
from ideas.models import Kpi, Measure
from ideas.workflow import MeasureStatus, Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, make_idea

STECKBRIEF = "laut Steckbrief der Lösung"


def measure_in_loesung(**fields: Any) -> Measure:
    loesung = LoesungFactory(
        responsible_units=[("name", "Stabsstelle"), ("name", "Jugendamt")],
        partners=[("name", "Hochschule Koblenz")],
        budget_eur=889_824,
    )
    return MeasureFactory(zielbild=loesung.zielbild, loesung=loesung, **fields)


def facts(measure: Measure) -> dict[str, tuple[list[str], str]]:
    return {str(fact.name): (fact.lines, str(fact.source)) for fact in facts_of(Measure.objects.get(pk=measure.pk))}


def test_where_a_measure_says_nothing_its_loesung_does_and_the_fact_says_so(db: None) -> None:
    assert facts(measure_in_loesung()) == {
        "Wer ist verantwortlich": (["Stabsstelle", "Jugendamt"], STECKBRIEF),
        "Wer arbeitet mit": (["Hochschule Koblenz"], STECKBRIEF),
        "Was es kostet": (["889.824 Euro für die Lösung insgesamt"], STECKBRIEF),
    }


def test_what_a_measure_says_itself_stands_alone(db: None) -> None:
    measure = measure_in_loesung(
        responsible="Straßenmeisterei",
        partners="Verkehrsverbund",
        time_frame="zweites Halbjahr",
        starts_on=date(2024, 7, 1),
        ends_on=date(2025, 12, 31),
        budget_text="davon die Hälfte gefördert",
        budget_amount=Decimal("12345.60"),
        outside_programme=True,
        priority_reasons=["urgent", "quick_win"],
    )
    assert facts(measure) == {
        "Wer ist verantwortlich": (["Straßenmeisterei"], ""),
        "Wer arbeitet mit": (["Verkehrsverbund"], ""),
        "Zeitraum": (["zweites Halbjahr", "1. Juli 2024 bis 31. Dezember 2025"], ""),
        "Was es kostet": (["12.345,6 Euro", "davon die Hälfte gefördert"], ""),
        "Förderung": (["Außerhalb des Förderprogramms"], ""),
        "Warum zuerst": (["schnell umsetzbar (Quick-Win)", "ist besonders dringend"], ""),
    }


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [(date(2024, 7, 1), None, "ab 1. Juli 2024"), (None, date(2025, 12, 31), "bis 31. Dezember 2025")],
)
def test_a_time_frame_may_be_open_at_one_end(db: None, begin: date | None, end: date | None, words: str) -> None:
    assert facts(MeasureFactory(starts_on=begin, ends_on=end)) == {"Zeitraum": ([words], "")}


def test_a_measure_without_loesung_and_without_facts_shows_none(db: None, client: Client) -> None:
    measure = MeasureFactory()
    assert facts(measure) == {}
    assert client.get(measure.get_absolute_url()).status_code == 200


def test_a_measure_costs_the_same_with_a_short_and_with_a_long_way(
    client: Client, db: None, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    lead, measure = UserFactory(lead=True), measure_in_loesung()
    number = iter(range(100))

    def grow(times: int) -> None:
        for _ in range(times):
            make_idea(Status.KEPT, measures=(measure,))
            kpi = Kpi.objects.create(loesung=measure.loesung, measure=measure, name=f"Kennzahl {next(number)}")
            for month in (1, 2, 3):
                actions.propose_value(kpi, measured_on=date(2025, month, 1), value=Decimal(month), by=lead)
            actions.propose_note(measure, happened_on=date(2025, 4, 1), text=f"Bericht {next(number)}", by=lead)
        actions.change_measure_status(measure, list(MeasureStatus)[times], by=lead)

    grow(1)
    client.get(measure.get_absolute_url())
    with django_assert_max_num_queries(5) as few:
        client.get(measure.get_absolute_url())
    grow(4)
    with django_assert_num_queries(len(few)):
        page = client.get(measure.get_absolute_url())
    assert len(page.context["way"]) == 22
    assert len(page.context["kpis"]) == 5
