"""The site's addresses, and those of ideas and measures where they aren't there yet."""

from config import urls
from django.http import HttpRequest, HttpResponse
from django.urls import path


def _page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse()


handler400 = urls.handler400
urlpatterns = [
    *urls.urlpatterns[:-1],
    path("ideen/<int:number>/", _page, name="idea_detail"),
    path("massnahmen/<slug:slug>/", _page, name="measure_detail"),
    urls.urlpatterns[-1],
]
