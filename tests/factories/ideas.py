"""Ideas, measures and places."""

import uuid
from datetime import datetime
from typing import Any, cast

import factory
from django.core.files.base import ContentFile

from ideas import actions
from ideas.models import Idea, IdeaAuthor, IdeaPicture, IdeaVersion, Measure, Place
from ideas.workflow import Action, Contribution, Status

from .pages import ZielbildFactory
from .users import UserFactory

TITLE, TEXT = "Sitzbänke am Radweg", "Entlang des Radwegs fehlen Bänke im Schatten."
REASON = "Das Vorhaben passt nicht zu den Zielen der Agenda."


class _Places(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda number: f"Ort {number}")
    slug = factory.Sequence(lambda number: f"ort-{number}")


class _Measures(factory.django.DjangoModelFactory):
    class Meta:
        model = Measure

    code = factory.Sequence(lambda number: f"T.{number}")
    slug = factory.Sequence(lambda number: f"massnahme-{number}")
    title = factory.Sequence(lambda number: f"Maßnahme {number}")
    zielbild: Any = factory.LazyFunction(ZielbildFactory)


def PlaceFactory(**fields: Any) -> Place:
    return cast(Place, _Places(**fields))


def MeasureFactory(**fields: Any) -> Measure:
    """A measure; its status is given at its making, changed later by actions.change_measure_status."""
    return cast(Measure, _Measures(**fields))


def submission(**fields: Any) -> actions.Submission:
    """What a person with a new account hands in; with `email=` a guest's."""
    values: dict[str, Any] = {"title": TITLE, "text": TEXT, "key": uuid.uuid4(), **fields}
    if "user" not in values and not values.get("email"):
        values["user"] = UserFactory()
    return actions.Submission(**values)


def draft() -> Idea:
    """An idea that is still being written. No action makes one that stays: handing in makes and submits it at once."""
    idea = Idea.objects.create()
    IdeaVersion.objects.create(idea=idea, title=TITLE, text=TEXT)
    IdeaAuthor.objects.create(idea=idea, user=UserFactory())
    return idea


def make_idea(
    status: Status = Status.SUBMITTED,
    *,
    released: bool | None = None,
    measures: tuple[Measure, ...] = (),
    now: datetime | None = None,
    **fields: Any,
) -> Idea:
    """An idea that came to this status step by step. `released` is the default except for ideas that nobody has looked at yet.

    `fields` are those of a submission (title, text, user, email, loesung, …).
    """
    if status == Status.DRAFT:
        return draft()
    if status == Status.UNCONFIRMED:
        fields.setdefault("email", "gast@example.org")
    idea, _new = actions.submit(submission(**fields), now=now)
    if status == Status.UNCONFIRMED:
        return idea
    if idea.status == Status.UNCONFIRMED:
        actions.confirm(idea, now=now)
    lead = UserFactory(lead=True)
    if released if released is not None else status != Status.SUBMITTED:
        actions.release(idea, idea.latest_version, by=lead, now=now)
    ways: dict[Status, list[Action]] = {
        Status.SUBMITTED: [],
        Status.IN_REVIEW: [Action.TAKE_INTO_REVIEW],
        Status.QUESTION: [Action.ASK_BACK],
        Status.KEPT: [Action.TAKE_INTO_REVIEW, Action.KEEP],
        Status.REJECTED: [Action.REJECT],
        Status.WITHDRAWN: [Action.ASK_BACK],
        Status.MERGED: [Action.TAKE_INTO_REVIEW, Action.KEEP],
    }
    if status not in ways:
        raise ValueError(f"No action leads to {status} yet.")
    for action in ways[status]:
        actions.take(idea, action, by=lead, decision=actions.Decision(reason=REASON), now=now)
    for measure in measures:
        actions.link_measure(idea, measure, Contribution.FULL, by=lead, now=now)
    if status == Status.WITHDRAWN:
        actions.withdraw(idea, now=now)
    if status == Status.MERGED:
        actions.merge(make_idea(Status.KEPT, now=now), [idea], by=lead, decision=actions.Decision(reason=REASON), now=now)
    return idea


def picture_of(idea: Idea) -> IdeaPicture:
    """A picture of the idea's newest version, with files on disk."""
    picture = IdeaPicture(version=idea.latest_version, name="bank.jpg", alt_text="Eine Bank", width=10, height=10)
    picture.file.save("x.jpg", ContentFile(b"large"), save=False)
    picture.thumbnail.save("x.jpg", ContentFile(b"small"), save=False)
    picture.save()
    return picture
