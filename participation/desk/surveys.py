"""A survey at the desk of editors and the lead: where it stands, closing it, its result, free texts, files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import user_passes_test
from wagtail.log_actions import registry

from ideas.actions.record import Refused
from ideas.desk.frame import head

from .. import clock, survey_exchange, survey_files, survey_permissions
from ..actions import surveys as actions
from ..models import Survey, SurveyAnswer
from ..survey_form import SurveyForm
from ..survey_permissions import Deed
from ..survey_results import results_of
from ..views.surveys import file, page_of
from .frame import user_of

ICON = "list-ul"
PER_PAGE = 50
MAX_FILE = 10 * 1024 * 1024
survey_staff = user_passes_test(survey_permissions.makes_surveys)


def survey_of(pk: int) -> Survey:
    """The survey with its questions; the answer is 404 where there is none."""
    return get_object_or_404(Survey.objects.with_questions(), pk=pk)


def header(title: str, survey: Survey | None = None) -> dict[str, Any]:
    above = [(reverse("surveys_admin:list"), _("Umfragen"))]
    if survey is not None:
        above.append((reverse("surveys_desk:survey", args=[survey.pk]), survey.title))
    return head(title, ICON, *above, ("", title))


@survey_staff
@require_safe
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, what can be done now, and once it is over the result."""
    own, now = survey_of(pk), clock.now()
    reads = survey_permissions.why_not(request.user, Deed.READ, own, now=now)
    context = {
        **page_of(own, now),
        "state_label": own.state(now).label,
        "hits": own.responses.count(),
        "why_not_read": reads,
        "why_not_close": survey_permissions.why_not(request.user, Deed.CLOSE, own, now=now),
        "why_not_publish": survey_permissions.why_not(request.user, Deed.PUBLISH, own, now=now),
        "results": None if reads else results_of(own),
        "texts_waiting": 0 if reads else _texts(own).filter(decision=None, is_redacted=False).count(),
        "log": registry.get_logs_for_instance(own).select_related("user"),
        **header(own.title),
    }
    return render(request, "participation/desk/survey.html", context)


@survey_staff
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The questionnaire as everybody will see it."""
    own = survey_of(pk)
    context = {**page_of(own, timezone.now()), "form": SurveyForm(own), "is_preview": True}
    return render(request, "participation/survey_answer.html", context)


# --- two steps, each with a page that asks back -----------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    deed: Deed
    label: Any
    why: Any
    run: Callable[..., None]
    done: Any


CLOSE = Step(
    Deed.CLOSE,
    gettext_lazy("Umfrage jetzt schließen"),
    gettext_lazy("Danach kann niemand mehr antworten. Das lässt sich nicht zurücknehmen."),
    actions.close,
    gettext_lazy("Die Umfrage ist geschlossen."),
)
PUBLISH = Step(
    Deed.PUBLISH,
    gettext_lazy("Ergebnis veröffentlichen"),
    gettext_lazy("Danach sehen alle die Zahlen und die freigegebenen Texte. Das lässt sich nicht zurücknehmen."),
    actions.publish_results,
    gettext_lazy("Das Ergebnis ist veröffentlicht."),
)


@survey_staff
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: int, step: Step) -> HttpResponse:
    """GET asks back, POST does it."""
    own = survey_of(pk)
    back = reverse("surveys_desk:survey", args=[pk])
    if request.method == "POST":
        try:
            step.run(own, by=user_of(request))
        except Refused as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, step.done)
        return redirect(back)
    why_not = survey_permissions.why_not(request.user, step.deed, own)
    context = {"survey": own, "step": step, "why_not": why_not, "hits": own.responses.count(), "back": back}
    return render(request, "participation/desk/survey_step.html", {**context, **header(str(step.label), own)})


# --- free texts -------------------------------------------------------------------------------------------------------


def _texts(own: Survey) -> Any:
    return SurveyAnswer.objects.filter(response__survey=own, option=None, value=None)


class TextForm(forms.Form):
    """What to do with one text. Erasing takes a reason."""

    RELEASE, HOLD_BACK, REDACT = "freigeben", "zuruecknehmen", "entfernen"
    answer = forms.UUIDField()
    action = forms.ChoiceField(choices=[(name, name) for name in (RELEASE, HOLD_BACK, REDACT)])
    reason = forms.CharField(required=False, max_length=300)


@survey_staff
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """All free texts: release one for everybody, take that back, or erase it for a reason."""
    own = survey_of(pk)
    problem = survey_permissions.why_not(request.user, Deed.DECIDE, own)
    error: dict[str, Any] = {}
    if request.method == "POST" and not problem:
        error = _decide(request, own)
        if not error:
            return redirect(f"{request.path}?seite={request.GET.get('seite', '1')}")
    rows = SurveyAnswer.objects.none() if problem else _texts(own)
    rows = rows.select_related("question", "decision").order_by("question__sort_order", "question", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "survey": own,
        "why_not": problem,
        "page": page,
        "error": error,
        **header(_("Freie Texte"), own),
    }
    return render(request, "participation/desk/survey_texts.html", context, status=422 if error else 200)


def _decide(request: HttpRequest, own: Survey) -> dict[str, Any]:
    """Take the step that was asked for; what to say beside the text where it is refused."""
    form = TextForm(request.POST)
    if not form.is_valid():
        return {"sentence": _("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.")}
    chosen, by = get_object_or_404(_texts(own), pk=form.cleaned_data["answer"]), user_of(request)
    action, reason = form.cleaned_data["action"], form.cleaned_data["reason"]
    try:
        if action == TextForm.RELEASE:
            actions.release(chosen, by=by)
        elif action == TextForm.HOLD_BACK:
            actions.hold_back(chosen, by=by)
        else:
            actions.redact(chosen, reason, by=by)
    except Refused as problem:
        return {"answer": chosen.pk, "sentence": str(problem), "reason": reason}
    done = {
        TextForm.RELEASE: _("Der Text ist freigegeben."),
        TextForm.HOLD_BACK: _("Die Freigabe ist zurückgenommen."),
        TextForm.REDACT: _("Der Text ist entfernt. Der Grund steht im Verlauf."),
    }
    messages.success(request, done[action])
    return {}


# --- files ------------------------------------------------------------------------------------------------------------


@survey_staff
@require_safe
def raw(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Every questionnaire, a row each, as CSV or XLSX; once the survey is over."""
    own = survey_of(pk)
    if problem := survey_permissions.why_not(request.user, Deed.READ, own):
        messages.error(request, str(problem))
        return redirect("surveys_desk:survey", pk)
    rows, name = survey_files.raw_rows(own), f"umfrage-{own.slug}-antworten.{kind}"
    if kind == "xlsx":
        content = survey_files.xlsx_bytes(rows, Truncator(_("Antworten")).chars(31))
        return file(content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name)
    return file(survey_files.csv_bytes(rows), "text/csv; charset=utf-8", name)


@survey_staff
@require_safe
def whole(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole survey as JSON, to be read in again; until it is over without answers."""
    own = survey_of(pk)
    with_answers = not survey_permissions.why_not(request.user, Deed.READ, own)
    return file(survey_exchange.export(own, with_answers=with_answers), "application/json", f"umfrage-{own.slug}.json")


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("JSON-Datei"),
        help_text=gettext_lazy(
            "Eine Umfrage, die PulseHub geschrieben hat. Sie wird als Entwurf neu angelegt, mit allen Antworten der Datei."
        ),
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie eine Datei aus."),
            "empty": gettext_lazy("Die Datei ist leer."),
        },
    )

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > MAX_FILE:
            raise forms.ValidationError(_("Die Datei ist größer als 10 MB."))
        return found


@survey_staff
@require_http_methods(["GET", "HEAD", "POST"])
def read_in(request: HttpRequest) -> HttpResponse:
    """A new survey from a file."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = survey_exchange.read_in(form.cleaned_data["file"].read(), by=user_of(request))
        except survey_exchange.NotReadable as problem:
            form.add_error("file", str(problem))
        else:
            messages.success(request, _("Die Umfrage ist als Entwurf angelegt."))
            return redirect("surveys_desk:survey", made.pk)
    context = {"form": form, "button": _("Einlesen"), "back": reverse("surveys_admin:list"), **header(_("Umfrage einlesen"))}
    return render(request, "participation/desk/survey_read_in.html", context, status=422 if form.errors else 200)
