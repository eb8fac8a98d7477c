"""The jury of a competition: who is in it, and what each member handed in about each entry. Blind until handed in."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from ideas.models import Criterion

from .competition import Competition
from .entry import Entry


class JuryMember(models.Model):
    """A person who scores the entries of a competition. What they handed in stays when the account goes."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="jury")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="jury_seats")
    appointed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Mitglied einer Jury")
        ordering = ("competition", "pk")
        constraints = (models.UniqueConstraint(fields=["competition", "user"], name="a_person_sits_in_a_jury_once"),)

    def __str__(self) -> str:
        return f"{self.user}"


class SheetQuerySet(models.QuerySet["JurySheet"]):
    def visible_to(self, user: Any) -> Self:
        """Whose answers this person may read: members their own, and those of others about an entry once their own is handed
        in; the lead those of a competition in which nobody still works on one."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        own = JurySheet.objects.filter(entry=OuterRef("entry"), member__user=user, state=JurySheet.State.HANDED_IN)
        seen = Q(member__user=user) | Q(Exists(own), state=JurySheet.State.HANDED_IN)
        if Role.LEAD in user.roles:
            waiting = JurySheet.objects.filter(entry__competition=OuterRef("entry__competition"), state=JurySheet.State.OPEN)
            seen |= Q(~Exists(waiting), state=JurySheet.State.HANDED_IN)
        return self.filter(seen)

    def handed_in(self) -> Self:
        return self.filter(state=JurySheet.State.HANDED_IN)


class JurySheet(models.Model):
    """One member's scores of one entry."""

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        HANDED_IN = "handed_in", _("abgegeben")
        CONFLICT = "conflict", _("befangen")

    member = models.ForeignKey(JuryMember, on_delete=models.CASCADE, related_name="sheets")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="jury_sheets")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    comment = models.TextField(_("Bemerkung"), blank=True)  # for jury and lead, never public
    conflict_reason = models.TextField(_("Warum Sie befangen sind"), blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[SheetQuerySet] = SheetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Bewertungsbogen der Jury")
        ordering = ("member", "entry")
        constraints = (
            models.UniqueConstraint(fields=["member", "entry"], name="a_member_scores_an_entry_once"),
            models.CheckConstraint(
                condition=Q(state="handed_in", handed_in_at__isnull=False) | (~Q(state="handed_in") & Q(handed_in_at=None)),
                name="a_sheet_handed_in_has_its_date",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id}: {self.entry_id}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_handed_in(self) -> bool:
        return self.state == self.State.HANDED_IN


class JuryAnswer(models.Model):
    """The step of the scale that a member chose for one criterion."""

    sheet = models.ForeignKey(JurySheet, on_delete=models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8)

    class Meta:
        verbose_name = _("Bewertung der Jury")
        ordering = ("sheet", "criterion")
        constraints = (models.UniqueConstraint(fields=["sheet", "criterion"], name="a_member_answers_a_criterion_once"),)

    def __str__(self) -> str:
        return self.answer
