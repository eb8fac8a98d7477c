"""Addresses of the review desk, below Wagtail's /admin/."""

from django.urls import path

from . import bulk, editions, exchange, mails, merging, reports, review_urls, views, words

app_name = "ideas_desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("e-mails/", mails.mails, name="mails"),
    path("e-mails/html/", mails.mail_html, name="mail_html"),
    path("berichte/", reports.reports, name="reports"),
    path("berichte/<int:pk>/", reports.write, name="report"),
    path("berichte/<slug:kind>/<int:pk>/<slug:decision>/", reports.decide, name="decide_report"),
    path("massnahmen/<int:pk>/bezeichnen/", reports.relabel, name="relabel"),
    *review_urls.urlpatterns,
    path("editionen/", editions.editions, name="editions"),
    path("editionen/neu/", editions.open_edition, name="edition_new"),
    path("editionen/<int:pk>/", editions.edition, name="edition"),
    path("editionen/<int:pk>/texte/", editions.texts, name="edition_texts"),
    path("editionen/<int:pk>/beschluss/", editions.adopt, name="edition_adopt"),
    path("editionen/<int:pk>/berichtigung/", editions.correct, name="edition_correct"),
    *(path(f"editionen/<int:pk>/{name}/", editions.step, {"name": name}, name=f"edition_{name}") for name in editions.STEPS),
    path("austausch/", exchange.overview, name="exchange"),
    path("austausch/holen/", exchange.download, name="exchange_download"),
    path("austausch/<int:pk>/", exchange.columns, name="exchange_columns"),
    path("austausch/<int:pk>/probe/", exchange.rehearsal, name="exchange_rehearsal"),
    path("austausch/<int:pk>/stand/", exchange.progress, name="exchange_progress"),
    path("<int:number>/", views.detail, name="idea"),
    path("mehrere/", bulk.many, name="many"),
    path("zusammenlegen/", merging.merge, name="merge"),
    path("<int:number>/trennen/", merging.unmerge, name="unmerge"),
    path("<int:number>/aufteilen/", merging.split, name="split"),
    path("<int:number>/antwort/<int:position>/", words.show_answer, name="show_answer"),
    path("<int:number>/schwaerzen/<int:position>/", words.redact, name="redact"),
    path("<int:number>/<slug:action>/", views.take_step, name="step"),
]
