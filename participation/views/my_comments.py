"""To be built."""

from django.http import Http404, HttpRequest, HttpResponse


def complain(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def complain_by_token(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    raise Http404


def stop(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    raise Http404


def overview(request: HttpRequest) -> HttpResponse:
    raise Http404
