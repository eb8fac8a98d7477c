"""To be built."""

from django.http import Http404, HttpRequest, HttpResponse


def rules(request: HttpRequest) -> HttpResponse:
    raise Http404


def numbers(request: HttpRequest) -> HttpResponse:
    raise Http404


def numbers_csv(request: HttpRequest) -> HttpResponse:
    raise Http404


def report(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def receipt(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    raise Http404
