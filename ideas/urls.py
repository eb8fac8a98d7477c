from django.urls import path, register_converter

from . import feeds
from .views import criteria, details, editions, lists, progress, receipts, report, submit, voices


class NumberConverter:
    """A public number. Nine digits at most, so that no address asks the database for more than it can count."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class EditionConverter:
    """The name of an edition: its year, and the number of a later version, from 2 on: 2026, 2026-2."""

    regex = "[0-9]{4}(?:-(?:[2-9]|[1-9][0-9]{1,2}))?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")
register_converter(EditionConverter, "edition")

urlpatterns = [
    path("ideen/", lists.idea_list, name="idea_list"),
    path("ideen/feed.<str:form>", feeds.ideas, name="idea_feed"),
    path("ideen/einreichen/", submit.idea_submit, name="idea_submit"),
    path("ideen/kriterien/", criteria.idea_criteria, name="idea_criteria"),
    path("ideen/aehnlich/", submit.similar_fragment, name="idea_similar"),
    path("ideen/bestaetigen/<str:token>/", submit.idea_confirm, name="idea_confirm"),
    path("ideen/verfolgen/", receipts.receipts_here, name="receipts"),
    path("ideen/verfolgen/verschickt/", receipts.receipts_sent, name="receipts_sent"),
    path("ideen/verfolgen/<number:number>/", receipts.receipt, name="receipt"),
    path("ideen/verfolgen/<number:number>/beleg.pdf", receipts.pdf, name="receipt_pdf"),
    path("ideen/verfolgen/<number:number>/aendern/", receipts.edit, name="receipt_edit"),
    path("ideen/verfolgen/<number:number>/zurueckziehen/", receipts.withdraw, name="receipt_withdraw"),
    path("ideen/verfolgen/<number:number>/uebernehmen/", receipts.claim, name="receipt_claim"),
    path("ideen/verfolgen/<str:token>/", receipts.idea_receipt, name="idea_receipt"),
    path("ideen/bild/<uuid:key>/<str:size>/", details.idea_picture, name="idea_picture"),
    path("ideen/<number:number>/", details.idea_detail, name="idea_detail"),
    path("ideen/<number:number>/unterstuetzen/", voices.support_idea, name="support_idea"),
    path("ideen/<number:number>/folgen/", voices.follow_idea, name="follow_idea"),
    path("massnahmen/<slug:slug>/folgen/", voices.follow_measure, name="follow_measure"),
    path("agenda/editionen/", editions.edition_list, name="edition_list"),
    path("agenda/editionen/<edition:key>/", editions.edition_detail, name="edition_detail"),
    path("agenda/editionen/<edition:key>/ideen/", editions.edition_ideas, name="edition_ideas"),
    path("agenda/editionen/<edition:key>/aenderungen/", editions.edition_changes, name="edition_changes"),
    path("agenda/editionen/<edition:key>/druck/", editions.edition_print, name="edition_print"),
    path("agenda/editionen/<edition:key>/agenda.pdf", editions.edition_pdf, name="edition_pdf"),
    path("agenda/editionen/<edition:key>/agenda.json", editions.edition_json, name="edition_json"),
    path("agenda/editionen/<edition:key>/<slug:slug>/", editions.edition_loesung, name="edition_loesung"),
    path("agenda/<slug:zielbild>/<slug:slug>/folgen/", voices.follow_loesung, name="follow_loesung"),
    path("fortschritt/", progress.overview, name="progress"),
    path("fortschritt/liste/", progress.progress_list, name="progress_list"),
    path("fortschritt/kennzahlen/", progress.kpis, name="kpis"),
    path("fortschritt/indikatoren/", progress.indicator_list, name="indicators"),
    path("fortschritt/bericht/", report.page, name="report"),
    path("fortschritt/bericht.xlsx", report.xlsx, name="report_xlsx"),
    path("fortschritt/bericht.pdf", report.pdf, name="report_pdf"),
    path("fortschritt/zahlen.json", progress.numbers_json, name="progress_json"),
    path("fortschritt/fristen.json", progress.deadlines_json, name="deadlines_json"),
    path("fortschritt/fristen.csv", progress.deadlines_csv, name="deadlines_csv"),
    path("mitmachen/<str:token>/", voices.prove, name="contact_request"),
    path("abos/beenden/<str:token>/", voices.stop, name="follow_stop"),
    path("abos/alle-beenden/<str:token>/", voices.stop_all, name="follow_stop_all"),
    path("konto/abos/", voices.my_follows, name="my_follows"),
    path("massnahmen/feed.<str:form>", feeds.measures, name="measure_feed"),
    path("massnahmen/", lists.measure_list, name="measure_list"),
    path("massnahmen/<slug:slug>/", details.measure_detail, name="measure_detail"),
    path("konto/ideen/", details.my_ideas, name="my_ideas"),
    path("konto/ideen/<number:number>/", receipts.my_idea, name="my_idea"),
]
