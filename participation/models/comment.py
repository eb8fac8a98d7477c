"""Comments. They stand on django-comments-xtd's model; what it can't keep right stands here (docs/adr/0012):

- The public text is `comment` of the base, and only that. It is empty until the comment is shown; what waits for the moderation
  stands in a version.
- Who wrote it is `contact` (never public). `user_name` is the name that a guest chose; `user_email`, `user_url` and
  `ip_address` of the base stay empty.
- Where it stands among the others is `path`: the keys of its ancestors and its own, so that one order shows every thread in
  full. Of the base `thread_id`, `parent_id` and `level` are kept true, `order` and `nested_count` are not used.
- `is_public` and `is_removed` of the base follow `state`.
"""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_comments.models import Comment as BaseComment
from django_comments_xtd.models import XtdComment

from accounts.models import AddressProof, Contact

from ..comment_workflow import Action, Ground, HoldReason, State, Who
from .discussion import Discussion

LONGEST = 2000
DEEPEST = 2  # counted from 0: three levels
KEY_DIGITS = 12


class CommentQuerySet(models.QuerySet["Comment"]):
    def listed(self) -> Self:
        """What has a place on the page: shown now, or once, and a sentence since."""
        return self.filter(shown_at__isnull=False)

    def shown(self) -> Self:
        """What can be read now."""
        return self.filter(state=State.PUBLIC)

    def in_threads(self, *, newest_first: bool = False) -> Self:
        """Threads by their first comment, replies below what they answer, in the order in which they were written."""
        return self.order_by("-thread_id" if newest_first else "thread_id", "path")

    def with_authors(self) -> Self:
        return self.select_related("contact__user", "user")

    def awaiting_moderation(self) -> Self:
        """A text waits, somebody reported it, or the author complains."""
        return self.filter(AWAITING_MODERATION)

    def of_contact(self, contact: Contact) -> Self:
        return self.filter(contact=contact).exclude(state=State.UNCONFIRMED)


AWAITING_MODERATION = Q(state=State.HELD) | Q(waiting__isnull=False) | Q(open_reports__gt=0) | Q(has_complaint=True)


class Comment(XtdComment):
    # Named, because the base has a field "comment" where Django would put the way back.
    base = models.OneToOneField(
        XtdComment, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="our_comment"
    )
    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="comments")
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments")
    # A guest's address that is not proved yet: the proof confirms the comment (confirming.py).
    proof = models.OneToOneField(AddressProof, null=True, blank=True, on_delete=models.SET_NULL, related_name="comment")
    path = models.CharField(max_length=KEY_DIGITS * (DEEPEST + 1), blank=True, editable=False)
    state = models.CharField(_("Stand"), max_length=12, choices=State, default=State.HELD)
    shown_at = models.DateTimeField(null=True, blank=True)  # first shown
    edited_at = models.DateTimeField(null=True, blank=True)  # the shown text is not the first one that was shown
    approved_at = models.DateTimeField(null=True, blank=True)  # a moderator has read and passed what is shown
    shown = models.ForeignKey("CommentVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    waiting = models.ForeignKey("CommentVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(_("Grund"), max_length=12, choices=Ground, blank=True)  # why it is hidden or refused
    is_official = models.BooleanField(_("Offizielle Antwort"), default=False)
    open_reports = models.PositiveIntegerField(default=0)
    has_complaint = models.BooleanField(default=False)
    step_count = models.PositiveIntegerField(default=0)
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # secret links are derived from this
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4)  # a form that is sent twice is one comment
    network = models.CharField(max_length=64, blank=True)  # keyed digest of the coarse network, deleted after a week

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Kommentar")
        verbose_name_plural = _("Kommentare")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=State.PUBLIC) | Q(shown__isnull=False, shown_at__isnull=False),
                name="a_public_comment_has_a_text_that_is_shown",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.HIDDEN, State.REFUSED]) | Q(has_complaint=False),
                name="a_complaint_is_about_what_is_not_public",
            ),
        )
        indexes = (
            models.Index(fields=["discussion", "path"], name="comments_of_a_discussion", condition=Q(shown_at__isnull=False)),
            models.Index(fields=["state"], name="comments_waiting", condition=AWAITING_MODERATION),
            models.Index(fields=["contact"], name="comments_of_a_person"),
        )

    def __str__(self) -> str:
        return f"Kommentar {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As the base of the base saves: XtdComment renumbers a thread without a lock and lets no_op saves count replies."""
        is_new = self._state.adding
        self._follow_state()
        BaseComment.save(self, *args, **kwargs)
        if is_new:
            above: Any = self._place_below()
            self.path = f"{above.path if above else ''}{self.pk:0{KEY_DIGITS}d}"
            self.thread_id = above.thread_id if above else self.pk
            self.parent_id = above.pk if above else self.pk
            self.level = above.level + 1 if above else 0
            BaseComment.save(self, update_fields=["path", "thread_id", "parent_id", "level"])

    def _follow_state(self) -> None:
        self.is_public = self.state == State.PUBLIC
        self.is_removed = self.state in (State.HIDDEN, State.DELETED)

    def _place_below(self) -> "Comment | None":
        """What it hangs on: what it answers, or where the levels end, what that hangs on."""
        if self.reply_to is None or self.reply_to.level < DEEPEST:
            return self.reply_to
        return Comment.objects.get(pk=self.reply_to.parent_id)

    def get_absolute_url(self, anchor_pattern: str = "") -> str:
        """The permalink: it finds the page on which the comment stands now."""
        return reverse("comment", args=[self.pk])

    @property
    def ancestor_keys(self) -> list[int]:
        """The keys of what it hangs on, the topmost first."""
        path = self.path[:-KEY_DIGITS]
        return [int(path[place : place + KEY_DIGITS]) for place in range(0, len(path), KEY_DIGITS)]

    @property
    def author_name(self) -> str:
        """What the public reads: the name that the person chose, never the address; '' for somebody without a name."""
        return self.user.display_name if self.user else self.user_name

    @property
    def is_readable(self) -> bool:
        return self.state == State.PUBLIC


class CommentVersion(models.Model):
    """One text of a comment as it was written. It never changes; when its author deletes the comment, it is emptied."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("Text"), blank=True)
    hold_reasons = models.CharField(max_length=120, blank=True)  # HoldReason values, a space between them
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Fassung eines Kommentars")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["comment", "number"], name="versions_of_a_comment_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.comment_id}/{self.number}"

    @property
    def why_held(self) -> list[Any]:
        """The sentences that say why the house's rules held it."""
        return [HoldReason(value).label for value in self.hold_reasons.split()]


class CommentStep(models.Model):
    """One step in the life of a comment: the log from which the numbers of the year come. A row never changes and never goes.

    `ground` and `reason` are what the author, and where it was reported the reporter, is told.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField()
    action = models.CharField(max_length=12, choices=Action)
    who = models.CharField(max_length=10, choices=[(who.value, who.value) for who in Who])
    from_state = models.CharField(max_length=12, choices=State, blank=True)
    to_state = models.CharField(max_length=12, choices=State)
    version = models.ForeignKey(CommentVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=Ground, blank=True)
    reason = models.TextField(_("Begründung"), blank=True)
    note = models.TextField(_("Interne Notiz"), blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("Schritt eines Kommentars")
        ordering = ("happened_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["comment", "position"], name="steps_of_a_comment_are_numbered"),
            models.CheckConstraint(
                condition=~Q(action__in=["refuse", "hide", "keep", "restore", "refuse_edit", "uphold", "reject"])
                | ~Q(reason=""),
                name="a_decision_about_a_comment_says_why",
            ),
        )
        indexes = (models.Index(fields=["action", "happened_at"], name="comment_steps_of_a_year"),)

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.action}"
