"""The council report as a page, a spreadsheet and a PDF, each by the same filters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.limits import within_limit
from common.pdf import LONG, Busy, Unavailable
from pages import site
from pages.languages import active

from .. import report, report_files

NEW_FILES = 10  # drawn for one connection within common.pdf.LONG seconds
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """/fortschritt/bericht/"""
    return render(request, "ideas/report.html", {"report": report.of_request(request)})


@require_safe
def xlsx(request: HttpRequest) -> HttpResponse:
    """/fortschritt/bericht.xlsx"""
    response = HttpResponse(report_files.xlsx(report.of_request(request)), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="bericht.xlsx"'
    return response


@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """/fortschritt/bericht.pdf, or a page that says why there is none just now."""
    found = report.of_request(request)
    try:
        data = report_files.pdf(
            found,
            site.current(),
            active(),
            may_draw=lambda: within_limit(request, "report.pdf", most=NEW_FILES, seconds=LONG),
        )
    except (Busy, Unavailable) as reason:
        return _no_pdf(request, found, reason)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="bericht.pdf"'
    return response


def _no_pdf(request: HttpRequest, found: report.Report, reason: Busy | Unavailable) -> HttpResponse:
    text = _("PDF-Dateien gibt es hier gerade nicht. Der Bericht im Netz sagt dasselbe, Sie können ihn drucken.")
    if isinstance(reason, Busy):
        text = _("Gerade entstehen schon andere PDF-Dateien. Bitte versuchen Sie es in ein paar Minuten noch einmal.")
    context = {"report": found, "text": text, "again": isinstance(reason, Busy)}
    response = render(request, "ideas/report_no_pdf.html", context, status=503)
    if isinstance(reason, Busy):
        response["Retry-After"] = str(reason.seconds)
    return response
