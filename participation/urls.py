from django.urls import URLPattern, URLResolver, path

from .views import downloads, procedures

urlpatterns: list[URLPattern | URLResolver] = [
    path("beteiligung/", procedures.overview, name="procedures"),
    path("beteiligung/kalender.ics", procedures.calendar, name="procedures_ics"),
    path("wettbewerbe/<slug:slug>/ergebnis/stimmzettel.zip", downloads.ballots_zip, name="competition_ballots_zip"),
    path("wettbewerbe/<slug:slug>/ergebnis/stimmzettel.jsonl", downloads.ballots, name="competition_ballots"),
]
