"""Drawing the report as PDF takes a processor for seconds: once for the same words, one at a time, never in excess."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from common import pdf
from ideas.models import Measure
from tests.factories import LoesungFactory, MeasureFactory, ZielbildFactory, home_page

pytestmark = pytest.mark.django_db
ADDRESS = "/fortschritt/bericht.pdf"


@pytest.fixture
def agenda() -> Measure:
    zielbild = ZielbildFactory(parent=home_page(), number=1)
    loesung = LoesungFactory(parent=zielbild, number=1)
    return MeasureFactory(loesung=loesung, zielbild=zielbild, code="1.1", title="Pflegekarte", responsible="Stabsstelle")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was drawn, as HTML."""
    pages: list[str] = []

    def draw(html: str, stylesheet: str) -> bytes:
        pages.append(html)
        return b"%PDF " + str(len(pages)).encode()

    monkeypatch.setattr(pdf, "_drawn", draw)
    return pages


def lacks_pango(html: str, stylesheet: str) -> bytes:
    raise pdf.Unavailable


def test_the_same_report_is_drawn_once_and_another_one_anew(client: Client, agenda: Measure, drawn: list[str]) -> None:
    assert [client.get(ADDRESS).content for _time in range(3)] == [b"%PDF 1"] * 3
    assert client.get(f"{ADDRESS}?stelle=stabsstelle").content == b"%PDF 2"
    assert client.get(f"/en{ADDRESS}").content == b"%PDF 3"
    Measure.objects.update(note="Neuer Hinweis")
    assert client.get(ADDRESS).content == b"%PDF 4"
    assert "Neuer Hinweis" in drawn[-1]


def test_while_one_is_drawn_others_are_asked_to_come_back(client: Client, agenda: Measure, drawn: list[str]) -> None:
    with pdf.one_at_a_time():
        answer = client.get(f"{ADDRESS}?stelle=stabsstelle")
    assert (answer.status_code, drawn) == (503, [])
    assert int(answer["Retry-After"]) > 0
    assert "/fortschritt/bericht/?stelle=stabsstelle" in answer.text, "the page says the same and may be printed"
    assert "/fortschritt/bericht.pdf?stelle=stabsstelle" in answer.text
    assert client.get(f"{ADDRESS}?stelle=stabsstelle").content == b"%PDF 1"


def test_what_is_drawn_already_needs_no_turn(client: Client, agenda: Measure, drawn: list[str]) -> None:
    client.get(ADDRESS)
    with pdf.one_at_a_time():
        assert client.get(ADDRESS).content == b"%PDF 1"


def test_a_drawing_that_fails_gives_its_turn_away(client: Client, agenda: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_drawn", lacks_pango)
    client.get(ADDRESS)
    with pdf.one_at_a_time():
        pass


def test_nobody_has_one_report_after_another_drawn(client: Client, agenda: Measure, drawn: list[str]) -> None:
    def ask(number: int, address: str = "192.0.2.1") -> Any:
        Measure.objects.update(note=f"Hinweis {number}")
        return client.get(ADDRESS, REMOTE_ADDR=address)

    assert {ask(number).status_code for number in range(10)} == {200}
    refused = ask(10)
    assert refused.status_code == 503
    assert int(refused["Retry-After"]) == 600
    assert len(drawn) == 10
    assert ask(10, "192.0.2.2").status_code == 200
    assert client.get(ADDRESS, REMOTE_ADDR="192.0.2.1").status_code == 200, "what is there already may be had by everybody"


def test_a_machine_that_draws_no_pdf_says_so_without_a_cookie_and_keeps_the_filters(
    client: Client, agenda: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_drawn", lacks_pango)
    answer = client.get(f"{ADDRESS}?stelle=stabsstelle")
    assert answer.status_code == 503
    assert not answer.cookies
    assert "Retry-After" not in answer
    assert "PDF-Dateien gibt es hier gerade nicht" in answer.text
    assert "/fortschritt/bericht/?stelle=stabsstelle" in answer.text
    assert "Noch einmal versuchen" not in answer.text


@pytest.mark.parametrize("path", ["/fortschritt/bericht.pdf", "/fortschritt/bericht.xlsx", "/en/fortschritt/bericht.pdf"])
def test_robots_are_asked_to_stay_away_from_the_files(client: Client, path: str) -> None:
    assert f"Disallow: {path}" in client.get("/robots.txt").text.splitlines()


def test_whoever_can_wait_gets_a_turn_and_nobody_waits_for_a_turn_that_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        cache.clear()  # the other drawing is done

    monkeypatch.setattr(pdf, "sleep", nap)
    with pdf.one_at_a_time(), pdf.one_at_a_time(wait=5):
        pass
    assert len(naps) == 1
