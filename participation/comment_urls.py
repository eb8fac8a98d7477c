"""Where comments stand. `kind` and `key` name what they are about (discussions.py)."""

from django.urls import URLPattern, path

from .views import commenting, comments, complaints, my_comments, reporting

urlpatterns: list[URLPattern] = [
    path("kommentare/regeln/", reporting.rules, name="comment_rules"),
    path("kommentare/zahlen/", reporting.numbers, name="comment_numbers"),
    path("kommentare/zahlen.csv", reporting.numbers_csv, name="comment_numbers_csv"),
    path("kommentare/<number:pk>/", comments.comment, name="comment"),
    path("kommentare/<number:pk>/antworten/", commenting.reply, name="comment_reply"),
    path("kommentare/<number:pk>/bearbeiten/", commenting.edit, name="comment_edit"),
    path("kommentare/<number:pk>/loeschen/", commenting.delete, name="comment_delete"),
    path("kommentare/<number:pk>/melden/", reporting.report, name="comment_report"),
    path("kommentare/<number:pk>/einspruch/", complaints.complain, name="comment_complain"),
    # For guests, from a mail: the token is derived from the comment's key.
    path("kommentare/<number:pk>/einspruch/<str:token>/", complaints.complain_by_token, name="comment_complain_by_token"),
    path("kommentare/<number:pk>/abbestellen/<str:token>/", my_comments.stop, name="comment_stop"),
    path("kommentare/<slug:kind>/<str:key>/", comments.discussion, name="comments"),
    path("kommentare/<slug:kind>/<str:key>/schreiben/", commenting.write, name="comment_write"),
    path("meldungen/<number:pk>/<str:token>/", reporting.receipt, name="report_receipt"),
    path("konto/kommentare/", my_comments.overview, name="my_comments"),
]
