"""Addresses of a survey at the desk, below Wagtail's /admin/. The questionnaire is edited in Wagtail (survey_editor.py)."""

from django.urls import path

from . import surveys

app_name = "surveys_desk"

urlpatterns = [
    path("einlesen/", surveys.read_in, name="read_in"),
    path("<int:pk>/", surveys.survey, name="survey"),
    path("<int:pk>/vorschau/", surveys.preview, name="preview"),
    path("<int:pk>/schliessen/", surveys.take, {"step": surveys.CLOSE}, name="close"),
    path("<int:pk>/veroeffentlichen/", surveys.take, {"step": surveys.PUBLISH}, name="publish"),
    path("<int:pk>/texte/", surveys.texts, name="texts"),
    path("<int:pk>/antworten.csv", surveys.raw, {"kind": "csv"}, name="csv"),
    path("<int:pk>/antworten.xlsx", surveys.raw, {"kind": "xlsx"}, name="xlsx"),
    path("<int:pk>/umfrage.json", surveys.whole, name="json"),
]
