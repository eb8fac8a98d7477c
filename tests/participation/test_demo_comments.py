"""The comments of the demo: every way in which a reader can meet one."""

from typing import Any

from django.test import Client
from django.utils import timezone

from common.models import OutboxMessage
from ideas.models import Idea
from participation.comment_workflow import State
from participation.models import Comment, Discussion

from .looks import text_of


def test_four_things_are_talked_about_in_threads_of_three_levels(demo: None, client: Client) -> None:
    assert Discussion.objects.count() == 4
    assert Comment.objects.count() == 13
    assert set(Comment.objects.values_list("level", flat=True)) == {0, 1, 2}
    assert {state for (state,) in Comment.objects.values_list("state")} == {State.PUBLIC, State.HIDDEN, State.DELETED}
    words = text_of(client.get(Idea.objects.get(number=163).get_absolute_url()))
    for expected in ("5 Kommentare", "Offizielle Antwort", "Antwort auf Marlene aus Namedy", "Ohne Namen"):
        assert expected in words


def test_what_happened_to_comments_happened_before_today(demo: None) -> None:
    for comment in Comment.objects.prefetch_related("steps"):
        assert comment.submit_date < timezone.now()
        assert all(step.happened_at < timezone.now() for step in comment.steps.all())


def test_nobody_gets_mail_about_comments_that_were_never_written(demo: Any) -> None:
    assert not OutboxMessage.objects.filter(kind__startswith="participation").exists()
