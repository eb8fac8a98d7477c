from django.urls import path

from . import feeds

urlpatterns = [path("aktuelles/feed.<str:form>", feeds.news, name="news_feed")]
