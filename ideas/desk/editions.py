"""Editions at the desk of the lead: open one for a year, look at it and at what changed, propose, adopt, correct."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from accounts.models import User
from pages import words

from .. import actions
from ..editions.agenda import agendas_of, completed, has_removed
from ..editions.diff import diff
from ..editions.freeze import hash_of, vocabulary_of
from ..editions.shown import figures_of
from ..models import Edition
from .edition_forms import AdoptForm, CorrectionForm, OpenForm, TextsForm
from .frame import header, lead_only, review_staff
from .navigation import tabs

Answer = HttpResponse


@review_staff
@lead_only
@require_safe
def editions(request: HttpRequest) -> Answer:
    context = {"editions": Edition.objects.without_data(), "tabs": tabs(request.user, "editions"), **header(_("Editionen"))}
    return render(request, "ideas/desk/editions.html", context)


@review_staff
@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def open_edition(request: HttpRequest) -> Answer:
    """The form for a year that has no edition yet."""
    form = OpenForm(request.POST if request.method == "POST" else None)

    def run(data: dict[str, Any]) -> Edition:
        return actions.open_edition(data["year"], data["title"], foreword=data["foreword"], by=_user(request))

    return _filled(
        request, form, run, _("Die Agenda ist übernommen. Der Entwurf ist noch nicht öffentlich."), _("Neue Edition")
    )


@review_staff
@lead_only
@require_safe
def edition(request: HttpRequest, pk: int) -> Answer:
    """One edition: its figures, what changed since the one before, and the steps that are possible now."""
    own = get_object_or_404(Edition, pk=pk)
    earlier = Edition.objects.before(own)
    with words.spoken(vocabulary_of(own.data)):
        sections = diff(*agendas_of(earlier, own)).found if earlier else []
    context = {
        "edition": own,
        "earlier": earlier,
        "sections": sections,
        "vocabulary": vocabulary_of(own.data),
        "figures": figures_of(completed(own.data)),
        "is_intact": hash_of(own.data) == own.data_hash or has_removed(own.data),
        "may_be_corrected": own.is_adopted and not Edition.objects.filter(year=own.year, version__gt=own.version).exists(),
        "tabs": tabs(request.user, "editions"),
        **_header(own),
    }
    return render(request, "ideas/desk/edition.html", context)


@review_staff
@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, pk: int) -> Answer:
    own = get_object_or_404(Edition, pk=pk)
    form = TextsForm(_sent(request), edition=own)

    def run(data: dict[str, Any]) -> Edition:
        actions.describe_edition(own, by=_user(request), **data)
        return own

    return _filled(request, form, run, _("Die Texte sind gespeichert."), _("Texte ändern"), own)


@review_staff
@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, pk: int) -> Answer:
    own = get_object_or_404(Edition, pk=pk)
    form = AdoptForm(_sent(request), initial={"body": words.word("gremium")})

    def run(data: dict[str, Any]) -> Edition:
        actions.adopt_edition(own, by=_user(request), **data)
        return own

    done = _("Der Beschluss ist eingetragen. Diese Edition ändert sich nicht mehr.")
    return _filled(request, form, run, done, _("Beschluss eintragen"), own)


@review_staff
@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> Answer:
    own = get_object_or_404(Edition, pk=pk)
    form = CorrectionForm(_sent(request))

    def run(data: dict[str, Any]) -> Edition:
        return actions.open_correction(own, data["correction"], by=_user(request))

    done = _("Die Agenda ist neu übernommen. Die Berichtigung ist ein Entwurf.")
    return _filled(request, form, run, done, _("Berichtigung anlegen"), own)


# Steps without a form: the name in the address, what runs, what is said afterwards.
STEPS: dict[str, tuple[Callable[..., None], Any]] = {
    "neu-uebernehmen": (actions.refreeze, gettext_lazy("Die Agenda ist neu übernommen.")),
    "vorschlagen": (actions.propose_edition, gettext_lazy("Der Vorschlag ist öffentlich.")),
    "zuruecknehmen": (actions.take_back_edition, gettext_lazy("Die Edition ist wieder ein Entwurf.")),
    "loeschen": (actions.delete_draft, gettext_lazy("Der Entwurf ist gelöscht.")),
}


@review_staff
@lead_only
@require_http_methods(["POST"])
def step(request: HttpRequest, pk: int, name: str) -> Answer:
    own = get_object_or_404(Edition, pk=pk)
    run, done = STEPS[name]
    try:
        actions.check_seen(own, request.POST.get("seen", ""))
        run(own, by=_user(request))
    except actions.Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, done)
    return redirect("ideas_desk:editions") if name == "loeschen" else redirect("ideas_desk:edition", pk)


def _filled(
    request: HttpRequest, form: Any, run: Callable[[dict[str, Any]], Edition], done: str, title: str, own: Edition | None = None
) -> Answer:
    """Show the form, or take the step and go to its edition; what is refused stands in the form, and nothing is lost.
    Whoever saw an older state of `own` is shown the newest beside what they typed."""
    sent, newest = request.method == "POST", None
    if sent and form.is_valid():
        try:
            if own:
                actions.check_seen(own, request.POST.get("seen", ""))
            result = run(form.cleaned_data)
        except actions.Refused as problem:
            form.add_error(None, str(problem))
            newest = Edition.objects.filter(pk=own.pk).first() if own and isinstance(problem, actions.Overtaken) else None
        else:
            messages.success(request, done)
            return redirect("ideas_desk:edition", result.pk)
    crumbs = [(reverse("ideas_desk:editions"), _("Editionen")), *([_crumb(own)] if own else [])]
    back = crumbs[-1][0]
    context = {
        "form": form,
        "button": title,
        "back": back,
        "seen": (newest or own).seen if own else "",
        "newest": newest,
        "tabs": tabs(request.user, "editions"),
        **header(title, *crumbs),
    }
    return render(request, "ideas/desk/edition_form.html", context, status=422 if sent else 200)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _crumb(own: Edition) -> tuple[str, str]:
    return reverse("ideas_desk:edition", args=[own.pk]), str(own)


def _header(own: Edition) -> dict[str, Any]:
    return header(str(own), (reverse("ideas_desk:editions"), _("Editionen")))
