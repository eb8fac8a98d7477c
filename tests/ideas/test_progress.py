"""Progress at a glance: every number is the length of the list behind it, and every drawing can be read without seeing it."""

import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from ideas import actions, bars, progress, targets
from ideas.bars import Number, Row
from ideas.models import Kpi, Measure, TrailText
from ideas.targets import Stand, share_of_way, stand_of
from ideas.workflow import Action, MeasureStatus, Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, ZielbildFactory, make_idea

WHY = actions.Decision(reason="Das gibt es schon.")


@pytest.fixture
def agenda(db: None) -> Any:
    """Two Zielbilder with a Lösung each."""
    root = Site.objects.get(is_default_site=True).root_page
    first = LoesungFactory(parent=ZielbildFactory(parent=root, title="Gesund leben"), title="Pflege", slug="pflege")
    second = LoesungFactory(parent=ZielbildFactory(parent=root, title="Gut ankommen"), title="Busse", slug="busse")
    return [first, second]


def figure(loesung: Any, value: int | None, **fields: Any) -> Kpi:
    kpi = Kpi.objects.create(loesung=loesung, name=f"Kennzahl {Kpi.objects.count() + 1}", **fields)
    if value is not None:
        actions.propose_value(
            kpi, measured_on=timezone.localdate() - timedelta(days=3), value=Decimal(value), by=UserFactory(lead=True)
        )
    return kpi


def busy_year(agenda: Any) -> None:
    """Something in every state that the page counts."""
    first, second = agenda
    lead, now = UserFactory(lead=True), timezone.now()
    for place, status in enumerate(MeasureStatus):
        for each in range(place + 1):
            loesung = (first, second)[each % 2]
            MeasureFactory(status=status, loesung=loesung, zielbild=loesung.zielbild)
    running = Measure.objects.filter(status=MeasureStatus.IMPLEMENTATION).first()
    done = Measure.objects.filter(status=MeasureStatus.DONE).first()
    for months_ago, status in ((0, Status.SUBMITTED), (1, Status.IN_REVIEW), (2, Status.QUESTION), (2, Status.REJECTED)):
        make_idea(status, released=True, now=now - timedelta(days=31 * months_ago))
    for days in (5, 40, 41, 200, 500):
        make_idea(Status.KEPT, now=now - timedelta(days=days))
    for measure in (running, done, done):
        make_idea(Status.KEPT, measures=[measure], now=now - timedelta(days=70))
    make_idea(Status.MERGED, now=now - timedelta(days=33))
    make_idea(Status.SUBMITTED, released=False, now=now - timedelta(days=60))  # overdue, and nobody has read it
    make_idea(Status.REJECTED, released=False, now=now - timedelta(days=60))  # never public: an answer without a name
    actions.change_measure_status(running, MeasureStatus.DONE, by=lead, decision=WHY)
    figure(first, None)
    figure(first, 12)
    figure(first, 5, baseline=0, target_value=10)
    figure(second, 5, baseline=10, target_value=6)


def links(page: str) -> list[tuple[str, int]]:
    """Every link of the main part whose text is a number: its address and the number."""
    main = page[page.index("<main") : page.index("</main>")]
    found = re.findall(r'<a href="([^"]+)">(\d+)</a>', main)
    return [(unescape(address), int(number)) for address, number in found if not address.startswith("#")]


def length_of(client: Client, address: str) -> int:
    """The number in the heading of the list at this address."""
    response = client.get(address)
    assert response.status_code == 200, address
    heading = re.search(r'<h2 id="treffer">\s*(\d+)', response.text)
    assert heading, address
    return int(heading.group(1))


# --- numbers and lists --------------------------------------------------------------------------------------------------


def test_every_number_is_the_length_of_the_list_behind_it(client: Client, agenda: Any) -> None:
    busy_year(agenda)
    found = links(client.get("/fortschritt/").text)
    # Five states; two Zielbilder with five states and their sum; five stages; answers, steps; figures; three times 12 months.
    assert len(found) == 5 + 12 + 5 + 6 + 4 + 36
    wrong = {address: (number, length_of(client, address)) for address, number in dict(found).items()}
    assert {address: pair for address, pair in wrong.items() if pair[0] != pair[1]} == {}


def test_a_list_of_several_pages_says_its_whole_length(client: Client, agenda: Any) -> None:
    for _ in range(23):
        make_idea(Status.REJECTED, released=True)
    found = dict(links(client.get("/fortschritt/").text))
    assert found["/fortschritt/liste/?art=antworten"] == 23
    assert length_of(client, "/fortschritt/liste/?art=antworten") == 23
    pages = [client.get(f"/fortschritt/liste/?art=antworten&seite={page}").text for page in (1, 2)]
    assert [page.count('class="change-line"') for page in pages] == [20, 3]


def test_the_numbers_are_those_that_were_made(client: Client, agenda: Any) -> None:
    busy_year(agenda)
    states = [(state.label, state.count) for state in progress.measure_states(progress.measures_by_zielbild())]
    assert states == [("Idee", 1), ("In Planung", 2), ("In Vorbereitung", 3), ("In Umsetzung", 3), ("Abgeschlossen", 6)]
    way = {key: stage.count for key, stage in progress.way_of_ideas().items()}
    # The merged one and the one that it went into are public as well; the second idea that is only submitted is not.
    assert way == {
        "handed_in": 14, "open": 3, "decided": 10, "kept": 9, "under_way": 3, "running": 3, "done": 3,
    }  # fmt: skip
    data = json.loads(client.get("/fortschritt/zahlen.json").content)
    assert data["measures_by_status"] == {"idea": 1, "planning": 2, "preparation": 3, "implementation": 3, "done": 6}
    assert data["way_of_ideas"] == way
    assert [kpi["standing"] for kpi in data["kpis"]] == ["ohne-wert", "ohne-zielzahl", "unterwegs", "ziel-erreicht"]
    assert [kpi["percent_of_way"] for kpi in data["kpis"]] == [None, None, 50, 100]
    assert data["answers"] == json.loads(client.get("/fortschritt/fristen.json").content)
    assert sum(data["per_month"]["ideas_handed_in"].values()) == 13, "the one of 500 days ago is too old"


def test_months_are_those_of_the_clock_on_the_wall(client: Client, agenda: Any) -> None:
    today = date(2026, 3, 15)
    assert progress.last_months(today)[0] == date(2025, 4, 1)
    assert progress.last_months(today)[-1] == date(2026, 3, 1)
    # Half an hour before midnight in Berlin it is still January; in UTC half an hour later, too. At half past it is February.
    berlin = timezone.get_default_timezone()
    make_idea(Status.SUBMITTED, released=True, now=datetime(2026, 1, 31, 23, 30, tzinfo=berlin))
    make_idea(Status.SUBMITTED, released=True, now=datetime(2026, 2, 1, 0, 30, tzinfo=berlin))
    numbers = {month.label: month.count for month in progress.activity(today)["eingereicht"]}
    assert (numbers["Januar 2026"], numbers["Februar 2026"], numbers["März 2026"]) == (1, 1, 0)
    assert length_of(client, "/fortschritt/liste/?art=eingereicht&monat=2026-02") == 1


def test_ideas_that_are_not_public_count_among_answers_and_stay_unnamed(client: Client, agenda: Any) -> None:
    make_idea(Status.REJECTED, released=False, title="Geheimer Titel")
    make_idea(Status.SUBMITTED, released=False, title="Noch geheimer", now=timezone.now() - timedelta(days=60))
    for art in ("antworten", "rechtzeitig", "ueberfaellig", "aus-eingereicht", "entscheidungen", "eingereicht"):
        page = client.get(f"/fortschritt/liste/?art={art}").text
        assert "geheim" not in page.lower()
    assert length_of(client, "/fortschritt/liste/?art=antworten") == 1
    assert length_of(client, "/fortschritt/liste/?art=ueberfaellig") == 1
    assert length_of(client, "/fortschritt/liste/?art=entscheidungen") == 0
    assert "Eine Idee, die nicht veröffentlicht ist" in client.get("/fortschritt/liste/?art=antworten").text


def test_a_reason_that_was_blacked_out_is_in_no_list(client: Client, agenda: Any) -> None:
    idea = make_idea(Status.REJECTED, released=True)
    TrailText.objects.filter(entry__idea=idea, entry__action=Action.REJECT).update(reason="", redacted_at=timezone.now())
    assert "Dieser Text wurde entfernt" in client.get("/fortschritt/liste/?art=entscheidungen").text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("art=gibtesnicht", "Diese Liste gibt es nicht."),
        ("art=eingereicht&monat=2026-13", "Diesen Monat gibt es hier nicht."),
        ("art=eingereicht&monat=9999-12", "Diesen Monat gibt es hier nicht."),
        ("art=eingereicht&monat=0001-01", "Diesen Monat gibt es hier nicht."),
        ("art=antworten&monat=2026-03", "Diesen Monat gibt es hier nicht."),
        ("art=eingereicht&monat=zu-lang&seite=xyz", "Diesen Monat gibt es hier nicht."),
    ],
)
def test_nothing_in_the_address_of_a_list_is_an_error(client: Client, db: None, query: str, says: str) -> None:
    response = client.get(f"/fortschritt/liste/?{query}")
    assert response.status_code == 200
    assert says in response.text


# --- drawings -----------------------------------------------------------------------------------------------------------


def test_every_drawing_has_title_description_sentence_and_table(client: Client, agenda: Any) -> None:
    busy_year(agenda)
    page = client.get("/fortschritt/").text
    figures = re.findall(r'<figure class="chart chart-counts">.*?</figure>', page, re.S)
    assert len(figures) == 7
    for drawn in figures:
        [(title, description)] = re.findall(r"<title[^>]*>([^<]+)</title>\s*<desc[^>]*>([^<]+)</desc>", drawn)
        assert title
        assert re.search(r"\d", description)
        assert "<caption" in drawn
        assert 'role="img" aria-labelledby=' in drawn
        assert not re.search(r'\b(x|y|width|height|d)="[^"]*\d,\d', drawn), "places have a point, whatever the language"
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_sentences_say_what_the_drawings_show(client: Client, agenda: Any) -> None:
    busy_year(agenda)
    page = unescape(client.get("/fortschritt/").text)
    for sentence in (
        "Die Agenda nennt 15 Maßnahmen. Der häufigste Stand ist „Abgeschlossen“: 6.",
        "Die meisten Maßnahmen hat „Gesund leben“: 9.",
        "14 Ideen sind veröffentlicht. 3 davon sind ganz umgesetzt.",
        "4 Kennzahlen messen den Erfolg. 1 hat ihr Ziel erreicht. 1 hat noch keinen Wert.",
        "1 Schritt wurde gemacht.",
    ):
        assert sentence in page


def test_one_of_each_is_said_in_the_singular(client: Client, agenda: Any) -> None:
    first, _second = agenda
    MeasureFactory(loesung=first, zielbild=first.zielbild)
    make_idea(Status.SUBMITTED, released=True)
    figure(first, None)
    page = unescape(client.get("/fortschritt/").text)
    assert "Die Agenda nennt 1 Maßnahme. Der häufigste Stand ist „Idee“: 1." in page
    assert "1 Idee ist veröffentlicht. Ganz umgesetzt ist noch keine." in page
    assert "1 Kennzahl misst den Erfolg. Ihr Ziel erreicht hat noch keine. 1 hat noch keinen Wert." in page
    assert "1 Idee wurde eingereicht." in page


def test_bars_are_as_long_as_their_numbers_and_parts_add_up() -> None:
    rows = [Row("A", [Number("x", 3), Number("y", 1, pattern="dots")]), Row("B", [Number("x", 2), Number("y", 0)])]
    drawn = bars.bars("k", "Titel", "Satz.", rows, ["Was", "x", "y"])
    widths = [[float(part["width"]) for part in bar["parts"]] for bar in drawn.shapes]
    assert widths == [[237.0, 79.0], [158.0]]
    assert [float(part["x"]) for part in drawn.shapes[0]["parts"]] == [0.0, 237.0]
    assert drawn.description == "A: 4 (x 3, y 1). B: 2 (x 2)."
    assert drawn.head == ["Was", "x", "y", "Zusammen"]
    assert [[cell["text"] for cell in row["cells"]] for row in drawn.rows] == [["3", "1", "4"], ["2", "0", "2"]]
    assert [part.label for part in drawn.legend] == ["x", "y"]


def test_nothing_but_zeros_is_drawn_without_a_bar() -> None:
    drawn = bars.bars("k", "Titel", "", [Row("A", [Number("A", 0)])], ["Was", "Zahl"])
    assert drawn.shapes[0]["parts"] == []
    months = bars.columns("m", "Titel", "", [Number("Mai", 0, short="5"), Number("Juni", 4, short="6")], ["Monat", "Zahl"])
    assert [(column["height"], column["number"]) for column in months.shapes] == [("0.0", ""), ("96.0", "4")]
    assert [row["label"] for row in months.rows] == ["Juni", "Mai"], "the newest month first"


# --- figures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("baseline", "target", "latest", "stand", "share"),
    [
        (None, None, None, Stand.NO_VALUE, None),
        (0, 10, None, Stand.NO_VALUE, None),
        (0, None, 5, Stand.NO_TARGET, None),
        (None, 10, 5, Stand.UNDER_WAY, None),
        (None, 10, 10, Stand.REACHED, None),
        (0, 50, 46, Stand.UNDER_WAY, 92),
        (0, 3, 2, Stand.UNDER_WAY, 66),
        (0, 50, 80, Stand.REACHED, 100),
        (10, 6, 7, Stand.UNDER_WAY, 75),
        (10, 6, 5, Stand.REACHED, 100),
        (10, 20, 5, Stand.UNDER_WAY, 0),
        (10, 10, 10, Stand.REACHED, None),
    ],
)
def test_where_a_figure_stands_on_its_way(baseline: Any, target: Any, latest: Any, stand: Stand, share: Any) -> None:
    numbers = [None if number is None else Decimal(number) for number in (baseline, target, latest)]
    assert stand_of(*numbers) is stand
    assert share_of_way(*numbers) == share


def test_figures_say_what_nobody_has_measured(client: Client, agenda: Any) -> None:
    first, second = agenda
    figure(first, None, target="so viele wie möglich")
    figure(second, 3, baseline=0, target_value=4, unit="Busse")
    page = unescape(client.get("/fortschritt/kennzahlen/").text)
    assert "2 Kennzahlen" in page
    assert "Noch nicht gemessen" in page
    assert "so viele wie möglich" in page
    assert "75 Prozent des Wegs. Beginn: <span>0 Busse</span>" in page
    assert length_of(client, "/fortschritt/kennzahlen/?stand=ohne-wert") == 1
    assert set(targets.STANDS) == set(Stand)


def test_a_value_that_waits_for_the_lead_counts_nowhere(client: Client, agenda: Any) -> None:
    first, _second = agenda
    measure = MeasureFactory(loesung=first, zielbild=first.zielbild)
    author = UserFactory(project_lead=True)
    measure.project_leads.add(author)
    kpi = Kpi.objects.create(loesung=first, measure=measure, name="Fahrten", target_value=1)
    actions.propose_value(kpi, measured_on=timezone.localdate(), value=Decimal(4711), by=author)
    assert length_of(client, "/fortschritt/kennzahlen/?stand=ohne-wert") == 1
    assert "4711" not in client.get("/fortschritt/zahlen.json").text


# --- empty, full, shared --------------------------------------------------------------------------------------------------


def test_an_empty_database_says_what_will_stand_here(client: Client, db: None) -> None:
    page = unescape(client.get("/fortschritt/").text)
    for words in (
        "Noch keine Maßnahmen",
        "Noch keine veröffentlichte Idee",
        "Noch war keine Antwort fällig.",
        "Noch ist keine Kennzahl festgelegt",
        "Noch sind keine Indikatoren festgelegt",
        "Noch ist nichts entschieden",
        "0 Ideen wurden eingereicht.",
    ):
        assert words in page
    assert length_of(client, "/fortschritt/kennzahlen/") == 0
    assert length_of(client, "/fortschritt/liste/") == 0


def test_the_page_costs_the_same_with_many_rows(client: Client, agenda: Any, django_assert_num_queries: Any) -> None:
    from ideas.models import Indicator, IndicatorValue

    busy_year(agenda)
    for place in range(3):
        today = timezone.localdate()
        each = Indicator.objects.create(
            zielbild=agenda[0].zielbild, name="Anteil", slug=f"anteil-{place}", baseline=0, target=9,
            baseline_on=today - timedelta(days=9), target_on=today + timedelta(days=9),
        )  # fmt: skip
        IndicatorValue.objects.create(indicator=each, value=1, measured_on=today)
    client.get("/fortschritt/kennzahlen/")  # Wagtail keeps the addresses of the site
    with django_assert_num_queries(18):
        client.get("/fortschritt/")
    with django_assert_num_queries(3):
        client.get("/fortschritt/liste/?art=entscheidungen")
    with django_assert_num_queries(4):
        client.get("/fortschritt/kennzahlen/")
    busy_year(agenda)
    with django_assert_num_queries(18):
        client.get("/fortschritt/")
    with django_assert_num_queries(3):
        client.get("/fortschritt/liste/?art=entscheidungen")
    with django_assert_num_queries(4):
        client.get("/fortschritt/kennzahlen/")


def test_anybody_may_keep_the_pages_and_nobody_is_given_a_cookie(client: Client, agenda: Any) -> None:
    for address in ("/fortschritt/", "/fortschritt/liste/", "/fortschritt/kennzahlen/", "/fortschritt/indikatoren/"):
        response = client.get(address)
        assert not response.cookies
        assert 'method="post"' not in response.text
