"""The jury of a competition: who is in it, and what each member handed in about each entry. Blind until handed in."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from ideas.models import Criterion
from ideas.models.idea import IdeaAuthor

from ..phases import Phase
from .competition import Competition, CompetitionPhase
from .entry import Entry


class MemberQuerySet(models.QuerySet["JuryMember"]):
    def able_to_score(self) -> Self:
        """Who still has the account and the role: scores are awaited from nobody else."""
        jury = Group.objects.filter(name=Role.JURY.value, user=OuterRef("user"))
        return self.filter(Q(Exists(jury)) | Q(user__is_superuser=True), user__is_active=True)

    def awaiting_reminder(self, now: datetime) -> Self:
        """Able members of a published competition whose jury scores now, who were not told yet that it has begun."""
        running = CompetitionPhase.objects.filter(
            competition=OuterRef("competition"), phase=Phase.JURY.value, starts_at__lte=now, ends_at__gt=now
        )
        return self.able_to_score().filter(Exists(running), told_of_begin_at=None, competition__page__live=True)


class JuryMember(models.Model):
    """A person who scores the entries of a competition. What they handed in stays when the account goes."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="jury")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="jury_seats")
    appointed_at = models.DateTimeField(default=timezone.now)
    # The mail that says that scoring has begun goes out once.
    told_of_begin_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[MemberQuerySet] = MemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Mitglied einer Jury")
        ordering = ("competition", "pk")
        constraints = (models.UniqueConstraint(fields=["competition", "user"], name="a_person_sits_in_a_jury_once"),)

    def __str__(self) -> str:
        return f"{self.user}"


def _still_awaited() -> Any:
    """Entries of a sheet's competition of which an able member has neither handed in nor declared a conflict. A sheet is made
    when it is first needed: one that isn't there is awaited as an open one is. Nobody scores their own idea."""
    done = JurySheet.objects.filter(member=OuterRef("pk"), entry=OuterRef(OuterRef("pk"))).exclude(state=JurySheet.State.OPEN)
    own = IdeaAuthor.objects.filter(idea=OuterRef(OuterRef("idea")), user=OuterRef("user"))
    missing = JuryMember.objects.able_to_score().filter(~Exists(done), ~Exists(own), competition=OuterRef("competition"))
    return Entry.objects.on_show().filter(Exists(missing), competition=OuterRef("entry__competition"))


class SheetQuerySet(models.QuerySet["JurySheet"]):
    def visible_to(self, user: Any, now: datetime | None = None) -> Self:
        """Whose answers this person may read. Members their own, and those of others about an entry once their own is handed
        in; the lead those of a competition in which nothing is awaited any more or whose jury phase is over, but none about an
        idea for which they declared a conflict. Nobody reads what was said of their own idea."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        about_it = JurySheet.objects.filter(entry=OuterRef("entry"), member__user=user)
        seen = Q(pk__in=())
        if Role.JURY in user.roles:
            others = Q(Exists(about_it.filter(state=JurySheet.State.HANDED_IN)), state=JurySheet.State.HANDED_IN)
            seen |= Q(member__user=user) | others
        if Role.LEAD in user.roles:
            is_unbiased = ~Exists(about_it.filter(state=JurySheet.State.CONFLICT))
            seen |= Q(self._is_complete(now), is_unbiased, state=JurySheet.State.HANDED_IN)
        return self.filter(seen).exclude(entry__idea__author__user=user)

    @staticmethod
    def _is_complete(now: datetime | None) -> Any:
        over = CompetitionPhase.objects.filter(
            competition=OuterRef("entry__competition"), phase=Phase.JURY.value, ends_at__lte=now or Now()
        )
        return Q(Exists(over)) | ~Exists(_still_awaited())

    def conflicts_shown_to(self, user: Any) -> Self:
        """Who stepped back and why: for the lead at any time, but not of their own idea."""
        if not (user.is_authenticated and user.is_active and Role.LEAD in user.roles):
            return self.none()
        return self.filter(state=JurySheet.State.CONFLICT).exclude(entry__idea__author__user=user)

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

    @property
    def is_conflict(self) -> bool:
        return self.state == self.State.CONFLICT


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
