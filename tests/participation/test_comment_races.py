"""Comments, reports and decisions at the same moment. What keeps them right is taken away in a run of its own, which must see
it break: else the others would prove nothing."""

import uuid
from collections import Counter
from typing import Any

import pytest

from ideas.actions import Refused
from ideas.workflow import Status
from participation import actions
from participation.actions import commenting
from participation.comment_workflow import Action, Ground, State
from participation.models import Comment, CommentRules, CommentStep, CommentVersion, Discussion, Report
from tests.at_once import at_once
from tests.factories import comments as make
from tests.factories.ideas import make_idea

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.slow]
NEWCOMERS, UNSEEN = 50, 3


def newcomers_at_once(number: int = NEWCOMERS) -> list[Any]:
    """Each writes one comment, all at the same moment."""
    make.rules(moderation=CommentRules.Moderation.AFTER, unseen_from_new=UNSEEN)
    idea, authors = make_idea(Status.KEPT), [make.author(make.person()) for _ in range(number)]
    for each in authors:
        assert each.user.roles  # asked before the race
    return at_once([lambda each=each: actions.write(idea, f"Von {each.user.pk}", each) for each in authors])


def assert_nothing_is_lost(results: list[Any]) -> None:
    assert all(isinstance(result, Comment) for result in results), results
    discussion = Discussion.objects.get()
    assert discussion.comment_count == Comment.objects.shown().count()
    assert CommentStep.objects.count() == len(results)


def test_of_fifty_newcomers_at_once_three_are_read_and_the_others_wait() -> None:
    assert_nothing_is_lost(newcomers_at_once())
    assert Counter(Comment.objects.values_list("state", flat=True)) == {"public": UNSEEN, "held": NEWCOMERS - UNSEEN}


def test_without_the_lock_more_of_them_would_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commenting, "hold_rules", CommentRules.load)
    newcomers_at_once()
    assert Comment.objects.shown().count() > UNSEEN, "the run before proves nothing"


def test_on_a_new_installation_too_there_is_one_row_of_rules_to_hold() -> None:
    CommentRules.objects.all().delete()
    found = at_once([lambda: CommentRules.load().pk] * 20)
    assert set(found) == {CommentRules.objects.get().pk}


def test_the_same_form_twenty_times_at_once_is_one_comment() -> None:
    make.rules(**make.OPEN)
    idea, who, key = make_idea(Status.KEPT), make.author(make.person()), uuid.uuid4()
    assert who.user.roles
    results = at_once([lambda: actions.write(idea, "Einmal", who, key=key)] * 20)
    assert len({result.pk for result in results}) == 1, results
    assert_nothing_is_lost(results[:1])


def test_the_same_report_twenty_times_at_once_is_one_report() -> None:
    comment, reader, key = make.comment(), make.person(), uuid.uuid4()
    results = at_once([lambda: actions.report(comment, Ground.INSULT, contact=reader, key=key)] * 20)
    assert len({result.pk for result in results}) == 1, results
    assert Comment.objects.get().open_reports == Report.objects.count() == 1


def test_two_people_report_at_once_and_both_reports_count() -> None:
    make.rules(hold_after_reports=2)
    for _run in range(5):
        comment, readers = make.comment(), [make.person(), make.person()]
        results = at_once([lambda r=r, c=comment: actions.report(c, Ground.INSULT, contact=r) for r in readers])
        assert all(isinstance(result, Report) for result in results), results
        comment.refresh_from_db()
        assert (comment.state, comment.comment, comment.open_reports) == ("held", "", 2)
        assert [step.action for step in comment.steps.order_by("position")] == ["write", "report", "report", "hold"]


def test_answers_at_once_all_get_a_place_of_their_own() -> None:
    """Of the base, `order` was renumbered without a lock; here a place is the key that nobody else has."""
    make.rules(**make.OPEN)
    first = make.comment()
    reply = make.comment(reply_to=first)
    authors = [make.author(make.person()) for _ in range(20)]
    for each in authors:
        assert each.user.roles
    idea = first.content_object
    results = at_once(
        [lambda e=e, n=n: actions.write(idea, f"Antwort {n}", e, reply_to=[first, reply][n % 2]) for n, e in enumerate(authors)]
    )
    assert all(isinstance(result, Comment) for result in results), results
    rows = list(Comment.objects.in_threads())
    assert len({row.path for row in rows}) == len(rows) == 22
    for row in rows[1:]:
        above = Comment.objects.get(pk=row.parent_id)
        assert row.reply_to == above
        assert (row.level, row.thread_id, row.path) == (above.level + 1, first.pk, f"{above.path}{row.pk:012d}")


# --- a moderator acts in the meantime -----------------------------------------------------------------------------------


def test_an_edit_while_a_moderator_approves_is_never_read_unseen() -> None:
    """Whichever comes first: the moderator passes the text that was there, or is told that there is another one."""
    make.rules(moderation=CommentRules.Moderation.BEFORE)
    outcomes: Counter[str] = Counter()
    for run in range(12):
        comment, moderator = make.comment(State.HELD, text="Harmlos"), make.moderator()
        contact, seen = comment.contact, comment.step_count
        assert moderator.roles
        assert contact.user.roles
        edited, decided = at_once(
            [
                lambda c=comment, o=contact: actions.edit(c, "Eingeschmuggelt", o),
                lambda c=comment, m=moderator, s=seen: actions.decide(c, Action.APPROVE, by=m, seen=s),
            ][:: 1 if run % 2 else -1]
        )[:: 1 if run % 2 else -1]
        assert isinstance(edited, Comment), edited
        assert isinstance(decided, CommentStep | actions.Overtaken), decided
        comment.refresh_from_db()
        told = isinstance(decided, actions.Overtaken)
        assert (comment.state, comment.comment) == (("held", "") if told else ("public", "Harmlos"))
        assert comment.waiting is not None
        assert comment.waiting.text == "Eingeschmuggelt"
        assert list(CommentVersion.objects.filter(comment=comment).values_list("number", flat=True)) == [1, 2]
        outcomes["told" if told else "approved"] += 1
    assert outcomes.total() == 12


def test_two_moderators_decide_at_once_and_one_is_told() -> None:
    for _run in range(6):
        comment, both = make.comment(State.HELD), [make.moderator(), make.moderator()]
        assert all(each.roles for each in both)
        seen = comment.step_count
        results = at_once(
            [
                lambda c=comment, s=seen, by=both[0]: actions.decide(c, Action.APPROVE, by=by, seen=s),
                lambda c=comment, s=seen, by=both[1]: actions.decide(
                    c, Action.REFUSE, by=by, ground="insult", reason=make.WHY, seen=s
                ),
            ]
        )
        assert sorted(type(result).__name__ for result in results) == ["CommentStep", "Overtaken"], results
        assert comment.steps.count() == seen + 1


def test_an_answer_while_the_comment_is_hidden_ends_for_both() -> None:
    """Both want the comment and the discussion: without one order of locks each would wait for the other for ever."""
    make.rules(**make.OPEN)
    for _run in range(12):
        comment, moderator, who = make.comment(), make.moderator(), make.author(make.person())
        assert moderator.roles
        assert who.user.roles
        idea = comment.content_object
        answer, step = at_once(
            [
                lambda c=comment, i=idea, w=who: actions.write(i, "Antwort", w, reply_to=c),
                lambda c=comment, m=moderator: actions.decide(c, Action.HIDE, by=m, ground="insult", reason=make.WHY),
            ]
        )
        assert isinstance(answer, Comment | Refused), answer
        assert isinstance(step, CommentStep), step
        shown = Comment.objects.shown().filter(discussion=comment.discussion_id).count()
        assert Discussion.objects.get(pk=comment.discussion_id).comment_count == shown == int(isinstance(answer, Comment))


def test_deleted_by_the_author_and_hidden_by_a_moderator_at_once_it_is_one_or_the_other() -> None:
    for _run in range(6):
        comment, moderator = make.comment(), make.moderator()
        contact = comment.contact
        assert moderator.roles
        results = at_once(
            [
                lambda c=comment, o=contact: actions.delete_own(c, o),
                lambda c=comment, m=moderator: actions.decide(c, Action.HIDE, by=m, ground="insult", reason=make.WHY),
            ]
        )
        assert not isinstance(results[0], Exception), results  # what is hidden can be deleted, too
        assert isinstance(results[1], CommentStep | Refused), results
        comment.refresh_from_db()
        assert (comment.state, comment.comment) == ("deleted", "")
        assert Discussion.objects.get(pk=comment.discussion_id).comment_count == 0
