"""Supporting and following: small pages with one button each, for accounts and for guests with a proved address. Nothing is
changed by opening a link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.contacts import contact_of_user
from accounts.known import acting_contact, forget, known_contact, masked, remember
from accounts.models import Contact
from common import tokens
from common.forms import AddressForm
from common.views import quiet
from pages.languages import source_of
from pages.models import LoesungPage

from .. import actions, permissions
from ..actions.voices import Target, contact_of_stop_all, target_name
from ..models import ContactRequest, Follow, Idea, Measure, Support
from ..news import stop_all_token
from ..voice_forms import FollowAddressForm, FrequencyForm
from ..voice_links import follow_url, label_of

Kind = ContactRequest.Kind
form_page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Wish:
    """What a page is about: `kind` and its target."""

    kind: Kind
    target: Target

    @property
    def label(self) -> str:
        """What the target is called in a sentence; an idea by its number."""
        return label_of(self.target)

    @property
    def title(self) -> str:
        return self.target.title

    @property
    def url(self) -> str:
        """The public page of the target."""
        return self.target.get_absolute_url() if not isinstance(self.target, LoesungPage) else str(self.target.url)

    @property
    def form_url(self) -> str:
        """The page with the button."""
        if self.kind == Kind.SUPPORT:
            return reverse("support_idea", args=[self.target.number])  # type: ignore[union-attr]
        return follow_url(self.target)

    @property
    def is_possible(self) -> bool:
        return permissions.may_follow(self.target)

    def current(self, contact: Contact | None) -> Any:
        """The person's support or follow as it stands; None if there is none."""
        if contact is None:
            return None
        if self.kind == Kind.SUPPORT:
            return actions.supports(self.target, contact) or None  # type: ignore[arg-type]
        return Follow.objects.filter(contact=contact, **{target_name(self.target): self.target}).first()


# --- the pages --------------------------------------------------------------------------------------------------------


@never_cache
@form_page
def support_idea(request: HttpRequest, number: int) -> HttpResponse:
    """/ideen/<id>/unterstuetzen/"""
    return _page(request, Wish(Kind.SUPPORT, _standing_idea(number)))


@never_cache
@form_page
def follow_idea(request: HttpRequest, number: int) -> HttpResponse:
    """/ideen/<id>/folgen/"""
    return _page(request, Wish(Kind.FOLLOW, _standing_idea(number)))


@never_cache
@form_page
def follow_measure(request: HttpRequest, slug: str) -> HttpResponse:
    """/massnahmen/<slug>/folgen/"""
    return _page(request, Wish(Kind.FOLLOW, get_object_or_404(Measure.objects.visible_to(request.user), slug=slug)))


@never_cache
@form_page
def follow_loesung(request: HttpRequest, zielbild: str, slug: str) -> HttpResponse:
    """/agenda/<zielbild>/<loesung>/folgen/; its versions in other languages are one thing to follow."""
    pages = LoesungPage.objects.live().filter(slug=slug, url_path__endswith=f"/{zielbild}/{slug}/")
    found = pages.order_by("pk").first()
    if found is None:
        raise Http404
    return _page(request, Wish(Kind.FOLLOW, source_of(found)))


def _standing_idea(number: int) -> Idea:
    """The public idea of this number, or the one that it has become part of."""
    ideas = Idea.objects.public().select_related("released_version", "merged_root__released_version")
    idea: Idea = get_object_or_404(ideas, number=number)
    return idea.merged_root or idea


def _page(request: HttpRequest, wish: Wish) -> HttpResponse:
    contact = known_contact(request)
    known = request.user.is_authenticated or contact is not None
    form = _form(wish, known, request.POST if request.method == "POST" else None, wish.current(contact))
    if request.method == "POST":
        if request.POST.get("action") == "forget":
            forget(request)
            return redirect(wish.form_url)
        if request.POST.get("action") == "stop" and known:
            return _stop(request, wish)
        if wish.is_possible and form.is_valid():
            return _act(request, wish, form) if known else _mail_a_link(wish, form)
    return _show(request, wish, form, contact, known)


def _form(wish: Wish, known: bool, data: Any, current: Any) -> forms.Form:
    if known and wish.kind == Kind.SUPPORT:
        return forms.Form(data)
    if known:
        return FrequencyForm(data, initial={"frequency": current.frequency} if current else None)
    return AddressForm(data) if wish.kind == Kind.SUPPORT else FollowAddressForm(data)


def _show(request: HttpRequest, wish: Wish, form: forms.Form, contact: Contact | None, known: bool) -> HttpResponse:
    context = {
        "wish": wish,
        "supporting": wish.kind == Kind.SUPPORT,
        "form": form,
        "is_known": known,
        "guest_hint": masked(contact.address) if contact and not request.user.is_authenticated else "",
        "current": wish.current(contact),
        "mail_sent": "gesendet" in request.GET,
        "sign_in_url": f"{reverse('account_login')}?next={wish.form_url}",
    }
    return render(request, "ideas/voice_form.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, wish: Wish, form: forms.Form) -> HttpResponse:
    contact = acting_contact(request)
    assert contact is not None  # noqa: S101 - whoever comes here is known
    try:
        if wish.kind == Kind.SUPPORT:
            actions.support(wish.target, contact)  # type: ignore[arg-type]
        else:
            actions.follow(contact, wish.target, form.cleaned_data["frequency"])
    except actions.Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _done(wish))
    return redirect(wish.form_url)


def _done(wish: Wish) -> str:
    if wish.kind == Kind.SUPPORT:
        return _("Danke! Ihre Unterstützung zählt.")
    return _("Wir schreiben Ihnen, sobald es etwas Neues gibt.")


def _stop(request: HttpRequest, wish: Wish) -> HttpResponse:
    contact = acting_contact(request)
    current = wish.current(contact)
    if current and contact:
        if wish.kind == Kind.SUPPORT:
            actions.unsupport(wish.target, contact)  # type: ignore[arg-type]
            messages.success(request, _("Ihre Unterstützung ist zurückgenommen."))
        else:
            actions.unfollow(current)
            messages.success(request, _("Sie bekommen dazu keine E-Mails mehr."))
    return redirect(wish.form_url)


def _mail_a_link(wish: Wish, form: forms.Form) -> HttpResponse:
    """The same answer whether we know the address or not, and whether it got too many mails already."""
    entered = form.cleaned_data
    frequency = {"frequency": entered["frequency"]} if "frequency" in entered else {}
    actions.ask_with_address(wish.kind, wish.target, entered["email"], language=entered["language"], **frequency)
    return redirect(f"{wish.form_url}?gesendet")


# --- the mailed link --------------------------------------------------------------------------------------------------


@never_cache
@form_page
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """/mitmachen/<token>/: shows a button; pressing it proves the address and does what was wanted with it."""
    asked = ContactRequest.objects.valid().filter(digest=tokens.digest(token)).first()
    if asked is None:
        return quiet(link_problem(request, _("Dieser Link gilt nicht mehr"), _expired_link()))
    wish = Wish(Kind(asked.kind), asked.target)
    if request.method == "POST":
        try:
            contact = actions.grant(asked, withdraw=request.POST.get("action") == "stop")
        except actions.Refused as problem:
            messages.info(request, str(problem))
        else:
            remember(request, contact)
            stopped = request.POST.get("action") == "stop"
            messages.success(request, _("Ihre Unterstützung ist zurückgenommen.") if stopped else _done(wish))
        return quiet(redirect(wish.form_url))
    if asked.done_at:
        messages.info(request, _("Diesen Link haben Sie schon benutzt."))
        return quiet(redirect(wish.form_url))
    supporting = wish.kind == Kind.SUPPORT
    has_it = supporting and Support.objects.of_address(asked.address_key, wish.target).exists()
    context = {"wish": wish, "asked": asked, "supporting": supporting, "has_it": has_it}
    return quiet(render(request, "ideas/voice_confirm.html", context))


def _expired_link() -> str:
    sentence = _("Links zum Bestätigen gelten %(days)s Tage. Vielleicht fehlt auch ein Stück des Links.")
    return sentence % {"days": ContactRequest.DAYS}


def link_problem(request: HttpRequest, heading: str, text: str) -> HttpResponse:
    context = {"heading": heading, "text": text, "action_url": reverse("idea_list"), "action_label": _("Ideen ansehen")}
    return render(request, "ideas/link_problem.html", context, status=404)


# --- stop -------------------------------------------------------------------------------------------------------------


@never_cache
@csrf_exempt
@form_page
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """/abos/beenden/<token>/: a page with a button. A POST stops at once, from wherever it comes: mail programs send it
    (RFC 8058), and whoever knows the secret address may."""
    followed = Follow.objects.filter(stop_digest=tokens.digest(token)).select_related("contact").first()
    if followed is None:
        return quiet(render(request, "ideas/voice_stop.html", {"is_stopped": True}))
    stop_url = reverse("follow_stop_all", args=[stop_all_token(followed.contact)])
    return _stop_page(
        request, lambda: actions.unfollow(followed), {"wish": Wish(Kind.FOLLOW, followed.target), "all_url": stop_url}
    )


@never_cache
@csrf_exempt
@form_page
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    """/abos/alle-beenden/<token>/: the same for everything that this person follows."""
    contact = contact_of_stop_all(token)
    if contact is None or not contact.follows.exists():
        return quiet(render(request, "ideas/voice_stop.html", {"is_stopped": True}))
    return _stop_page(request, lambda: contact.follows.all().delete(), {"number": contact.follows.count()})


def _stop_page(request: HttpRequest, stop_now: Callable[[], Any], context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST":
        stop_now()
        context = {"is_stopped": True}
    return quiet(render(request, "ideas/voice_stop.html", context))


@never_cache
@login_required
@form_page
def my_follows(request: HttpRequest) -> HttpResponse:
    """/konto/abos/: what this person follows and supports, each to be changed or stopped."""
    assert request.user.is_authenticated  # noqa: S101 - login_required has seen to it
    contact = contact_of_user(request.user)
    follows = contact.follows.select_related("idea__released_version", "measure", "loesung").order_by("-created_at", "-pk")
    if request.method == "POST":
        return _change(request, follows)
    supported = Idea.objects.filter(supports__contact=contact).select_related(
        "released_version", "merged_root__released_version"
    )
    context = {
        "follows": [{"follow": each, "wish": Wish(Kind.FOLLOW, each.target), "form": _frequency_of(each)} for each in follows],
        "supports": [Wish(Kind.SUPPORT, idea) for idea in dict.fromkeys(one.merged_root or one for one in supported)],
    }
    return render(request, "ideas/my_follows.html", context)


def _frequency_of(follow: Follow) -> FrequencyForm:
    return FrequencyForm(initial={"frequency": follow.frequency}, auto_id=f"follow-{follow.pk}-%s")


def _change(request: HttpRequest, follows: Any) -> HttpResponse:
    chosen = request.POST.get("follow", "")
    followed = follows.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) <= 9 else None
    form = FrequencyForm(request.POST)
    if followed and request.POST.get("action") == "stop":
        actions.unfollow(followed)
        messages.success(request, _("Sie bekommen dazu keine E-Mails mehr."))
    elif followed and form.is_valid():
        followed.frequency = form.cleaned_data["frequency"]
        followed.save(update_fields=["frequency"])
        messages.success(request, _("Gespeichert."))
    return redirect("my_follows")
