"""The comments on a thing as its readers see them: what holds for all of them in one query, and rows in threads in another.

Nothing here asks the database once per comment. Of a comment nothing is shown but its text, the name that was chosen for the
public, and the sentences that stand in place of a text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, Exists, F, IntegerField, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from ideas.beside import Badge
from ideas.models import Idea

from . import comment_permissions as permissions
from .comment_workflow import Ground, State
from .discussions import Subject, closed_for, comments_on, discussions_on
from .models import Comment, CommentRules, Discussion

PER_PAGE, BESIDE = 50, 20  # on a page of their own, and on the page of what they are about


@dataclass(frozen=True)
class Talk:
    """`count`: how many comments can be read. `listed`: how many have a place, with those that a sentence stands for.
    `why_not`: why nobody can write one now, else ''."""

    subject: Subject
    count: int
    listed: int
    why_not: Any

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to read or to do."""
        return bool(self.listed or not self.why_not)


@dataclass(frozen=True)
class Way:
    """Something that a reader can do with a comment."""

    label: Any
    url: str


@dataclass(frozen=True)
class Row:
    """One comment on a page. `name`: what the public reads, `is_own_name` where the person chose it. `instead`: the sentence in
    place of a text that can't be read, with the `ground`. `answers`: the comment that this one answers, by whom
    (`answers_name`, '' where it can't be read), at `answers_url`.
    `written_on`: the number of the idea, where that is not the one whose page this is."""

    comment: Comment
    name: Any
    is_own_name: bool
    instead: Any
    ground: Any
    badge: Badge | None
    answers: Comment | None
    answers_name: Any
    answers_url: str
    written_on: int | None
    ways: list[Way]

    @property
    def anchor(self) -> str:
        return anchor(self.comment.pk)

    @property
    def is_edited(self) -> bool:
        return not self.instead and self.comment.edited_at is not None


def anchor(pk: int) -> str:
    return f"kommentar-{pk}"


def talk_about(subject: Subject) -> Talk:
    """What holds for the comments on this thing. One query: without saved rules nobody has written anything yet."""
    target = subject.target
    found = CommentRules.objects.annotate(
        readable=_number(discussions_on(target), Sum("comment_count")),
        listed=_number(comments_on(target), Count("pk")),
        is_closed=Exists(closed_for(target)),
    ).first()
    standing = Discussion(is_closed=bool(found and found.is_closed))
    why_not = permissions.why_not_comment(target, found or CommentRules(), standing)
    return Talk(subject, found.readable if found else 0, found.listed if found else 0, why_not)


def _number(rows: QuerySet[Any], what: Aggregate) -> Coalesce:
    """This number of all rows, within another query; 0 where there are none."""
    numbers = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=what).values("number")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), Value(0))


def rows_of(talk: Talk, comments: Iterable[Comment], user: Any, now: datetime | None = None) -> list[Row]:
    """These comments of the talk as this reader sees them. What one of them answers is asked for only where it stands on
    another page, once for all."""
    comments = list(comments)
    here = {comment.pk: comment for comment in comments}
    elsewhere = {comment.reply_to_id for comment in comments if comment.reply_to_id} - set(here)
    answered = {**here, **(Comment.objects.select_related("user").in_bulk(elsewhere) if elsewhere else {})}
    return [_row(talk, comment, answered.get(comment.reply_to_id), here, user, now) for comment in comments]


def first_comments(talk: Talk) -> QuerySet[Comment]:
    """What the page of the thing itself shows."""
    return in_order(talk)[:BESIDE]


def in_order(talk: Talk, *, newest_first: bool = False) -> QuerySet[Comment]:
    """All comments in threads, each with its author and the idea on which it was written."""
    found = comments_on(talk.subject.target).in_threads(newest_first=newest_first).select_related("user", "contact")
    return found.annotate(written_on=F("discussion__idea__number"))


def page_of(comment: Comment, subject: Subject) -> int:
    """On which page the comment stands now: counted, so it is right after whatever happened to others."""
    before = Q(thread_id__lt=comment.thread_id) | Q(thread_id=comment.thread_id, path__lt=comment.path)
    return int(comments_on(subject.target).filter(before).count() // PER_PAGE + 1)


def name_of(comment: Comment) -> Any:
    """What the public reads: a chosen name, or a word for somebody without one."""
    if comment.author_name:
        return comment.author_name
    return _("Ohne Namen") if comment.contact_id else _("Gelöschtes Konto")


def _row(
    talk: Talk, comment: Comment, answered: Comment | None, here: dict[int, Comment], user: Any, now: datetime | None
) -> Row:
    readable, subject = comment.is_readable, talk.subject
    written_on = getattr(comment, "written_on", None)
    return Row(
        comment=comment,
        name=name_of(comment) if readable else "",
        is_own_name=bool(readable and comment.author_name),
        instead="" if readable else _instead(comment),
        ground=Ground(comment.ground).label if comment.state == State.HIDDEN and comment.ground else "",
        badge=Badge(_("Offizielle Antwort"), "office", "info") if readable and comment.is_official else None,
        answers=answered,
        answers_name=name_of(answered) if answered and answered.is_readable else "",
        answers_url=f"#{anchor(answered.pk)}" if answered and answered.pk in here else comment_url(answered),
        written_on=written_on if isinstance(subject.target, Idea) and written_on != subject.target.number else None,
        ways=_ways(talk, comment, user, now),
    )


def comment_url(comment: Comment | None) -> str:
    return comment.get_absolute_url() if comment else ""


def _instead(comment: Comment) -> Any:
    if comment.state == State.DELETED:
        return _("Wer diesen Kommentar geschrieben hat, hat ihn gelöscht.")
    if comment.state == State.HIDDEN:
        return _("Die Moderation hat diesen Kommentar ausgeblendet.")
    return _("Dieser Kommentar wird gerade geprüft.")


def _ways(talk: Talk, comment: Comment, user: Any, now: datetime | None) -> list[Way]:
    """What this reader can do with the comment. Nothing of it is decided here: each page asks again."""
    own = comment.contact if user and user.is_authenticated and comment.contact and comment.contact.user_id == user.pk else None
    found = [
        (talk.why_not or permissions.why_not_reply(comment), _("Antworten"), "comment_reply"),
        (permissions.why_not_edit(own, comment, now), _("Ändern"), "comment_edit"),
        (permissions.why_not_delete(own, comment), _("Löschen"), "comment_delete"),
        (permissions.why_not_report(comment), _("Melden"), "comment_report"),
    ]
    if comment.contact_id and comment.user_id is None and not (user and user.is_authenticated):
        # Guests have no account where they would find their own; the page asks for the address.
        found.insert(-1, (permissions.why_not_delete(comment.contact, comment), _("Ihr Kommentar?"), "comment_delete"))
    return [Way(label, reverse(name, args=[comment.pk])) for why_not, label, name in found if not why_not]
