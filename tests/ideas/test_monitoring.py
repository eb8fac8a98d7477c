"""Indicators: the path from baseline to target, when a value has left it, what the pages and the lead hear of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Site

from common import outbox
from ideas import indicators
from ideas.models import Assessment, Indicator, IndicatorValue, MonitoringSettings
from ideas.monitoring import Path, Standing, next_review, standing
from pages.models import Theme
from tests.factories import UserFactory, ZielbildFactory

START, END = date(2024, 1, 1), date(2026, 1, 1)  # 731 days
TODAY = date(2026, 11, 26)
UP = Path(Decimal(10), START, Decimal(60), END, tolerance=10)
DOWN = Path(Decimal(50), START, Decimal(30), END, tolerance=10)

numbers = st.integers(-1_000_000, 1_000_000).map(lambda cents: Decimal(cents) / 100)
days = st.integers(0, 7300).map(lambda number: date(2020, 1, 1) + timedelta(days=number))


@st.composite
def paths(draw: st.DrawFn) -> Path:
    first, second = draw(st.lists(days, min_size=2, max_size=2, unique=True))
    baseline, target = draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
    return Path(baseline, min(first, second), target, max(first, second), draw(st.integers(0, 100)))


# --- the path ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "day", "expected"),
    [
        (UP, date(2023, 5, 5), 10),
        (UP, START, 10),
        (UP, START + timedelta(days=146, hours=5), Fraction(10) + Fraction(50 * 146, 731)),
        (UP, END, 60),
        (UP, date(2030, 1, 1), 60),
        (DOWN, START, 50),
        (DOWN, END, 30),
    ],
)
def test_the_path_is_a_straight_line_that_stays_where_it_began_and_ended(path: Path, day: date, expected: Any) -> None:
    assert path.expected(day) == expected


@given(paths(), days)
def test_the_path_never_leaves_the_room_between_baseline_and_target(path: Path, day: date) -> None:
    low, high = sorted([path.baseline, path.target])
    assert Fraction(low) <= path.expected(day) <= Fraction(high)


@given(paths(), days, days)
def test_the_path_never_turns_back(path: Path, one: date, other: date) -> None:
    first, second = sorted([one, other])
    assert path.covered(path.expected(first)) <= path.covered(path.expected(second))  # type: ignore[arg-type]


@given(paths(), days)
def test_whoever_is_on_the_path_has_not_left_it(path: Path, day: date) -> None:
    assert path.behind(path.expected(day), day) == 0  # type: ignore[arg-type]
    assert not path.is_left(path.expected(day), day)  # type: ignore[arg-type]


@given(paths(), numbers, days)
def test_upwards_and_downwards_are_the_same_seen_in_a_mirror(path: Path, value: Decimal, day: date) -> None:
    mirrored = Path(-path.baseline, path.baseline_on, -path.target, path.target_on, path.tolerance)
    assert path.is_left(value, day) == mirrored.is_left(-value, day)
    assert path.covered(value) == mirrored.covered(-value)


@given(paths(), numbers, days, st.integers(0, 100))
def test_more_tolerance_never_warns_more(path: Path, value: Decimal, day: date, wider: int) -> None:
    patient = Path(path.baseline, path.baseline_on, path.target, path.target_on, max(path.tolerance, wider))
    assert path.is_left(value, day) or not patient.is_left(value, day)


@given(paths(), numbers, days)
def test_a_reached_target_has_not_left_the_path(path: Path, value: Decimal, day: date) -> None:
    if path.is_reached(value):
        assert not path.is_left(value, day)


@pytest.mark.parametrize(
    ("path", "value", "left"),
    [
        (UP, "55", False),
        (UP, "54.99", True),
        (UP, "70", False),
        (DOWN, "32", False),
        (DOWN, "32.01", True),
        (DOWN, "10", False),
    ],
)
def test_exactly_as_far_behind_as_the_tolerance_is_still_on_the_path(path: Path, value: str, left: bool) -> None:
    # At the end of the path: a tenth of the way is 5 upwards and 2 downwards.
    assert path.is_left(Decimal(value), END) is left


# --- where an indicator stands ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latest", "today", "expected"),
    [
        (None, START + timedelta(days=400), Standing.NO_VALUE),
        (None, START + timedelta(days=401), Standing.SILENT),
        (("60", END), TODAY, Standing.REACHED),
        (("61", date(2024, 2, 1)), TODAY, Standing.REACHED),
        (("57", END), END + timedelta(days=400), Standing.ON),
        (("57", END), END + timedelta(days=401), Standing.SILENT),
        (("20", END), END + timedelta(days=1), Standing.OFF),
        (("20", END), END + timedelta(days=900), Standing.OFF),
        (("5", START), START, Standing.ON),
    ],
)
def test_every_indicator_has_one_standing(latest: Any, today: date, expected: Standing) -> None:
    value = (Decimal(latest[0]), latest[1]) if latest else None
    assert standing(UP, value, today) is expected


def test_the_next_review_is_the_same_day_some_years_later() -> None:
    assert next_review(date(2026, 5, 4), 3) == date(2029, 5, 4)
    assert next_review(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert next_review(date(2024, 2, 29), 4) == date(2028, 2, 29)


# --- on the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def zielbild(db: None) -> Any:
    root = Site.objects.get(is_default_site=True).root_page
    return ZielbildFactory(parent=root, title="Gut leben", goal="Alle finden Hilfe in der Nähe.")


def indicator(**fields: Any) -> Indicator:
    number = Indicator.objects.count() + 1
    today = timezone.localdate()
    return Indicator.objects.create(
        **{
            "name": f"Indikator {number}",
            "slug": f"indikator-{number}",
            "unit": "Prozent",
            "baseline": 10,
            "baseline_on": today - timedelta(days=100),
            "target": 60,
            "target_on": today + timedelta(days=100),
            **fields,
        }
    )


def value(of: Indicator, number: int, days_ago: int = 0) -> None:
    IndicatorValue.objects.create(indicator=of, value=number, measured_on=timezone.localdate() - timedelta(days=days_ago))


def test_goals_and_themes_show_their_indicators_with_value_warning_and_assessment(client: Client, zielbild: Any) -> None:
    theme = Theme.objects.create(number=2, title="Beteiligung", text="Alle machen mit.")
    off = indicator(zielbild=zielbild, name="Treffpunkte")
    value(off, 12)
    Assessment.objects.create(indicator=off, text="Es geht langsam.", source="Interviews", written_on=date(2026, 3, 4))
    Assessment.objects.create(indicator=off, text="Überholt.", written_on=date(2025, 3, 4))
    indicator(theme=theme, name="Beteiligte")
    page = client.get("/fortschritt/indikatoren/").text
    for words in ("2 Indikatoren", "Gut leben", "Alle finden Hilfe in der Nähe.", "Beteiligung", "Alle machen mit."):
        assert words in page
    assert "Hinter dem Pfad" in page
    assert "12 Prozent" in page
    assert "35 Prozent" in page, "what the path asks for in its middle"
    assert "Es geht langsam." in page
    assert "Interviews" in page
    assert "4. März 2026" in page
    assert "Überholt." not in page, "the latest assessment counts"
    assert 'class="chart-way"' in page


def test_a_chosen_standing_narrows_the_list_and_an_unknown_one_is_said(client: Client, zielbild: Any) -> None:
    off, on = indicator(zielbild=zielbild, name="Zurück"), indicator(zielbild=zielbild, name="Vorn")
    value(off, 11)
    value(on, 36)
    page = client.get("/fortschritt/indikatoren/?stand=hinter-dem-pfad").text
    assert "1 Indikator: Hinter dem Pfad" in page
    assert "Vorn" not in page
    unknown = client.get("/fortschritt/indikatoren/?stand=<b>").text
    assert "2 Indikatoren" in unknown
    assert "gibt es nicht" in unknown


def test_without_indicators_the_page_says_what_will_stand_here(client: Client, db: None) -> None:
    assert "Hier steht noch kein Indikator" in client.get("/fortschritt/indikatoren/").text


def test_the_page_costs_the_same_with_many_indicators(client: Client, zielbild: Any, django_assert_num_queries: Any) -> None:
    theme = Theme.objects.create(number=1, title="Thema")

    def more() -> None:
        for place in range(3):
            each = indicator(zielbild=zielbild) if place else indicator(theme=theme)
            value(each, 20, 30)
            value(each, 30)
            Assessment.objects.create(indicator=each, text="Gut.")

    more()
    client.get("/fortschritt/indikatoren/")  # Wagtail keeps the addresses of the site
    with django_assert_num_queries(8):
        client.get("/fortschritt/indikatoren/")
    more()
    with django_assert_num_queries(8):
        client.get("/fortschritt/indikatoren/")


def test_the_database_refuses_an_indicator_without_a_way_and_two_values_a_day(zielbild: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        indicator(zielbild=zielbild, target=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        indicator()
    one = indicator(zielbild=zielbild)
    value(one, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        value(one, 2)


# --- the review of the strategy -------------------------------------------------------------------------------------------


def letters_at(day: date) -> list[Any]:
    indicators.remind_of_review(timezone.make_aware(datetime(day.year, day.month, day.day, 9)))
    outbox.drain()
    letters = [letter for letter in mail.outbox if "Strategie überprüfen" in letter.subject]
    mail.outbox.clear()
    return letters


def test_the_lead_is_reminded_once_of_each_review(zielbild: Any) -> None:
    lead = UserFactory(lead=True)
    UserFactory(lead=True, is_active=False)
    UserFactory(editor=True)
    off = indicator(zielbild=zielbild, name="Treffpunkte")
    value(off, 11)
    assert letters_at(date(2026, 1, 1)) == [], "nobody has set a day"
    own = MonitoringSettings.load()
    own.next_review_on, own.remind_days = date(2026, 9, 30), 60
    own.save()
    assert letters_at(date(2026, 7, 31)) == []
    [letter] = letters_at(date(2026, 8, 1))
    assert letter.to == [lead.email]
    assert "30. September 2026" in letter.body
    assert "Treffpunkte: Hinter dem Pfad" in letter.body
    assert "/admin/settings/ideas/monitoringsettings/" in letter.body
    assert letters_at(date(2026, 8, 2)) == []
    assert letters_at(date(2026, 12, 1)) == []
    MonitoringSettings.objects.update(next_review_on=date(2029, 9, 30))
    assert letters_at(date(2029, 9, 1)) != [], "the next one is a new one"


def test_the_form_proposes_the_next_day(client: Client, db: None) -> None:
    own = MonitoringSettings.load()
    own.next_review_on, own.review_years = date(2026, 9, 30), 3
    own.save()
    client.force_login(UserFactory(lead=True))
    page = client.get(reverse("wagtailsettings:edit", args=["ideas", "monitoringsettings"]), follow=True)
    assert page.status_code == 200
    assert "Vorschlag: 30.09.2029" in page.text


# --- in the back office -----------------------------------------------------------------------------------------------


def form_of(page: Any, *values: tuple[str, str], **fields: Any) -> dict[str, Any]:
    data = {
        "name": "Treffpunkte",
        "slug": "treffpunkte",
        "zielbild": page.pk,
        "theme": "",
        "description": "",
        "unit": "Orte",
        "baseline": "1.250,5",
        "baseline_on": "2026-01-01",
        "target": "2.000",
        "target_on": "2027-01-01",
        "tolerance": "10",
        "sort_order": "0",
        "values-TOTAL_FORMS": len(values),
        "values-INITIAL_FORMS": 0,
        "assessments-TOTAL_FORMS": 1,
        "assessments-INITIAL_FORMS": 0,
        "assessments-0-written_on": "2026-05-01",
        "assessments-0-text": "Es wird.",
        "assessments-0-source": "Umfrage",
        **fields,
    }
    for place, (day, number) in enumerate(values):
        data |= {f"values-{place}-measured_on": day, f"values-{place}-value": number, f"values-{place}-note": ""}
    return data


@pytest.mark.parametrize("role", ["lead", "editor"])
def test_lead_and_editors_write_an_indicator_with_values_and_assessments(client: Client, zielbild: Any, role: str) -> None:
    client.force_login(UserFactory(**{role: True}))
    address = reverse("indicators_admin:add")
    assert client.get(address).status_code == 200
    response = client.post(address, form_of(zielbild, ("2026-02-01", "1300"), ("2026-03-01", "1.400,5")))
    assert response.status_code == 302, response.context["form"].errors if response.context else ""
    made = Indicator.objects.get()
    assert (made.baseline, made.target) == (Decimal("1250.50"), Decimal(2000))
    assert list(made.values.values_list("value", flat=True)) == [Decimal(1300), Decimal("1400.50")]
    assert made.assessments.get().source == "Umfrage"
    listed = client.get(reverse("indicators_admin:list"))
    assert "Treffpunkte" in listed.text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"zielbild": ""}, "Bitte wählen Sie genau eines."),
        ({"target": "1.250,5"}, "Dann gibt es nichts zu messen"),
        ({"target_on": "2026-01-01"}, "Das Ziel muss nach dem Ausgangswert liegen"),
    ],
)
def test_what_makes_no_path_is_said_in_the_form(client: Client, zielbild: Any, fields: Any, says: str) -> None:
    client.force_login(UserFactory(lead=True))
    response = client.post(reverse("indicators_admin:add"), form_of(zielbild, **fields))
    assert response.status_code == 200
    assert says in response.text
    assert not Indicator.objects.exists()


def test_two_values_of_one_day_are_said_in_the_form(client: Client, zielbild: Any) -> None:
    client.force_login(UserFactory(lead=True))
    data = form_of(zielbild, ("2026-02-01", "1300"), ("2026-02-01", "1400"))
    response = client.post(reverse("indicators_admin:add"), data)
    assert response.status_code == 200
    assert "doppel" in response.text
    assert not Indicator.objects.exists()


@pytest.mark.parametrize("role", ["reviewer", "project_lead"])
def test_nobody_else_writes_indicators(client: Client, db: None, role: str) -> None:
    client.force_login(UserFactory(**{role: True}))
    assert client.get(reverse("indicators_admin:add")).status_code == 302


def test_the_start_page_of_the_lead_names_what_needs_a_look(client: Client, zielbild: Any) -> None:
    off = indicator(zielbild=zielbild)
    value(off, 11)
    own = MonitoringSettings.load()
    own.next_review_on = timezone.localdate() + timedelta(days=10)
    own.save()
    client.force_login(UserFactory(lead=True))
    page = client.get("/admin/").text
    assert "1 Indikator braucht einen Blick" in page
    assert "Strategie überprüfen bis" in page
    Indicator.objects.all().delete()
    MonitoringSettings.objects.update(next_review_on=timezone.localdate() + timedelta(days=300))
    page = client.get("/admin/").text
    assert "Indikator" not in page.replace("Indikatoren</span>", "").replace("/indikatoren/", "") or "Blick" not in page
    assert "Strategie überprüfen bis" not in page


# --- taken along ----------------------------------------------------------------------------------------------------------


def test_an_export_of_a_theme_that_is_missing_here_is_refused_in_a_sentence(zielbild: Any, tmp_path: Any) -> None:
    from ideas.exchange.public_tables import PUBLIC
    from ideas.exchange.restore import CannotRestore, restore

    theme = Theme.objects.create(number=4, title="Beteiligung")
    measured = indicator(theme=theme)
    value(measured, 12)
    records = {table.name: table.records() for table in PUBLIC}
    Indicator.objects.all().delete()
    restore(records, tmp_path)
    assert Indicator.objects.get().theme == theme
    assert Indicator.objects.get().values.get().value == 12
    Indicator.objects.all().delete()
    theme.delete()
    with pytest.raises(CannotRestore, match="Querschnittsthema 4"):
        restore(records, tmp_path)
