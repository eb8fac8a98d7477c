"""Handing in: form and confirmation."""

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from common import tokens
from common.text import one_line

from .. import actions, pictures
from ..forms import SubmitForm
from ..housekeeping import delete_pictures
from ..models import Idea, IdeaPicture
from ..workflow import Channel, Status
from .details import similar_ideas
from .receipts import open_receipt


@dataclass(frozen=True)
class HandingIn:
    """One way to hand an idea in: the page around the form, and what happens along with it. `along` may raise TooLate: the page
    is shown again with its sentence as `too_late`. `clock` tells the moment that counts as the one of handing in."""

    template: str = "ideas/idea_submit.html"
    channel: Channel = Channel.WEBSITE
    context: dict[str, Any] = field(default_factory=dict)
    along: Callable[[Idea, datetime], object] | None = None
    clock: Callable[[], datetime] = timezone.now


@never_cache
def idea_submit(request: HttpRequest) -> HttpResponse:
    """/ideen/einreichen/: straight into the Ideenspeicher."""
    return hand_in(request, HandingIn())


def hand_in(request: HttpRequest, way: HandingIn) -> HttpResponse:
    """One form. Shows similar ideas on request, keeps what was typed, survives a second press."""
    if request.method != "POST":
        return _show(
            request,
            way,
            SubmitForm(
                user=request.user, initial={"submission_key": uuid.uuid4(), "title": request.GET.get("title", "")[:120]}
            ),
        )
    kept = _kept_picture(request)
    form = SubmitForm(request.POST, request.FILES, user=request.user, kept_picture=kept)
    valid = form.is_valid()
    key = form.cleaned_data.get("submission_key") or uuid.uuid4()
    kept = _keep_or_remove(form, key, kept)
    if request.POST.get("action") == "similar":
        return _show(request, way, _unjudged(request, form, key), kept, similar_asked=True)
    if not valid:
        return _show(request, way, form, kept, status=422)
    try:
        idea, is_new = actions.submit(_submission(request, way, form, key, kept), now=way.clock())
    except actions.TooLate as problem:
        return _show(request, way, form, _as_stored(kept), too_late=str(problem), status=409)
    except actions.Refused as problem:
        form.add_error("email", str(problem))
        return _show(request, way, form, kept, status=422)
    if not is_new and not _same(idea, form):
        return _offer_another(request, way, form, kept, idea)
    return open_receipt(request, idea)


def _show(
    request: HttpRequest,
    way: HandingIn,
    form: SubmitForm,
    kept: IdeaPicture | None = None,
    *,
    similar_asked: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    title = form["title"].value() or ""
    context = {
        **way.context,
        **more,
        "form": form,
        "kept_picture": kept,
        "similar_asked": similar_asked,
        "similar_ideas": similar_ideas(title) if form.is_bound or similar_asked else [],
    }
    return render(request, way.template, context, status=status)


def _offer_another(
    request: HttpRequest, way: HandingIn, form: SubmitForm, kept: IdeaPicture | None, earlier: Idea
) -> HttpResponse:
    """The form was sent before, with another text: what is in it now can be sent as an idea of its own."""
    form.data = {**request.POST.dict(), "submission_key": str(_with_new_key(kept))}
    sentence = _(
        "Mit diesem Formular haben Sie schon die Idee %(number)s eingereicht."
        " Haben Sie eine weitere? Dann senden Sie es noch einmal ab."
    )
    form.add_error(None, sentence % {"number": earlier.number})
    return _show(request, way, form, kept, status=409)


def _with_new_key(kept: IdeaPicture | None) -> uuid.UUID:
    """A key for the next idea from the same form; its picture goes along."""
    key = uuid.uuid4()
    if kept:
        kept.submission_key = key
        kept.save(update_fields=["submission_key"])
    return key


def _unjudged(request: HttpRequest, form: SubmitForm, key: uuid.UUID) -> SubmitForm:
    """The same form with the same text, but without errors: nobody has asked for a judgement yet."""
    initial = {name: form[name].value() for name in form.fields if name != "picture"}
    return SubmitForm(user=request.user, initial={**initial, "submission_key": key})


def _kept_picture(request: HttpRequest) -> IdeaPicture | None:
    try:
        key = uuid.UUID(request.POST.get("submission_key", ""))
    except ValueError:
        return None
    return IdeaPicture.objects.filter(version=None, submission_key=key).order_by("pk").last()


def _as_stored(picture: IdeaPicture | None) -> IdeaPicture | None:
    """The picture as it is after a transaction that was taken back: still waiting for its form."""
    return IdeaPicture.objects.filter(pk=picture.pk).first() if picture else None


def _keep_or_remove(form: SubmitForm, key: uuid.UUID, kept: IdeaPicture | None) -> IdeaPicture | None:
    """A picture that is all right survives errors in other fields."""
    picture = form.cleaned_data.get("picture")
    if picture:
        return pictures.keep(picture, key)
    if kept and form.cleaned_data.get("picture_remove"):
        delete_pictures(IdeaPicture.objects.filter(version=None, submission_key=kept.submission_key))
        return None
    return kept


def _submission(
    request: HttpRequest, way: HandingIn, form: SubmitForm, key: uuid.UUID, kept: IdeaPicture | None
) -> actions.Submission:
    data = form.cleaned_data
    if kept:
        kept.alt_text = data["picture_alt"]
    return actions.Submission(
        title=data["title"],
        text=data["text"],
        key=key,
        user=request.user if request.user.is_authenticated else None,
        email=data.get("email", ""),
        language=data.get("language", "de"),
        loesung=data["loesung"],
        places=[data["place"]] if data["place"] else [],
        picture=kept,
        channel=way.channel,
        along=way.along,
    )


def _same(idea: Idea, form: SubmitForm) -> bool:
    first = idea.versions.get(version=1)
    return (first.title, first.text) == (one_line(form.cleaned_data["title"]), form.cleaned_data["text"])


@never_cache
@require_GET
def similar_fragment(request: HttpRequest) -> HttpResponse:
    """/ideen/aehnlich/?titel=: what the form shows while somebody types."""
    return render(request, "ideas/_similar.html", {"similar_ideas": similar_ideas(request.GET.get("titel", "")[:300])})


@never_cache
def idea_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """/ideen/bestaetigen/<token>/: the mailed link shows a button; pressing it confirms."""
    idea = Idea.objects.filter(author__confirm_digest=tokens.digest(token)).select_related("author", "released_version").first()
    if idea is None or Idea.objects.expired().filter(pk=idea.pk).exists():
        return link_problem(
            request,
            _("Dieser Link gilt nicht mehr"),
            _(
                "Links zum Bestätigen gelten %(days)s Tage. Vielleicht fehlt auch ein Stück des Links."
                " Bitte reichen Sie Ihre Idee noch einmal ein."
            )
            % {"days": Idea.DAYS_TO_CONFIRM},
        )
    if idea.status != Status.UNCONFIRMED:
        return open_receipt(request, idea)
    if request.method == "POST":
        # Pressed twice, or just cleared away: the receipt shows how it stands.
        with contextlib.suppress(actions.Overtaken):
            actions.confirm(idea)
        return open_receipt(request, idea)
    response = render(request, "ideas/idea_confirm.html", {"idea": idea, "idea_title": idea.title})
    # The address holds a secret. "no-referrer" would make the browser hide where the button's form comes from.
    response["Referrer-Policy"] = "strict-origin"
    return response


def link_problem(request: HttpRequest, heading: str, text: str) -> HttpResponse:
    context: dict[str, Any] = {
        "heading": heading,
        "text": text,
        "action_url": reverse("idea_submit"),
        "action_label": _("Idee einreichen"),
    }
    return render(request, "ideas/link_problem.html", context, status=404)
