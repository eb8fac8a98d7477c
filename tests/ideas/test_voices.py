"""Support and follow: once per person, counted honestly over everything that became one idea."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.contacts import contact_of_address, contact_of_user
from accounts.models import Contact
from ideas import actions, permissions
from ideas.models import Follow, Frequency, Idea, Support
from ideas.workflow import Status
from tests.at_once import at_once
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, make_idea


def person(name: str = "gast") -> Contact:
    return contact_of_address(f"{name}@example.org")


def put_under(child: Idea, parent: Idea) -> None:
    """What a merge writes, as far as supports go: told past the rules of the database, which want the row of the trail."""
    from common import database_rules

    root = parent.merged_root or parent
    database_rules.lift(connection)
    Idea.objects.filter(merged_root=child).update(merged_root=root)
    Idea.objects.filter(pk=child.pk).update(status=Status.MERGED, merged_into=parent, merged_root=root)
    database_rules.install(connection)
    child.refresh_from_db()


def count(idea: Idea) -> int:
    return Idea.objects.values_list("support_count", flat=True).get(pk=idea.pk)


# --- support ----------------------------------------------------------------------------------------------------------


def test_a_person_supports_an_idea_once_and_can_take_it_back(db: None) -> None:
    idea, contact = make_idea(Status.KEPT), person()
    assert actions.support(idea, contact) is True
    assert actions.support(idea, contact) is False
    assert count(idea) == 1
    assert actions.unsupport(idea, contact) is True
    assert actions.unsupport(idea, contact) is False
    assert count(idea) == 0


def test_an_account_and_its_address_are_one_person(db: None) -> None:
    idea = make_idea(Status.KEPT)
    assert actions.support(idea, contact_of_address("Anna+Ideen@example.org"))
    user = UserFactory(email="anna@example.org")
    assert actions.support(idea, contact_of_user(user)) is False
    assert count(idea) == 1


def test_an_account_that_changed_its_address_is_still_one_person(db: None) -> None:
    idea, user = make_idea(Status.KEPT), UserFactory(email="alt@example.org")
    assert actions.support(idea, contact_of_user(user))
    user.email = "neu@example.org"
    user.save()
    assert actions.support(idea, contact_of_address("neu@example.org")) is False


@pytest.mark.parametrize(
    ("status", "released", "may"),
    [
        (Status.DRAFT, False, False),
        (Status.UNCONFIRMED, False, False),
        (Status.SUBMITTED, False, False),
        (Status.SUBMITTED, True, True),
        (Status.IN_REVIEW, True, True),
        (Status.QUESTION, False, False),
        (Status.QUESTION, True, True),
        (Status.KEPT, True, True),
        (Status.REJECTED, True, True),
    ],
)
def test_only_public_ideas_are_supported_and_followed(db: None, status: Status, released: bool, may: bool) -> None:
    idea = make_idea(status, released=released)
    assert permissions.may_support(idea) is permissions.may_follow(idea) is may
    for press in (actions.support, lambda idea, contact: actions.follow(contact, idea)):
        if may:
            press(idea, person())
        else:
            with pytest.raises(actions.Refused):
                press(idea, person())
    assert (Support.objects.count(), Follow.objects.count()) == (int(may), int(may))


def test_a_withdrawn_idea_is_neither_supported_nor_followed(db: None) -> None:
    idea = make_idea(Status.KEPT)
    idea.status = Status.WITHDRAWN
    assert not permissions.may_support(idea)
    with pytest.raises(actions.Refused):
        actions.support(idea, person())


def test_who_supported_two_ideas_counts_once_when_they_become_one(db: None) -> None:
    root, member, below = make_idea(Status.KEPT), make_idea(Status.KEPT), make_idea(Status.KEPT)
    both, one, deep = person("beide"), person("eine"), person("tief")
    for idea, contact in ((root, both), (member, both), (member, one), (below, deep), (below, both)):
        actions.support(idea, contact)
    put_under(below, member)
    put_under(member, root)
    actions.recount_supports([root.pk])
    assert [count(idea) for idea in (root, member, below)] == [3, 3, 2]


def test_supporting_a_merged_idea_counts_at_the_one_that_it_became_part_of(db: None) -> None:
    root, member, contact = make_idea(Status.KEPT), make_idea(Status.KEPT), person()
    put_under(member, root)
    assert actions.support(member, contact)
    assert Support.objects.get().idea == root
    assert (count(root), count(member)) == (1, 0)


def test_taking_back_at_the_root_takes_back_over_the_whole_family_and_leaves_others(db: None) -> None:
    root, member, contact, other = make_idea(Status.KEPT), make_idea(Status.KEPT), person(), person("andere")
    for idea in (root, member):
        actions.support(idea, contact)
    actions.support(member, other)
    put_under(member, root)
    assert actions.support(root, contact) is False
    actions.unsupport(root, contact)
    assert list(Support.objects.values_list("person", flat=True)) == [f"c{other.pk}"]
    assert (count(root), count(member)) == (1, 1)


def test_counting_fifty_merged_ideas_with_many_supports_takes_few_queries(db: None) -> None:
    ideas = [make_idea(Status.KEPT) for _ in range(6)]
    Support.objects.bulk_create(
        [Support(idea=ideas[number % 6], person=f"x{number // 2}") for number in range(1200) if (number // 2) % 3]
    )
    for member in ideas[1:]:
        put_under(member, ideas[0])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        actions.recount_supports([idea.pk for idea in ideas])
    assert len([query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]) <= 4
    assert count(ideas[0]) == 400


def support_anew(idea: Idea, contact: Contact) -> bool:
    return actions.support(Idea.objects.get(pk=idea.pk), contact)


def supports_at_once() -> tuple[Idea, list[Any]]:
    idea, contact = make_idea(Status.KEPT), person()
    return idea, at_once([partial(support_anew, idea, contact)] * 20)


@contextmanager
def without_the_constraint() -> Iterator[None]:
    [constraint] = [one for one in Support._meta.constraints if one.name == "a_person_supports_an_idea_once"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Support, constraint)
    try:
        yield
    finally:
        Support.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Support, constraint)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_presses_at_the_same_moment_one_counts() -> None:
    idea, results = supports_at_once()
    assert sorted(map(str, results)) == ["False"] * 19 + ["True"]
    assert (Support.objects.count(), count(idea)) == (1, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_several_would_count() -> None:
    """The control: the test above can turn red. On SQLite people queue up for the one lock."""
    with without_the_constraint():
        results = supports_at_once()[1]
        assert results.count(True) > 1


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_second_support_whoever_types_it() -> None:
    from django.db import IntegrityError

    idea, contact = make_idea(Status.KEPT), person()
    actions.support(idea, contact)
    with pytest.raises(IntegrityError):
        Support.objects.create(idea=idea, contact=contact, person=f"c{contact.pk}")


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_the_same_moment_are_twenty() -> None:
    idea = make_idea(Status.KEPT)
    people = [person(f"gast{number}") for number in range(20)]
    results = at_once([partial(support_anew, idea, who) for who in people])
    assert results == [True] * 20
    assert count(idea) == 20


# --- follow -----------------------------------------------------------------------------------------------------------


def test_a_follow_is_made_once_and_its_frequency_changed_by_following_again(db: None) -> None:
    contact = person()
    for target in (make_idea(Status.KEPT), MeasureFactory(), LoesungFactory()):
        made, is_new = actions.follow(contact, target)
        again, is_new_again = actions.follow(contact, target, Frequency.WEEKLY)
        assert (is_new, is_new_again, again.pk, again.target) == (True, False, made.pk, target)
        assert Follow.objects.get(pk=made.pk).frequency == Frequency.WEEKLY
        actions.unfollow(again)
    assert not Follow.objects.exists()


def test_who_follows_a_merged_idea_follows_the_one_that_it_became_part_of(db: None) -> None:
    root, member = make_idea(Status.KEPT), make_idea(Status.KEPT)
    put_under(member, root)
    assert actions.follow(person(), member)[0].idea == root


@pytest.mark.django_db(transaction=True)
def test_followed_twenty_times_at_once_is_followed_once() -> None:
    contact, measure = person(), MeasureFactory()
    results = at_once([lambda: actions.follow(contact, measure)[1]] * 20)
    assert sorted(map(str, results)) == ["False"] * 19 + ["True"]
