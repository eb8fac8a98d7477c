"""Fixed addresses of the agenda beside its pages. Included before Wagtail's own."""

from django.urls import path

from . import views

urlpatterns = [path("agenda/personas/<slug:slug>/", views.persona_detail, name="persona_detail")]
