"""To be built."""

from django.http import Http404, HttpRequest, HttpResponse


def comment(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def discussion(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    raise Http404
