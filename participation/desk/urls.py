"""Addresses of the desk of competitions, below Wagtail's /admin/."""

from django.urls import path

from . import overview, schedule

app_name = "competitions_desk"
urlpatterns = [
    path("", overview.index, name="index"),
    path("<int:pk>/", overview.competition, name="competition"),
    path("<int:pk>/ablauf/", schedule.schedule, name="schedule"),
    path("<int:pk>/verlaengern/", schedule.extend, name="extend"),
]
