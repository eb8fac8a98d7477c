"""To be built."""

from django.http import Http404, HttpRequest, HttpResponse


def reply(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def delete(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404


def write(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    raise Http404
