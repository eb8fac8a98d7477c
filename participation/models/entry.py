"""An idea takes part in a competition. It stays one record with one number, however many competitions it takes part in."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ideas.models import Idea
from ideas.workflow import NOT_YET_SUBMITTED, STANDING, Status

from .competition import Competition

# The public reason of a step that the author took. German as every reason is, whatever language they read.
BY_AUTHOR = gettext_noop("Auf Wunsch der einreichenden Person.")


class EntryQuerySet(models.QuerySet["Entry"]):
    def on_show(self) -> Self:
        """Taken in, and the idea can be read by everybody: what a competition shows, what can be voted on and scored."""
        shown = Idea.objects.public().exclude(status=Status.WITHDRAWN)
        return self.filter(state=Entry.State.IN, idea__in=shown.values("pk"))

    def shown_to_jury(self) -> Self:
        """What a member of the jury can open: entries on show, and those taken out or withdrawn meanwhile, so that nobody's
        typed text is lost."""
        return self.filter(state__in=(Entry.State.IN, Entry.State.OUT), idea__in=Idea.objects.public().values("pk"))

    def no_longer_in(self) -> Self:
        """Not taken in, taken out, or withdrawn by its author, of ideas that everybody can read."""
        refused = Q(state__in=(Entry.State.DECLINED, Entry.State.OUT))
        withdrawn = Q(state=Entry.State.IN, idea__status=Status.WITHDRAWN)
        return self.filter(refused | withdrawn, idea__in=Idea.objects.public().values("pk"))

    def awaiting_decision(self) -> Self:
        """Proposed, and the lead has not decided yet."""
        return self.filter(state=Entry.State.PROPOSED)

    def taking_part(self) -> Self:
        """Taken in, also where the idea is not released yet or was withdrawn later."""
        return self.filter(state=Entry.State.IN)

    def not_taking_part(self) -> Self:
        """Declined, taken out or taken back."""
        return self.filter(state__in=[Entry.State.DECLINED, Entry.State.OUT])

    def handed_in_for_good(self) -> Self:
        """Without ideas of guests who have not confirmed theirs yet."""
        return self.exclude(idea__status__in=NOT_YET_SUBMITTED)

    def of_idea(self, idea: Idea) -> Self:
        """In which published competitions the idea takes part or was to: with page and steps at hand."""
        rows = self.filter(idea=idea, competition__page__live=True)
        return rows.select_related("competition__page").prefetch_related("steps").order_by("-created_at", "-pk")

    def of_competition(self, competition: Competition, ideas: Iterable[Idea]) -> Self:
        """The entries of these ideas, with idea and steps at hand."""
        rows = self.filter(competition=competition, idea__in=ideas).select_related(
            "competition__page", "idea__released_version", "idea__merged_root", "idea__author__user"
        )
        return rows.prefetch_related("steps", "idea__versions").order_by("idea__number")


class Entry(models.Model):
    """One idea in one competition. `state` changes only with a step that says why (actions/entries.py)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("vorgeschlagen")
        IN = "in", _("nimmt teil")
        DECLINED = "declined", _("nicht aufgenommen")
        OUT = "out", _("herausgenommen")

    class Way(models.TextChoices):
        HANDED_IN = "handed_in", _("beim Wettbewerb eingereicht")
        PROPOSED = "proposed", _("als schon eingereichte Idee vorgeschlagen")
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

    @property
    def last_step(self) -> "EntryStep":
        """How it came to its state. With steps prefetched no query."""
        return max(self.steps.all(), key=lambda step: step.position)

    @property
    def was_taken_back(self) -> bool:
        """Whether its author took it back: then only they can propose it again."""
        return self.state == self.State.OUT and self.last_step.reason == BY_AUTHOR

    @property
    def was_in(self) -> bool:
        """Whether it took part before its last step."""
        return self.last_step.from_state == self.State.IN

    @property
    def note(self) -> str:
        """What readers and staff should know of the idea meanwhile; '' mostly. An entry stays when its idea is merged: its
        votes are its own and move to no other entry."""
        if self.idea.status == Status.MERGED and self.idea.merged_root:
            return _now("aufgegangen in Idee %(number)s") % {"number": self.idea.merged_root.number}
        return _now("Die Idee wurde zurückgezogen.") if self.idea.status not in (*NOT_YET_SUBMITTED, *STANDING) else ""


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

    @property
    def public_reason(self) -> str:
        """The reason as readers get it: what an author's step says is in their language, what staff wrote as it was written."""
        return _now(self.reason) if self.reason == BY_AUTHOR else self.reason
