"""Reporting a comment without an account, the receipt of a report, the rules of the house and the numbers of a year."""

import csv
import uuid
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.known import acting_contact, known_contact
from common.limits import Answer, Limits, Most, allowed
from common.views import quiet
from ideas.actions import Refused
from pages import site
from pages.languages import active

from .. import actions, moderation_numbers
from .. import comment_permissions as permissions
from ..comment_links import is_same, receipt_token
from ..comment_workflow import EDIT_MINUTES, Action, Ground
from ..discussions import Subject, find, subject_of
from ..models import Comment, CommentRules, Complaint, Report
from ..report_forms import ReportForm
from ..voters import network_digest

AN_HOUR = 20
REPORTING = Limits("comment-report", network=Most(AN_HOUR))
# Receipts by mail to addresses that nobody has proved.
MAILED_RECEIPTS = Limits("report-mail", network=Most(10), mail=True)
_WITH_SUBJECT = ("discussion__idea__merged_root", "discussion__measure", "discussion__page")


# --- reporting --------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """/kommentare/<pk>/melden/: anybody says what is wrong with a comment, and gets a receipt."""
    comment = get_object_or_404(Comment.objects.listed().with_authors().select_related(*_WITH_SUBJECT), pk=pk)
    subject = subject_of(comment.discussion)
    find(request.user, subject.kind, subject.key)  # 404 where this person may not see it
    known = known_contact(request) is not None or request.user.is_authenticated
    if request.method == "POST" and (there := _sent_before(request)):
        return redirect("report_receipt", there.pk, receipt_token(there))
    if problem := permissions.why_not_report(comment):
        return _report_page(request, comment, subject, None, problem=problem)
    if request.method != "POST":
        return _report_page(request, comment, subject, ReportForm(known=known, initial={"submission_key": uuid.uuid4()}))
    form = ReportForm(request.POST, known=known)
    if not form.is_valid():
        return _report_page(request, comment, subject, form, 422)
    if not _within_limits(request, form):
        return _report_page(request, comment, subject, form, 429)
    try:
        made = _take_in(request, comment, form)
    except Refused as refusal:
        return _report_page(request, comment, subject, None, 409, problem=str(refusal))
    return redirect("report_receipt", made.pk, receipt_token(made))


def _within_limits(request: HttpRequest, form: ReportForm) -> bool:
    """Whether this network may report once more, and have a mail sent to an address that nobody has proved."""
    if allowed(request, REPORTING) is Answer.NO:
        sentence = _(
            "Von Ihrem Anschluss kamen gerade sehr viele Meldungen. Bitte versuchen Sie es in einer Stunde noch einmal."
            " Ihre Angaben stehen noch hier."
        )
        form.add_error(None, sentence)
    elif form.cleaned_data.get("email") and not allowed(request, MAILED_RECEIPTS).lets_mail:
        sentence = _(
            "Gerade können wir an diese Adresse nichts schicken. Bitte lassen Sie das Feld leer: Den Beleg sehen Sie gleich."
        )
        form.add_error("email", sentence)
    return form.is_valid()


def _sent_before(request: HttpRequest) -> Report | None:
    """The report that this form has become already: its third one may have taken the comment off the page."""
    with suppress(ValueError):
        return Report.objects.filter(submission_key=uuid.UUID(request.POST.get("submission_key", ""))).first()
    return None


def _take_in(request: HttpRequest, comment: Comment, form: ReportForm) -> Report:
    data = form.cleaned_data
    return actions.report(
        comment,
        Ground(data["ground"]),
        text=data["text"],
        name=data.get("name", ""),
        email=data.get("email", ""),
        contact=acting_contact(request),
        network=network_digest(request, "reports"),
        language=active(),
        key=data["submission_key"],
    )


def _report_page(
    request: HttpRequest, comment: Comment, subject: Subject, form: ReportForm | None, status: int = 200, problem: Any = ""
) -> HttpResponse:
    context = {"comment": comment, "subject": subject, "form": form, "problem": problem}
    return render(request, "participation/report.html", context, status=status)


# --- the receipt ------------------------------------------------------------------------------------------------------

# What the decision means for what was reported. An author who deletes settles reports as well.
OUTCOMES = {
    Action.APPROVE: "stays",
    Action.KEEP: "stays",
    Action.HIDE: "hidden",
    Action.REFUSE: "hidden",
    Action.DELETE: "deleted",
}


@never_cache
@require_safe
def receipt(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """/meldungen/<pk>/<token>/: what was reported, and what was decided about it. For whoever has the address."""
    rows = Report.objects.select_related("decision", "comment__user", *(f"comment__{name}" for name in _WITH_SUBJECT))
    found = rows.filter(pk=pk).first()
    if found is None or not is_same(receipt_token(found), token):
        raise Http404
    decision = found.decision
    outcome = OUTCOMES.get(Action(decision.action), "stays") if decision else "open"
    context = {
        "report": found,
        "subject": subject_of(found.comment.discussion),
        "outcome": outcome,
        "later": _shown_again(found) if outcome == "hidden" else None,
    }
    return quiet(render(request, "participation/report_receipt.html", context))


def _shown_again(found: Report) -> Any:
    """The step that showed the comment again after the decision, where that is how it stands."""
    if not found.comment.is_readable or found.decision is None:
        return None
    again = found.comment.steps.filter(action__in=(Action.RESTORE, Action.UPHOLD), position__gt=found.decision.position)
    return again.order_by("-position").first()


# --- rules and numbers ------------------------------------------------------------------------------------------------


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """/kommentare/regeln/: what is welcome, what isn't, and who decides how."""
    set_by_house = CommentRules.load()
    context = {
        "rules": set_by_house,
        "is_before": set_by_house.moderation == CommentRules.Moderation.BEFORE,
        "grounds": [Ground(value) for value in Ground.values if value != Ground.OTHER],
        "minutes": EDIT_MINUTES,
        "complaint_days": Complaint.DAYS,
        "house": site.current(),
    }
    return render(request, "participation/comment_rules.html", context)


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """/kommentare/zahlen/?jahr=…: the numbers of a year, as the log has them."""
    years = moderation_numbers.years()
    found = moderation_numbers.of(_year(request, years))
    return render(request, "participation/comment_numbers.html", {"years": years, "numbers": found})


@require_safe
def numbers_csv(request: HttpRequest) -> HttpResponse:
    """/kommentare/zahlen.csv?jahr=…: the same, a figure per row."""
    found = moderation_numbers.of(_year(request, moderation_numbers.years()))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kommentare-{found.year}.csv"'
    rows = csv.writer(response)
    rows.writerow(["year", "figure", "ground", "value"])
    rows.writerows([found.year, *row] for row in moderation_numbers.flat(found))
    return response


def _year(request: HttpRequest, years: list[int]) -> int:
    """The year that was asked for, where there is anything to say about it; else the newest."""
    asked = request.GET.get("jahr", "")
    return next((year for year in years if str(year) == asked), years[0])
