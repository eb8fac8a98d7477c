"""The council report: whose words stand in it, its filters, and the same rows on page, in the spreadsheet and in the PDF."""

import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from wagtail.models import Site

from ideas.models import Measure
from ideas.workflow import MeasureStatus
from tests.factories import LoesungFactory, MeasureFactory, ZielbildFactory
from tests.pdf import text_of, unpacked

ADDRESS = "/fortschritt/bericht/"


@pytest.fixture
def agenda(db: None) -> Any:
    """A Zielbild with two Lösungen; the first names its units."""
    root = Site.objects.get(is_default_site=True).root_page
    zielbild = ZielbildFactory(parent=root, number=1, title="Gesund leben")
    units = [("name", "Gesundheitsamt"), ("name", "Abteilung Pflege")]
    return [
        LoesungFactory(parent=zielbild, number=1, title="Pflege", slug="pflege", responsible_units=units),
        LoesungFactory(parent=zielbild, number=2, title="Bewegung", slug="bewegung"),
    ]


def measure(loesung: Any, code: str, **fields: Any) -> Measure:
    return MeasureFactory(loesung=loesung, zielbild=loesung.zielbild, code=code, sort_order=Measure.objects.count(), **fields)


def three(agenda: Any) -> None:
    first, second = agenda
    measure(
        first, "1.1", title="Pflegekarte", status=MeasureStatus.DONE, responsible="Stabsstelle", time_frame="2024",
        responsible_as_imported=" Abt. 5,  Team 2", time_frame_as_imported="Q1 – Q3/2024 (geplant)", note_as_imported="=1+1",
        note="Eigener Hinweis",
    )  # fmt: skip
    measure(second, "2.1", title="Laufstrecke", responsible="Stabsstelle", starts_on=date(2025, 1, 1), note="Eigener Hinweis")
    measure(first, "1.2", title="Hausbesuche", status=MeasureStatus.DONE)


def rows_of(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
    plain = [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]
    return [row for row in plain if row[0] != "Maßnahme"]


def sheet_of(client: Client, query: str = "") -> Any:
    response = client.get(f"/fortschritt/bericht.xlsx{query}")
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    return load_workbook(io.BytesIO(response.content)).worksheets[0]


# --- whose words ----------------------------------------------------------------------------------------------------------


def test_imported_words_come_first_then_the_measures_own_then_those_of_its_loesung(client: Client, agenda: Any) -> None:
    three(agenda)
    assert rows_of(client.get(ADDRESS).text) == [
        ["1.1 Pflegekarte", "Abgeschlossen", "Abt. 5, Team 2", "Q1 – Q3/2024 (geplant)", "=1+1"],
        ["1.2 Hausbesuche", "Abgeschlossen", "Gesundheitsamt Abteilung Pflege laut Steckbrief", "–", "–"],
        ["2.1 Laufstrecke", "Idee", "Stabsstelle", "ab 1. Januar 2025", "Eigener Hinweis"],
    ]


def test_the_spreadsheet_holds_every_word_as_it_was_imported(client: Client, agenda: Any) -> None:
    three(agenda)
    sheet = sheet_of(client)
    assert [cell.value for cell in sheet[1]] == [
        "Zielbild", "Lösung", "Nummer", "Titel", "Stand", "Zuständig", "Quelle der Zuständigkeit", "Zeitraum", "Hinweis",
    ]  # fmt: skip
    first = [cell.value or "" for cell in sheet[2]]
    assert first[:5] == ["Gesund leben", "Pflege", "1.1", "Pflegekarte", "Abgeschlossen"]
    assert first[5:] == [" Abt. 5,  Team 2", "", "Q1 – Q3/2024 (geplant)", "=1+1"]
    assert [cell.value for cell in sheet[3]][5:7] == ["Gesundheitsamt\nAbteilung Pflege", "laut Steckbrief"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I4"
    assert sheet.column_dimensions["D"].width > 30


def test_no_cell_of_the_spreadsheet_is_a_formula(client: Client, agenda: Any) -> None:
    first, _second = agenda
    evil = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\x07=1"]
    for place, text in enumerate(evil):
        measure(first, f"9.{place}", title=text, responsible=text, note=text, time_frame=text)
    sheet = sheet_of(client)
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    quoted = [cell for cell in cells if str(cell.value)[0] in "=+-@"]
    assert len(quoted) == 20
    assert all(cell.quotePrefix for cell in quoted)


def test_the_pdf_says_the_same_and_can_be_read_aloud(client: Client, agenda: Any) -> None:
    three(agenda)
    response = client.get("/fortschritt/bericht.pdf")
    assert response["Content-Type"] == "application/pdf"
    text = text_of(response.content)
    for words in ("Maßnahmen im Überblick", "3 Maßnahmen", "Pflegekarte", "Abt. 5, Team 2", "laut Steckbrief", "Abgeschlossen"):
        assert words in text
    raw = unpacked(response.content)
    assert b"/Lang (de)" in raw
    assert b"pdfuaid:part" in raw
    assert re.search(rb"/S\s*/TH\b", raw), "heads of columns and rows are tagged"
    assert b"/Headers" in raw, "each cell names its heads"


# --- filters --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?status=abgeschlossen", ["1.1", "1.2"]),
        ("?stelle=stabsstelle", ["2.1"]),
        ("?stelle=gesundheitsamt", ["1.2"]),
        ("?stelle=gesundheitsamt&stelle=abt-5-team-2", ["1.1", "1.2"]),
        ("?stelle=stabsstelle&status=abgeschlossen", []),
        ("?status=idee&status=abgeschlossen", ["1.1", "1.2", "2.1"]),
        ("?stelle=unbekannt", ["1.1", "1.2", "2.1"]),
    ],
)
def test_filters_hold_for_page_spreadsheet_and_pdf(client: Client, agenda: Any, query: str, codes: list[str]) -> None:
    three(agenda)
    page = client.get(ADDRESS + query).text
    assert [row[0].split()[0] for row in rows_of(page)] == codes
    assert f'<h2 id="treffer">{len(codes)} Maßnahme' in page
    assert f"bericht.xlsx{query}" in unescape(page)
    assert [row[2].value for row in sheet_of(client, query).iter_rows(min_row=2)] == codes
    text = text_of(client.get(f"/fortschritt/bericht.pdf{query}").content)
    titles = {"1.1": "Pflegekarte", "1.2": "Hausbesuche", "2.1": "Laufstrecke"}
    assert [code for code, title in titles.items() if title in text] == codes


def test_a_filter_that_nobody_knows_is_said(client: Client, agenda: Any) -> None:
    three(agenda)
    page = unescape(client.get(f"{ADDRESS}?stelle=unbekannt&status=quatsch").text)
    assert page.count("gibt es nicht. Wir lassen diese Auswahl weg.") == 2


# --- states of the page -----------------------------------------------------------------------------------------------------


def test_a_measure_without_a_loesung_comes_last_in_its_zielbild(client: Client, agenda: Any) -> None:
    three(agenda)
    MeasureFactory(zielbild=agenda[0].zielbild, code="0.1", title="Ohne Zuhause", sort_order=0)
    page = client.get(ADDRESS).text
    assert rows_of(page)[-1][0] == "0.1 Ohne Zuhause"
    assert "Ohne Zuordnung zu einer Lösung" in page
    assert "Ohne Lösung" not in page


def test_a_zielbild_whose_measures_all_hang_on_it_alone_has_no_heading_for_that(client: Client, agenda: Any) -> None:
    MeasureFactory(zielbild=agenda[0].zielbild, code="0.1", title="Unmittelbar")
    page = client.get(ADDRESS).text
    assert "Unmittelbar" in page
    assert "Ohne Zuordnung" not in page
    assert "Ohne Zuordnung" not in text_of(client.get("/fortschritt/bericht.pdf").content)


def test_the_report_lists_measures_of_unpublished_pages_last(client: Client, agenda: Any) -> None:
    three(agenda)
    hidden = ZielbildFactory(title="Geheim", live=False)
    MeasureFactory(zielbild=hidden, loesung=LoesungFactory(parent=hidden), code="9.1", title="Verborgen")
    page = client.get(ADDRESS).text
    assert "4 Maßnahmen" in page
    assert rows_of(page)[-1][0] == "9.1 Verborgen"
    assert ">Ohne veröffentlichte Zuordnung</h3>" in page
    assert "Geheim" not in page
    row = [cell.value for cell in list(sheet_of(client).iter_rows())[-1]]
    assert (row[0], row[2]) == ("Ohne veröffentlichte Zuordnung", "9.1")
    assert "Ohne veröffentlichte Zuordnung" in text_of(client.get("/fortschritt/bericht.pdf").content)


def test_an_empty_agenda_has_an_empty_report(client: Client, db: None) -> None:
    assert "Noch keine Maßnahmen" in client.get(ADDRESS).text
    assert sheet_of(client).max_row == 1
    assert client.get("/fortschritt/bericht.pdf").status_code == 200


def test_the_report_costs_the_same_with_many_measures(client: Client, agenda: Any, django_assert_num_queries: Any) -> None:
    three(agenda)
    client.get(ADDRESS)
    with django_assert_num_queries(7):
        client.get(ADDRESS)
    for number in range(20):
        measure(agenda[number % 2], f"8.{number}", responsible=f"Stelle {number}")
    for address in (ADDRESS, "/fortschritt/bericht.xlsx", "/fortschritt/bericht.pdf"):
        with django_assert_num_queries(7):
            client.get(address)
