"""Schemes of criteria: list, and one form that saves the next version."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from accounts.models import User

from .. import actions
from ..models import ReviewScheme, ReviewSettings
from .frame import header, lead_only, review_staff
from .navigation import tabs
from .review_forms import CriterionFormSet, SchemeForm, lines_of

EMPTY_ROWS = 2


@review_staff
@lead_only
@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    context = {
        "tabs": tabs(request.user, "schemes"),
        "schemes": ReviewScheme.objects.prefetch_related("versions__criteria"),
        "default": ReviewSettings.load().scheme_id,
        **header(_("Prüfbögen")),
    }
    return render(request, "ideas/desk/schemes.html", context)


@review_staff
@lead_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Change a scheme, or make one. What is saved is a new version; reviews that run keep theirs."""
    scheme = get_object_or_404(ReviewScheme, slug=slug) if slug else ReviewScheme()
    data = request.POST if request.method == "POST" else None
    current = scheme.current if scheme.pk else None
    is_default = bool(scheme.pk) and ReviewSettings.load().scheme_id == scheme.pk
    form = SchemeForm(data, instance=scheme, initial={"is_default": is_default, "seen": current.number if current else 0})
    rows = CriterionFormSet(data, initial=_rows(current), prefix="kriterium")
    rows.extra = EMPTY_ROWS
    if data is not None and "more" not in data and form.is_valid() and rows.is_valid() and _save(request, form, rows):
        return redirect("ideas_desk:schemes")
    title = _("Prüfbogen %s") % scheme.name if slug else _("Neuer Prüfbogen")
    context = {
        "form": form,
        "rows": rows,
        "current": current,
        "tabs": tabs(request.user, "schemes"),
        **header(title, (reverse("ideas_desk:schemes"), _("Prüfbögen"))),
    }
    return render(request, "ideas/desk/scheme.html", context, status=422 if data is not None else 200)


def _rows(current: Any) -> list[dict[str, Any]]:
    if current is None:
        return []
    return [
        {
            "key": each.key,
            "name": each.name,
            "question": each.question,
            "stage": each.stage,
            "kind": each.kind,
            "steps": lines_of(each),
            "weight": each.weight,
        }
        for _stage, criteria in current.stages
        for each in criteria
    ]


def _save(request: HttpRequest, form: SchemeForm, rows: Any) -> bool:
    questions = [row.entered() for row in rows.ordered_forms if row.cleaned_data.get("name")]
    try:
        version = actions.save_scheme(
            form.save(commit=False),
            questions,
            by=cast(User, request.user),
            seen=form.cleaned_data["seen"],
            is_default=form.cleaned_data["is_default"],
        )
    except actions.Refused as problem:
        form.add_error(None, str(problem))
        return False
    if version:
        messages.success(
            request, _("Fassung %s gilt ab jetzt für neue Prüfungen. Laufende behalten ihre Kriterien.") % version.number
        )
    else:
        messages.success(request, _("Gespeichert. Die Kriterien sind dieselben geblieben."))
    return True
