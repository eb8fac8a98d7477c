"""Fixed addresses beside Wagtail's pages. Included before Wagtail's own."""

from django.urls import path

from . import feeds, views

urlpatterns = [
    path("agenda/personas/<slug:slug>/", views.persona_detail, name="persona_detail"),
    path("aktuelles/feed.<str:form>", feeds.news, name="news_feed"),
]
