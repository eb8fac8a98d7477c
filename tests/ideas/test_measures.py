"""Ideas in measures: the progress that an idea shows, and the links from which it comes."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.models import OutboxMessage
from ideas import actions
from ideas.models import Idea, Measure, MeasureIdea
from ideas.workflow import Action, Contribution, MeasureStatus, Status, progress_from
from tests.factories import MeasureFactory, UserFactory, make_idea

WHY = actions.Decision(reason="Das war ein Irrtum.")

# The statuses of an idea's measures, and the progress that the idea shows.
PROGRESS = [
    ([], ""),
    (["idea"], ""),
    (["idea", "idea"], ""),
    (["planning"], "planning"),
    (["preparation"], "preparation"),
    (["implementation"], "implementation"),
    (["done"], "done"),
    (["idea", "planning"], "planning"),
    (["done", "idea"], "done"),
    (["planning", "preparation"], "preparation"),
    (["preparation", "planning"], "preparation"),
    (["implementation", "preparation"], "implementation"),
    (["planning", "implementation", "preparation"], "implementation"),
    (["done", "implementation"], "done"),
    (["planning", "done", "planning"], "done"),
]


@pytest.mark.parametrize(("statuses", "expected"), PROGRESS)
def test_an_idea_shows_the_most_advanced_of_its_measures(db: None, statuses: list[str], expected: str) -> None:
    assert progress_from(statuses) == expected
    idea = make_idea(Status.KEPT, measures=tuple(MeasureFactory(status=status) for status in statuses))
    assert (idea.progress, Idea.objects.get(pk=idea.pk).progress) == (expected, expected)


def test_a_measure_that_moves_on_gives_every_idea_in_it_a_row_and_tells_their_authors(db: None) -> None:
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    moving = make_idea(Status.KEPT, measures=(measure,))
    ahead = make_idea(Status.KEPT, measures=(measure, MeasureFactory(status=MeasureStatus.DONE)))
    elsewhere = make_idea(Status.KEPT)
    before = {idea.pk: idea.trail.count() for idea in (moving, ahead, elsewhere)}
    OutboxMessage.objects.all().delete()
    assert actions.change_measure_status(measure, MeasureStatus.IMPLEMENTATION) == 2
    assert {idea.pk: idea.trail.count() - before[idea.pk] for idea in (moving, ahead, elsewhere)} == {
        moving.pk: 1,
        ahead.pk: 1,
        elsewhere.pk: 0,
    }
    entry = moving.public_trail()[-1]
    assert (entry.action, entry.progress, entry.from_status, entry.to_status) == (
        Action.PROGRESS,
        "implementation",
        "kept",
        "kept",
    )
    assert entry.changes == [{"label": "Maßnahme", "before": "", "after": f"{measure.title}: In Umsetzung"}]
    assert ahead.public_trail()[-1].changes == entry.changes
    assert (ahead.public_trail()[-1].progress, Idea.objects.get(pk=ahead.pk).progress) == ("done", "done")
    told = OutboxMessage.objects.filter(kind="ideas.step").order_by("pk")
    assert [message.payload["idea"] for message in told] == [moving.pk, ahead.pk]
    assert Measure.objects.get(pk=measure.pk).status == MeasureStatus.IMPLEMENTATION


def test_a_measure_set_to_the_status_that_it_has_changes_nothing(db: None) -> None:
    measure = MeasureFactory(status=MeasureStatus.DONE)
    idea = make_idea(Status.KEPT, measures=(measure,))
    assert actions.change_measure_status(measure, MeasureStatus.DONE) == 0
    assert Idea.objects.get(pk=idea.pk).trail_length == idea.trail_length
    assert Measure.objects.get(pk=measure.pk).updated_on is None


def test_a_measure_can_fall_back_and_the_trail_says_so(db: None) -> None:
    measure = MeasureFactory(status=MeasureStatus.DONE)
    idea = make_idea(Status.KEPT, measures=(measure,))
    assert actions.change_measure_status(measure, MeasureStatus.IDEA) == 1
    assert Idea.objects.get(pk=idea.pk).progress == ""
    assert idea.public_trail()[-1].action == Action.PROGRESS


def test_an_idea_taken_out_of_its_measure_loses_the_progress(db: None) -> None:
    ahead, behind = MeasureFactory(status=MeasureStatus.DONE), MeasureFactory(status=MeasureStatus.PLANNING)
    idea = make_idea(Status.KEPT, measures=(ahead, behind))
    lead = UserFactory(lead=True)
    for measure, progress in ((ahead, "planning"), (behind, "")):
        entry = actions.unlink_measure(idea, measure, by=lead, decision=WHY)
        assert entry.changes == [{"label": "Maßnahme", "before": measure.title, "after": ""}]
        assert Idea.objects.get(pk=idea.pk).progress == progress
    assert not MeasureIdea.objects.exists()


def test_an_idea_is_not_taken_out_without_a_reason_and_stays_in_the_measure(db: None) -> None:
    measure = MeasureFactory(status=MeasureStatus.DONE)
    idea = make_idea(Status.KEPT, measures=(measure,))
    with pytest.raises(actions.Refused, match="begründen"):
        actions.unlink_measure(idea, measure, by=UserFactory(lead=True), decision=actions.Decision())
    assert list(measure.ideas.all()) == [idea]
    assert Idea.objects.get(pk=idea.pk).progress == "done"


def test_an_idea_that_is_not_in_a_measure_is_not_taken_out_of_it(db: None) -> None:
    with pytest.raises(actions.Refused, match="nicht verknüpft"):
        actions.unlink_measure(make_idea(Status.KEPT), MeasureFactory(), by=UserFactory(lead=True), decision=WHY)


def test_an_idea_is_in_a_measure_once(db: None) -> None:
    measure = MeasureFactory()
    idea = make_idea(Status.KEPT, measures=(measure,))
    with pytest.raises(actions.Refused, match="schon verknüpft"):
        actions.link_measure(idea, measure, Contribution.PARTLY, by=UserFactory(lead=True))
    assert MeasureIdea.objects.get().contribution == Contribution.FULL


@pytest.mark.parametrize(
    ("contribution", "words"),
    [
        (Contribution.FULL, "fließt ganz ein"),
        (Contribution.PARTLY, "fließt teilweise ein"),
        (Contribution.INSPIRED, "gab den Anstoß"),
    ],
)
def test_the_trail_says_how_far_an_idea_goes_into_the_measure(db: None, contribution: Contribution, words: str) -> None:
    idea, measure = make_idea(Status.KEPT), MeasureFactory(title="Mitfahrbänke")
    entry = actions.link_measure(idea, measure, contribution, by=UserFactory(reviewer=True))
    assert entry.changes == [{"label": "Maßnahme", "before": "", "after": f"Mitfahrbänke ({words})"}]
    assert MeasureIdea.objects.get().contribution == contribution


def test_an_idea_in_a_measure_is_reopened_only_once_it_was_taken_out(db: None) -> None:
    measure, lead = MeasureFactory(status=MeasureStatus.DONE), UserFactory(lead=True)
    idea = make_idea(Status.KEPT, measures=(measure,))
    with pytest.raises(actions.Refused, match="lösen Sie diese Verknüpfungen zuerst"):
        actions.take(idea, Action.REOPEN, by=lead, decision=WHY)
    actions.unlink_measure(idea, measure, by=lead, decision=WHY)
    actions.take(idea, Action.REOPEN, by=lead, decision=WHY)
    assert Idea.objects.get(pk=idea.pk).status == Status.IN_REVIEW


def test_only_an_idea_that_was_kept_goes_into_a_measure(db: None) -> None:
    for status in (Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.REJECTED):
        with pytest.raises(actions.Refused):
            actions.link_measure(
                make_idea(status, released=True), MeasureFactory(), Contribution.FULL, by=UserFactory(lead=True)
            )
    assert not MeasureIdea.objects.exists()


IDEAS, MEASURES = 3, 3
STEPS = st.one_of(
    st.tuples(st.just("link"), st.integers(0, IDEAS - 1), st.integers(0, MEASURES - 1)),
    st.tuples(st.just("unlink"), st.integers(0, IDEAS - 1), st.integers(0, MEASURES - 1)),
    st.tuples(st.just("move"), st.integers(0, MEASURES - 1), st.sampled_from(MeasureStatus)),
)
ORDER = ["idea", "planning", "preparation", "implementation", "done"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(steps=st.lists(STEPS, max_size=15))
def test_whatever_happens_the_progress_is_what_the_links_say_and_every_change_has_its_row(
    db: None, steps: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        lead = UserFactory(lead=True)
        ideas, measures = [make_idea(Status.KEPT) for _ in range(IDEAS)], [MeasureFactory() for _ in range(MEASURES)]
        links: set[tuple[int, int]] = set()
        stands = ["idea"] * MEASURES
        rows = [4] * IDEAS  # handed in, released, taken into review, kept
        for kind, first, second in steps:
            known = (first, second) in links
            idea = Idea.objects.get(pk=ideas[first].pk)
            moved = kind == "move" and second.value != stands[first]
            if kind == "move":
                actions.change_measure_status(measures[first], second)
                stands[first] = second.value
            elif kind == "link" and not known:
                actions.link_measure(idea, measures[second], Contribution.FULL, by=lead)
                links.add((first, second))
                rows[first] += 1
            elif kind == "unlink" and known:
                actions.unlink_measure(idea, measures[second], by=lead, decision=WHY)
                links.remove((first, second))
                rows[first] += 1
            else:
                with pytest.raises(actions.Refused):  # noqa: PT012
                    if kind == "link":
                        actions.link_measure(idea, measures[second], Contribution.FULL, by=lead)
                    else:
                        actions.unlink_measure(idea, measures[second], by=lead, decision=WHY)
            for place in range(IDEAS):
                furthest = max((ORDER.index(stands[measure]) for owner, measure in links if owner == place), default=0)
                progress = ORDER[furthest] if furthest else ""
                rows[place] += moved and (place, first) in links
                stored = Idea.objects.get(pk=ideas[place].pk)
                assert stored.progress == progress
                assert stored.trail_length == stored.trail.count() == rows[place]
                assert stored.public_trail()[-1].progress == progress
        transaction.set_rollback(True)
