from django.urls import URLPattern, URLResolver, path

from .views import handing_in, proposing

urlpatterns: list[URLPattern | URLResolver] = [
    path("wettbewerbe/<slug:slug>/einreichen/", handing_in.competition_hand_in, name="competition_hand_in"),
    path("wettbewerbe/<slug:slug>/vorschlagen/", proposing.competition_propose, name="competition_propose"),
]
