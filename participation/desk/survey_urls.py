"""Addresses of a survey at the desk, below Wagtail's /admin/. The questionnaire is edited in Wagtail (survey_editor.py)."""

from django.urls import path

from . import surveys

app_name = "surveys_desk"

urlpatterns = [
    path("einlesen/", surveys.read_in, name="read_in"),
    path("<number:pk>/", surveys.survey, name="survey"),
    path("<number:pk>/vorschau/", surveys.preview, name="preview"),
    path("<number:pk>/schliessen/", surveys.take, {"step": surveys.CLOSE}, name="close"),
    path("<number:pk>/veroeffentlichen/", surveys.take, {"step": surveys.PUBLISH}, name="publish"),
    path("<number:pk>/texte/", surveys.texts, name="texts"),
    path("<number:pk>/antworten.csv", surveys.raw, {"kind": "csv"}, name="csv"),
    path("<number:pk>/antworten.xlsx", surveys.raw, {"kind": "xlsx"}, name="xlsx"),
    path("<number:pk>/umfrage.json", surveys.whole, name="json"),
]
