"""What anybody needs to recount a vote: the file of ballots, and the same with the script in one archive."""

import hashlib
import io
import zipfile
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from .. import recount
from ..models import Competition, Tally
from ..tally import published_text
from .fetch import competition_or_404


@require_safe
def ballots(request: HttpRequest, slug: str) -> HttpResponse:
    """/wettbewerbe/<slug>/ergebnis/stimmzettel.jsonl"""
    found, tally = _published(request, slug)
    return _file(published_text(tally).encode(), "application/x-ndjson; charset=utf-8", f"stimmzettel-{found.slug}.jsonl")


@require_safe
def ballots_zip(request: HttpRequest, slug: str) -> HttpResponse:
    """/wettbewerbe/<slug>/ergebnis/stimmzettel.zip"""
    found, tally = _published(request, slug)
    return _file(archive(found, tally), "application/zip", f"stimmzettel-{found.slug}.zip")


def archive(competition: Competition, tally: Tally) -> bytes:
    """The archive, byte by byte the same whenever it is made."""
    with translation.override(settings.LANGUAGE_CODE):
        readme = render_to_string("participation/recount_readme.txt", {"competition": competition, "tally": tally})
    files = {
        "LIESMICH.txt": readme.encode(),
        "recount.py": Path(recount.__file__).read_bytes(),
        "stimmzettel.jsonl": published_text(tally).encode(),
    }
    buffer = io.BytesIO()
    made = timezone.localtime(tally.published_at).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, made)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, content)
    return buffer.getvalue()


def _published(request: HttpRequest, slug: str) -> tuple[Competition, Tally]:
    """Before the result is published there is nothing to have here, for nobody."""
    found = competition_or_404(request, slug)
    tally = Tally.objects.filter(competition=found, published_at__isnull=False).first()
    if tally is None:
        raise Http404
    return found, tally


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    return response
