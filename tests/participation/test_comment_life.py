"""Over thousands of mixed steps by authors, readers and moderators, under both kinds of moderation: what can be read is what
was shown, the log gives the state, and its numbers are those of a book kept by hand (random_comments.py)."""

import random
from collections import Counter, defaultdict

import pytest
from django.db import transaction

from participation.comment_workflow import MOVES
from participation.models import Comment, CommentStep, CommentVersion, Discussion, Report
from tests.participation.random_comments import TRANSITIONS, Voice, World, happened, place_of

pytestmark = pytest.mark.django_db
STEPS = 70  # of a round


def walk(seed: int) -> None:
    dice = random.Random(seed)
    mark = transaction.savepoint()
    try:
        world = World(dice, "before" if seed % 3 == 0 else "after")
        for number in range(STEPS):
            before = {pk: (voice.public_text, voice.passed, voice.steps) for pk, voice in world.book.items()}
            world.step()
            try:
                assert_the_database_says_what_the_book_says(world)
                assert_approved_texts_stand(world, before)
            except AssertionError as error:
                error.add_note(f"seed {seed}, step {number}")
                raise
    finally:
        transaction.savepoint_rollback(mark)


def assert_the_database_says_what_the_book_says(world: World) -> None:
    stored = {each.pk: each for each in Comment.objects.select_related("shown", "waiting")}
    steps, versions = defaultdict(list), defaultdict(list)
    for step in CommentStep.objects.order_by("comment", "position").select_related("version"):
        steps[step.comment_id].append(step)
    for version in CommentVersion.objects.order_by("comment", "number"):
        versions[version.comment_id].append(version)
    assert stored.keys() == world.book.keys()
    for pk, voice in world.book.items():
        comment = stored[pk]
        assert_it_reads_as_in_the_book(comment, voice)
        assert place_of(comment) == voice.place, "it keeps its place"
        assert [version.text for version in versions[pk]] == [text.words for text in voice.texts]
        assert_the_log_gives_the_state(comment, steps[pk], voice)
    public = Counter(voice.place[5] for voice in world.standing())
    assert dict(Discussion.objects.exclude(comment_count=0).values_list("pk", "comment_count")) == public
    assert Counter(step.action for each in steps.values() for step in each) == world.done, "the log's numbers"
    open_reports = Counter(Report.objects.filter(decision=None).values_list("comment", flat=True))
    assert open_reports == {pk: len(voice.reporters) for pk, voice in world.book.items() if voice.reporters}


def assert_it_reads_as_in_the_book(comment: Comment, voice: Voice) -> None:
    assert comment.state == voice.state
    assert comment.comment == voice.public_text
    if voice.state == "public":
        assert comment.shown is not None
        assert comment.comment == comment.shown.text
        text = voice.texts[voice.read or 0]
        assert text.passed or text.under == "after", "under pre-moderation nothing is read that no moderator passed"
    assert comment.is_public is (voice.state == "public")
    assert comment.is_removed is (voice.state in ("hidden", "deleted"))
    assert (comment.waiting.number - 1 if comment.waiting else None) == voice.waits
    assert (comment.shown.number - 1 if comment.shown else None) == voice.read
    assert (comment.shown_at is not None) is (voice.read is not None)
    if voice.state != "deleted":
        assert (comment.approved_at is not None) is voice.passed
    assert comment.open_reports == len(voice.reporters)
    assert comment.has_complaint is (voice.complaint is not None)
    assert comment.nested_count == 0
    assert (comment.user_email, comment.user_url, comment.ip_address) == ("", "", None)


def assert_the_log_gives_the_state(comment: Comment, steps: list[CommentStep], voice: Voice) -> None:
    """Read from the first step to the last, the log alone says where the comment stands and which text is read."""
    assert [step.position for step in steps] == list(range(1, comment.step_count + 1))
    assert [step.to_state for step in steps] == voice.followed
    assert comment.step_count == voice.steps
    state, read = "", None
    for step in steps:
        assert step.from_state == state
        state = step.to_state
        shows = step.action in ("approve", "approve_edit", "restore", "uphold")
        shows_at_once = step.action in ("write", "confirm", "edit") and step.version and not step.version.hold_reasons
        if state == "public" and (shows or shows_at_once):
            read = step.version_id
    assert state == comment.state
    assert read == comment.shown_id


def assert_approved_texts_stand(world: World, before: dict[int, tuple[str, bool, int]]) -> None:
    """Once a moderator passed what is read, only a moderator changes it, or the author takes it away."""
    by_moderators = ("approve_edit", "hide")
    for pk, (text, passed, steps) in before.items():
        voice = world.book[pk]
        if passed and text and voice.public_text != text:
            [action] = CommentStep.objects.filter(comment=pk, position__gt=steps).values_list("action", flat=True)
            assert action in (*by_moderators, "delete"), action


def test_the_book_knows_every_move_of_the_table() -> None:
    table = {(str(move.action), str(state)) for move in MOVES for state in move.sources}
    assert {kind for kind in TRANSITIONS if kind[0] != "write"} == table


@pytest.mark.slow
def test_whatever_happens_what_is_read_was_shown_and_the_log_gives_the_state() -> None:
    happened.clear()
    for seed in range(10):
        walk(seed)
    assert happened.total() >= 500, happened
    for kind in TRANSITIONS:
        assert happened[kind] > 3, (kind, happened)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_same_over_every_transition_at_least_fifty_times() -> None:
    happened.clear()
    for seed in range(100, 220):
        walk(seed)
    print(sorted(happened.items()))
    for kind in TRANSITIONS:
        assert happened[kind] >= 50, (kind, happened)
