"""What the pages of the moderators' desk share: who gets in, the head of a page, its tabs, and how people are called there."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.auth import user_passes_test

from accounts.known import masked
from accounts.models import Contact
from ideas.desk.frame import head

from ...comment_permissions import moderates
from ...discussions import Subject, subjects_of
from ...models import Comment

ICON = "comment"
# Everybody else is sent back as Wagtail does it.
moderators = user_passes_test(moderates)


def header(title: str, *above: tuple[str, str]) -> dict[str, Any]:
    """The head of a page below the queue."""
    return head(title, ICON, (reverse("moderation_desk:queue"), _("Moderation")), *above, ("", title))


def tabs(current: str) -> list[dict[str, Any]]:
    """The areas of the desk, for templates/ideas/desk/_tabs.html."""
    areas = (
        ("queue", _("Warteliste"), reverse("moderation_desk:queue")),
        ("people", _("Gesperrte Personen"), reverse("moderation_desk:people")),
        ("log", _("Protokoll"), reverse("moderation_desk:log")),
        ("numbers", _("Zahlen des Jahres"), reverse("comment_numbers")),
    )
    return [{"label": label, "url": url, "count": None, "current": key == current} for key, label, url in areas]


def who_wrote(comment: Comment) -> str:
    """What moderators call the author: the public name, else enough of the address to tell people apart."""
    return comment.author_name or person(comment.contact)


def person(contact: Contact | None) -> str:
    if contact is None:
        return _("Konto gelöscht")
    return (contact.user.display_name if contact.user else "") or masked(contact.address)


def with_subjects(comments: Iterable[Comment]) -> list[tuple[Comment, Subject]]:
    """Each comment with what it is about."""
    rows = list(comments)
    subjects = subjects_of(row.discussion for row in rows)
    return [(row, subjects[row.discussion_id]) for row in rows]


ABOUT = (
    "discussion__idea__released_version",
    "discussion__idea__merged_root__released_version",
    "discussion__measure",
    "contact__user",
    "user",
)
