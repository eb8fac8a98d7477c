"""Addresses of the review desk, below Wagtail's /admin/."""

from django.urls import path

from . import exchange, views

app_name = "ideas_desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("austausch/", exchange.overview, name="exchange"),
    path("austausch/holen/", exchange.download, name="exchange_download"),
    path("austausch/<int:pk>/", exchange.columns, name="exchange_columns"),
    path("austausch/<int:pk>/probe/", exchange.rehearsal, name="exchange_rehearsal"),
    path("austausch/<int:pk>/stand/", exchange.progress, name="exchange_progress"),
    path("<int:number>/", views.detail, name="idea"),
    path("<int:number>/<slug:action>/", views.take_step, name="step"),
]
