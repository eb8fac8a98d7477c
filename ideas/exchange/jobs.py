"""Imports by way of the back office: the uploaded file, what a person decided about it, and the run in the background."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import outbox
from common.models import OutboxMessage
from common.worker import chore
from pages import site

from ..models import ExchangeJob
from .mapping import Mapping, knows, propose
from .plan import NotAllRight, Origin, Plan, carry_out
from .spreadsheets import NotReadable, Sheet, read

log = logging.getLogger(__name__)

DAYS_KEPT = 7  # an uploaded file that was never brought in
WENT_WRONG = "Beim Einlesen ist etwas schiefgegangen. Es wurde nichts eingelesen. Bitte versuchen Sie es noch einmal."
_State = ExchangeJob.State


def upload(kind: str, content: bytes, name: str, by: User) -> ExchangeJob:
    """Keep the file with the mapping as we guess it. Raises NotReadable and keeps nothing if there is no table in it."""
    sheet = read(content, name, knows(kind))
    job = ExchangeJob(kind=kind, created_by=by, file_name=name[-100:], mapping=propose(kind, sheet).as_json())
    job.file.save("tabelle", ContentFile(content), save=False)
    job.save()
    return job


def sheet_of(job: ExchangeJob) -> Sheet:
    """The table of the uploaded file. Raises NotReadable if the file is gone."""
    try:
        with job.file.open("rb") as file:
            return read(file.read(), job.file_name, knows(job.kind))
    except (OSError, ValueError) as error:
        raise NotReadable(_("Die hochgeladene Datei ist nicht mehr da. Bitte laden Sie sie noch einmal hoch.")) from error


def mapping_of(job: ExchangeJob) -> Mapping:
    return Mapping.from_json(job.kind, job.mapping)


def start(job: ExchangeJob, *, by: User) -> bool:
    """Have the file brought in. False if somebody has pressed the button before."""
    with transaction.atomic():
        open_jobs = ExchangeJob.objects.filter(pk=job.pk, state__in=[_State.UPLOADED, _State.FAILED])
        if not open_jobs.update(state=_State.WAITING, created_by=by, report={}):
            return False
        outbox.put("exchange.import", job=job.pk)
    return True


@outbox.handler("exchange.import")
def run(message: OutboxMessage) -> None:
    """Bring the file in, or leave everything as it was and say why. Called again after a crash, it begins anew."""
    job = ExchangeJob.objects.filter(pk=message.payload["job"], state__in=[_State.WAITING, _State.RUNNING]).first()
    if job is None:
        return
    ExchangeJob.objects.filter(pk=job.pk).update(state=_State.RUNNING)
    try:
        sheet, origin = sheet_of(job), Origin(by=job.created_by, office=office(), file_name=job.file_name)
        with transaction.atomic():
            plan = carry_out(sheet, mapping_of(job), origin, progress=lambda done, total: _tell(job, done, total))
            _finish(job, _State.DONE, plan)
            transaction.on_commit(lambda: job.file.storage.delete(str(job.file.name)))
    except NotAllRight as problem:
        _finish(job, _State.FAILED, problem.plan)
    except NotReadable as problem:
        _finish(job, _State.FAILED, Plan([], [str(problem)]))
    except Exception:
        log.exception("import %s failed", job.pk)
        _finish(job, _State.FAILED, Plan([], [WENT_WRONG]))


def _finish(job: ExchangeJob, state: str, plan: Plan) -> None:
    values = {"state": state, "report": plan.as_report(), "finished_at": timezone.now(), "total": len(plan.rows)}
    ExchangeJob.objects.filter(pk=job.pk).update(**values)


def _tell(job: ExchangeJob, done: int, total: int) -> None:
    """How far the run is. In the cache: nothing written in its transaction can be seen from outside before it ends."""
    cache.set(f"exchange-{job.pk}", (done, total), 600)


def progress(job: ExchangeJob) -> tuple[int, int]:
    """Rows written and rows to write; (0, 0) as long as nobody knows."""
    known: tuple[int, int] = cache.get(f"exchange-{job.pk}", (0, 0))
    return known


def office() -> str:
    """The office that answers for what is imported."""
    return site.current().office


def note_export(kind: str, by: User, counts: dict[str, Any]) -> None:
    """Keep in mind who took which data away."""
    ExchangeJob.objects.create(
        kind=kind,
        state=_State.DONE,
        created_by=by,
        finished_at=timezone.now(),
        total=sum(counts.values()),
        report={"counts": counts},
    )
    log.info("user %s took %s", by.pk, kind)


@chore
def delete_forgotten_uploads(now: datetime | None = None) -> int:
    """Delete uploaded tables that were never brought in, and their reports. Returns how many."""
    limit = (now or timezone.now()) - timedelta(days=DAYS_KEPT)
    forgotten = ExchangeJob.objects.filter(state__in=[_State.UPLOADED, _State.FAILED], created_at__lt=limit)
    count = 0
    for job in forgotten:
        file = job.file
        transaction.on_commit(lambda file=file: file.storage.delete(file.name))  # type: ignore[misc]
        job.delete()
        count += 1
    return count
