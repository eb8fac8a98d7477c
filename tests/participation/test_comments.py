"""Writing, confirming, editing and deleting comments: what can be read afterwards, and what waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.known import prove
from accounts.models import AddressProof
from ideas.actions import Refused
from ideas.workflow import Status
from participation import actions
from participation.actions import Author
from participation.comment_workflow import Action, Ground
from participation.models import Comment, Discussion
from tests.factories import comments as make
from tests.factories.ideas import make_idea

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_brakes():
    make.rules(**make.OPEN)


def read(comment):
    comment.refresh_from_db()
    return (comment.state, comment.comment)


def test_a_comment_of_a_known_person_can_be_read_at_once_and_is_counted():
    idea = make_idea(Status.KEPT)
    comment = actions.write(idea, "Gute Idee!", make.author(make.person("Ada")))
    assert read(comment) == ("public", "Gute Idee!")
    assert (comment.author_name, comment.user_email, comment.ip_address) == ("Ada", "", None)
    assert Discussion.objects.get(idea=idea).comment_count == 1


def test_a_guests_comment_waits_for_the_proof_of_the_address_and_is_then_theirs():
    idea = make_idea(Status.KEPT)
    comment = actions.write(idea, "Gute Idee!", Author(name="Gast", email="gast@example.org"))
    assert read(comment) == ("unconfirmed", "")
    assert Discussion.objects.get(idea=idea).comment_count == 0
    contact = prove(AddressProof.objects.get(email="gast@example.org"))
    assert read(comment) == ("public", "Gute Idee!")
    assert (comment.contact, comment.author_name) == (contact, "Gast")


def test_the_same_form_twice_is_one_comment():
    idea, contact = make_idea(Status.KEPT), make.person()
    first = actions.write(idea, "Einmal", make.author(contact), key="6f1c1c8c-0000-4000-8000-000000000001")
    again = actions.write(idea, "Einmal", make.author(contact), key="6f1c1c8c-0000-4000-8000-000000000001")
    assert first == again
    assert Comment.objects.count() == 1


def test_replies_stand_below_what_they_answer_and_three_levels_deep_at_most():
    first = make.comment(text="1")
    other = make.comment(on=first.content_object, text="2")
    reply = make.comment(reply_to=first, text="1.1")
    deep = make.comment(reply_to=reply, text="1.1.1")
    deeper = make.comment(reply_to=deep, text="1.1.2")
    make.comment(reply_to=first, text="1.2")
    rows = Comment.objects.in_threads().values_list("comment", "level")
    assert list(rows) == [("1", 0), ("1.1", 1), ("1.1.1", 2), ("1.1.2", 2), ("1.2", 1), ("2", 0)]
    newest = Comment.objects.in_threads(newest_first=True).values_list("comment", flat=True)
    assert list(newest) == ["2", "1", "1.1", "1.1.1", "1.1.2", "1.2"]
    assert (deeper.reply_to, other.thread_id) == (deep, other.pk)


def test_an_edit_within_fifteen_minutes_is_read_at_once():
    comment = make.comment(text="Alt")
    actions.edit(comment, "Neu", comment.contact)
    assert read(comment) == ("public", "Neu")
    assert comment.edited_at


def test_after_fifteen_minutes_a_comment_cant_be_edited_any_more():
    comment = make.comment()
    late = comment.submit_date + timedelta(minutes=15)
    actions.edit(comment, "Noch rechtzeitig", comment.contact, now=late - timedelta(seconds=1))
    with pytest.raises(Refused):
        actions.edit(comment, "Zu spät", comment.contact, now=late)


def test_an_edit_of_an_approved_text_waits_while_the_approved_one_is_read():
    comment = make.comment(text="Freigegeben")
    actions.decide(comment, Action.KEEP, by=make.moderator(), reason="In Ordnung.")
    actions.edit(comment, "Eingeschmuggelt", comment.contact)
    assert read(comment) == ("public", "Freigegeben")
    actions.decide(comment, Action.APPROVE_EDIT, by=make.moderator())
    assert read(comment) == ("public", "Eingeschmuggelt")


def test_deleting_leaves_a_place_without_words_and_the_replies():
    comment = make.comment(text="Weg damit")
    reply = make.comment(reply_to=comment, text="Schade")
    actions.delete_own(comment, comment.contact)
    assert read(comment) == ("deleted", "")
    assert [version.text for version in comment.versions.all()] == [""]
    assert list(Comment.objects.listed().in_threads()) == [comment, reply]
    assert Discussion.objects.get(pk=comment.discussion_id).comment_count == 1


def test_nobody_edits_or_deletes_the_comment_of_another_person():
    comment, stranger = make.comment(), make.person()
    for attempt in (lambda: actions.edit(comment, "Fremd", stranger), lambda: actions.delete_own(comment, stranger)):
        with pytest.raises(Refused):
            attempt()


def test_a_reported_comment_is_held_from_the_third_person_on_until_a_moderator_decides():
    comment = make.comment(text="Aufreger")
    for _number in range(2):
        actions.report(comment, Ground.INSULT, contact=make.person())
    assert read(comment) == ("public", "Aufreger")
    actions.report(comment, Ground.INSULT, contact=make.person())
    assert read(comment) == ("held", "")
    actions.decide(comment, Action.APPROVE, by=make.moderator())
    assert read(comment) == ("public", "Aufreger")
    assert comment.open_reports == 0
    for _number in range(5):
        actions.report(comment, Ground.INSULT, contact=make.person())
    assert read(comment) == ("public", "Aufreger")


def test_one_person_who_reports_many_times_holds_nothing():
    comment, angry = make.comment(), make.person()
    for _number in range(5):
        actions.report(comment, Ground.INSULT, contact=angry)
    assert read(comment)[0] == "public"


def test_a_hidden_comment_is_shown_again_when_another_person_upholds_the_complaint():
    comment, first, second = make.comment(text="Stein des Anstoßes"), make.moderator(), make.moderator()
    actions.decide(comment, Action.HIDE, by=first, ground=Ground.INSULT, reason="Zu grob.")
    assert read(comment) == ("hidden", "")
    complaint = actions.complain(comment, "Das war ein Zitat.", comment.contact)
    with pytest.raises(Refused):
        actions.decide_complaint(complaint, uphold=True, by=first, reason="Doch in Ordnung.")
    actions.decide_complaint(complaint, uphold=True, by=second, reason="Es war ein Zitat.")
    assert read(comment) == ("public", "Stein des Anstoßes")


def test_a_decision_without_a_reason_is_refused():
    comment = make.comment()
    for action in (Action.HIDE, Action.KEEP):
        with pytest.raises(Refused):
            actions.decide(comment, action, by=make.moderator(), ground=Ground.INSULT, reason="  ")


def test_somebody_blocked_cant_comment_until_it_is_over():
    contact, until = make.person(), timezone.now() + timedelta(days=7)
    made = actions.block(contact, by=make.moderator(), reason="Wiederholt beleidigt.", until=until)
    idea = make_idea(Status.KEPT)
    with pytest.raises(Refused):
        actions.write(idea, "Trotzdem", make.author(contact))
    assert actions.write(idea, "Danach", make.author(contact), now=until)
    actions.lift_block(made, by=make.moderator())
    assert actions.write(idea, "Wieder da", make.author(contact))


def test_a_guests_comment_waits_when_the_discussion_was_closed_before_the_address_was_proved():
    idea = make_idea(Status.KEPT)
    comment = actions.write(idea, "Noch schnell", Author(name="Gast", email="gast@example.org"))
    actions.close_discussion(comment.discussion, closed=True, by=make.moderator())
    prove(AddressProof.objects.get(email="gast@example.org"))
    assert read(comment) == ("held", "")


def test_a_block_outlives_the_account_that_was_blocked():
    contact = make.person()
    address = contact.user.email
    actions.block(contact, by=make.moderator(), reason="Wiederholt beleidigt.")
    contact.user.delete()
    again = make.contact_of_user(make.UserFactory(email=address))
    with pytest.raises(Refused):
        actions.write(make_idea(Status.KEPT), "Da bin ich wieder", make.author(again))


def test_whoever_calls_themselves_the_office_waits_for_a_moderator():
    comment = actions.write(make_idea(Status.KEPT), "Alles entschieden.", make.author(make.guest(), name="Ihre Stabsstelle"))
    assert read(comment) == ("held", "")


def test_a_hidden_comment_is_quoted_as_it_could_be_read_not_with_the_edit_that_waited():
    comment = make.comment(text="Gelesen")
    actions.decide(comment, Action.KEEP, by=make.moderator(), reason=make.WHY)
    actions.edit(comment, "Nie gelesen", comment.contact)
    step = actions.decide(comment, Action.HIDE, by=make.moderator(), ground=Ground.INSULT, reason=make.WHY)
    assert step.version.text == "Gelesen"


def test_comments_of_the_team_dont_keep_newcomers_waiting():
    make.rules(unseen_from_new=1)
    team = make.contact_of_user(make.moderator())
    for _number in range(3):
        actions.write(make_idea(Status.KEPT), "Vom Team", make.author(team))
    assert read(actions.write(make_idea(Status.KEPT), "Neu hier", make.author(make.person())))[0] == "public"
