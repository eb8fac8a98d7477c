"""One comment at the moderators' desk: what it says, why it is here, what was done, and what can be decided now."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from accounts.models import User

from ... import actions
from ... import comment_permissions as permissions
from ...comment_workflow import DECISIONS, Action, HoldReason, State
from ...models import Block, Comment, Complaint
from . import queue
from .difference import differences
from .forms import BlockForm, ComplaintDecisionForm, DecisionForm
from .frame import ABOUT, header, moderators, tabs, with_subjects
from .history import of_author, reports_of, steps_of, thread_above

Tried = dict[str, Any]


def comment_or_404(pk: int) -> Comment:
    """What nobody has confirmed is no comment yet."""
    rows = Comment.objects.exclude(state=State.UNCONFIRMED).select_related(*ABOUT, "shown", "waiting")
    found: Comment = get_object_or_404(rows, pk=pk)
    return found


@moderators
@require_http_methods(["GET", "HEAD"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """/admin/moderation/<pk>/?ordner=…"""
    return page(request, comment_or_404(pk))


def page(request: HttpRequest, found: Comment, tried: Tried | None = None, status: int = 200) -> HttpResponse:
    """`tried`: forms that were sent and refused, by name; they stand where they were, with what was typed."""
    tried = tried or {}
    [(_comment, subject)] = with_subjects([found])
    complaint = (
        Complaint.objects.filter(step__comment=found, decision=None).select_related("step__comment__contact__user").first()
    )
    forms = _decision_forms(request.user, found, tried)
    context = {
        "comment": found,
        "subject": subject,
        "folder": _folder(request),
        "shown_text": found.shown.text if found.shown else "",
        "difference": differences(found.shown.text, found.waiting.text) if found.shown and found.waiting else None,
        "reasons": _why_here(found),
        "above": thread_above(found),
        "reports": reports_of(found),
        "steps": steps_of(found),
        "forms": forms,
        "stranded": next((form for form in tried.values() if isinstance(form, DecisionForm) and form not in forms), None),
        "closed": _why_nothing(request.user, found, forms, complaint),
        "complaint": complaint,
        "why_not_complaint": permissions.why_not_decide_complaint(request.user, complaint) if complaint else "",
        "complaint_form": tried.get("complaint") or ComplaintDecisionForm(auto_id="complaint_%s"),
        "tabs": tabs("queue"),
        **_person(request, found, tried),
        **header(_("Kommentar %(number)s") % {"number": found.pk}),
    }
    return render(request, "participation/desk/moderation/comment.html", context, status=status)


def _decision_forms(user: Any, found: Comment, tried: Tried) -> list[DecisionForm]:
    possible = [action for action in DECISIONS if not permissions.why_not_decide(user, action, found)]
    return [tried.get(action.value) or DecisionForm(action, seen=found.step_count) for action in possible]


def _why_nothing(user: Any, found: Comment, forms: list[DecisionForm], complaint: Complaint | None) -> Any:
    """Why no decision is offered, where none is."""
    if forms or complaint:
        return ""
    if permissions.is_own_of(user, found):
        return _("Das ist Ihr eigener Kommentar. Über ihn entscheidet jemand anderes.")
    if found.state == State.DELETED:
        return _("Der Absender hat den Kommentar gelöscht. Hier ist nichts mehr zu entscheiden.")
    return _("Hier ist gerade nichts zu entscheiden.")


def _why_here(found: Comment) -> list[Any]:
    """Why the house's rules held the text, in sentences."""
    if found.waiting and found.waiting.why_held:
        return found.waiting.why_held
    if found.state == State.HELD and found.steps.filter(action=Action.HOLD).exists():
        return [HoldReason.REPORTS.label]
    return []


def _person(request: HttpRequest, found: Comment, tried: Tried) -> dict[str, Any]:
    """The author: what was decided about them so far, and whether they can be blocked."""
    contact = found.contact
    ban = Block.objects.in_force().of(contact).first() if contact else None
    problem = permissions.why_not_block(request.user, contact) if contact else _("Das Konto ist gelöscht.")
    return {
        "author": of_author(found),
        "ban": ban,
        "why_not_block": problem,
        "block_form": tried.get("block") or BlockForm(),
    }


def _folder(request: HttpRequest) -> queue.Folder:
    return queue.folder((request.POST if request.method == "POST" else request.GET).get("ordner", "alle"))


# --- what is sent -----------------------------------------------------------------------------------------------------


@moderators
@require_POST
def decide(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Take a decision, then go on with the next comment of the folder. With `vorlage` the words for a ground are filled in."""
    found = comment_or_404(pk)
    if action not in DECISIONS:
        raise Http404
    form = DecisionForm(Action(action), request.POST)
    if "vorlage" in request.POST:
        return page(request, found, {action: form.with_preset()})
    if not form.is_valid():
        return page(request, found, {action: form}, 422)
    words = {name: form.cleaned_data.get(name, "") for name in ("ground", "reason", "note")}
    try:
        actions.decide(found, form.action, by=cast(User, request.user), seen=form.cleaned_data["seen"], **words)
    except actions.Refused as problem:
        form.add_error(None, str(problem))
        newest = comment_or_404(pk)
        form.data = {**request.POST.dict(), "seen": str(newest.step_count)}  # type: ignore[assignment]
        return page(request, newest, {action: form}, 409)
    _say(request, found, form.button.done)
    return _go_on(request, found)


@moderators
@require_POST
def decide_complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person than the first one decides about the complaint."""
    found = comment_or_404(pk)
    complaint = Complaint.objects.filter(step__comment=found).select_related("step__comment__contact__user").last()
    if complaint is None:
        raise Http404
    form = ComplaintDecisionForm(request.POST, auto_id="complaint_%s")
    if not form.is_valid():
        return page(request, found, {"complaint": form}, 422)
    data = form.cleaned_data
    try:
        actions.decide_complaint(
            complaint, uphold=data["uphold"] == "ja", by=cast(User, request.user), reason=data["reason"], note=data["note"]
        )
    except actions.Refused as problem:
        form.add_error(None, str(problem))
        return page(request, comment_or_404(pk), {"complaint": form}, 409)
    _say(request, found, _("Über den Einspruch zu Kommentar %(number)s ist entschieden."))
    return _go_on(request, found)


@moderators
@require_POST
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Block the author of this comment for some time."""
    found, form = comment_or_404(pk), BlockForm(request.POST)
    if found.contact is None:
        raise Http404
    if not form.is_valid():
        return page(request, found, {"block": form}, 422)
    try:
        actions.block(found.contact, by=cast(User, request.user), reason=form.cleaned_data["reason"], until=form.until)
    except actions.Refused as problem:
        form.add_error(None, str(problem))
        return page(request, found, {"block": form}, 409)
    messages.success(request, _("Die Person ist gesperrt. Sie bekommt eine E-Mail mit Ihrer Begründung."))
    return _back(request, found)


@moderators
@require_POST
def discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the discussion in which this comment stands, or open it again."""
    found = comment_or_404(pk)
    closed = request.POST.get("zu") == "1"
    try:
        actions.close_discussion(found.discussion, closed, by=cast(User, request.user))
    except actions.Refused as problem:
        messages.error(request, str(problem))
    else:
        done = _("Hier kann niemand mehr kommentieren.") if closed else _("Hier kann man wieder kommentieren.")
        messages.success(request, done)
    return _back(request, found)


def _say(request: HttpRequest, found: Comment, done: Any) -> None:
    text = format_html(
        '{} <a href="{}">{}</a>', str(done) % {"number": found.pk}, _url(found, "alle"), _("Noch einmal ansehen")
    )
    messages.success(request, text)


def _go_on(request: HttpRequest, found: Comment) -> HttpResponse:
    """To the next one of the folder from which the moderator came; to the queue where there is none."""
    folder = _folder(request)
    following = queue.next_in(folder, request.user, found) if folder.key != "alle" else None
    if following is not None:
        return redirect(_url(following, folder.key))
    return redirect(f"{reverse('moderation_desk:queue')}?ordner={folder.key}")


def _back(request: HttpRequest, found: Comment) -> HttpResponse:
    return redirect(_url(found, _folder(request).key))


def _url(found: Comment, folder: str) -> str:
    return f"{reverse('moderation_desk:comment', args=[found.pk])}?ordner={folder}"
