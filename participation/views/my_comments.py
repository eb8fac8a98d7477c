"""To be built."""

from django.http import Http404, HttpRequest, HttpResponse


def stop(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    raise Http404


def overview(request: HttpRequest) -> HttpResponse:
    raise Http404
