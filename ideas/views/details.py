"""One idea, one measure, one picture."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from pages.agenda import agenda_tree, attach_loesungen
from pages.words import words
from search.similar import similar

from .. import beside, families, idea_page, measure_page, offers, receipts, structured
from ..models import Idea, IdeaPicture, Measure
from ..voice_links import voice_links


def idea_detail(request: HttpRequest, number: int) -> HttpResponse:
    """/ideen/<id>/: text, state, the way of the idea, its measures."""
    idea: Idea = idea_page.read(Idea.objects.visible_to(request.user), number)
    trail = idea.public_trail()
    is_owner = request.user.is_authenticated and idea.author.user_id == request.user.pk
    context = {
        "idea": idea,
        "trail": trail,
        "measure_links": families.links_of_idea(idea),
        **families.relatives_of(idea, trail, similar_keys(f"{idea.title}\n{idea.text}", but=idea)),
        "review": idea.review,  # type: ignore[attr-defined]
        "voices": voice_links(idea),
        "mentions": beside.mentions_of(idea),
        "is_owner": is_owner,
        "offers": offers.offers_for_idea(idea) if is_owner else [],
        "crumb": _("Idee %(number)s") % {"number": idea.number} if idea.number else idea.title,
        "structured": [structured.of_idea(idea)] if idea.is_public else [],
        "not_public_notice": ""
        if idea.is_public
        else _("Diese Idee ist noch nicht veröffentlicht. Nur Sie und die zuständige Stelle sehen sie."),
    }
    return render(request, "ideas/idea_detail.html", context)


def similar_keys(text: str, *, but: Idea | None = None, limit: int = 4) -> list[int]:
    """Keys of public ideas that are about the same, best first. `text` is a title; further lines count less."""
    among = Idea.objects.public()
    if but:
        # What belongs together stands elsewhere on the page.
        among = among.exclude(pk=but.merged_root_id or but.pk).exclude(merged_root=but.merged_root_id or but.pk)
    return similar("ideen", text, exclude_pk=but.pk if but else None, limit=limit, among=among)


def similar_ideas(text: str, *, but: Idea | None = None, limit: int = 4) -> list[Idea]:
    """The same as ideas."""
    keys = similar_keys(text, but=but, limit=limit)
    ideas = {idea.pk: idea for idea in Idea.objects.filter(pk__in=keys).select_related("released_version")}
    return [ideas[key] for key in keys if key in ideas]


def measure_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/massnahmen/<slug>/: what the measure is, where it stands, how it came there, on which ideas it rests."""
    measure = measure_page.read(Measure.objects.visible_to(request.user), slug)
    links = families.links_of_measure(measure)
    context = {
        "measure": measure,
        "idea_links": links,
        "voices": voice_links(measure),
        "crumb": f"{words['Massnahme']} {measure.code}",
        "structured": [structured.of_measure(measure)],
        **measure_page.context_of(measure),
    }
    return render(request, "ideas/measure_detail.html", context)


def idea_picture(request: HttpRequest, key: uuid.UUID, size: str) -> HttpResponseBase:
    """A picture that came with an idea, for those who may see the idea; or one that waits in the reader's own form."""
    picture = get_object_or_404(IdeaPicture.objects.select_related("version__idea"), key=key)
    if picture.version is None:
        # Nobody but the person in front of the form knows its key.
        get_object_or_404(IdeaPicture, key=key, submission_key=_key(request))
    else:
        get_object_or_404(_with_picture(request, picture))
    file = picture.file if size == "gross" else picture.thumbnail
    try:
        response = FileResponse(file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error  # a backup brought back without its uploads
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _with_picture(request: HttpRequest, picture: IdeaPicture) -> Any:
    """The picture's idea if this person may see this very version of it."""
    ideas = Idea.objects.visible_to(request.user).filter(versions=picture.version)
    if request.user.has_perm("ideas.review_idea"):
        return ideas
    own = receipts.own_ideas(request).filter(versions=picture.version)
    return Idea.objects.filter(Q(pk__in=ideas.filter(released_version=picture.version)) | Q(pk__in=own))


def _key(request: HttpRequest) -> str | None:
    try:
        return str(uuid.UUID(request.GET.get("schluessel", "")))
    except ValueError:
        return None


@login_required
def my_ideas(request: HttpRequest) -> HttpResponse:
    """/konto/ideen/: what this person handed in, public or not."""
    assert request.user.is_authenticated  # noqa: S101 - login_required has seen to it
    ideas = Idea.objects.handed_in_by(request.user).select_related("released_version").prefetch_related("places", "versions")
    rows = list(ideas)
    attach_loesungen(rows, agenda_tree())
    return render(request, "ideas/my_ideas.html", {"ideas": rows, "offers": offers.offers_for_author() if rows else []})
