from django.urls import URLPattern, URLResolver, path

from .views.result import competition_result

urlpatterns: list[URLPattern | URLResolver] = [
    path("wettbewerbe/<slug:slug>/ergebnis/", competition_result, name="competition_result"),
]
