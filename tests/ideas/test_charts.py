"""Charts of figures: scales, ticks and places worked out by hand, and what the page draws of them."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from ideas import actions
from ideas.charts import BOTTOM, LEFT, RIGHT, TOP, chart_of, figure, path, place, short, ticks
from ideas.models import Kpi
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, ZielbildFactory


@dataclass
class Value:
    measured_on: date
    value: Decimal
    note: str = ""


@dataclass
class Figure:
    public_values: list[Value]
    name: str = "Fahrten"
    unit: str = "Fahrten im Monat"
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target_value: Decimal | None = None
    target_on: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def values(*numbers: str) -> list[Value]:
    return [Value(date(2025, month, 1), Decimal(number)) for month, number in enumerate(numbers, start=1)]


# --- numbers in German --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("0", "", "0"),
        ("7", "", "7"),
        ("1234.50", "", "1.234,5"),
        ("1234.05", "Euro", "1.234,05 Euro"),
        ("889824.00", "Euro", "889.824 Euro"),
        ("100.00", "", "100"),
        ("-3.70", "Prozent", "−3,7 Prozent"),
        ("-0.001", "", "0"),
        ("999999999999.99", "", "999.999.999.999,99"),
    ],
)
def test_a_number_is_written_as_people_here_write_it(number: str, unit: str, text: str) -> None:
    assert figure(Decimal(number), unit) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("999999", "999.999"),
        ("1000000", "1 Mio."),
        ("1250000", "1,25 Mio."),
        ("2500000000", "2,5 Mrd."),
        ("-3000000", "−3 Mio."),
    ],
)
def test_beside_an_axis_millions_are_a_word(number: str, text: str) -> None:
    assert short(Decimal(number)) == text


# --- the scale ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        ("0", "100", ["0", "50", "100"]),
        ("150", "200", ["0", "50", "100", "150", "200"]),
        ("12", "12", ["0", "5", "10", "15"]),  # one value, or equal ones
        ("0", "0", ["0", "0,5", "1"]),  # nothing but zeros
        ("-5", "20", ["−10", "0", "10", "20"]),
        ("-3", "-1", ["−3", "−2", "−1", "0"]),
        ("-4", "-4", ["−4", "−3", "−2", "−1", "0"]),
        ("3.7", "4.2", ["0", "2", "4", "6"]),
        ("0", "0.01", ["0", "0,01"]),
        ("0", "999999999999.99", ["0", "500 Mrd.", "1.000 Mrd."]),
    ],
)
def test_the_scale_has_few_round_numbers_and_always_zero(low: str, high: str, labels: list[str]) -> None:
    scale = ticks(Decimal(low), Decimal(high))
    assert list(dict.fromkeys(short(number) for number in scale)) == labels
    assert scale[0] <= min(Decimal(low), Decimal(0))
    assert scale[-1] >= Decimal(high)
    assert 0 in scale
    assert 2 <= len(scale) <= 6


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [(0, 0, 10, 196), (10, 0, 10, 24), (5, 0, 10, 110), (-10, -10, 10, 196), (7, 7, 7, 110)],
)
def test_a_value_lies_in_the_drawing_as_it_lies_in_the_scale(value: int, low: int, high: int, expected: int) -> None:
    assert place(value, low, high, BOTTOM, TOP) == expected


def test_the_line_goes_through_all_points_and_one_point_has_none() -> None:
    assert path([(Decimal(1), Decimal(2)), (Decimal("3.25"), Decimal(4))]) == "M1.0 2.0 L3.2 4.0"
    assert path([(Decimal(1), Decimal(2))]) == ""
    assert path([]) == ""


# --- the chart ----------------------------------------------------------------------------------------------------------


def test_without_a_value_there_is_nothing_to_draw() -> None:
    assert chart_of(Figure([], target_value=Decimal(10))) is None


def test_one_value_stands_in_the_middle_with_its_day() -> None:
    chart = chart_of(Figure(values("12")))
    assert chart is not None
    assert [(point["x"], point["label"]) for point in chart.points] == [(f"{(LEFT + RIGHT) / 2:.1f}", "12")]
    assert chart.path == ""
    assert [day["label"] for day in chart.days] == ["01.01.2025"]
    assert chart.description == "1. Januar 2025: 12 Fahrten im Monat."


def test_target_and_baseline_are_lines_with_their_number_and_widen_the_scale() -> None:
    figure = Figure(
        values("20", "35"),
        baseline=Decimal(10),
        baseline_on=date(2024, 12, 31),
        target_value=Decimal(100),
        target_on=date(2026, 12, 31),
    )
    chart = chart_of(figure)
    assert chart is not None
    assert [line["label"] for line in chart.scale] == ["0", "50", "100"]
    assert chart.target == {"y": "24.0", "label": "Ziel: 100", "shift": "15"}
    assert chart.baseline == {"y": "178.8", "label": "Ausgangswert: 10", "shift": "-6"}
    assert [day["label"] for day in chart.days] == ["01/2025", "12/2026"]
    assert chart.description == (
        "1. Januar 2025: 20 Fahrten im Monat. 1. Februar 2025: 35 Fahrten im Monat."
        " Ausgangswert vom 31. Dezember 2024: 10 Fahrten im Monat. Ziel bis 31. Dezember 2026: 100 Fahrten im Monat."
    )


def test_a_number_steps_aside_for_the_line_of_the_target() -> None:
    chart = chart_of(Figure(values("20", "46"), target_value=Decimal(50)))
    assert chart is not None
    far, near = chart.points
    assert float(far["label_y"]) < float(far["y"])
    assert float(near["label_y"]) > float(near["y"])


def test_of_many_values_first_and_last_carry_their_number_and_the_table_has_all() -> None:
    chart = chart_of(Figure(values("1", "2", "3", "4", "5", "6", "7")))
    assert chart is not None
    assert [point["label"] for point in chart.points] == ["1", "", "", "", "", "", "7"]
    assert [row["value"] for row in chart.rows] == [f"{number} Fahrten im Monat" for number in range(7, 0, -1)]
    assert chart.description.startswith("7 Werte.")


@pytest.mark.parametrize(
    "numbers", [("5", "5", "5"), ("-5", "20"), ("0", "999999999999.99"), ("0", "0"), ("-999999999999", "1")]
)
def test_every_point_lies_inside_the_drawing(numbers: tuple[str, ...]) -> None:
    chart = chart_of(Figure(values(*numbers)))
    assert chart is not None
    for point in chart.points:
        assert LEFT <= float(point["x"]) <= RIGHT
        assert TOP <= float(point["y"]) <= BOTTOM


# --- on the pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def loesung(db: None) -> Any:
    """A Lösung with an address."""
    return LoesungFactory(parent=ZielbildFactory(parent=Site.objects.get(is_default_site=True).root_page))


def figure_with_values(loesung: Any, measure: Any = None) -> Kpi:
    kpi = Kpi.objects.create(loesung=loesung, measure=measure, name="Fahrten", unit="Fahrten", target_value=50)
    lead = UserFactory(lead=True)
    for month, number in ((1, "12.5"), (2, "31")):
        actions.propose_value(kpi, measured_on=date(2025, month, 1), value=Decimal(number), by=lead)
    return kpi


def test_a_chart_is_named_described_and_followed_by_its_table(client: Client, loesung: Any) -> None:
    measure = MeasureFactory(zielbild=loesung.zielbild, loesung=loesung)
    figure_with_values(loesung, measure)
    page = client.get(measure.get_absolute_url()).content.decode()
    [drawing] = re.findall(r'<svg viewBox="0 0 360 230".*?</svg>', page, re.S)
    assert re.search(r"<title[^>]*>Fahrten</title>", drawing)
    assert "1. Januar 2025: 12,5 Fahrten." in drawing
    assert "Ziel: 50" in drawing
    assert not re.search(r'\b(x|y|cx|cy|d)="[^"]*\d,\d', drawing), "places have a point, whatever the language"
    assert "<summary>Alle Werte als Tabelle</summary>" in page
    assert "<td>31 Fahrten</td>" in page


def test_a_value_that_waits_is_in_no_chart(client: Client, loesung: Any) -> None:
    author = UserFactory(project_lead=True)
    measure = MeasureFactory(zielbild=loesung.zielbild, loesung=loesung)
    measure.project_leads.add(author)
    kpi = Kpi.objects.create(loesung=loesung, measure=measure, name="Fahrten")
    actions.propose_value(kpi, measured_on=date(2025, 1, 1), value=Decimal(4711), by=author)
    for address in (measure.get_absolute_url(), loesung.url):
        page = client.get(address).content.decode()
        assert "Fahrten" in page
        assert "4711" not in page.replace(".", "")


def test_a_loesung_shows_the_charts_of_its_figures(client: Client, loesung: Any) -> None:
    kpi = figure_with_values(loesung)
    assert "12,5 Fahrten" in client.get(kpi.loesung.url).content.decode()
