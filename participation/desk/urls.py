"""Addresses of the desk of competitions, below Wagtail's /admin/."""

from django.urls import path

from . import jury, overview

app_name = "competitions_desk"
urlpatterns = [
    path("", overview.index, name="index"),
    path("<int:pk>/", overview.competition, name="competition"),
    path("<int:pk>/jury/", jury.jury, name="jury"),
]
