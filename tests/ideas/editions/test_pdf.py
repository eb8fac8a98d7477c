"""The edition as PDF: a book that a screen reader can read. What PDF/UA-1 asks for is checked on the tags of the file here, and by
veraPDF in the long run (its Java libraries come through Maven; they are no part of PulseHub)."""

import itertools
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ideas.editions import pdf
from ideas.editions.agenda import agenda_of, completed
from ideas.models import Edition
from tests import pdf as reading

from .small import agenda, idea, kpi, loesung, measure, used, zielbild

VERAPDF = Path(__file__).parents[2] / "verapdf"
ANSWER = {
    "field": "problem",
    "label": "Probleme",
    "question": "Welche Probleme gibt es?",
    "html": '<p>Der <b>Bus</b> <a href="/agenda/">fährt</a> selten.</p><ul><li>früh</li></ul>',
}
DATA = agenda(
    zielbild(
        "land",
        title="Wir kommen an",
        goal="Alle kommen ans Ziel.",
        loesungen=[
            loesung("verkehr", title="Verkehr", answers=[ANSWER], partners=["Verein"], kpis=[kpi("Fahrten", target="200 im Monat")], measures=[
                measure("bus", title="Rufbus", text="Er kommt.\n\nPünktlich.", status="preparation", status_name="In Vorbereitung", ideas=[used(7, "Bank")], places=["Mayen"]),
            ]),
            loesung("wege", number=2, title="Wege"),
        ],
        measures=[measure("netz", code="0.1", title="Netz", status="done", status_name="Abgeschlossen")],
    ),
    ideas=[idea(7, "Bank am Bus")],
)  # fmt: skip


def edition(**fields: Any) -> Edition:
    known = {
        "year": 2026,
        "title": "Digitale Agenda",
        "data": DATA,
        "data_hash": "x",
        "as_of": date(2026, 1, 1),
        "foreword": "Guten Tag.",
    }
    resolution = {"state": "adopted", "body": "Kreistag", "adopted_on": date(2026, 2, 3), "resolution_number": "5/26"}
    return Edition(**{**known, **resolution, **fields})


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return pdf.draw(edition(), completed(DATA))


def test_the_file_says_that_it_is_accessible_in_which_language_and_what_it_is_called(drawn: bytes) -> None:
    data = reading.unpacked(drawn)
    for mark in (b"pdfuaid", b"/StructTreeRoot", b"/Lang (de)", b"/Marked true", b"/DisplayDocTitle true"):
        assert mark in data, mark
    assert b"Digitale Agenda" in data


def test_headings_come_in_order_and_none_is_skipped(drawn: bytes) -> None:
    levels = [int(role[1]) for role, _body in reading.tags(drawn) if re.fullmatch(r"H[1-6]", role)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert {1, 2, 3, 4, 5} == set(levels)


def test_bookmarks_lead_to_every_level(drawn: bytes) -> None:
    titles = reading.bookmarks(drawn)
    assert titles[:4] == ["Digitale Agenda", "Inhalt", "Vorwort", "Auf einen Blick"]
    wanted = ["Zielbild 1: Wir kommen an", "1 Verkehr", "Probleme", "1.1 Rufbus", "2 Wege", "Behaltene Ideen"]
    assert [title for title in titles if title in wanted] == wanted


def test_the_contents_name_the_pages_and_lead_there(drawn: bytes) -> None:
    roles = [role for role, _body in reading.tags(drawn)]
    assert roles.count("Link") >= 6
    words = reading.text_of(drawn)
    contents = words.partition("Inhalt")[2]
    assert re.search(r"Zielbild 1: Wir kommen an\W+\d", contents)
    assert re.search(r"Behaltene Ideen\W+\d", contents)


def test_every_link_says_in_words_where_it_leads_and_every_picture_what_it_shows(drawn: bytes) -> None:
    every = reading.objects(drawn)
    links = [body for body in every.values() if b"/Subtype /Link" in body]
    assert links
    assert all(b"/Contents" in body for body in links)
    assert all(b"/Alt" in body for role, body in reading.tags(drawn) if role == "Figure")


def test_the_link_of_an_answer_leads_to_the_site(drawn: bytes) -> None:
    assert f"{settings.BASE_URL}/agenda/".encode() in reading.unpacked(drawn)


def test_every_cell_of_a_table_names_its_headings(drawn: bytes) -> None:
    tags = reading.tags(drawn)
    known = {re.findall(rb"/ID \((.*?)\)", body)[0] for role, body in tags if role == "TH"}
    assert len(known) == 2 + 5
    cells = [body for role, body in tags if role == "TD"]
    assert len(cells) == 5
    for cell in cells:
        named = set(re.findall(rb"\((.*?)\)", cell.partition(b"/Headers")[2]))
        assert len(named) == 2
        assert named <= known
    assert "Caption" in {role for role, _body in tags}


def test_lists_are_lists(drawn: bytes) -> None:
    roles = [role for role, _body in reading.tags(drawn)]
    assert roles.count("L") >= 4
    assert roles.count("LI") >= roles.count("L")


def test_what_stands_in_the_edition_stands_in_the_file(drawn: bytes) -> None:
    words = reading.text_of(drawn)
    for piece in ("Rufbus", "In Vorbereitung", "Beschlossen von: Kreistag, am 3. Februar 2026, Beschluss 5/26", "Bank am Bus"):
        assert piece in words, piece


def test_a_proposal_says_on_its_cover_that_it_is_not_adopted() -> None:
    words = reading.text_of(pdf.draw(edition(state="proposal", adopted_on=None), completed(DATA)))
    assert "Noch nicht beschlossen" in words
    assert "Beschlossen von" not in words


# --- by somebody else's rules -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def verapdf() -> list[str]:
    """The command that checks files by PDF/UA-1. Its libraries are fetched once, into var/."""
    missing = [name for name in ("mvn", "java") if not shutil.which(name)]
    if missing:
        pytest.skip(f"no {' and no '.join(missing)} here for veraPDF (Debian: apt install maven default-jdk-headless)")
    libraries = Path(settings.BASE_DIR) / "var" / "verapdf"
    if not list(libraries.glob("validation-model-*.jar")):
        command = [
            "mvn",
            "-q",
            "-B",
            "-f",
            str(VERAPDF / "pom.xml"),
            "dependency:copy-dependencies",
            f"-DoutputDirectory={libraries}",
        ]
        subprocess.run(command, check=True, timeout=600)
    return ["java", "-cp", f"{libraries}/*", str(VERAPDF / "Check.java")]


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_verapdf_finds_nothing_in_the_editions_of_the_demo(demo: None, verapdf: list[str], tmp_path: Path) -> None:
    files = []
    for own in Edition.objects.all():
        files.append(tmp_path / f"{own.key}.pdf")
        files[-1].write_bytes(pdf.draw(own, agenda_of(own)))
    small = tmp_path / "small.pdf"
    small.write_bytes(pdf.draw(edition(correction="Ein Datum war falsch."), completed(DATA)))
    result = subprocess.run([*verapdf, *map(str, [*files, small])], capture_output=True, text=True, check=False, timeout=900)
    assert result.stdout.splitlines() == [f"{file.name}: PDF/UA-1" for file in [*files, small]], result.stdout + result.stderr
