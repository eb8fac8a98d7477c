"""Answers that belong to no app: health, and pages for what went wrong."""

import posixpath

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.static import serve


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The process answers and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return HttpResponse(
            "database unreachable\n", content_type="text/plain", status=503, headers={"Cache-Control": "no-store"}
        )
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere. The page says how to go on without losing what was typed."""
    return render(request, "403_csrf.html", status=403)


def quiet(response: HttpResponse) -> HttpResponse:
    """For a page with a secret address: no page that comes next, not even one of ours, learns it. "no-referrer" would take a
    form's origin."""
    response["Referrer-Policy"] = "strict-origin"
    return response


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Editors' pictures where no proxy serves them; nothing in them may run."""
    if posixpath.normpath(path).lstrip("/").startswith("documents/"):
        raise Http404  # Wagtail's own view under /dokumente/ asks who may read a document
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=3600"
    return response
