"""What the back office brings in and hands out: uploaded tables on their way, and a log of exports."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.words import words


def _storage() -> Any:
    return storages["uploads"]


def _file_name(instance: "ExchangeJob", filename: str) -> str:
    """A name that says nothing about the person's file."""
    return f"austausch/{uuid.uuid4().hex}"


class ExchangeJob(models.Model):
    """One import, from the upload to its report, or one export that somebody took away."""

    class Kind(models.TextChoices):
        IDEAS = "ideas", _("Ideen einlesen")
        MEASURES = "measures", words.later(_("%(Pl_massnahme)s einlesen"))
        EXPORT = "export", _("Öffentliche Daten geholt")
        EXPORT_STAFF = "export_staff", _("Interne Daten geholt")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("hochgeladen")
        WAITING = "waiting", _("wartet")
        RUNNING = "running", _("läuft")
        DONE = "done", _("fertig")
        FAILED = "failed", _("nicht eingelesen")

    kind = models.CharField(max_length=15, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=_file_name, storage=_storage, blank=True)
    file_name = models.CharField(max_length=100, blank=True)
    # Which column of the file is which of ours, what status words mean, where rows go that don't say (exchange/mapping.py).
    mapping: Any = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(default=0)
    report: Any = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("Austausch")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%d.%m.%Y}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_editable(self) -> bool:
        """Whether columns and words can still be changed: nothing has been brought in yet."""
        return self.state in (self.State.UPLOADED, self.State.FAILED)
