"""The public pages of a survey: what it is about, the questionnaire, thanks, the result and its files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.known import acting_contact, known_contact
from common.limits import within_limit
from ideas.progress import list_url

from .. import clock, survey_files, survey_permissions
from ..actions import surveys as actions
from ..local_time import moment_in_words
from ..models import Survey
from ..survey_form import SurveyForm
from ..survey_results import Results, results_of

# A household, a school, an office share an address: enough for them, too few to tip a result.
ANSWERS_AN_HOUR = 30


def survey_or_404(request: HttpRequest, slug: str) -> Survey:
    """The survey of this name with its questions, if this person may see it; raises Http404 otherwise."""
    found: Survey = get_object_or_404(Survey.objects.visible_to(request.user).with_questions(), slug=slug)
    return found


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """/umfragen/: all surveys stand among the other ways to take part."""
    return redirect(list_url("procedures", art="umfrage"))


@require_safe
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """/umfragen/<slug>/"""
    found = survey_or_404(request, slug)
    return render(request, "participation/survey.html", page_of(found, timezone.now()))


def page_of(found: Survey, now: datetime) -> dict[str, Any]:
    """What every page of a survey says: what it is, until when it runs, where things stand."""
    state = found.state(now)
    return {
        "survey": found,
        **{f"is_{each.value}": each is state for each in Survey.State},
        "when": _when(found, state),
        "answer_url": reverse("survey_answer", args=[found.slug]),
        "result_url": reverse("survey_result", args=[found.slug]) if found.shows_results(now) else "",
        "question_count": len(found.questions.all()),
    }


def _when(found: Survey, state: Survey.State) -> str:
    words = {"begin": moment_in_words(found.starts_at), "end": moment_in_words(found.ended_at)}
    return {
        Survey.State.DRAFT: _("Entwurf: nur für das Team zu sehen"),
        Survey.State.COMING: _("Beginnt am %(begin)s") % words,
        Survey.State.RUNNING: _("Läuft bis zum %(end)s") % words,
        Survey.State.OVER: _("Beendet am %(end)s") % words,
    }[state]


# --- answering --------------------------------------------------------------------------------------------------------


@dataclass
class Visit:
    """Somebody on the page of the questionnaire."""

    request: HttpRequest
    survey: Survey
    now: datetime

    @property
    def data(self) -> Any:
        return self.request.POST if self.request.method == "POST" else None

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        whole = {**page_of(self.survey, self.now), **context}
        return render(self.request, f"participation/{template}.html", whole, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """/umfragen/<slug>/teilnehmen/"""
    here = Visit(request, survey_or_404(request, slug), clock.now())
    if problem := survey_permissions.why_not_answer(here.survey, here.now):
        return _closed(here, str(problem))
    if problem := survey_permissions.why_not_entitled(request.user, here.survey):
        sign_in = f"{reverse('account_login')}?next={request.path}"
        return here.show("survey_door", reason=problem, sign_in_url=sign_in)
    if here.survey.needs_account and actions.has_taken_part(here.survey, known_contact(request)):
        return here.show("survey_taken")
    form = SurveyForm(here.survey, here.data)
    if not form.is_bound or not form.is_valid():
        return _form(here, form)
    if not here.survey.needs_account and not _within_limit(here):
        form.add_error(
            None,
            _("Aus Ihrem Netz kamen gerade sehr viele Antworten. Bitte senden Sie Ihre in einer Stunde noch einmal ab."),
        )
        return _form(here, form, status=429)
    return _count(here, form)


def _count(here: Visit, form: SurveyForm) -> HttpResponse:
    contact = acting_contact(here.request) if here.survey.needs_account else None
    try:
        actions.answer(here.survey, form.said, seen=form.seen, contact=contact, key=form.key)
    except actions.NoLongerOpen as problem:
        return _closed(here, str(problem))
    except actions.AlreadyAnswered:
        pass  # pressed twice: the first one is counted, and that is what the next page says
    except actions.Refused as problem:
        form.add_error(None, str(problem))
        return _form(here, form)
    return redirect("survey_thanks", here.survey.slug)


def _form(here: Visit, form: SurveyForm, status: int = 422) -> HttpResponse:
    return here.show("survey_answer", status if form.errors else 200, form=form)


def _closed(here: Visit, reason: str) -> HttpResponse:
    """Nobody can answer now. What somebody sent all the same is shown to them."""
    late = SurveyForm(here.survey, here.data) if here.data is not None else None
    return here.show("survey_closed", 409 if late else 200, reason=reason, late=late.chosen() if late else None)


def _within_limit(here: Visit) -> bool:
    return within_limit(here.request, f"survey.{here.survey.pk}", most=ANSWERS_AN_HOUR, seconds=3600)


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """/umfragen/<slug>/danke/: the same for everybody, so it tells nothing about who opens it."""
    return render(request, "participation/survey_thanks.html", page_of(survey_or_404(request, slug), timezone.now()))


# --- the result -------------------------------------------------------------------------------------------------------


@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """/umfragen/<slug>/ergebnis/: until there is one a page that says so, with status 404, whoever asks."""
    found, now = survey_or_404(request, slug), timezone.now()
    context = page_of(found, now)
    if not found.shows_results(now):
        return render(request, "participation/survey_result_missing.html", context, status=404)
    context |= {
        "results": results_of(found),
        "csv_url": reverse("survey_csv", args=[slug]),
        "json_url": reverse("survey_json", args=[slug]),
    }
    return render(request, "participation/survey_result.html", context)


@require_safe
def result_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """/umfragen/<slug>/ergebnis/daten.csv"""
    content = survey_files.public_csv(_public_results(request, slug))
    return file(content, "text/csv; charset=utf-8", f"umfrage-{slug}.csv")


@require_safe
def result_json(request: HttpRequest, slug: str) -> HttpResponse:
    """/umfragen/<slug>/ergebnis/daten.json"""
    return file(survey_files.public_json(_public_results(request, slug)), "application/json", f"umfrage-{slug}.json")


def _public_results(request: HttpRequest, slug: str) -> Results:
    found = survey_or_404(request, slug)
    if not found.shows_results(timezone.now()):
        raise Http404
    return results_of(found)


def file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
