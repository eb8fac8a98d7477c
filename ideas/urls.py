from django.urls import path, register_converter

from .views import criteria, details, lists, receipts, submit


class NumberConverter:
    """A public number. Nine digits at most, so that no address asks the database for more than it can count."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(NumberConverter, "number")

urlpatterns = [
    path("ideen/", lists.idea_list, name="idea_list"),
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
    path("massnahmen/", lists.measure_list, name="measure_list"),
    path("massnahmen/<slug:slug>/", details.measure_detail, name="measure_detail"),
    path("konto/ideen/", details.my_ideas, name="my_ideas"),
    path("konto/ideen/<number:number>/", receipts.my_idea, name="my_idea"),
]
