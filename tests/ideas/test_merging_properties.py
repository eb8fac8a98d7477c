"""Merges under random sequences of everything that can happen to ideas. Beside the database goes a book kept by hand, which
knows nothing of families: who supports what, where each link and each follower was made, what went into what."""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.contacts import contact_of_address
from ideas import actions, families
from ideas.models import Follow, Idea, Measure, MeasureIdea, Support
from ideas.workflow import Action, Contribution, MeasureStatus, Status
from tests.factories import MeasureFactory, UserFactory, submission

KINDS = ("submit", "support", "follow", "link", "move_on", "merge", "merge_again", "split", "undo")
ROUNDS, EACH = 24, 7  # 24 rounds of 63 operations
WHY = actions.Decision(reason="Beide wollen dasselbe.")
FULLEST = [Contribution.FULL, Contribution.PARTLY, Contribution.INSPIRED]
FURTHEST = ["", MeasureStatus.PLANNING, MeasureStatus.PREPARATION, MeasureStatus.IMPLEMENTATION, MeasureStatus.DONE]

happened: Counter[str] = Counter()


@dataclass
class Page:
    """What the book knows of one idea."""

    pk: int
    number: int
    title: str
    status: str
    before: list[str] = field(default_factory=list)  # where it stood before each merge that isn't undone
    into: int | None = None
    origin: int | None = None
    steps: int = 0
    supports: set[str] = field(default_factory=set)
    followers: set[int] = field(default_factory=set)
    links: dict[int, str] = field(default_factory=dict)


class World:
    """The database and the book, changed side by side."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.author, self.lead = UserFactory(), UserFactory(lead=True)
        self.measures = {measure.pk: "" for measure in (MeasureFactory() for _ in range(4))}
        self.people = [contact_of_address(f"person{place}@example.org") for place in range(6)]
        self.book: dict[int, Page] = {}
        self.titles = (f"Idee mit dem Titel {place}" for place in itertools.count(1))
        for _ in range(4):
            self.submit()

    # --- choosing ---

    def one_of(self, things: Any) -> Any:
        things = list(things)
        return things[self.draw(st.integers(0, len(things) - 1))] if things else None

    def own(self, status: str | None = None) -> list[Page]:
        """Ideas that stand for themselves."""
        return [page for page in self.book.values() if page.into is None and status in (None, page.status)]

    def parts(self, page: Page) -> list[Page]:
        below = [each for each in self.book.values() if each.into == page.pk]
        return [page, *(part for each in below for part in self.parts(each))]

    def root(self, page: Page) -> Page:
        return self.root(self.book[page.into]) if page.into else page

    def has_links(self, page: Page) -> bool:
        return any(part.links for part in self.parts(page))

    # --- what happens: each returns whether it could ---

    def submit(self) -> bool:
        title = next(self.titles)
        idea, _new = actions.submit(submission(user=self.author, title=title))
        actions.release(idea, idea.latest_version, by=self.lead)
        page = Page(idea.pk, idea.number or 0, title, Status.SUBMITTED, steps=2)
        self.book[page.pk] = page
        wanted = self.one_of([Status.KEPT] * 4 + [Status.SUBMITTED, Status.IN_REVIEW, Status.REJECTED])
        for action in {
            Status.KEPT: [Action.TAKE_INTO_REVIEW, Action.KEEP],
            Status.IN_REVIEW: [Action.TAKE_INTO_REVIEW],
            Status.REJECTED: [Action.REJECT],
        }.get(wanted, []):
            actions.take(idea, action, by=self.lead, decision=WHY)
            page.steps += 1
        page.status = wanted
        return True

    def support(self) -> bool:
        page, contact = self.one_of(self.own()), self.one_of(self.people)
        person = f"c{contact.pk}"
        if person in page.supports:
            return False
        Support.objects.create(idea_id=page.pk, contact=contact, person=person)
        idea = Idea.objects.get(pk=page.pk)
        parts = families.parts_of([idea])[idea.pk]
        Idea.objects.filter(pk=idea.pk).update(support_count=families.persons_behind(parts))
        page.supports.add(person)
        return True

    def follow(self) -> bool:
        page, contact = self.one_of(self.own()), self.one_of(self.people)
        if contact.pk in page.followers:
            return False
        Follow.objects.create(idea_id=page.pk, contact=contact)
        page.followers.add(contact.pk)
        return True

    def link(self) -> bool:
        page, measure = self.one_of(self.own(Status.KEPT)), self.one_of(self.measures)
        if page is None:
            return False
        contribution = self.one_of(FULLEST)
        linked = any(measure in part.links for part in self.parts(page))
        idea = Idea.objects.get(pk=page.pk)
        if linked:
            with pytest.raises(actions.Refused, match="schon verknüpft"):
                actions.link_measure(idea, Measure.objects.get(pk=measure), contribution, by=self.lead)
            return False
        actions.link_measure(idea, Measure.objects.get(pk=measure), contribution, by=self.lead)
        page.links[measure] = contribution
        page.steps += 1
        return True

    def move_on(self) -> bool:
        measure, status = self.one_of(self.measures), self.one_of(FURTHEST[1:])
        before = {page.pk: self.progress(page) for page in self.own(Status.KEPT)}
        if self.measures[measure] == status:
            return False
        actions.change_measure_status(Measure.objects.get(pk=measure), status)
        self.measures[measure] = status
        for page in self.own(Status.KEPT):
            page.steps += before[page.pk] != self.progress(page)
        return True

    def merge(self, again: bool = False) -> bool:
        fit = [page for page in self.own() if not again or len(self.parts(page)) > 1]
        first = self.one_of(fit)
        others = [page for page in self.own() if page is not first]
        if first is None or not others:
            return False
        second = self.one_of(others)
        third = self.one_of([None, *[page for page in others if page is not second]])
        target, *sources = [page for page in ([first, second, third] if not again else [second, first, third]) if page]
        given = [Idea.objects.get(pk=page.pk) for page in sources]
        if target.status != Status.KEPT and any(self.has_links(page) for page in sources):
            with pytest.raises(actions.Refused, match="gehört schon zu einer Maßnahme"):
                actions.merge(Idea.objects.get(pk=target.pk), given, by=self.lead, decision=WHY)
            return False
        actions.merge(Idea.objects.get(pk=target.pk), given, by=self.lead, decision=WHY)
        for page in sources:
            page.before.append(page.status)
            page.into, page.status = target.pk, Status.MERGED
            page.steps += 1
        target.steps += 1
        return True

    def merge_again(self) -> bool:
        return self.merge(again=True)

    def undo(self) -> bool:
        page = self.one_of(page for page in self.book.values() if page.into is not None)
        if page is None:
            return False
        direct, root = self.book[page.into], self.root(page)
        before = self.progress(root)
        actions.unmerge([Idea.objects.get(pk=page.pk)], by=self.lead, decision=WHY)
        page.into, page.status = None, page.before.pop()
        page.steps += 1
        direct.steps += 1
        root.steps += root is not direct and self.progress(root) != before
        return True

    def split(self) -> bool:
        page = self.one_of(self.own())
        titles = [next(self.titles), next(self.titles)]
        made = actions.split(
            Idea.objects.get(pk=page.pk), [actions.Part(title, "Text") for title in titles], by=self.lead, decision=WHY
        )
        page.steps += 1
        for idea, title in zip(made, titles, strict=True):
            self.book[idea.pk] = Page(idea.pk, idea.number or 0, title, Status.SUBMITTED, origin=page.pk, steps=1)
        return True

    # --- what must hold ---

    def progress(self, page: Page) -> str:
        if page.status != Status.KEPT:
            return ""
        reached = [self.measures[measure] for part in self.parts(page) for measure in part.links]
        return max(reached, key=FURTHEST.index, default="")

    def assert_the_database_says_what_the_book_says(self) -> None:
        stored = {idea.pk: idea for idea in Idea.objects.select_related("released_version")}
        assert stored.keys() == self.book.keys()
        assert len({page.number for page in self.book.values()}) == len(self.book)
        trails = Counter(Idea.objects.values_list("trail__idea", flat=True))
        for pk, page in self.book.items():
            idea, root = stored[pk], self.root(page)
            assert (idea.number, idea.title, idea.status) == (page.number, page.title, page.status)
            assert (idea.merged_into_id, idea.origin_id) == (page.into, page.origin)
            assert idea.merged_root_id == (None if root is page else root.pk)
            assert idea.progress == self.progress(page)
            assert idea.trail_length == trails[pk] == page.steps
            everybody = set().union(*(part.supports for part in self.parts(page)))
            assert idea.support_count == len(everybody), "every person is counted once"
        self._assert_no_row_moved()
        self._assert_measures_are_those_of_the_family(stored)

    def _assert_no_row_moved(self) -> None:
        pages = self.book.values()
        assert set(Support.objects.values_list("idea", "person")) == {(p.pk, person) for p in pages for person in p.supports}
        assert set(Follow.objects.values_list("idea", "contact")) == {(p.pk, pk) for p in pages for pk in p.followers}
        links = {(p.pk, pk, contribution) for p in pages for pk, contribution in p.links.items()}
        assert set(MeasureIdea.objects.values_list("idea", "measure", "contribution")) == links

    def _assert_measures_are_those_of_the_family(self, stored: dict[int, Idea]) -> None:
        for page in self.own(Status.KEPT):
            expected: dict[int, str] = {}
            for part in self.parts(page):
                for measure, contribution in part.links.items():
                    expected[measure] = min(expected.get(measure, contribution), contribution, key=FULLEST.index)
            assert {link.measure.pk: link.contribution for link in families.links_of_idea(stored[page.pk])} == expected


@settings(
    max_examples=ROUNDS,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(order=st.permutations(KINDS * EACH), data=st.data())
def one_round(order: list[str], data: Any) -> None:
    mark = transaction.savepoint()
    try:
        world = World(data.draw)
        for kind in order:
            if getattr(world, kind)():
                happened[kind] += 1
            world.assert_the_database_says_what_the_book_says()
    finally:
        transaction.savepoint_rollback(mark)


@pytest.mark.slow
@pytest.mark.django_db
def test_over_a_thousand_mixed_operations_ids_stay_everybody_counts_once_and_undo_restores() -> None:
    happened.clear()
    one_round()
    assert happened.total() >= 1000, happened
    for kind in KINDS:
        assert happened[kind] >= 50, happened


# One whole story by hand, so that the run above is not the only witness.


@pytest.mark.django_db
def test_a_merge_and_its_undoing_leave_everything_as_it_was() -> None:
    class First:
        """Draws the first of what there is."""

        def __call__(self, _strategy: Any) -> int:
            return 0

    world = World(First())
    world.link()
    world.support()
    before = list(Idea.objects.order_by("pk").values("pk", "number", "status", "progress", "support_count", "merged_root"))
    assert world.merge_again() is False, "nothing is merged yet"
    assert world.merge()
    assert world.undo()
    world.assert_the_database_says_what_the_book_says()
    assert list(Idea.objects.order_by("pk").values(*before[0])) == before
