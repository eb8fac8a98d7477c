"""The idea, its versions, its author and its pictures.

What the public reads of an idea is the version that was released; who handed it in stands in a table of its own.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from taggit.managers import TaggableManager
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from accounts.models import User
from common import tokens
from pages.words import words

from ..workflow import (
    AWAITING_DECISION,
    IDEA_STATES,
    NOT_YET_SUBMITTED,
    PUBLIC_STATUSES,
    Channel,
    MeasureStatus,
    PublicState,
    Status,
    public_state,
    stepper,
)
from .tags import IdeaTag

if TYPE_CHECKING:
    from .trail import TrailEntry


class NumberCounter(models.Model):
    """The last public number given. One row; taking the next one is one conditional UPDATE (actions.next_number)."""

    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"bis {self.last}"


# Nobody has read it yet, or its author has written a newer wording.
AWAITING_RELEASE = Q(status=Status.SUBMITTED, released_version=None) | Q(has_newer_version=True, status__in=AWAITING_DECISION)


def overdue_condition(now: datetime | None = None) -> Q:
    """Whether the day on which an answer was due has passed; says the same as Idea.is_overdue."""
    return Q(answer_due__lt=timezone.localdate(now))


# What stands in place of a text that its author took back. German as a trail is, whatever language the person reads.
REMOVED_TITLE = gettext_noop("Zurückgezogene Idee")
REMOVED_TEXT = gettext_noop("Diese Idee wurde von der Person zurückgezogen, die sie eingereicht hat. Ihr Text ist gelöscht.")


class IdeaQuerySet(SearchableQuerySetMixin, models.QuerySet["Idea"]):
    def public(self) -> Self:
        """Released ideas: what everybody may read."""
        return self.filter(released_version__isnull=False, status__in=PUBLIC_STATUSES)

    def removed_numbers(self) -> set[int]:
        """The numbers of ideas that were withdrawn with their text. One query."""
        removed = self.filter(
            status=Status.WITHDRAWN, released_version__title=REMOVED_TITLE, released_version__text=REMOVED_TEXT
        )
        return set(removed.order_by().values_list("number", flat=True))

    def visible_to(self, user: Any) -> Self:
        """What this person may read: public ideas, their own, and for the review desk all that were handed in."""
        if not user.is_authenticated:
            return self.public()
        if user.has_perm("ideas.review_idea"):
            return self.exclude(status__in=NOT_YET_SUBMITTED)
        own = IdeaAuthor.objects.filter(user=user).values("idea")
        return self.filter(Q(pk__in=self.model.objects.public().values("pk")) | Q(pk__in=own))

    def handed_in_by(self, user: User) -> Self:
        return self.filter(author__user=user).exclude(status=Status.DRAFT)

    def with_receipt(self, digests: list[str]) -> Self:
        """Ideas whose receipts have these digests."""
        return self.filter(author__receipt_digest__in=digests)

    def family_of(self, idea: "Idea") -> Self:
        """The idea and all that have become part of it, over any number of merges."""
        return self.filter(Q(pk=idea.pk) | Q(merged_root=idea.pk))

    def with_comment_count(self) -> Self:
        """How many comments can be read on the page of each idea: its own and those of its family. The discussions stand above
        (participation); here is only the name of the way to them."""
        own = models.functions.Coalesce(F("discussion__comment_count"), 0)
        family = self.model.objects.filter(merged_root=models.OuterRef("pk")).order_by()
        theirs = family.values("merged_root").annotate(number=models.Sum("discussion__comment_count")).values("number")
        return self.annotate(comment_count=own + models.functions.Coalesce(models.Subquery(theirs), 0))

    def awaiting_release(self) -> Self:
        return self.filter(AWAITING_RELEASE)

    def lacking_reviewers(self, wanted: int) -> Self:
        """In review, with fewer reviewers than wanted in the stage that runs (`seats`: how many). Nothing that is settled."""
        running = Q(review_rounds__closed_at=None)
        working = Q(
            review_rounds__reviews__stage=F("review_rounds__stage"), review_rounds__reviews__state__in=["open", "handed_in"]
        )
        settled = self.model.objects.filter(
            review_rounds__closed_at=None, review_rounds__stage=1, review_rounds__stage_one__in=["passed", "failed"]
        )
        seats = models.Count("review_rounds__reviews", filter=running & working, distinct=True)
        return (
            self.filter(status=Status.IN_REVIEW)
            .exclude(pk__in=settled.values("pk"))
            .annotate(seats=seats)
            .filter(seats__lt=wanted)
        )

    def overdue(self, now: datetime | None = None) -> Self:
        """Ideas whose answer was due before today."""
        return self.filter(overdue_condition(now))

    def expired(self, now: datetime | None = None) -> Self:
        """Guests' ideas that nobody confirmed in time."""
        limit = (now or timezone.now()) - timedelta(days=Idea.DAYS_TO_CONFIRM)
        return self.filter(status=Status.UNCONFIRMED, status_since__lt=limit)

    def unconfirmed_from(self, email: str, *, since: datetime) -> Self:
        """What came in with this guest's address since then and waits for its mailed link."""
        return self.filter(status=Status.UNCONFIRMED, status_since__gte=since, author__email__iexact=email.strip())


class Idea(index.Indexed, models.Model):  # type: ignore[django-manager-missing]  # of taggit
    DAYS_TO_CONFIRM = 7
    comment_count = 0  # where a list asks for it: with_comment_count

    number = models.PositiveIntegerField(_("Nummer"), unique=True, null=True, editable=False)
    status = models.CharField(_("Status"), max_length=15, choices=Status, default=Status.DRAFT, editable=False)
    status_since = models.DateTimeField(default=timezone.now, editable=False)
    progress = models.CharField(max_length=15, choices=MeasureStatus, blank=True, editable=False)
    released_version = models.ForeignKey(
        "ideas.IdeaVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # How many rows the trail has. Every step raises it by one: the guard against two people deciding at once.
    trail_length = models.PositiveIntegerField(default=0, editable=False)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    submitted_at = models.DateTimeField(_("Eingereicht am"), null=True, blank=True)

    # The day by which the next decision is promised; empty where we promise none. Written with each step (actions.record).
    answer_due = models.DateField(null=True, blank=True, editable=False)
    # The author has written a newer wording than the released one.
    has_newer_version = models.BooleanField(default=False, editable=False)
    # A merge moves nothing but this: the idea that this one became part of, and the one at the end of that chain.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_ideas", editable=False
    )
    merged_root = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="family", editable=False
    )
    # The idea that this one was split off from.
    origin = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="split_off_ideas", editable=False
    )
    # Distinct persons who support this idea or one that has become part of it.
    support_count = models.PositiveIntegerField(default=0, editable=False)

    loesung = models.ForeignKey(
        "pages.LoesungPage",
        verbose_name=words.later("%(Loesung)s"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ideas",
    )
    # The workshop or dialogue that the idea came from.
    event = models.ForeignKey(
        "pages.EventPage", verbose_name=_("Termin"), null=True, blank=True, on_delete=models.SET_NULL, related_name="ideas"
    )
    places = models.ManyToManyField("ideas.Place", verbose_name=_("Orte"), blank=True, related_name="ideas")
    place_text = models.CharField(_("Ort genauer"), max_length=120, blank=True)
    target_groups = models.JSONField(_("Zielgruppen"), default=list, blank=True)
    channel = models.CharField(_("Weg"), max_length=15, choices=Channel, default=Channel.WEBSITE)
    tags = TaggableManager(through=IdeaTag, blank=True, verbose_name=_("Stichwörter"))

    objects: ClassVar[IdeaQuerySet] = IdeaQuerySet.as_manager()  # type: ignore[assignment]

    # The outbox writes the index (search/sync.py): in the transaction of the change, and again if it fails.
    search_auto_update = False
    search_fields: ClassVar[list[Any]] = [
        index.RelatedFields("released_version", [index.SearchField("title", boost=3), index.SearchField("text")]),
        index.RelatedFields("tags", [index.SearchField("name")]),
        index.FilterField("status"),
    ]

    class Meta:
        verbose_name = _("Idee")
        verbose_name_plural = _("Ideen")
        ordering = ("-number",)
        permissions = (("review_idea", _("Darf den Eingangskorb sehen und Ideen prüfen")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(number__isnull=False), name="an_idea_that_was_handed_in_has_a_number"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="an_idea_has_a_known_status"),
            models.CheckConstraint(condition=Q(progress="") | Q(status=Status.KEPT), name="only_a_kept_idea_makes_progress"),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.KEPT]) | Q(released_version__isnull=False), name="a_kept_idea_is_released"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False, merged_root__isnull=False)
                | (~Q(status=Status.MERGED) & Q(merged_into=None, merged_root=None)),
                name="a_merged_idea_names_where_it_went",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (~Q(merged_into=F("id")) & ~Q(merged_root=F("id"))),
                name="no_idea_becomes_part_of_itself",
            ),
        )
        indexes = (
            models.Index(fields=["status", "status_since"], name="idea_status_since"),
            models.Index(fields=["status", "-number"], name="idea_status_number"),
            models.Index(fields=["progress", "-number"], name="idea_progress_number"),
            models.Index(fields=["loesung", "-number"], name="idea_loesung_number"),
            models.Index(fields=["status", "answer_due"], name="idea_answer_due"),
            models.Index(
                F("support_count").desc(),
                F("number").desc(),
                condition=Q(released_version__isnull=False),
                name="idea_public_support",
            ),
            models.Index(F("status_since").desc(), condition=Q(released_version__isnull=False), name="idea_public_moved"),
            models.Index(F("number").desc(), condition=Q(released_version__isnull=False), name="idea_public_number"),
        )

    def __str__(self) -> str:
        return f"Idee {self.number}" if self.number else "Entwurf"

    def get_absolute_url(self) -> str:
        return reverse("idea_detail", args=[self.number])

    @property
    def is_public(self) -> bool:
        return self.released_version_id is not None and self.status in PUBLIC_STATUSES

    @cached_property
    def latest_version(self) -> "IdeaVersion":
        """The newest text, released or not: what staff and the author work on."""
        return max(self.versions.all(), key=lambda version: version.version)

    @property
    def shown_version(self) -> "IdeaVersion":
        """The released text, or the newest one where nothing is released yet and the reader may see it."""
        return self.released_version or self.latest_version

    @property
    def title(self) -> str:
        return self.shown_version.title

    @property
    def text(self) -> str:
        return self.shown_version.text

    @cached_property
    def picture(self) -> "IdeaPicture | None":
        return next(iter(self.shown_version.pictures.all()), None)

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # over Django's own
        """The idea's own status by the name that the region gives it, also where Django and Wagtail ask for it."""
        return str(IDEA_STATES[self.status].label)

    @property
    def state(self) -> PublicState:
        return public_state(self.status, self.progress)

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The stepper of a kept idea; empty before."""
        return stepper(self.progress or MeasureStatus.IDEA) if self.status == Status.KEPT else []

    @property
    def submitted_on(self) -> date | None:
        return timezone.localdate(self.submitted_at) if self.submitted_at else None

    @property
    def is_overdue(self) -> bool:
        return self.answer_due is not None and self.answer_due < timezone.localdate()

    @property
    def receipt_token(self) -> str:
        """The secret of the receipt's link; the database keeps its digest only."""
        return tokens.derive("receipt", str(self.submission_key))

    @property
    def confirm_token(self) -> str:
        """The secret of the link that a guest confirms with."""
        return tokens.derive("confirm", str(self.submission_key))

    @property
    def needs_release(self) -> bool:
        return self.released_version_id is None

    def public_trail(self) -> list["TrailEntry"]:
        """The way of this idea as the public reads it: from the moment it was handed in for good to its latest step."""
        return list(self.trail.exclude(to_status=Status.UNCONFIRMED).select_related("text").order_by("position"))

    @classmethod
    def get_indexed_objects(cls) -> IdeaQuerySet:
        return cls.objects.public().select_related("released_version").prefetch_related("tags")


class IdeaVersion(models.Model):
    """One wording of an idea. Never changed: an edit adds the next version, a release names one."""

    TITLE_LENGTH, TEXT_LENGTH = 120, 5000

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("Titel"), max_length=TITLE_LENGTH)
    text = models.TextField(_("Beschreibung"), max_length=TEXT_LENGTH)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Fassung")
        constraints = (models.UniqueConstraint(fields=["idea", "version"], name="versions_of_an_idea_are_numbered"),)

    def __str__(self) -> str:
        return self.title


class IdeaAuthorQuerySet(models.QuerySet["IdeaAuthor"]):
    def reached_by(self, email: str) -> Self:
        """Whose idea has a receipt and whose proved address this is, of an account or of a guest."""
        proved = Q(user=None, confirmed_at__isnull=False, email__iexact=email.strip()) | Q(user__email__iexact=email.strip())
        return self.filter(proved, receipt_digest__isnull=False)


class IdeaAuthor(models.Model):
    """Who handed the idea in and how to reach them. Never public, never searched, erased on its own."""

    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="author")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="authored"
    )
    email = models.EmailField(blank=True)
    consent_text = models.CharField(max_length=20, blank=True, help_text="version of the consent text that was agreed to")
    consent_at = models.DateTimeField(null=True, blank=True)
    receipt_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    confirm_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=5, choices=[("de", "Deutsch"), ("en", "English")], default="de")

    objects: ClassVar[IdeaAuthorQuerySet] = IdeaAuthorQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Absender")

    def __str__(self) -> str:
        return f"Absender von {self.idea}"

    @property
    def address(self) -> str:
        """Where mail for the author goes; '' if they left none or it was never confirmed."""
        if self.user:
            return self.user.email
        return self.email if self.confirmed_at else ""

    @property
    def mail_language(self) -> str:
        return self.user.language if self.user else self.language


def upload_name(instance: "IdeaPicture", filename: str) -> str:
    """A name that says nothing about the person's file."""
    return f"ideen/{uuid.uuid4().hex}.jpg"


def upload_storage() -> Any:
    return storages["uploads"]


class IdeaPicture(models.Model):
    """A picture, re-encoded by us. Without a version it waits for a form that had errors (submission_key says which)."""

    version = models.ForeignKey(IdeaVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="pictures")
    submission_key = models.UUIDField(null=True, blank=True, db_index=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # its name in addresses and exports
    file = models.FileField(upload_to=upload_name, storage=upload_storage)
    thumbnail = models.FileField(upload_to=upload_name, storage=upload_storage)
    name = models.CharField(max_length=100, blank=True)
    alt_text = models.CharField(_("Bildbeschreibung"), max_length=250, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Bild")

    def __str__(self) -> str:
        return self.alt_text or self.name

    @property
    def url(self) -> str:
        return self._url("gross")

    @property
    def thumb_url(self) -> str:
        return self._url("klein")

    def _url(self, size: str) -> str:
        url = reverse("idea_picture", args=[self.key, size])
        return url if self.version_id else f"{url}?schluessel={self.submission_key}"
