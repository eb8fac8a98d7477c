"""Videos of editors, served from this house. Players ask for a piece of a video at a time, and Safari plays none that isn't
answered so; Wagtail's own view sends whole files only."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from wagtail.documents.models import Document
from wagtail.documents.views.serve import serve

VIDEO_ENDINGS = (".mp4", ".webm")
_RANGE = re.compile(r"^bytes=([0-9]{0,18})-([0-9]{0,18})$")
_KEPT = ("ETag", "Last-Modified")  # by them a player knows that it has this video already
_PIECE = 64 * 1024


def document(request: HttpRequest, document_id: str, document_filename: str) -> HttpResponseBase:
    """A document as Wagtail serves it to those who may read it; a video whole, or the piece that a player asks for."""
    response: HttpResponseBase = serve(request, document_id, document_filename)
    # A form that asks for a password answers 200 too: only a file says that this reader may have it.
    if not isinstance(response, FileResponse) or not document_filename.lower().endswith(VIDEO_ENDINGS):
        return response
    # Wagtail's answer is dropped unread, and its file with it; closing it would say that the request is over.
    kept = {name: response.headers[name] for name in _KEPT if name in response.headers}
    return _video(Document.objects.get(pk=document_id), _asked(request, kept), kept)


def _asked(request: HttpRequest, kept: dict[str, str]) -> re.Match[str] | None:
    """The range that is asked for; None for the whole: anything but one possible range is no question, and one that goes on
    with another version of the file is answered with all of it (RFC 9110, sections 14.2 and 13.1.5)."""
    asked = _RANGE.match(request.headers.get("Range", ""))
    if asked is None or request.headers.get("If-Range", "") not in ("", *kept.values()):
        return None
    first, last = asked.groups()
    impossible = not (first or last) or (first and last and int(first) > int(last))
    return None if impossible else asked


def _video(video: Any, asked: re.Match[str] | None, kept: dict[str, str]) -> HttpResponseBase:
    """The answer with Wagtail's headers `kept`: the whole file, a piece, or 416 where the file is shorter."""
    size = video.file.size
    first, last = _piece(asked, size) if asked else (0, size - 1)
    if asked and first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {
        **kept,
        "Content-Type": video.content_type,
        "Content-Length": str(last - first + 1),
        "Content-Disposition": f'inline; filename="{video.filename}"',
        "Content-Encoding": "identity",  # packing it again would break its length
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        **({"Content-Range": f"bytes {first}-{last}/{size}"} if asked else {}),
    }
    return StreamingHttpResponse(_read(video.file.open("rb"), first, last), status=206 if asked else 200, headers=headers)


def _piece(asked: re.Match[str], size: int) -> tuple[int, int]:
    """First and last byte; the first lies behind the last where there is nothing to send."""
    first, last = asked.groups()
    if not first:  # the last so many bytes
        return (max(size - int(last), 0), size - 1) if int(last) else (1, 0)
    return int(first), min(int(last), size - 1) if last else size - 1


def _read(file: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
