"""What stands in other people's cells is understood as a person would."""

from datetime import date
from decimal import Decimal

import pytest

from ideas.exchange.mapping import knows, propose
from ideas.exchange.spreadsheets import NotReadable, read
from ideas.exchange.words import amount, guess_status, idea_numbers, period


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("in Umsetzung", "implementation"),
        ("In Umsetzung ", "implementation"),
        ("erledigt", "done"),
        ("offen", "idea"),
        ("in Bearbeitung", "implementation"),
        ("Abgeschlossen / In Umsetzung", "implementation"),
        ("ABGESCHLOSSEN", "done"),
        ("geplant", "planning"),
        ("In  Vorbereitung", "preparation"),
        ("completed", "done"),
        ("wird noch geklärt", ""),
        ("erledigt / wird noch geklärt", ""),
        ("", ""),
    ],
)
def test_status_words_of_measures(word, status):
    assert guess_status(word, "measures") == status


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("in Umsetzung", "kept"),
        ("offen", "submitted"),
        ("abgelehnt", "rejected"),
        ("in Bearbeitung", "in_review"),
        ("Idee", "kept"),
    ],
)
def test_status_words_of_ideas(word, status):
    assert guess_status(word, "ideas") == status


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("51/52/111", [(51, "full"), (52, "full"), (111, "full")]),
        ("1, 2 und 3", [(1, "full"), (2, "full"), (3, "full")]),
        ("70/80/(81)", [(70, "full"), (80, "full"), (81, "partly")]),
        ("#12; 12", [(12, "full")]),
        ("  ", []),
    ],
)
def test_lists_of_ideas(cell, numbers):
    assert idea_numbers(cell) == numbers


@pytest.mark.parametrize("cell", ["siehe oben", "70/(80", "1.5", "-3", "1234567890"])
def test_what_is_no_list_of_ideas_is_an_error(cell):
    with pytest.raises(ValueError, match=r".+"):
        idea_numbers(cell)


@pytest.mark.parametrize(
    ("cell", "begin", "end"),
    [
        ("2023–2025", date(2023, 1, 1), date(2025, 12, 31)),
        ("bis Ende 2024", None, date(2024, 12, 31)),
        ("ab 2023", date(2023, 1, 1), None),
        ("03/2023 - 06/2024", date(2023, 3, 1), date(2024, 6, 30)),
        ("01.03.2023 bis 30.06.2024", date(2023, 3, 1), date(2024, 6, 30)),
        ("Q3 2024", date(2024, 7, 1), date(2024, 9, 30)),
        ("Januar 2024 bis Februar 2024", date(2024, 1, 1), date(2024, 2, 29)),
        ("2025–2023", None, None),
        ("31.02.2024", None, None),
        ("99/2024", None, None),
        ("fortlaufend", None, None),
        ("", None, None),
    ],
)
def test_periods(cell, begin, end):
    assert period(cell) == (begin, end)


@pytest.mark.parametrize(
    ("cell", "sum_"),
    [
        ("ca. 50.000 €", "50000.00"),
        ("12.345,67 EUR", "12345.67"),
        ("1,5 Mio. €", "1500000.00"),
        ("50 TEUR", "50000.00"),
        ("12345", "12345.00"),
        ("10.000–20.000 €", None),
        ("noch offen", None),
        ("99999999999999", None),
    ],
)
def test_amounts(cell, sum_):
    assert amount(cell) == (Decimal(sum_) if sum_ else None)


TABLE = "Projektliste;;\n;;\nNr.;Bezeichnung;Umsetzungsstand\n1;Bänke für Straße;läuft\n\n2;Größe;offen\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_separator_and_header_are_found(encoding, separator):
    sheet = read(TABLE.replace(";", separator).encode(encoding), "x.csv", knows("measures"))
    assert sheet.header == ["Nr.", "Bezeichnung", "Umsetzungsstand"]
    assert sheet.header_row == 3
    assert [(row.number, row.cells) for row in sheet.rows if not row.is_empty] == [
        (4, ["1", "Bänke für Straße", "läuft"]),
        (6, ["2", "Größe", "offen"]),
    ]
    assert propose("measures", sheet).columns == {"code": 0, "title": 1, "status": 2}


def test_json_of_strangers():
    sheet = read(
        b'{"stand": "2024", "projects": [{"id": 1, "title": "A"}, {"title": "B", "status": "open"}]}',
        "x.json",
        knows("measures"),
    )
    assert sheet.header == ["id", "title", "status"]
    assert [row.cells for row in sheet.rows] == [["1", "A", ""], ["", "B", "open"]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "leer"),
        (b"  \n", "leer"),
        (b"{", "beschädigt"),
        (b"[1, 2]", "Liste von Objekten"),
        (b"PK\x03\x04 kein Archiv", "beschädigt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"),
        (b"Nummer;Titel\n", "keine Daten"),
        (b"1;2\n3;4\n", "Kopfzeile"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
        (bytes(range(256)) * 10, "keine Tabelle"),
    ],
    ids=[
        "empty",
        "blank",
        "broken json",
        "other json",
        "broken xlsx",
        "xls",
        "header only",
        "no header",
        "too large",
        "binary",
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(content, says):
    with pytest.raises(NotReadable, match=says):
        read(content, "x", knows("measures"))
