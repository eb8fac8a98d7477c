"""An author's answer and words that must go, as the desk sees them."""

from typing import Any

import pytest
from django.urls import reverse

from ideas import actions
from ideas.models import Idea, TrailEntry
from ideas.workflow import Action, Status
from tests.factories import UserFactory, make_idea

ANSWER = "Am Kilometer 7, unter der Linde."
WHY = "Im Text stand ein Name."


def answered(**fields: Any) -> tuple[Idea, TrailEntry]:
    idea = make_idea(Status.QUESTION, **fields)
    return idea, actions.answer(idea, ANSWER)


def redact_url(entry: TrailEntry) -> str:
    return reverse("ideas_desk:redact", args=[entry.idea.number, entry.position])


def show_url(entry: TrailEntry) -> str:
    return reverse("ideas_desk:show_answer", args=[entry.idea.number, entry.position])


def test_an_answer_is_marked_in_the_inbox_and_on_the_page_until_it_is_released(at_desk: Any, reviewer: Any) -> None:
    idea, entry = answered()
    desk = at_desk(reviewer)
    assert "Antwort ist da" in desk.inbox(ordner="eingereicht").content.decode()
    page = desk.look_at(idea).content.decode()
    assert "wartet auf Veröffentlichung" in page
    assert ANSWER in page
    assert ANSWER not in desk.client.get(f"/ideen/{idea.number}/").content.decode()
    assert desk.client.post(show_url(entry)).url == reverse("ideas_desk:idea", args=[idea.number])
    assert ANSWER in desk.client.get(f"/ideen/{idea.number}/").content.decode()
    assert "wartet auf Veröffentlichung" not in desk.look_at(idea).content.decode()
    assert "Antwort ist da" not in desk.inbox(ordner="eingereicht").content.decode()


def test_an_answered_idea_lies_where_it_was_asked_sorted_by_its_due_date(at_desk: Any, reviewer: Any) -> None:
    idea, _entry = answered()
    desk = at_desk(reviewer)
    assert [each.pk for each in desk.inbox(ordner="rueckfrage").context["ideas"]] == []
    assert [each.pk for each in desk.inbox(ordner="eingereicht").context["ideas"]] == [idea.pk]
    assert desk.inbox(ordner="eingereicht").context["ideas"][0].answer_due


def test_who_answered_does_not_show_it_to_the_public(at_desk: Any, lead: Any) -> None:
    idea, entry = answered(user=lead)
    desk = at_desk(lead)
    assert show_url(entry) not in desk.look_at(idea).content.decode()
    desk.client.post(show_url(entry))
    assert TrailEntry.objects.get(pk=entry.pk).text.awaits_release


def test_an_answer_is_not_released_by_opening_an_address(at_desk: Any, reviewer: Any) -> None:
    _idea, entry = answered()
    assert at_desk(reviewer).client.get(show_url(entry)).status_code == 405


def test_the_lead_blacks_out_with_a_reason(at_desk: Any, lead: Any) -> None:
    idea = make_idea(Status.REJECTED)
    entry = idea.trail.latest("position")
    desk = at_desk(lead)
    assert redact_url(entry) in desk.look_at(idea).content.decode()
    page = desk.client.get(redact_url(entry)).content.decode()
    assert entry.text.reason in page
    seen = idea.trail_length
    refused = desk.client.post(redact_url(entry), {"seen": seen, "reason": " ", "note": "Notiz"})
    assert "Bitte begründen Sie" in refused.content.decode()
    assert "Notiz" in refused.content.decode()
    answer = desk.client.post(redact_url(entry), {"seen": seen, "reason": WHY})
    assert answer.status_code == 302
    public = desk.client.get(f"/ideen/{idea.number}/").content.decode()
    assert "Dieser Text wurde entfernt" in public
    assert WHY in public
    again = desk.client.post(redact_url(entry), {"seen": seen + 1, "reason": WHY})
    assert again.status_code == 409
    assert "keinen Text mehr" in again.content.decode()


@pytest.mark.parametrize("role", ["reviewer", "editor", "admin"])
def test_nobody_else_gets_that_far(role: str, at_desk: Any) -> None:
    idea = make_idea(Status.REJECTED)
    entry = idea.trail.latest("position")
    desk = at_desk(UserFactory(**{role: True}))
    for answer in (desk.client.get(redact_url(entry)), desk.client.post(redact_url(entry), {"seen": 9, "reason": WHY})):
        assert answer.status_code == 302
    entry.text.refresh_from_db()
    assert entry.text.redacted_at is None


def test_who_decided_from_an_old_page_is_told(at_desk: Any, lead: Any) -> None:
    idea = make_idea(Status.REJECTED)
    entry = idea.trail.latest("position")
    answer = at_desk(lead).client.post(redact_url(entry), {"seen": idea.trail_length - 1, "reason": WHY})
    assert "inzwischen bearbeitet" in answer.content.decode()
    assert WHY in answer.content.decode()


def test_a_step_that_does_not_exist_is_not_found(at_desk: Any, lead: Any) -> None:
    idea = make_idea(Status.REJECTED)
    assert at_desk(lead).client.get(reverse("ideas_desk:redact", args=[idea.number, 99])).status_code == 404
    assert at_desk(lead).take(idea, Action.REDACT).status_code == 404
