"""One step with many ideas: chosen in the inbox, looked at beforehand, done with one reason."""

import re
from typing import Any

import pytest
from django.urls import reverse

from ideas import actions
from ideas.models import Idea
from ideas.workflow import Action, Status
from tests.factories import LoesungFactory, UserFactory, make_idea

pytestmark = pytest.mark.django_db
REASON = "Dafür ist der Kreis nicht zuständig."
MANY = "/admin/ideen/mehrere/"


def fresh(idea: Idea) -> Idea:
    return Idea.objects.get(pk=idea.pk)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sent(action: Action, *ideas: Idea, **more: Any) -> dict[str, Any]:
    seen = ",".join(f"{idea.number}:{fresh(idea).trail_length}" for idea in ideas)
    return {"aktion": action.value, "idee": [idea.number for idea in ideas], "seen": seen, "reason": REASON, **more}


def test_rows_of_the_inbox_are_chosen_with_or_without_all_at_once(at_desk: Any, lead: Any) -> None:
    idea = make_idea()
    page = at_desk(lead).inbox().content.decode()
    assert f'name="idee" value="{idea.number}"' in page
    assert 'value="merge"' in page
    assert 'value="merge"' not in at_desk(UserFactory(reviewer=True)).inbox().content.decode()
    everything = at_desk(lead).inbox(auswahl="alle").content.decode()
    assert f'name="idee" value="{idea.number}" checked' in everything


def test_before_anything_happens_each_idea_says_what_it_becomes_or_why_it_stays(at_desk: Any, lead: Any) -> None:
    open_, done, mine = make_idea(Status.IN_REVIEW), make_idea(Status.KEPT), make_idea(user=lead)
    desk = at_desk(lead)
    page = text_of(desk.client.get(MANY, {"aktion": "reject", "idee": [open_.number, done.number, mine.number]}))
    assert "Mit 1 Idee möglich" in page
    assert "wird „Verworfen“" in page
    assert "bleibt, wie sie ist Dieser Schritt passt nicht zum Stand „Idee“." in page
    assert "Über die eigene Idee entscheidet jemand anderes." in page
    preview = desk.client.post(MANY, sent(Action.REJECT, open_, done, mine))
    assert REASON in text_of(preview)
    assert "So erscheint es öffentlich, bei jeder dieser Ideen" in text_of(preview)
    assert f'name="idee" value="{done.number}"' not in preview.content.decode()
    assert fresh(open_).status == Status.IN_REVIEW
    back = desk.client.post(MANY, sent(Action.REJECT, open_, aendern="1"))
    assert REASON in back.content.decode()
    assert fresh(open_).status == Status.IN_REVIEW


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        (Action.TAKE_INTO_REVIEW, Status.SUBMITTED, Status.IN_REVIEW),
        (Action.KEEP, Status.IN_REVIEW, Status.KEPT),
        (Action.REJECT, Status.SUBMITTED, Status.REJECTED),
    ],
)
def test_all_chosen_ideas_take_the_step_each_with_its_own_row(
    action: Action, before: Status, after: Status, at_desk: Any, lead: Any
) -> None:
    ideas = [make_idea(before, released=True) for _ in range(3)]
    response = at_desk(lead).client.post(MANY, sent(action, *ideas, ausfuehren="1"))
    assert response.url == reverse("ideas_desk:inbox")
    for idea in ideas:
        row = fresh(idea).trail.latest("position")
        assert (row.action, row.reason, row.to_status, row.office) == (action, REASON, after, "Stabsstelle Test")


def test_many_are_released_without_a_reason(at_desk: Any, reviewer: Any) -> None:
    ideas = [make_idea(), make_idea()]
    assert at_desk(reviewer).client.post(MANY, sent(Action.RELEASE, *ideas, reason="", ausfuehren="1")).status_code == 302
    assert all(fresh(idea).is_public for idea in ideas)


def test_many_are_moved_to_another_loesung_and_the_preview_shows_from_where(at_desk: Any, reviewer: Any) -> None:
    old, new = LoesungFactory(title="Smart mobil"), LoesungFactory(title="Smarte Freizeit")
    moves, stays = make_idea(loesung=old), make_idea(loesung=new)
    desk = at_desk(reviewer)
    page = text_of(desk.client.post(MANY, sent(Action.RECLASSIFY, moves, stays, loesung=new.pk)))
    assert "wird umgeordnet: Smart mobil → Smarte Freizeit" in page
    assert "Die Idee ist schon so eingeordnet." in page
    assert desk.client.post(MANY, sent(Action.RECLASSIFY, moves, loesung=new.pk, ausfuehren="1")).status_code == 302
    assert fresh(moves).loesung == new


def test_what_somebody_moved_meanwhile_is_listed_and_the_rest_is_done(at_desk: Any, lead: Any) -> None:
    free, taken = make_idea(Status.IN_REVIEW), make_idea(Status.IN_REVIEW)
    data = sent(Action.REJECT, free, taken, ausfuehren="1")
    other = UserFactory(lead=True)
    actions.take(fresh(taken), Action.ASK_BACK, by=other, decision=actions.Decision(reason="Wo genau?"))
    response = at_desk(lead).client.post(MANY, data)
    page = text_of(response)
    assert response.status_code == 409
    assert (fresh(free).status, fresh(taken).status) == (Status.REJECTED, Status.QUESTION)
    assert f"Verworfen: Idee {free.number}." in page
    assert "Bei diesen Ideen hat es nicht geklappt" in page
    assert "Wo genau?" in page
    assert REASON in response.content.decode()
    again = at_desk(lead).client.post(MANY, sent(Action.REJECT, taken, ausfuehren="1"))
    assert again.status_code == 302


def test_a_step_that_needs_a_reason_is_not_taken_without_one(at_desk: Any, lead: Any) -> None:
    idea = make_idea(Status.IN_REVIEW)
    response = at_desk(lead).client.post(MANY, sent(Action.REJECT, idea, reason=" ", note="bleibt", ausfuehren="1"))
    assert "Bitte begründen Sie diese Entscheidung." in text_of(response)
    assert "bleibt" in response.content.decode()
    assert fresh(idea).status == Status.IN_REVIEW


def test_a_reviewer_does_not_decide_many_at_once_either(at_desk: Any, reviewer: Any) -> None:
    idea = make_idea(Status.IN_REVIEW)
    response = at_desk(reviewer).client.post(MANY, sent(Action.REJECT, idea, ausfuehren="1"))
    assert response.status_code == 409
    assert "Für diesen Schritt fehlt Ihnen die Berechtigung." in text_of(response)
    assert fresh(idea).status == Status.IN_REVIEW


def test_merging_many_leads_to_the_page_for_it(at_desk: Any, lead: Any) -> None:
    response = at_desk(lead).client.get(MANY, {"aktion": "merge", "idee": ["3", "4"]})
    assert response.url == "/admin/ideen/zusammenlegen/?idee=3&idee=4"


@pytest.mark.parametrize(
    "query", [{}, {"aktion": "reject"}, {"idee": "1"}, {"aktion": "redact", "idee": "1"}, {"idee": "\x00"}]
)
def test_a_choice_that_is_not_complete_leads_back_with_a_sentence(query: dict[str, str], at_desk: Any, lead: Any) -> None:
    response = at_desk(lead).client.get(MANY, query, follow=True)
    assert "Bitte wählen Sie" in text_of(response)


def test_ideas_that_do_not_exist_change_nothing(at_desk: Any, lead: Any) -> None:
    assert at_desk(lead).client.get(MANY, {"aktion": "reject", "idee": ["999", "998"]}).status_code == 200
