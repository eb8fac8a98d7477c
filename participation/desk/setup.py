"""Make a competition and set it up: texts, how is voted and counted; see it as it will look; show it to everybody."""

from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from ideas.actions.record import Refused

from .. import clock, permissions
from ..actions import setup as actions
from ..competition_page import context_of
from ..models import Competition
from ..permissions import moment_in_words
from ..phases import Phase
from .frame import competition_of, header, lead_only, tabs, user_of
from .setup_forms import NewForm, RulesForm, TextsForm

BEFORE, AFTER = "before", "after"


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


def moments(competition: Competition) -> list[tuple[str, Any, datetime]]:
    """What can be previewed: key, name and a moment in it, of each phase with its dates and of the time before and after."""
    spans = competition.spans
    if not spans:
        return []
    first = min(span.starts_at for span in spans)
    found: list[tuple[str, Any, datetime]] = [(BEFORE, _("Vor dem Beginn"), first - timedelta(days=1))]
    for span in spans:
        middle = span.starts_at + (span.ends_at - span.starts_at) / 2 if span.ends_at else span.starts_at + timedelta(days=1)
        found.append((span.phase.value, span.phase.label, middle))
    ends = [span.ends_at for span in spans if span.ends_at]
    if len(ends) == len(spans):
        found.append((AFTER, _("Nach dem Ende"), max(ends) + timedelta(days=1)))
    return found


@lead_only
@never_cache
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The public page in the words of its newest draft, as it will look in a phase; without one, as it looks now."""
    own = competition_of(pk)
    key = request.GET.get("phase", "")
    when, name = _moment(own, key)
    page = own.page.get_latest_revision_as_object()
    shown: Any = copy(request)
    shown.GET, shown.path, shown.path_info = QueryDict(), own.get_absolute_url(), own.get_absolute_url()
    shown.is_preview, shown.preview_mode = True, ""
    with translation.override(page.locale.language_code):
        text = _("Vorschau: So sieht die Seite am %(date)s aus. Noch sieht das niemand sonst.") % {"date": moment_in_words(when)}
        if name:
            text = f"{name}. {text}"
        context = {
            **page.get_context(shown),
            **context_of(page, shown, now=when),
            "messages": [Message(constants.INFO, text)],
        }
        return render(shown, page.get_template(shown), context)


def _moment(competition: Competition, key: str) -> tuple[datetime, str]:
    if not key:
        return clock.now(), ""
    for each, name, when in moments(competition):
        if each == key:
            return when, str(name)
    if key in {BEFORE, AFTER, *Phase.values}:  # a phase that has no date yet
        return clock.now(), ""
    raise Http404
