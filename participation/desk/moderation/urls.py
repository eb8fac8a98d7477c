"""Addresses of the moderators' desk, below Wagtail's /admin/."""

from django.urls import path

from . import bulk, comment, people, queue

app_name = "moderation_desk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("<int:pk>/", comment.comment, name="comment"),
    path("<int:pk>/einspruch/", comment.decide_complaint, name="complaint"),
    path("<int:pk>/sperren/", comment.block, name="block"),
    path("<int:pk>/diskussion/", comment.discussion, name="discussion"),
    path("<int:pk>/<str:action>/", comment.decide, name="decide"),
    path("freigeben/", bulk.many, name="many"),
    path("gesperrt/", people.people, name="people"),
    path("gesperrt/<int:pk>/aufheben/", people.lift, name="lift"),
    path("protokoll/", people.log, name="log"),
]
