"""The steps as a person at the desk takes them: through the pages, with their buttons."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.html import escape

from common import outbox
from ideas.models import Idea
from ideas.workflow import Action, MeasureStatus, Status
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, make_idea

REASON = "Sie schlagen Bänke vor. Dafür ist die Straßenmeisterei zuständig."


def status_of(idea: Idea) -> str:
    return Idea.objects.values_list("status", flat=True).get(pk=idea.pk)


# status before, action, who, status afterwards (None: the step is refused)
STEPS = [
    (Status.SUBMITTED, Action.TAKE_INTO_REVIEW, "reviewer", Status.IN_REVIEW),
    (Status.SUBMITTED, Action.ASK_BACK, "reviewer", Status.QUESTION),
    (Status.SUBMITTED, Action.KEEP, "lead", None),
    (Status.SUBMITTED, Action.REJECT, "lead", Status.REJECTED),
    (Status.SUBMITTED, Action.REJECT, "reviewer", None),
    (Status.SUBMITTED, Action.REOPEN, "lead", None),
    (Status.IN_REVIEW, Action.ASK_BACK, "lead", Status.QUESTION),
    (Status.IN_REVIEW, Action.KEEP, "lead", Status.KEPT),
    (Status.IN_REVIEW, Action.KEEP, "reviewer", None),
    (Status.IN_REVIEW, Action.REJECT, "lead", Status.REJECTED),
    (Status.IN_REVIEW, Action.REJECT, "reviewer", None),
    (Status.IN_REVIEW, Action.TAKE_INTO_REVIEW, "reviewer", None),
    (Status.QUESTION, Action.TAKE_INTO_REVIEW, "reviewer", Status.IN_REVIEW),
    (Status.QUESTION, Action.REJECT, "lead", Status.REJECTED),
    (Status.QUESTION, Action.KEEP, "lead", None),
    (Status.KEPT, Action.REOPEN, "lead", Status.IN_REVIEW),
    (Status.KEPT, Action.REOPEN, "reviewer", None),
    (Status.KEPT, Action.REJECT, "lead", None),
    (Status.REJECTED, Action.REOPEN, "lead", Status.IN_REVIEW),
    (Status.REJECTED, Action.REOPEN, "reviewer", None),
    (Status.REJECTED, Action.KEEP, "lead", None),
]


@pytest.mark.parametrize(("before", "action", "who", "after"), STEPS)
def test_each_step_leads_where_the_table_says_or_is_refused_with_a_sentence(before, action, who, after, at_desk):
    idea = make_idea(before, released=True)
    desk = at_desk(UserFactory(**{who: True}))
    response = desk.take(idea, action, reason=REASON)
    assert status_of(idea) == (after or before)
    if after:
        assert response.status_code == 302
        assert response.url == reverse("ideas_desk:idea", args=[idea.number])
    else:
        assert response.status_code == 409
        assert REASON in response.content.decode()


def test_releasing_makes_the_newest_version_public_and_tells_the_author(at_desk, reviewer, django_capture_on_commit_callbacks):
    idea = make_idea(title="Trinkbrunnen am Bahnhof")
    outbox.drain()
    mail.outbox.clear()
    response = at_desk(reviewer).take(idea, Action.RELEASE)
    assert response.status_code == 302
    idea.refresh_from_db()
    assert idea.released_version == idea.latest_version
    assert idea.trail.get(action=Action.RELEASE).office == "Stabsstelle Test"
    outbox.drain()
    assert [message.to for message in mail.outbox] == [[idea.author.user.email]]


def test_a_rejection_without_a_reason_is_refused_and_the_note_is_still_there(at_desk, lead):
    idea = make_idea(Status.IN_REVIEW)
    response = at_desk(lead).take(idea, Action.REJECT, reason="   ", note="Mit Frau B. besprochen")
    page = response.content.decode()
    assert status_of(idea) == Status.IN_REVIEW
    assert "Bitte begründen Sie diese Entscheidung. Der Grund wird veröffentlicht." in page
    assert "Mit Frau B. besprochen" in page
    assert 'aria-invalid="true"' in page


def test_the_second_of_two_reviewers_is_told_and_keeps_the_typed_reason(at_desk, lead):
    idea = make_idea(Status.IN_REVIEW)
    seen = idea.trail_length
    at_desk(UserFactory(lead=True)).take(idea, Action.ASK_BACK, reason="Wo genau?")
    response = at_desk(lead).take(idea, Action.REJECT, seen=seen, reason=REASON)
    page = response.content.decode()
    assert response.status_code == 409
    assert status_of(idea) == Status.QUESTION
    assert "Jemand hat diese Idee inzwischen bearbeitet" in page
    assert f'name="seen" value="{seen + 1}"' in page  # having seen the new state, they can decide after all
    assert REASON in page
    assert at_desk(lead).take(idea, Action.REJECT, seen=seen + 1, reason=REASON).status_code == 302


def test_a_reason_for_a_step_that_somebody_else_made_impossible_is_shown_for_copying(at_desk, lead):
    idea = make_idea(Status.IN_REVIEW)
    seen = idea.trail_length
    at_desk(UserFactory(lead=True)).take(idea, Action.REJECT, reason="Anders entschieden.")
    page = at_desk(lead).take(idea, Action.KEEP, seen=seen, reason=REASON, note="nur intern").content.decode()
    assert "Jemand hat diese Idee inzwischen bearbeitet" in page
    assert REASON in page
    assert "nur intern" in page
    assert status_of(idea) == Status.REJECTED


def test_a_release_names_the_version_that_was_on_the_page(at_desk, reviewer):
    idea = make_idea()
    old = idea.latest_version
    newer = idea.versions.create(version=2, title="Neuer Titel", text="Neuer Text")
    response = at_desk(reviewer).take(idea, Action.RELEASE, version=old.pk)
    idea.refresh_from_db()
    assert response.status_code == 409
    assert idea.released_version is None
    page = response.content.decode()
    assert "Neuer Titel" in page
    assert f'name="version" value="{newer.pk}"' in page


def test_another_loesung_needs_a_reason_and_before_and_after_are_public(at_desk, reviewer):
    idea = make_idea(Status.IN_REVIEW)
    loesung = LoesungFactory(title="Smart mobil")
    desk = at_desk(reviewer)
    assert "Bitte begründen Sie" in desk.take(idea, Action.RECLASSIFY, loesung=loesung.pk).content.decode()
    assert desk.take(idea, Action.RECLASSIFY, loesung=loesung.pk, reason=REASON).status_code == 302
    idea.refresh_from_db()
    assert idea.loesung == loesung
    assert idea.trail.last().changes[0]["after"] == "Smart mobil"
    again = desk.take(idea, Action.RECLASSIFY, loesung=loesung.pk, reason=REASON)
    assert "Die Idee ist schon so eingeordnet" in again.content.decode()


def test_a_linked_measure_gives_its_progress_and_can_be_taken_off_again_with_a_reason(at_desk, reviewer):
    idea = make_idea(Status.KEPT)
    measure, other = MeasureFactory(status=MeasureStatus.IMPLEMENTATION), MeasureFactory()
    desk = at_desk(reviewer)
    for each in (measure, other):
        assert desk.take(idea, Action.LINK_MEASURE, measure=each.pk, contribution="partly").status_code == 302
    idea.refresh_from_db()
    assert idea.progress == MeasureStatus.IMPLEMENTATION
    page = desk.take(idea, Action.UNLINK_MEASURE, measure=other.pk, note="für die zweite").content.decode()
    assert page.count("für die zweite") == 1
    assert desk.take(idea, Action.UNLINK_MEASURE, measure=measure.pk, reason=REASON).status_code == 302
    idea.refresh_from_db()
    assert idea.progress == ""
    assert [link.measure for link in idea.measure_links.all()] == [other]
    gone = desk.take(idea, Action.UNLINK_MEASURE, measure=measure.pk, reason=REASON)
    assert gone.status_code == 409
    assert REASON in gone.content.decode()


@pytest.mark.parametrize("value", ["", "0", "99999999", "x", "1 OR 1"])
def test_a_measure_that_does_not_exist_is_an_error_beside_the_field(value, at_desk, reviewer):
    idea = make_idea(Status.KEPT)
    response = at_desk(reviewer).take(idea, Action.LINK_MEASURE, measure=value, contribution="full", reason=REASON)
    assert response.status_code == 200
    assert REASON in response.content.decode()
    assert not idea.measure_links.exists()


def test_an_author_with_a_role_does_not_decide_their_own_idea(at_desk, lead):
    idea = make_idea(user=lead)
    desk = at_desk(lead)
    page = desk.look_at(idea).content.decode()
    assert "Das ist Ihre eigene Idee" in page
    assert "<details" not in page.split('id="desk-decide"')[1].split("</section>")[0]
    response = desk.take(idea, Action.RELEASE)
    assert response.status_code == 409
    assert "Über die eigene Idee entscheidet jemand anderes." in response.content.decode()
    idea.refresh_from_db()
    assert idea.released_version is None


def test_steps_of_the_author_and_of_the_system_have_no_address_at_the_desk(at_desk, lead):
    idea = make_idea()
    for action in (Action.SUBMIT, Action.CONFIRM, Action.IMPORT, Action.PROGRESS):
        assert at_desk(lead).take(idea, action).status_code == 404


def test_nothing_is_decided_by_opening_an_address(at_desk, lead):
    idea = make_idea(Status.IN_REVIEW)
    response = at_desk(lead).client.get(reverse("ideas_desk:step", args=[idea.number, "keep"]))
    assert response.status_code == 405
    assert status_of(idea) == Status.IN_REVIEW


def test_a_page_without_the_guard_decides_nothing(at_desk, lead):
    idea = make_idea(Status.IN_REVIEW)
    response = at_desk(lead).client.post(reverse("ideas_desk:step", args=[idea.number, "reject"]), {"reason": REASON})
    assert response.status_code == 200
    assert REASON in response.content.decode()
    assert status_of(idea) == Status.IN_REVIEW


def test_what_was_typed_is_shown_as_text_never_as_markup(at_desk, lead):
    idea = make_idea(Status.IN_REVIEW)
    attack = "</textarea><script>alert(1)</script>"
    page = at_desk(lead).take(idea, Action.REJECT, seen=0, reason=attack).content.decode()
    assert attack not in page
    assert escape(attack) in page
