from django.urls import URLPattern, URLResolver, path

from .views import procedures

urlpatterns: list[URLPattern | URLResolver] = [
    path("beteiligung/", procedures.overview, name="procedures"),
    path("beteiligung/kalender.ics", procedures.calendar, name="procedures_ics"),
]
