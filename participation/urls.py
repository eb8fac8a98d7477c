from django.urls import URLPattern, URLResolver, path

import ideas.urls  # noqa: F401 - knows <number:…>

from .comment_urls import urlpatterns as comment_urls
from .views import downloads, handing_in, jury, procedures, proposing, receipts, surveys, voting
from .views.result import competition_result

urlpatterns: list[URLPattern | URLResolver] = [
    path("wettbewerbe/<slug:slug>/ergebnis/stimmzettel.zip", downloads.ballots_zip, name="competition_ballots_zip"),
    path("wettbewerbe/<slug:slug>/ergebnis/stimmzettel.jsonl", downloads.ballots, name="competition_ballots"),
    path("konto/jury/", jury.home, name="jury_home"),
    path("konto/jury/<slug:slug>/", jury.competition, name="jury_competition"),
    path("konto/jury/<slug:slug>/<number:number>/", jury.sheet, name="jury_sheet"),
    path("beteiligung/", procedures.overview, name="procedures"),
    path("beteiligung/kalender.ics", procedures.calendar, name="procedures_ics"),
    path("wettbewerbe/<slug:slug>/abstimmen/", voting.competition_vote, name="competition_vote"),
    path("wettbewerbe/<slug:slug>/abstimmen/<number:number>/", voting.competition_vote_for, name="competition_vote_for"),
    path("wettbewerbe/<slug:slug>/beleg/", receipts.competition_receipt, name="competition_receipt"),
    path("konto/abstimmungen/", receipts.my_votes, name="my_votes"),
    path("wettbewerbe/<slug:slug>/einreichen/", handing_in.competition_hand_in, name="competition_hand_in"),
    path("wettbewerbe/<slug:slug>/vorschlagen/", proposing.competition_propose, name="competition_propose"),
    path("wettbewerbe/<slug:slug>/ergebnis/", competition_result, name="competition_result"),
    *comment_urls,
    path("umfragen/", surveys.index, name="surveys"),
    path("umfragen/<slug:slug>/", surveys.survey, name="survey"),
    path("umfragen/<slug:slug>/teilnehmen/", surveys.answer, name="survey_answer"),
    path("umfragen/<slug:slug>/danke/", surveys.thanks, name="survey_thanks"),
    path("umfragen/<slug:slug>/ergebnis/", surveys.result, name="survey_result"),
    path("umfragen/<slug:slug>/ergebnis/daten.csv", surveys.result_csv, name="survey_csv"),
    path("umfragen/<slug:slug>/ergebnis/daten.json", surveys.result_json, name="survey_json"),
]
