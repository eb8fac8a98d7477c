"""The editions of the agenda: /agenda/editionen/. Everything on these pages comes from the frozen data."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.pdf import Busy, Unavailable
from pages import words

from ..editions.agenda import agenda_of, agendas_of, completed, has_removed, without
from ..editions.diff import diff
from ..editions.freeze import canonical, hash_of, vocabulary_of
from ..editions.pdf import pdf_of
from ..editions.shown import figures_of, idea_shown, loesung_shown, shown
from ..models import Edition, Idea

BLACKED_OUT = (
    "Titel von Ideen, deren Text gelöscht ist, fehlen hier. Die Prüfsumme gilt für die Daten, wie sie beschlossen wurden."
)


@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    """/agenda/editionen/: every edition with its resolution, the newest first."""
    editions = list(Edition.objects.visible_to(request.user).without_data())
    newest = {edition.year: edition.version for edition in reversed(editions) if edition.is_adopted}
    rows = [{"edition": edition, "is_corrected": edition.version < newest.get(edition.year, 0)} for edition in editions]
    return _answer(request, "list", {"rows": rows}, drafts=any(edition.is_draft for edition in editions))


@require_safe
def edition_detail(request: HttpRequest, key: str) -> HttpResponse:
    """/agenda/editionen/<key>/: foreword, resolution, figures, table of contents."""
    edition = _edition(request, key)
    data = completed(edition.data)  # names no idea
    context = {"zielbilder": data["zielbilder"], "figures": figures_of(data), "foreword": _paragraphs(edition.foreword)}
    return _page(request, "detail", edition, context)


@require_safe
def edition_loesung(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """/agenda/editionen/<key>/<slug>/: one Lösung with its Steckbrief and its measures, as they were."""
    edition = _edition(request, key)
    data = agenda_of(edition)
    rows = [(zielbild, loesung) for zielbild in data["zielbilder"] for loesung in zielbild["loesungen"]]
    place = next((place for place, (_zielbild, loesung) in enumerate(rows) if loesung["slug"] == slug), None)
    if place is None:
        raise Http404
    zielbild, loesung = rows[place]
    with words.spoken(vocabulary_of(edition.data)):
        here = loesung_shown(loesung)
    context = {
        "zielbild": zielbild,
        "loesung": here,
        "before": rows[place - 1][1] if place else None,
        "after": rows[place + 1][1] if place + 1 < len(rows) else None,
        "ideas": [idea_shown(idea) for idea in data["ideas"] if idea["loesung"] == loesung["key"]],
    }
    return _page(request, "loesung", edition, context)


@require_safe
def edition_ideas(request: HttpRequest, key: str) -> HttpResponse:
    """/agenda/editionen/<key>/ideen/: the ideas that were kept then."""
    edition = _edition(request, key)
    return _page(request, "ideas", edition, {"ideas": [idea_shown(idea) for idea in agenda_of(edition)["ideas"]]})


@require_safe
def edition_changes(request: HttpRequest, key: str) -> HttpResponse:
    """/agenda/editionen/<key>/aenderungen/: what changed since the edition that was adopted before."""
    edition = _edition(request, key)
    earlier = Edition.objects.before(edition)
    with words.spoken(vocabulary_of(edition.data)):
        found = diff(*agendas_of(earlier, edition)).found if earlier else []
    return _page(request, "changes", edition, {"earlier": earlier, "sections": found})


@require_safe
def edition_print(request: HttpRequest, key: str) -> HttpResponse:
    """/agenda/editionen/<key>/druck/: everything on one page."""
    edition = _edition(request, key)
    return _page(request, "print", edition, shown(edition, agenda_of(edition)))


@require_safe
def edition_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """/agenda/editionen/<key>/agenda.pdf: drawn once, kept; a page that says so where PDF files can't be drawn."""
    edition = _edition(request, key)
    try:
        content = pdf_of(edition)
    except Unavailable:
        text = _("PDF-Dateien gibt es hier gerade nicht. Dieselben Inhalte stehen auf einer Seite, die Sie drucken können.")
        return _page(request, "no_pdf", edition, {"text": text}, status=503)
    except Busy as busy:
        text = _("Gerade entstehen schon andere PDF-Dateien. Bitte versuchen Sie es in ein paar Minuten noch einmal.")
        response = _page(request, "no_pdf", edition, {"text": text}, status=503)
        response["Retry-After"] = str(busy.seconds)
        return response
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="Agenda-{edition.key}.pdf"'
    return _kept_from_caches(response, edition)


@require_safe
def edition_json(request: HttpRequest, key: str) -> HttpResponse:
    """/agenda/editionen/<key>/agenda.json: the data themselves, just as they were hashed. Where titles are blacked out, the
    file says so, and that the hash is that of the data as they were adopted."""
    edition = _edition(request, key)
    data = without(edition.data, Idea.objects.removed_numbers())
    if has_removed(data):
        data = {**data, "blacked_out": {"note": BLACKED_OUT, "data_sha256": edition.data_hash}}
    response = HttpResponse(canonical(data), content_type="application/json; charset=utf-8")
    response["ETag"] = f'"{hash_of(data)}"'
    response["Content-Disposition"] = f'inline; filename="Agenda-{edition.key}.json"'
    return _kept_from_caches(response, edition)


def _edition(request: HttpRequest, key: str) -> Edition:
    edition: Edition = get_object_or_404(Edition.objects.visible_to(request.user).by_key(key))
    return edition


def _paragraphs(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part.strip()]


def _title(name: str, edition: Edition, context: dict[str, Any]) -> str:
    """What the page is called."""
    if name == "loesung":
        return f"{context['loesung']['number']} {context['loesung']['title']}"
    names = {
        "ideas": _("Behaltene Ideen"),
        "changes": _("Was sich geändert hat"),
        "print": _("Alles auf einer Seite"),
        "no_pdf": _("Keine PDF-Datei"),
    }
    return names.get(name, edition.title)


def _page(request: HttpRequest, name: str, edition: Edition, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    own = {
        "here": _title(name, edition, context),
        "here_is_theirs": name in ("detail", "loesung"),  # a title that people wrote, not a word of the interface
        "edition": edition,
        "vocabulary": vocabulary_of(edition.data),
        "newer": Edition.objects.corrections_of(edition).first(),
        "above": None if name == "detail" else edition,
    }
    return _answer(request, name, context | own, drafts=edition.is_draft, status=status)


def _answer(request: HttpRequest, name: str, context: dict[str, Any], *, drafts: bool, status: int = 200) -> HttpResponse:
    response = render(request, f"ideas/editions/{name}.html", context, status=status)
    if drafts:
        add_never_cache_headers(response)
    return response


def _kept_from_caches(response: HttpResponse, edition: Edition) -> HttpResponse:
    """A draft is for who writes it."""
    if edition.is_draft:
        add_never_cache_headers(response)
    return response
