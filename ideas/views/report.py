"""The council report as a page, a spreadsheet and a PDF, each by the same filters."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.pdf import Unavailable
from pages import site
from pages.languages import active

from .. import report, report_files

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
    """/fortschritt/bericht.pdf"""
    try:
        data = report_files.pdf(report.of_request(request), site.current(), active())
    except Unavailable:
        messages.error(request, _("PDF-Dateien gibt es hier gerade nicht. Bitte drucken Sie diese Seite, sie sagt dasselbe."))
        return redirect("report")
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="bericht.pdf"'
    return response
