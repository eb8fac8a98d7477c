from django.urls import URLPattern, URLResolver, path

from .views import downloads

urlpatterns: list[URLPattern | URLResolver] = [
    path("wettbewerbe/<slug:slug>/ergebnis/stimmzettel.zip", downloads.ballots_zip, name="competition_ballots_zip"),
    path("wettbewerbe/<slug:slug>/ergebnis/stimmzettel.jsonl", downloads.ballots, name="competition_ballots"),
]
