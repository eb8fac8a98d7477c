"""Small pages beside Wagtail's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from wagtail.models import Page

from .agenda import agenda_tree
from .models import AgendaPage, Persona


def persona_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A persona, and what of the agenda helps this person, by Zielbild, in the reader's language. Four queries of its own."""
    persona = get_object_or_404(Persona, slug=slug)
    helpful = set(persona.loesungen.live().values_list("translation_key", flat=True))  # type: ignore[attr-defined]
    groups = [
        {"zielbild": zielbild, "loesungen": found}
        for zielbild in agenda_tree()
        if (found := [page for page in zielbild.loesungen if page.translation_key in helpful])
    ]
    agenda: Page | None = AgendaPage.objects.live().order_by("path").first()
    crumbs = [{"title": agenda.title, "url": reverse("wagtail_serve", args=["agenda/"])}] if agenda else []
    return render(request, "pages/persona_detail.html", {"persona": persona, "groups": groups, "crumbs": crumbs})
