"""What is forgotten by itself about comments, and when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participation import actions, comment_housekeeping
from participation.comment_workflow import Action, Ground, State
from participation.models import Comment, CommentStep, CommentVersion, Report
from tests.factories import comments as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_brakes() -> None:
    make.rules(**make.OPEN)


def test_a_comment_that_nobody_confirms_goes_after_a_week_with_its_steps_and_texts() -> None:
    comment, other = make.comment(State.UNCONFIRMED), make.comment()
    late = comment.submit_date + timedelta(days=7)
    assert comment_housekeeping.delete_unconfirmed_comments(now=late) == 0
    assert comment_housekeeping.delete_unconfirmed_comments(now=late + timedelta(seconds=1)) == 1
    assert list(Comment.objects.all()) == [other]
    assert not CommentStep.objects.exclude(comment=other).exists()
    assert not CommentVersion.objects.exclude(comment=other).exists()


def test_networks_are_forgotten_after_a_week() -> None:
    comment = make.comment()
    Comment.objects.filter(pk=comment.pk).update(network="abc")
    report = actions.report(comment, Ground.INSULT, network="def")
    now = timezone.now()
    assert comment_housekeeping.forget_networks_of_comments(now=now + timedelta(days=6)) == 0
    assert comment_housekeeping.forget_networks_of_comments(now=now + timedelta(days=8)) == 2
    assert (Comment.objects.get(pk=comment.pk).network, Report.objects.get(pk=report.pk).network) == ("", "")


def test_who_reported_is_forgotten_half_a_year_after_the_decision() -> None:
    comment = make.comment()
    fields = {"name": "Rita Rund", "email": "rita@example.org"}
    report = actions.report(comment, Ground.INSULT, text="Zu grob.", **fields)
    undecided = actions.report(make.comment(), Ground.INSULT, **fields)
    step = actions.decide(comment, Action.KEEP, by=make.moderator(), reason="In Ordnung.")
    end = step.happened_at + timedelta(days=183)
    assert comment_housekeeping.forget_reporters(now=end) == 0
    assert comment_housekeeping.forget_reporters(now=end + timedelta(seconds=1)) == 1
    report.refresh_from_db()
    assert (report.name, report.email, report.text, report.decision) == ("", "", "Zu grob.", step)
    undecided.refresh_from_db()
    assert undecided.name == "Rita Rund"
    assert comment_housekeeping.forget_reporters(now=end + timedelta(days=1)) == 0
