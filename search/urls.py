from django.urls import path

from . import views

urlpatterns = [
    path("suche/", views.search, name="search"),
    path("stichworte/", views.tag_list, name="tag_list"),
    path("stichworte/<str:slug>/", views.tag_detail, name="tag_detail"),
]
