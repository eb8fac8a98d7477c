"""What authors do after handing in, by account or by receipt: answer, change, withdraw, take over into an account. And what the
office does with their words: show an answer, black out what must not stand there.

Who the author is, the caller has found out (ideas/receipts.py); what they can do now, permissions says.
"""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import clean_text, one_line

from .. import notifications, permissions
from ..housekeeping import delete_pictures
from ..models import Idea, IdeaAuthor, IdeaPicture, IdeaVersion, TrailEntry, TrailText
from ..models.idea import REMOVED_TEXT, REMOVED_TITLE
from ..workflow import Action, Status
from .desk import staff_step
from .record import Decision, Overtaken, Refused, find, in_the_trails_language, record


def answer(idea: Idea, text: str, *, now: datetime | None = None) -> TrailEntry:
    """Answer the open question; the idea goes back to where it was asked. The public reads the answer once the office has.

    The same answer again gives the row of the first time.
    """
    given = _same_answer(idea, text)
    if given:
        return given
    _refuse(permissions.why_author_cannot(Action.ANSWER, idea))
    target = Status(idea.trail.filter(action=Action.ASK_BACK).latest("position").from_status)
    try:
        with transaction.atomic():
            step = find(Action.ANSWER, idea, target)
            return record(idea, step, now=now or timezone.now(), decision=Decision(reason=_words(text)))
    except Overtaken:
        given = _same_answer(idea, text)  # the same button pressed twice at once
        if given is None:
            raise
        return given


def _words(text: str) -> str:
    words = clean_text(text)
    if not words:
        raise Refused(_("Bitte schreiben Sie Ihre Antwort."))
    return words


def _same_answer(idea: Idea, text: str) -> TrailEntry | None:
    last = idea.trail.select_related("text").order_by("-position").first()
    same = last is not None and last.action == Action.ANSWER and last.text.reason == clean_text(text)
    return last if same else None


def edit(
    idea: Idea, title: str, text: str, *, seen: int | None = None, keep_pictures: bool = True, now: datetime | None = None
) -> TrailEntry | None:
    """Hand in another wording. Before the release it simply takes the place of the first; afterwards the released one stays
    until the office releases this one.

    `seen` is the number of the version that the author changed: pressed a second time, the same wording does nothing (None).
    """
    now, newest = now or timezone.now(), idea.latest_version
    title, text = one_line(title), clean_text(text)
    pictures = list(newest.pictures.all())
    same = (title, text) == (newest.title, newest.text) and (keep_pictures or not pictures)
    if same and seen is not None and seen != newest.version:
        return None
    _refuse(permissions.why_author_cannot(Action.EDIT, idea))
    if same:
        raise Refused(_("Sie haben noch nichts geändert. Bitte ändern Sie Titel, Beschreibung oder Bild."))
    if seen is not None and seen != newest.version:
        raise Overtaken
    try:
        with transaction.atomic():
            version = IdeaVersion.objects.create(idea=idea, version=newest.version + 1, title=title, text=text, created_at=now)
            if keep_pictures:
                _copy(pictures, version)
            entry = record(idea, find(Action.EDIT, idea), now=now, has_newer_version=not idea.needs_release)
    except (IntegrityError, Overtaken) as error:
        if idea.versions.filter(version__gt=newest.version, title=title, text=text).exists():
            return None  # the same button pressed twice at once
        raise Overtaken from error
    idea.__dict__.pop("latest_version", None)  # kept by the object since it was first asked for
    return entry


def _copy(pictures: list[IdeaPicture], version: IdeaVersion) -> None:
    """The next wording shows the same pictures: rows of its own, the same files."""
    for picture in pictures:
        picture.pk, picture.version, picture.key = None, version, uuid.uuid4()
        picture._state.adding = True
        picture.save()


def withdraw(idea: Idea, *, with_text: bool = False, now: datetime | None = None) -> TrailEntry:
    """Take the idea back. Number and way stay; who handed it in is forgotten, and so is every word that nobody has released.
    `with_text`: the released words as well. One last mail says that it is done."""
    now = now or timezone.now()
    _refuse(permissions.why_author_cannot(Action.WITHDRAW, idea))
    with_text = with_text or idea.needs_release
    try:
        return _withdraw(idea, with_text, now)
    except Overtaken:
        done = idea.trail.filter(action=Action.WITHDRAW).first()  # the same button pressed twice at once
        if done is None:
            raise
        return done


def _withdraw(idea: Idea, with_text: bool, now: datetime) -> TrailEntry:
    with transaction.atomic():
        entry = record(idea, find(Action.WITHDRAW, idea), now=now, has_newer_version=False)
        notifications.tell_withdrawn(idea)
        IdeaAuthor.objects.filter(idea=idea).update(user=None, email="", receipt_digest=None, confirm_digest=None)
        _forget_words(idea, with_text, now)
        if with_text:
            Idea.objects.filter(pk=idea.pk).update(place_text="")
        delete_pictures(IdeaPicture.objects.filter(version__idea=idea))
    return entry


def _forget_words(idea: Idea, with_text: bool, now: datetime) -> None:
    versions, answers = idea.versions.all(), TrailText.objects.filter(entry__idea=idea, entry__action=Action.ANSWER)
    if not with_text:
        versions, answers = versions.exclude(pk=idea.released_version_id), answers.filter(awaits_release=True)
    versions.update(title=REMOVED_TITLE, text=REMOVED_TEXT)
    answers.filter(redacted_at=None).update(reason="", internal_note="", redacted_at=now, awaits_release=False)


def claim(idea: Idea, *, by: User) -> None:
    """Take a guest's idea over into an account. Its receipt goes on working. Once more by the same person: nothing happens."""
    if idea.author.user_id == by.pk:
        return
    _refuse(permissions.why_not_claim(by, idea))
    if not IdeaAuthor.objects.filter(idea=idea, user=None).update(user=by, email=""):
        raise Overtaken
    idea.author.user, idea.author.email = by, ""


def release_answer(entry: TrailEntry, *, by: User) -> None:
    """Show the author's answer to everybody. Shown already: nothing happens."""
    _refuse(permissions.why_not_show_answer(by, entry))
    TrailText.objects.filter(pk=entry.text_id, awaits_release=True).update(awaits_release=False)
    entry.text.awaits_release = False


def redact(entry: TrailEntry, *, by: User, decision: Decision, now: datetime | None = None) -> TrailEntry:
    """Black out the words of a step, the internal note with them. The trail says that it was done and why; returns that row."""
    now = now or timezone.now()
    with in_the_trails_language():
        what = f"{entry.position}. {entry.label}, {date_format(entry.happened_on)}"
        changes = [{"label": _("Schritt"), "before": "", "after": what}]
    with transaction.atomic():
        idea = Idea.objects.select_related("author").get(pk=entry.idea_id)
        row = staff_step(idea, Action.REDACT, by, decision, now, changes=changes)
        open_text = TrailText.objects.filter(pk=entry.text_id, redacted_at=None)
        if not open_text.exclude(reason="", internal_note="").exists():
            raise Refused(_("Dieser Schritt hat keinen Text mehr, den man entfernen könnte."))
        open_text.update(reason="", internal_note="", redacted_at=now, awaits_release=False)
    entry.text.refresh_from_db()
    return row


def _refuse(problem: str) -> None:
    if problem:
        raise Refused(problem)
