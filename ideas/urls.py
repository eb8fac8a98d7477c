from django.urls import path, register_converter

from .views import details, lists, submit


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
    path("ideen/aehnlich/", submit.similar_fragment, name="idea_similar"),
    path("ideen/bestaetigen/<str:token>/", submit.idea_confirm, name="idea_confirm"),
    path("ideen/verfolgen/<str:token>/", submit.idea_receipt, name="idea_receipt"),
    path("ideen/bild/<uuid:key>/<str:size>/", details.idea_picture, name="idea_picture"),
    path("ideen/<number:number>/", details.idea_detail, name="idea_detail"),
    path("massnahmen/", lists.measure_list, name="measure_list"),
    path("massnahmen/<slug:slug>/", details.measure_detail, name="measure_detail"),
    path("konto/ideen/", details.my_ideas, name="my_ideas"),
]
