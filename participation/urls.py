from django.urls import URLPattern, URLResolver, path

import ideas.urls  # noqa: F401 - knows <number:…>

from .views import jury

urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/jury/", jury.home, name="jury_home"),
    path("konto/jury/<slug:slug>/", jury.competition, name="jury_competition"),
    path("konto/jury/<slug:slug>/<number:number>/", jury.sheet, name="jury_sheet"),
]
