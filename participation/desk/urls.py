"""Addresses of the desk of competitions, below Wagtail's /admin/."""

from django.urls import path

from . import counting, entries, jury, overview, quarantine, schedule, setup

app_name = "competitions_desk"

urlpatterns = [
    path("", overview.index, name="index"),
    path("<int:pk>/", overview.competition, name="competition"),
    path("<int:pk>/jury/", jury.jury, name="jury"),
    path("neu/", setup.new, name="new"),
    path("<int:pk>/veroeffentlichen/", setup.publish_page, name="publish_page"),
    path("<int:pk>/regeln/", setup.setup, name="setup"),
    path("<int:pk>/vorschau/", setup.preview, name="preview"),
    path("<int:pk>/stimmzettel/", quarantine.quarantine, name="quarantine"),
    path("<int:pk>/auszaehlung/", counting.count, name="count"),
    *(path(f"<int:pk>/auszaehlung/{name}/", counting.step, {"name": name}, name=f"count_{name}") for name in counting.BY_NAME),
    path("<int:pk>/beitraege/", entries.entries, name="entries"),
    path("<int:pk>/ablauf/", schedule.schedule, name="schedule"),
    path("<int:pk>/verlaengern/", schedule.extend, name="extend"),
]
