"""Addresses of the review desk, below Wagtail's /admin/."""

from django.urls import path

from . import bulk, merging, views

app_name = "ideas_desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:number>/", views.detail, name="idea"),
    path("mehrere/", bulk.many, name="many"),
    path("zusammenlegen/", merging.merge, name="merge"),
    path("<int:number>/trennen/", merging.unmerge, name="unmerge"),
    path("<int:number>/aufteilen/", merging.split, name="split"),
    path("<int:number>/<slug:action>/", views.take_step, name="step"),
]
