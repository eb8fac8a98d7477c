"""Addresses of the desk of competitions, below Wagtail's /admin/."""

from django.urls import path

from . import entries, overview, setup

app_name = "competitions_desk"
urlpatterns = [
    path("", overview.index, name="index"),
    path("neu/", setup.new, name="new"),
    path("<int:pk>/", overview.competition, name="competition"),
    path("<int:pk>/veroeffentlichen/", setup.publish_page, name="publish_page"),
    path("<int:pk>/regeln/", setup.setup, name="setup"),
    path("<int:pk>/beitraege/", entries.entries, name="entries"),
    path("<int:pk>/vorschau/", setup.preview, name="preview"),
]
