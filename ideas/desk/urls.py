"""Addresses of the review desk, below Wagtail's /admin/."""

from django.urls import path

from . import review_urls, views

app_name = "ideas_desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    *review_urls.urlpatterns,
    path("<int:number>/", views.detail, name="idea"),
    path("<int:number>/<slug:action>/", views.take_step, name="step"),
]
