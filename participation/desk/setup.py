"""Make a competition and set it up: texts, how is voted and counted; see it as it will look; show it to everybody."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from ideas.actions.record import Refused

from .. import permissions
from ..actions import setup as actions
from ..models import Competition
from ..phases import Phase
from .frame import competition_of, header, lead_only, tabs, user_of
from .setup_forms import NewForm, RulesForm, TextsForm


@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Title, address and introduction of a new competition."""
    form = NewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.make(**form.cleaned_data, by=user_of(request))
        except actions.AddressTaken as problem:
            form.add_error("slug", str(problem))
        except Refused as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Der Wettbewerb ist angelegt. Noch sehen ihn nur Sie und die Redaktion."))
            return redirect("competitions_desk:setup", made.pk)
    context = {
        "form": form,
        "button": _("Anlegen"),
        "back": reverse("competitions_desk:index"),
        **header(_("Neuer Wettbewerb")),
    }
    return render(request, "participation/desk/form.html", context, status=422 if form.is_bound else 200)


@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, pk: int) -> HttpResponse:
    """Texts and rules on one page, saved together."""
    own = competition_of(pk)
    sent = request.POST if request.method == "POST" else None
    why_fixed = str(permissions.why_not_change_rules(request.user, own))
    texts = TextsForm(sent, page=own.page.get_latest_revision_as_object())
    rules = RulesForm(sent, competition=own, why_fixed=why_fixed)
    if texts.is_valid() and rules.is_valid():
        try:
            actions.save(own, texts.cleaned_data, {} if why_fixed else rules.cleaned_data, by=user_of(request))
        except Refused as problem:
            rules.add_error(None, str(problem))
        else:
            messages.success(request, _("Gespeichert."))
            return redirect("competitions_desk:setup", pk)
    context = {
        "competition": own,
        "texts": texts,
        "rules": rules,
        "media": texts.media,
        "has_draft": own.page.live and own.page.has_unpublished_changes,
        "may_edit_page": own.page.permissions_for_user(request.user).can_edit(),
        "tabs": tabs(request.user, own, "setup"),
        **header(_("Texte und Regeln"), own),
    }
    return render(request, "participation/desk/setup.html", context, status=422 if sent is not None else 200)


@lead_only
@require_POST
def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    own = competition_of(pk)
    try:
        actions.publish_page(own, by=user_of(request))
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Der Wettbewerb ist veröffentlicht."))
    return redirect("competitions_desk:competition", pk)


# --- preview ----------------------------------------------------------------------------------------------------------


def previews(competition: Competition) -> list[Any]:
    """The phases whose page can be previewed: those that have dates; all of them as long as none has."""
    return [span.phase for span in competition.spans] or list(Phase)


@lead_only
@never_cache
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The public page in the words of its newest draft, as it will look in a phase; without one, as it looks now."""
    phase = request.GET.get("phase", "")
    if phase and phase not in Phase.values:
        raise Http404
    page = competition_of(pk).page.get_latest_revision_as_object()
    shown: HttpResponse = page.make_preview_request(request, phase)
    return shown
