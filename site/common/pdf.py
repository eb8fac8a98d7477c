"""Pages as accessible PDF files (PDF/UA-1): an HTML template with a style sheet of its own. Nothing is fetched from outside."""

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from PIL import ImageFile


class Unavailable(Exception):
    """This machine lacks the libraries that draw PDF files (docs/betrieb.md names them)."""


def render_pdf(template: str, stylesheet: str, context: dict[str, Any]) -> bytes:
    """The template as PDF. `stylesheet` is the name of a static file; it names others as url("static:name").

    Raises Unavailable where Pango is missing.
    """
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
    html = HTML(string=render_to_string(template, context), url_fetcher=fetcher)
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
