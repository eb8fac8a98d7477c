"""Addresses of the review desk, below Wagtail's /admin/."""

from django.urls import path

from . import views, words

app_name = "ideas_desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:number>/", views.detail, name="idea"),
    path("<int:number>/antwort/<int:position>/", words.show_answer, name="show_answer"),
    path("<int:number>/schwaerzen/<int:position>/", words.redact, name="redact"),
    path("<int:number>/<slug:action>/", views.take_step, name="step"),
]
