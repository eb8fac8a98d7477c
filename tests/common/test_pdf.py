"""PDF files are drawn from our own files alone, and drawing one changes nothing else."""

from typing import Any

import pytest
from PIL import ImageFile

from common import pdf
from tests.pdf import text_of, unpacked


def template(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    html = f'<html lang="de"><head><title>Titel</title></head><body>{body}</body></html>'
    monkeypatch.setattr(pdf, "render_to_string", lambda *args: html)


def drawn(monkeypatch: pytest.MonkeyPatch, body: str) -> bytes:
    template(monkeypatch, body)
    return pdf.render_pdf("x.html", "css/receipt_pdf.css", {})


def test_a_page_becomes_a_tagged_file_with_our_own_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn(monkeypatch, "<h1>Größe</h1>")
    assert "Größe" in text_of(data)
    assert b"Fira-Sans" in unpacked(data)
    assert b"/StructTreeRoot" in unpacked(data)


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "http://127.0.0.1:9/x.png", "static:../settings.py", "static:gibtesnicht.png"]
)
def test_nothing_is_fetched_from_outside(monkeypatch: pytest.MonkeyPatch, address: str, caplog: Any) -> None:
    opened: list[Any] = []
    monkeypatch.setattr("weasyprint.urls.request.OpenerDirector.open", lambda *args, **kwargs: opened.append(args))
    drawn(monkeypatch, f'<img src="{address}" alt="x"><p>Text</p>')
    assert [call for call in opened if address in str(getattr(call[1], "full_url", call[1]))] == []


def test_pictures_that_are_cut_off_stay_refused_after_a_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn(monkeypatch, "<p>Text</p>")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
