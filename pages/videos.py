"""Videos of editors, served from this house. Players ask for a piece of a video at a time, and Safari plays none that isn't
answered so; Wagtail's own view sends whole files only."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from wagtail.documents.models import Document
from wagtail.documents.views.serve import serve

VIDEO_ENDINGS = (".mp4", ".webm")
_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
_PIECE = 64 * 1024


def document(request: HttpRequest, document_id: str, document_filename: str) -> HttpResponseBase:
    """A document as Wagtail serves it to those who may read it; a video whole, or the piece that a player asks for."""
    response: HttpResponseBase = serve(request, document_id, document_filename)
    if response.status_code != 200 or not document_filename.lower().endswith(VIDEO_ENDINGS):
        return response
    # Wagtail's answer is dropped unread, and its file with it; closing it would say that the request is over.
    return _video(Document.objects.get(pk=document_id), request.headers.get("Range", ""))


def _video(video: Any, wanted: str) -> HttpResponseBase:
    """The answer to a question for a range (RFC 9110, section 14); anything else that stands there is no question."""
    size, asked = video.file.size, _RANGE.match(wanted)
    first, last = _piece(asked, size) if asked else (0, size - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {
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
        return (max(size - int(last), 0), size - 1) if last and int(last) else (1, 0)
    return int(first), min(int(last), size - 1) if last else size - 1


def _read(file: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
