"""An idea takes part in a competition. It stays one record with one number, however many competitions it takes part in."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ideas.models import Idea
from ideas.workflow import Status

from .competition import Competition


class EntryQuerySet(models.QuerySet["Entry"]):
    def on_show(self) -> Self:
        """Taken in, and the idea can be read by everybody: what a competition shows, what can be voted on and scored."""
        shown = Idea.objects.public().exclude(status=Status.WITHDRAWN)
        return self.filter(state=Entry.State.IN, idea__in=shown.values("pk"))

    def no_longer_in(self) -> Self:
        """Not taken in, taken out, or withdrawn by its author, of ideas that everybody can read."""
        refused = Q(state__in=(Entry.State.DECLINED, Entry.State.OUT))
        withdrawn = Q(state=Entry.State.IN, idea__status=Status.WITHDRAWN)
        return self.filter(refused | withdrawn, idea__in=Idea.objects.public().values("pk"))

    def awaiting_decision(self) -> Self:
        """Proposed, and the lead has not decided yet."""
        return self.filter(state=Entry.State.PROPOSED)


class Entry(models.Model):
    """One idea in one competition. `state` changes only with a step that says why (actions/entries.py)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("vorgeschlagen")
        IN = "in", _("nimmt teil")
        DECLINED = "declined", _("nicht aufgenommen")
        OUT = "out", _("herausgenommen")

    class Way(models.TextChoices):
        HANDED_IN = "handed_in", _("beim Wettbewerb eingereicht")
        PROPOSED = "proposed", _("aus dem Ideenspeicher vorgeschlagen")
        OFFICE = "office", _("von der zuständigen Stelle aufgenommen")

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="entries")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="entries")
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.PROPOSED)
    way = models.CharField(_("Weg"), max_length=10, choices=Way)
    step_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Beitrag zu einem Wettbewerb")
        verbose_name_plural = _("Beiträge zu Wettbewerben")
        ordering = ("competition", "idea__number")
        constraints = (
            models.UniqueConstraint(
                fields=["competition", "idea"],
                name="an_idea_takes_part_in_a_competition_once",
                violation_error_message=_("Diese Idee nimmt an diesem Wettbewerb schon teil."),
            ),
        )
        indexes = (models.Index(fields=["competition", "state"], name="entries_of_a_competition"),)

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.idea}"

    @property
    def is_in(self) -> bool:
        return self.state == self.State.IN

    @property
    def awaits_decision(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def counts(self) -> bool:
        """Whether its votes count: it takes part, and the idea was not withdrawn."""
        return self.is_in and self.idea.status != Status.WITHDRAWN


class EntryStep(models.Model):
    """One step of an entry, with its public reason. A row never changes and never goes."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, choices=Entry.State)
    reason = models.TextField(_("Öffentlicher Grund"), blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Schritt eines Beitrags")
        ordering = ("entry", "position")
        constraints = (
            models.UniqueConstraint(fields=["entry", "position"], name="steps_of_an_entry_are_numbered"),
            models.CheckConstraint(
                condition=~Q(to_state__in=["declined", "out"]) | ~Q(reason=""), name="an_entry_is_not_refused_without_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.to_state}"
