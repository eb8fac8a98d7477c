"""The review desk inside Wagtail's back office: inbox, one idea, and the steps with it."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from accounts.models import User
from pages.words import words

from .. import families, permissions
from ..actions import Refused
from ..models import Idea
from ..views.details import similar_ideas
from ..workflow import STEPS, Action, Step, find_step
from . import bulk, notes, own_pages
from . import inbox as folders
from .comparison import review_panel
from .forms import ELSEWHERE, StepForm, form_class, forms_of, loesung_choices
from .frame import head, header, inbox_crumb, office_of, review_staff, visible_ideas
from .navigation import tabs
from .review_forms import NoteForm

PER_PAGE = 25


@review_staff
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    folder = folders.folder(request.GET.get("ordner"))
    search = request.GET.get("q", "").strip()[:100]
    loesung = request.GET.get("loesung", "")
    chosen = int(loesung) if loesung.isdecimal() and len(loesung) <= 9 else None
    numbers, request.open_messages = folders.counts_for_menu()  # type: ignore[attr-defined]  # both numbers for the menu
    request.new_ideas = numbers["neu"]  # type: ignore[attr-defined]
    pages = Paginator(folders.rows(folder, search=search, loesung=chosen), PER_PAGE)
    if not search and not chosen:
        pages.count = numbers[folder.key]  # known already: not counted twice
    page = pages.get_page(request.GET.get("seite"))
    now = timezone.now()
    for idea in page:
        idea.age = folders.age_in_days(idea, now)  # type: ignore[attr-defined]
    context = {
        "tabs": tabs(request.user, "inbox"),
        "folder": folder,
        "folders": [{"folder": each, "count": numbers[each.key]} for each in folders.FOLDERS],
        "ideas": page,
        "search": search,
        "loesung": chosen,
        "loesungen": loesung_choices(_("alle %(pl_loesung)s") % words),
        "is_filtered": bool(search or chosen),
        "bulk_steps": bulk.offered(request.user),
        "all_chosen": request.GET.get("auswahl") == "alle",
        **head(_("Ideen prüfen"), "tasks", inbox_crumb()),
    }
    return render(request, "ideas/desk/inbox.html", context)


@review_staff
@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    return _render_idea(request, _idea_or_404(request, number))


@review_staff
@require_POST
def take_step(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Take one step. Whatever stops it is said on the same page, and what was typed is still there."""
    idea = _idea_or_404(request, number)
    step = _step_or_404(idea, action)
    form = form_class(step)(step, idea, request.POST)
    if not form.is_valid():
        return _render_idea(request, idea, form)
    try:
        form.take(by=cast(User, request.user), office=office_of(request))
    except Refused as problem:
        idea = _idea_or_404(request, number)
        form = form.again(find_step(step.action, idea.status) or step, idea)
        form.add_error(None, str(problem))
        return _render_idea(request, idea, form, status=409)
    messages.success(request, _done_message(idea, step))
    return redirect("ideas_desk:idea", number)


def _idea_or_404(request: HttpRequest, number: int) -> Idea:
    # django-stubs doesn't know taggit's manager.
    return get_object_or_404(visible_ideas(request).prefetch_related("places", "tags"), number=number)  # type: ignore[misc]


def _step_or_404(idea: Idea, action: str) -> Step:
    """The step of this name that staff can take, from the idea's status where there is one: actions refuses the rest."""
    steps = [step for step in STEPS if step.action == action and step.roles and step.action not in ELSEWHERE]
    if not steps:
        raise Http404
    return find_step(Action(action), idea.status) or steps[0]


def _render_idea(request: HttpRequest, idea: Idea, tried: StepForm | None = None, status: int = 200) -> HttpResponse:
    possible = permissions.possible_steps(request.user, idea)
    links = families.links_of_idea(idea)
    panels = [{"step": step, "forms": forms_of(step, idea, links)} for step in possible if step.action not in ELSEWHERE]
    trail = list(idea.trail.select_related("text__actor").order_by("-position"))
    relatives = families.relatives_of(idea, trail)
    context = {
        "idea": idea,
        "newest": idea.latest_version,
        "panels": panels,
        # A step that somebody else made impossible has no form any more; its words must not be lost with it.
        "stranded": tried if tried and not _put_in_place(tried, panels) else None,
        "own_pages": own_pages.links(request.user, possible, idea, relatives["absorbed"]),
        "measure_links": links,
        "not_now": _not_now(request.user, idea, possible),
        "may_redact": Action.REDACT in {step.action for step in possible},
        "may_show_answers": idea.author.user_id != request.user.pk,
        "own_idea": idea.author.user_id == request.user.pk,
        "trail": trail,
        **relatives,
        "similar": similar_ideas(f"{idea.latest_version.title}\n{idea.latest_version.text}", but=idea),
        "review": review_panel(request.user, idea),
        "notes": notes.thread(request.user, idea),
        "note_form": NoteForm(auto_id="notiz-%s"),
        "next_idea": folders.next_after(idea),
        "office": office_of(request),
        "today": timezone.localdate(),
        **header(_("Idee %(number)s") % {"number": idea.number}),
    }
    return render(request, "ideas/desk/idea.html", context, status=status)


def _put_in_place(tried: StepForm, panels: list[dict[str, Any]]) -> bool:
    """Let the form that was sent stand where its empty twin would; False if there is no such place any more."""
    for panel in panels:
        for position, form in enumerate(panel["forms"]):
            if form.step is tried.step and form.is_twin_of(tried):
                panel["forms"][position], panel["open"] = tried, True
                return True
    return False


def _not_now(user: Any, idea: Idea, possible: list[Step]) -> list[dict[str, Any]]:
    """Steps that fit the idea's status but can't be taken by this person now, each with the reason."""
    known = {step.action for step in possible}
    first = {step.action: step for step in reversed(STEPS) if step.roles and idea.status in step.sources}
    fitting = [step for step in STEPS if first.get(step.action) is step and step.action not in {*known, Action.REDACT}]
    return [{"step": step, "why": why} for step in fitting if (why := permissions.why_not(user, step, idea))]


def _done_message(idea: Idea, step: Step) -> str:
    told = step.tells_author and idea.author.address
    after = _("Eine E-Mail dazu ist unterwegs.") if told else _("Es geht keine E-Mail hinaus.")
    return f"{_('Idee')} {idea.number}: {step.done}. {after}"
