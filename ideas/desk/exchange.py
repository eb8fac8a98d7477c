"""Import and export in the back office: upload, columns and words, rehearsal, import; and what may be taken away."""

import tempfile
from pathlib import Path
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from accounts.models import User

from ..exchange import export, jobs
from ..exchange.plan import Outcome, check
from ..exchange.spreadsheets import NotReadable
from ..models import ExchangeJob
from .exchange_forms import ColumnsForm, UploadForm
from .frame import head, inbox_crumb, lead_only
from .navigation import tabs

MOST_ROWS, MOST_JOBS = 300, 20
_IMPORTS = (ExchangeJob.Kind.IDEAS, ExchangeJob.Kind.MEASURES)


@lead_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Step 1: choose what the file holds and upload it; beside it, what can be taken away and what was done before."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = jobs.upload(form.cleaned_data["kind"], file.read(), file.name, cast(User, request.user))
        except NotReadable as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("ideas_desk:exchange_columns", job.pk)
    recent = ExchangeJob.objects.select_related("created_by")[:MOST_JOBS]
    status = 422 if request.method == "POST" else 200
    return render(request, "ideas/desk/exchange_start.html", {"form": form, "jobs": recent, **_head(request)}, status=status)


@lead_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: which column is what, what the status words mean, where a row goes that doesn't say."""
    job = _job_or_404(pk)
    if not job.is_editable:
        return redirect("ideas_desk:exchange_progress", job.pk)
    try:
        sheet = jobs.sheet_of(job)
    except NotReadable as problem:
        messages.error(request, str(problem))
        return redirect("ideas_desk:exchange")
    before = jobs.mapping_of(job)
    form = ColumnsForm(sheet, before, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        job.mapping = form.mapping().as_json()
        job.save(update_fields=["mapping"])
        if jobs.mapping_of(job).columns.get("status") == before.columns.get("status"):
            return redirect("ideas_desk:exchange_rehearsal", job.pk)
        messages.warning(
            request, _("Die Statuswörter stehen jetzt in einer anderen Spalte. Bitte sehen Sie die Wörter unten durch.")
        )
        return redirect("ideas_desk:exchange_columns", job.pk)
    context = {
        "form": form,
        "job": job,
        "sheet": sheet,
        "row_count": sum(not row.is_empty for row in sheet.rows),
        **_head(request, job),
    }
    return render(request, "ideas/desk/exchange_columns.html", context, status=422 if request.method == "POST" else 200)


@lead_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3: what would happen, row by row. The button at its end begins the import."""
    job = _job_or_404(pk)
    if request.method == "POST":
        if not jobs.start(job, by=cast(User, request.user)):
            messages.warning(request, _("Diese Datei wird schon eingelesen."))
        return redirect("ideas_desk:exchange_progress", job.pk)
    if not job.is_editable:
        return redirect("ideas_desk:exchange_progress", job.pk)
    try:
        plan = check(jobs.sheet_of(job), jobs.mapping_of(job))
    except NotReadable as problem:
        messages.error(request, str(problem))
        return redirect("ideas_desk:exchange")
    context = {"job": job, "is_fine": plan.is_fine, **_report(plan.as_report()), **_head(request, job)}
    return render(request, "ideas/desk/exchange_rehearsal.html", context)


@lead_only
@never_cache
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 4: how far the import is, and in the end its report."""
    job = _job_or_404(pk)
    if job.state == ExchangeJob.State.UPLOADED:
        return redirect("ideas_desk:exchange_columns", job.pk)
    done, total = jobs.progress(job)
    context = {"job": job, "done": done, "total": total, **_report(job.report), **_head(request, job)}
    return render(request, "ideas/desk/exchange_progress.html", context)


@lead_only
@never_cache
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Everything public as one archive; with `intern` only what is not public. Who took it stands in the list afterwards."""
    staff = request.POST.get("what") == "intern"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        counts = export.export_staff(folder / export.STAFF_FOLDER) if staff else export.export(folder)
        archive = export.zip_of(folder)
    kind = ExchangeJob.Kind.EXPORT_STAFF if staff else ExchangeJob.Kind.EXPORT
    jobs.note_export(kind, cast(User, request.user), counts)
    name = f"pulsehub-{'intern-' if staff else ''}{timezone.localdate():%Y-%m-%d}.zip"
    return HttpResponse(
        archive,
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _job_or_404(pk: int) -> ExchangeJob:
    return get_object_or_404(ExchangeJob, pk=pk, kind__in=_IMPORTS)


def _report(report: dict[str, Any]) -> dict[str, Any]:
    """The report as the page shows it: wrong rows first, then rows with a remark, not more of each than one can read."""
    rows = [row for row in report.get("rows", []) if row["messages"]]
    errors = [row for row in rows if row["outcome"] == Outcome.ERROR.value]
    hints = [row for row in rows if row["outcome"] != Outcome.ERROR.value]
    return {
        "counts": report.get("counts", {}),
        "problems": report.get("problems", []),
        "errors": errors[:MOST_ROWS],
        "more_errors": max(0, len(errors) - MOST_ROWS),
        "hints": hints[:MOST_ROWS],
        "more_hints": max(0, len(hints) - MOST_ROWS),
    }


def _head(request: HttpRequest, job: ExchangeJob | None = None) -> dict[str, Any]:
    title = f"{job.get_kind_display()}: {job.file_name}" if job else _("Austausch")
    crumbs = [inbox_crumb(), (reverse("ideas_desk:exchange"), _("Austausch"))]
    if job:
        crumbs.append(("", job.file_name))
    return {"tabs": tabs(request.user, "exchange"), **head(title, "upload", *crumbs)}
