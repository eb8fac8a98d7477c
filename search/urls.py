from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("stichworte/<str:slug>/", lambda r, slug: HttpResponse(""), name="tag_detail"), path("stichworte/", lambda r: HttpResponse(""), name="tag_list"), path("suche/", lambda r: HttpResponse(""), name="search")]
