"""Answers of the site that belong to no page of the tree: personas, its colours, what robots may read,
and what was here once."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.addresses import COSTLY, PRIVATE, absolute, split_language

from . import gone, looks, site
from .agenda import agenda_tree
from .languages import in_active_language
from .models import AgendaPage, Persona

_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_WORDS, _LONGEST_WORD = 6, 40


@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """/farben.css: the region's colours. The address in the page names its version, so it may be kept for a year."""
    response = HttpResponse(looks.stylesheet(site.current()), content_type="text/css; charset=utf-8")
    known = request.GET.get("v") == looks.version(site.current())
    response["Cache-Control"] = "public, max-age=31536000, immutable" if known else "public, max-age=0, must-revalidate"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """/robots.txt: everything public may be read; secret links and what belongs to one person not even tried."""
    paths = (*PRIVATE, *COSTLY)
    closed = [f"Disallow: {prefix}{path}" for prefix in ("", "/en") for path in paths if not (prefix and path == "/admin/")]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What stands at an address without a page: the way to where it went, a word about what it was, or help to search."""
    path = request.path
    moved_to, for_good = gone.redirect_of(path, request.META.get("QUERY_STRING", ""))
    if moved_to:
        return HttpResponsePermanentRedirect(moved_to) if for_good else HttpResponseRedirect(moved_to)
    was = gone.remembered(path)
    if was is not None:
        above = gone.page_above(path)
        context = {"was": was, "above": above.localized.specific if above else None}
        return render(request, "410.html", context, status=410)
    context = {"suggestion": words_of(path), "is_idea": split_language(path)[1].startswith("/ideen/")}
    return render(request, "404.html", context, status=404)


def words_of(path: str) -> str:
    """What an address says: `/aktuelles/neuer-spielplatz/` gives "neuer spielplatz" to search for. Nothing of a secret link."""
    bare = split_language(path)[1]
    if bare.startswith(PRIVATE):
        return ""
    last = bare.strip("/").rpartition("/")[2].rpartition(".")[0] or bare.strip("/").rpartition("/")[2]
    words = [word for word in _WORD.findall(last) if len(word) <= _LONGEST_WORD]
    return " ".join(words[:_MOST_WORDS])


def persona_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A persona, and what of the agenda helps this person, by Zielbild, in the reader's language. Four queries of its own."""
    persona = get_object_or_404(Persona, slug=slug)
    helpful = set(persona.loesungen.live().values_list("translation_key", flat=True))  # type: ignore[attr-defined]
    groups = [
        {"zielbild": zielbild, "loesungen": found}
        for zielbild in agenda_tree()
        if (found := [page for page in zielbild.loesungen if page.translation_key in helpful])
    ]
    agenda = in_active_language(AgendaPage.objects.live()).first()
    return render(request, "pages/persona_detail.html", {"persona": persona, "groups": groups, "agenda": agenda})
