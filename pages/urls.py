"""Fixed addresses beside Wagtail's pages. Included before Wagtail's own."""

from django.urls import path

from . import enquiry_views, event_calendar, feeds, views

urlpatterns = [
    path("agenda/personas/<slug:slug>/", views.persona_detail, name="persona_detail"),
    path("aktuelles/feed.<str:form>", feeds.news, name="news_feed"),
    path("kontakt/", enquiry_views.contact, name="contact"),
    path("kontakt/danke/<str:token>/", enquiry_views.message_sent, name="message_sent"),
    path("barrierefreiheit/melden/", enquiry_views.report_barrier, name="report_barrier"),
    path("termine/kalender.ics", event_calendar.upcoming_ics, name="events_ics"),
    path("termine/<slug:slug>/termin.ics", event_calendar.event_ics, name="event_ics"),
]
