from django.urls import URLPattern, URLResolver, path

import ideas.urls  # noqa: F401 - knows <number:…>

from .views import receipts, voting

urlpatterns: list[URLPattern | URLResolver] = [
    path("wettbewerbe/<slug:slug>/abstimmen/", voting.competition_vote, name="competition_vote"),
    path("wettbewerbe/<slug:slug>/abstimmen/<number:number>/", voting.competition_vote_for, name="competition_vote_for"),
    path("wettbewerbe/<slug:slug>/beleg/", receipts.competition_receipt, name="competition_receipt"),
    path("konto/abstimmungen/", receipts.my_votes, name="my_votes"),
]
