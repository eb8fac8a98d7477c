"""Pages as accessible PDF files (PDF/UA-1): an HTML template with a style sheet of its own. Nothing is fetched from outside.

A file of many pages takes a processor for seconds. Whoever lets strangers have one drawn keeps it, and draws one at a time.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.template.loader import render_to_string
from PIL import ImageFile

_TURN, _LONGEST_TURN = "pdf:turn", 120  # seconds, should a process end while it draws
_KEPT = 24 * 60 * 60
SHORT, LONG = 30, 600  # seconds after which another try makes sense


class Unavailable(Exception):
    """This machine lacks the libraries that draw PDF files (docs/betrieb.md names them)."""


class Busy(Exception):
    """It isn't this file's turn. `seconds`: when to ask again."""

    def __init__(self, seconds: int = SHORT) -> None:
        super().__init__(f"Another PDF file is being drawn. Try again in {seconds} seconds.")
        self.seconds = seconds


@contextmanager
def one_at_a_time(wait: float = 0) -> Iterator[None]:
    """The turn to draw, of all processes that share the cache. Raises Busy if it is somebody else's for longer than `wait`
    seconds."""
    until = monotonic() + wait
    while not cache.add(_TURN, True, _LONGEST_TURN):
        if monotonic() >= until:
            raise Busy
        sleep(0.5)
    try:
        yield
    finally:
        cache.delete(_TURN)


def kept_pdf(template: str, stylesheet: str, context: dict[str, Any], *, may_draw: Callable[[], bool]) -> bytes:
    """The template as PDF, from the cache if the very same page was drawn before. `may_draw` is asked before a new one is.

    Raises Busy, and Unavailable as render_pdf does.
    """
    html = render_to_string(template, context)
    key = f"pdf:{hashlib.sha256(f'{stylesheet} {html}'.encode()).hexdigest()}"
    kept: bytes | None = cache.get(key)
    if kept is not None:
        return kept
    with one_at_a_time():
        if not may_draw():
            raise Busy(LONG)
        content = _drawn(html, stylesheet)
    cache.set(key, content, _KEPT)
    return content


def render_pdf(template: str, stylesheet: str, context: dict[str, Any]) -> bytes:
    """The template as PDF. `stylesheet` is the name of a static file; it names others as url("static:name").

    Raises Unavailable where Pango is missing.
    """
    return _drawn(render_to_string(template, context), stylesheet)


def _drawn(page: str, stylesheet: str) -> bytes:
    try:
        # Half a second, needed for PDF only.
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:
        raise Unavailable from error
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint allows it for everybody; a broken upload is refused here

    fonts, fetcher = FontConfiguration(), _fetcher()
    file = Path(str(finders.find(stylesheet)))
    css = CSS(string=file.read_text(encoding="utf-8"), font_config=fonts, url_fetcher=fetcher)
    html = HTML(string=page, url_fetcher=fetcher)
    pdf: bytes = html.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1")
    return pdf


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher

    class StaticFilesOnly(URLFetcher):
        """Static files and data: addresses; whatever else a template might name stays outside."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            found = finders.find(url.removeprefix("static:")) if url.startswith("static:") else None
            if not found:
                raise ValueError(f"{url} is no part of a PDF")
            return super().fetch(Path(str(found)).as_uri(), headers)

    return StaticFilesOnly()
