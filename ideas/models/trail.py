"""The decision log. A row once written never changes and never goes (database_rules.py); what may have to be blacked out, the
reason's text and who acted, stands in a row of its own beside it."""

import hashlib
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..workflow import ACTIONS_WITH_REQUIRED_REASON, Action, PublicState, Status, find_step, public_state


def hash_of(words: str) -> str:
    """What a trail keeps of the words of a step for good; '' for none."""
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


class TrailText(models.Model):
    """The words of a step and who took it. Can be blacked out; the trail row and the hash of the reason stay."""

    reason = models.TextField(_("Begründung"), blank=True)
    internal_note = models.TextField(_("Interne Notiz"), blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    redacted_at = models.DateTimeField(null=True, blank=True)
    # What an author answers is public once somebody of the office has read it.
    awaits_release = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Text eines Schritts")

    def __str__(self) -> str:
        return self.reason[:50]


class TrailEntry(models.Model):
    """One step in the life of an idea."""

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="trail")
    position = models.PositiveIntegerField()
    action = models.CharField(max_length=20, choices=[(action.value, action.value) for action in Action])
    from_status = models.CharField(max_length=15, choices=Status)
    to_status = models.CharField(max_length=15, choices=Status)
    office = models.CharField(max_length=120, blank=True)
    happened_at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(auto_now_add=True)
    reason_hash = models.CharField(max_length=64, blank=True)
    # What changed beside the status, ready to read: [{"label", "before", "after"}], and the progress after the step.
    changes = models.JSONField(default=list, blank=True)
    progress = models.CharField(max_length=15, blank=True)
    # Of the status that this step left: the day by which we had promised an answer, and for how many days it lasted.
    answer_was_due = models.DateField(null=True, blank=True)
    waited_days = models.PositiveIntegerField(null=True, blank=True)
    text = models.OneToOneField(TrailText, on_delete=models.PROTECT, related_name="entry")

    class Meta:
        verbose_name = _("Schritt")
        verbose_name_plural = _("Schritte")
        ordering = ("idea", "position")
        constraints = (
            models.UniqueConstraint(fields=["idea", "position"], name="steps_of_an_idea_are_numbered"),
            models.CheckConstraint(
                condition=~Q(action__in=ACTIONS_WITH_REQUIRED_REASON) | ~Q(reason_hash=""),
                name="such_a_step_needs_a_public_reason",
                violation_error_message=_("Bitte begründen Sie diese Entscheidung. Der Grund wird veröffentlicht."),
            ),
            models.CheckConstraint(condition=Q(to_status__in=Status.values), name="a_step_leads_to_a_known_status"),
        )
        indexes = (models.Index(fields=["-happened_at"], name="trail_happened_at"),)

    def __str__(self) -> str:
        return f"{self.position}. {self.action}"

    @property
    def happened_on(self) -> date:
        return timezone.localdate(self.happened_at)

    @property
    def label(self) -> Any:
        step = find_step(
            Action(self.action), self.from_status, Status(self.to_status) if self.from_status != self.to_status else None
        )
        return step.done if step else self.action

    @property
    def reason_label(self) -> Any:
        """What the reason's text is called: a question and its answer are none."""
        names = {Action.ASK_BACK: _("Unsere Frage"), Action.ANSWER: _("Antwort")}
        return names.get(Action(self.action), _("Begründung"))

    @property
    def reason(self) -> str:
        if self.text.redacted_at:
            return str(_("Dieser Text wurde entfernt, weil er Angaben über eine Person enthielt."))
        return self.text.reason

    @property
    def public_reason(self) -> str:
        """The words as everybody reads them: an author's answer only once the office has read it."""
        if self.text.awaits_release:
            return str(_("Die Antwort ist da. Wir lesen sie und zeigen sie dann hier."))
        return self.reason

    @property
    def has_words(self) -> bool:
        """Whether there is anything to black out."""
        return bool(self.text.reason or self.text.internal_note)

    @property
    def state(self) -> PublicState | None:
        """The state that this step led to; None where it left the state as it was."""
        if self.from_status == self.to_status and self.action != Action.PROGRESS and not self.progress:
            return None
        return public_state(self.to_status, self.progress)
