"""Pages of the desk for ideas that belong together: merge, undo, split. Each shows what will happen before it happens."""

from collections.abc import Sequence
from typing import Any, cast

from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.models import User

from .. import actions, families, permissions
from ..actions import merging as steps
from ..models import Idea, TrailEntry
from ..notifications_merging import recipients
from ..views.details import similar_ideas
from ..workflow import Action, Status, find_step, public_state
from .frame import header, idea_or_404, lead_only, office_of
from .many import changed_meanwhile, ideas_by_number, listed
from .many_forms import ManyForm, PartForm, UnmergeForm, numbers_in, step_of, words_in

MOST_PARTS = 10


# --- merge ------------------------------------------------------------------------------------------------------------


@lead_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Choose ideas and the one that stays, look at what will happen, do it."""
    sent = request.POST if request.method == "POST" else request.GET
    typed = sent.get("nummern", "")[:1000]
    numbers = numbers_in([*sent.getlist("idee"), typed])
    ideas = ideas_by_number(request, numbers)
    target = next((idea for idea in ideas if str(idea.number) == sent.get("ziel")), None)
    if request.method == "POST":
        if target is None:
            raise Http404
        return _carry_out(request, target, [idea for idea in ideas if idea is not target])
    missing = [number for number in numbers if number not in {idea.number for idea in ideas}]
    problems = [_("Eine Idee mit der Nummer %(number)s gibt es nicht.") % {"number": number} for number in missing]
    problems += [_("„%(word)s“ ist keine Nummer.") % {"word": word[:30]} for word in words_in(typed)]
    if "weiter" in sent and not problems:
        if target is not None and len(ideas) > 1:
            return _show(request, target, [idea for idea in ideas if idea is not target])
        problems.append(
            _("Bitte wählen Sie mindestens zwei Ideen.")
            if len(ideas) < 2
            else _("Bitte wählen Sie, welche der Ideen bleiben soll.")
        )
    return _choose(request, ideas, target, problems)


def _choose(request: HttpRequest, ideas: list[Idea], target: Idea | None, problems: list[str]) -> HttpResponse:
    user = cast(User, request.user)
    rows = [
        {
            "idea": idea,
            "stays": idea is target or (target is None and len(ideas) == 1),
            "why_not_part": steps.why_not_be_merged(user, idea),
            "why_not_target": permissions.why_not_into(user, idea),
        }
        for idea in ideas
    ]
    chosen = {idea.pk for idea in ideas}
    first = target or (ideas[0] if ideas else None)
    text = f"{first.latest_version.title}\n{first.latest_version.text}" if first else ""
    context = {
        "rows": rows,
        "problems": problems,
        "similar": [
            idea
            for idea in (similar_ideas(text, but=first, limit=8) if first else [])
            if idea.pk not in chosen and find_step(Action.MERGE, idea.status)
        ],
        **header(_("Ideen zusammenlegen")),
    }
    return render(request, "ideas/desk/merge.html", context, status=200)


def _carry_out(request: HttpRequest, target: Idea, sources: list[Idea]) -> HttpResponse:
    form = ManyForm(step_of(Action.MERGE), [target, *sources], request.POST)
    if not form.is_valid():
        return _show(request, target, sources, form)
    user, decision = cast(User, request.user), form.decision(office_of(request))
    seen = form.seen_by_key()
    try:
        actions.merge(target, sources, by=user, decision=decision, seen=seen)
    except actions.Refused as problem:
        again = {idea.pk: idea for idea in ideas_by_number(request, [idea.number or 0 for idea in (target, *sources)])}
        target, sources = again[target.pk], [again[source.pk] for source in sources]
        form = form.again([target, *sources])
        form.add_error(None, str(problem))
        return _show(request, target, sources, form, changed=changed_meanwhile([target, *sources], seen), status=409)
    messages.success(
        request,
        ngettext(
            "Idee %(numbers)s ist jetzt Teil von Idee %(target)s. Alle Beteiligten bekommen eine E-Mail.",
            "Die Ideen %(numbers)s sind jetzt Teil von Idee %(target)s. Alle Beteiligten bekommen eine E-Mail.",
            len(sources),
        )
        % {"numbers": listed(sources), "target": target.number},
    )
    return redirect("ideas_desk:idea", target.number)


def _show(
    request: HttpRequest,
    target: Idea,
    sources: list[Idea],
    form: ManyForm | None = None,
    changed: Sequence[TrailEntry] = (),
    status: int = 200,
) -> HttpResponse:
    user = cast(User, request.user)
    why = steps.why_not_merge(user, target, sources)
    context = {
        "target": target,
        "sources": sources,
        "why": why,
        "preview": _after_a_merge(target, sources),
        "form": form or ManyForm(step_of(Action.MERGE), [target, *sources]),
        "changed": changed,
        **header(_("Ideen zusammenlegen")),
    }
    return render(request, "ideas/desk/merge_preview.html", context, status=status)


def _after_a_merge(target: Idea, sources: list[Idea]) -> dict[str, Any]:
    """What the result will be: measures, progress, supports, and who is told."""
    parts = families.parts_of([target, *sources])
    together = set().union(*parts.values())
    now = {link.measure_id for link in families.links_together(target, parts[target.pk])}
    links = families.links_together(target, together)
    progress = families.progress_of(together) if target.status == Status.KEPT else ""
    people = recipients(together)
    authors = sum(bool(person.own) for person in people)
    return {
        "measures": [{"link": link, "new": link.measure_id not in now} for link in links],
        "state": public_state(target.status, progress),
        "supports": [{"idea": idea, "count": idea.support_count} for idea in (target, *sources)],
        "support_count": families.persons_behind(together),
        "authors": authors,
        "followers": len(people) - authors,
        "further": len(together) - 1 - len(sources),
    }


# --- undo -------------------------------------------------------------------------------------------------------------


@lead_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unmerge(request: HttpRequest, number: int) -> HttpResponse:
    """Let ideas that became part of this one stand on their own again."""
    target = idea_or_404(request, number)
    members = _members(target)
    step = step_of(Action.UNMERGE)
    if request.method != "POST":
        chosen = [str(number) for number in numbers_in(request.GET.getlist("idee"))]
        if not chosen and len(members) == 1:
            chosen = [str(members[0].number)]
        return _show_members(request, target, members, UnmergeForm(step, members, chosen=chosen))
    form = UnmergeForm(step, members, request.POST)
    if not form.is_valid():
        return _show_members(request, target, members, form)
    ideas, seen = form.chosen_ideas(), form.seen_by_key()
    try:
        actions.unmerge(ideas, by=cast(User, request.user), decision=form.decision(office_of(request)), seen=seen)
    except actions.Refused as problem:
        changed, members = (
            changed_meanwhile(ideas_by_number(request, [idea.number or 0 for idea in ideas]), seen),
            _members(target),
        )
        again = form.again(members)
        again.add_error(None, str(problem))
        return _show_members(request, target, members, again, changed, status=409)
    messages.success(
        request,
        ngettext(
            "Idee %(numbers)s steht wieder für sich. Alle Beteiligten bekommen eine E-Mail.",
            "Die Ideen %(numbers)s stehen wieder für sich. Alle Beteiligten bekommen eine E-Mail.",
            len(ideas),
        )
        % {"numbers": listed(ideas)},
    )
    return redirect("ideas_desk:idea", number)


def _members(target: Idea) -> list[Idea]:
    return list(target.merged_ideas.select_related("released_version", "author__user", "merged_into").order_by("number"))


def _show_members(
    request: HttpRequest,
    target: Idea,
    members: list[Idea],
    form: ManyForm,
    changed: Sequence[TrailEntry] = (),
    status: int = 200,
) -> HttpResponse:
    parts = families.parts_of([target, *members])
    rows = [
        {"idea": idea, "links": families.links_together(idea, parts[idea.pk]), "further": len(parts[idea.pk]) - 1}
        for idea in members
    ]
    context = {
        "target": target,
        "rows": rows,
        "form": form,
        "people": len(recipients(parts[target.pk])),
        "changed": changed,
        **header(_("Zusammenlegung aufheben")),
    }
    return render(request, "ideas/desk/unmerge.html", context, status=status)


# --- split ------------------------------------------------------------------------------------------------------------


@lead_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, number: int) -> HttpResponse:
    """Make new ideas out of this one. „Noch ein Teil“ needs no script: the page comes back with one more."""
    idea = idea_or_404(request, number)
    step = step_of(Action.SPLIT)
    formset_class = formset_factory(
        PartForm, extra=0, min_num=1, validate_min=True, max_num=MOST_PARTS, absolute_max=MOST_PARTS
    )
    if request.method != "POST":
        first = [{"title": "", "text": "", "loesung": idea.loesung_id}] * 2
        parts = formset_class(initial=first, prefix="teile")
        return _show_parts(request, idea, ManyForm(step, [idea]), parts)
    data = request.POST
    if "mehr" in data:
        return _show_parts(request, idea, *_one_more(formset_class, idea, data))
    # A part that was left empty is left out: to Django that is an extra form.
    form, parts = ManyForm(step, [idea], data), formset_class({**data.dict(), "teile-INITIAL_FORMS": "0"}, prefix="teile")
    if not (form.is_valid() & parts.is_valid()):
        return _show_parts(request, idea, form, parts)
    decision = form.decision(office_of(request))
    seen = form.seen_by_key()
    decision.seen = seen[idea.pk]
    try:
        made = actions.split(
            idea, [each.part() for each in parts if each.has_changed()], by=cast(User, request.user), decision=decision
        )
    except actions.Refused as problem:
        idea = idea_or_404(request, number)
        again = form.again([idea])
        again.add_error(None, str(problem))
        return _show_parts(request, idea, again, parts, changed_meanwhile([idea], seen), status=409)
    messages.success(
        request,
        _("Aus Idee %(number)s sind neue Ideen hervorgegangen: %(numbers)s.") % {"number": number, "numbers": listed(made)},
    )
    return redirect("ideas_desk:idea", number)


def _one_more(formset_class: Any, idea: Idea, data: Any) -> tuple[ManyForm, Any]:
    """The same entries and one more part; nothing was sent for good yet, so nothing is complained about."""
    wanted = data.get("teile-TOTAL_FORMS", "")
    count = min(int(wanted) if wanted.isdecimal() and len(wanted) < 3 else 1, MOST_PARTS - 1)
    rows = [{name: data.get(f"teile-{place}-{name}", "") for name in PartForm.base_fields} for place in range(count)]
    typed = {name: data.get(name, "") for name in ("reason", "note", "seen")}
    more = formset_class(initial=[*rows, {"loesung": idea.loesung_id}], prefix="teile")
    return ManyForm(step_of(Action.SPLIT), [idea], **typed), more


def _show_parts(
    request: HttpRequest,
    idea: Idea,
    form: ManyForm,
    parts: Any,
    changed: Sequence[TrailEntry] = (),
    status: int = 200,
) -> HttpResponse:
    steps_now = permissions.possible_steps(request.user, idea)
    context = {
        "idea": idea,
        "form": form,
        "parts": parts,
        "possible": any(step.action is Action.SPLIT for step in steps_now),
        "may_add": parts.total_form_count() < MOST_PARTS,
        "changed": changed,
        **header(_("Idee %(number)s aufteilen") % {"number": idea.number}),
    }
    return render(request, "ideas/desk/split.html", context, status=status)
