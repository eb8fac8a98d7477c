"""Comments in any state, brought there by the real steps."""

from itertools import count
from typing import Any

from accounts.contacts import contact_of_address, contact_of_user
from accounts.models import Contact, User
from ideas.workflow import Status
from participation import actions
from participation.actions import Author, Circumstances
from participation.comment_workflow import Action, Ground, State
from participation.models import Comment, CommentRules
from tests.factories.ideas import make_idea
from tests.factories.users import UserFactory

_number = count(1)
WHY = "Bitte bleiben Sie freundlich."
# Enough to pass every brake, and what a brake stops.
OPEN = {"moderation": CommentRules.Moderation.AFTER, "unseen_from_new": 100, "new_per_day": 1000}
UNPROVED = Circumstances(proved=False)


def rules(**values: Any) -> CommentRules:
    """The house's rules with these values."""
    found = CommentRules.load()
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return found


def person(name: str = "") -> Contact:
    """Somebody with an account."""
    return contact_of_user(UserFactory(display_name=name or f"Person {next(_number)}"))


def guest(email: str = "") -> Contact:
    """Somebody whose address is proved."""
    return contact_of_address(email or f"gast-{next(_number)}@example.org")


def moderator() -> User:
    return UserFactory(moderator=True)


def author(contact: Contact, name: str = "") -> Author:
    return Author(contact=contact, user=contact.user, name=name)


def comment(
    state: State = State.PUBLIC,
    *,
    on: Any = None,
    by: Contact | None = None,
    text: str = "",
    reply_to: Comment | None = None,
    **more: Any,
) -> Comment:
    """A comment in this state; on a public idea where nothing else is said. Brakes are open for it, whatever the rules say."""
    target = on or (reply_to.content_object if reply_to else make_idea(Status.KEPT))
    contact = by or person()
    words = text or f"Kommentar {next(_number)}"
    held = state in (State.HELD, State.REFUSED)
    before = CommentRules.objects.filter(pk=CommentRules.load().pk).values(*OPEN).get()
    rules(**OPEN)
    came = Circumstances(proved=False, counted=False) if held else Circumstances()  # holds the texts of well-known people, too
    if state == State.UNCONFIRMED:
        made = actions.write(target, words, Author(name="Gast", email=f"gast-{next(_number)}@example.org"), **more)
    else:
        made = actions.write(target, words, author(contact), reply_to=reply_to, came=came, **more)
    rules(**before)
    assert made is not None
    if state == State.HIDDEN:
        actions.decide(made, Action.HIDE, by=moderator(), ground=Ground.INSULT, reason=WHY)
    if state == State.REFUSED:
        actions.decide(made, Action.REFUSE, by=moderator(), ground=Ground.ADVERT, reason=WHY)
    if state == State.DELETED:
        actions.delete_own(made, contact)
    return Comment.objects.get(pk=made.pk)
