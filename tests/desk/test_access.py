"""Who comes to the desk at all."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from ideas.models import Idea
from ideas.workflow import Status
from tests.factories import UserFactory, make_idea

OTHERS = [(), (Role.CITIZEN,), (Role.EDITOR,), (Role.PROJECT_LEAD,), (Role.MODERATOR,), (Role.JURY,), (Role.ADMIN,)]


@pytest.mark.parametrize("roles", OTHERS, ids=lambda roles: roles[0].name if roles else "nobody")
def test_only_review_staff_see_the_desk_or_decide(roles, at_desk):
    idea = make_idea(Status.IN_REVIEW, email="gast@example.org")
    desk = at_desk(UserFactory(roles=roles))
    for response in (desk.inbox(), desk.look_at(idea)):
        assert response.status_code == 302
        assert b"gast@example.org" not in response.content
    response = desk.client.post(
        reverse("ideas_desk:step", args=[idea.number, "reject"]), {"seen": idea.trail_length, "reason": "Nein."}
    )
    assert response.status_code == 302
    assert Idea.objects.get(pk=idea.pk).status == Status.IN_REVIEW


def test_a_guest_is_sent_to_the_one_door_and_back(db):
    response = Client().get("/admin/ideen/", follow=True)
    assert unquote(response.redirect_chain[-1][0]) == "/konto/login/?next=/admin/ideen/"


def test_somebody_who_lost_the_role_is_out_at_once(at_desk, reviewer):
    desk = at_desk(reviewer)
    assert desk.inbox().status_code == 200
    reviewer.groups.clear()
    assert desk.inbox().status_code == 302


def test_unconfirmed_ideas_and_drafts_are_not_on_the_desk(at_desk, lead):
    idea = make_idea(Status.UNCONFIRMED)
    assert at_desk(lead).look_at(idea).status_code == 404
    assert f">{idea.number}<" not in at_desk(lead).inbox(ordner="alle").content.decode()


def test_the_address_of_an_author_stands_on_the_idea_and_nowhere_else(at_desk, reviewer, caplog):
    idea = make_idea(Status.IN_REVIEW, email="gast@example.org")
    desk = at_desk(reviewer)
    page = desk.look_at(idea).content.decode()
    assert "gast@example.org" in page
    assert "Gast, Adresse bestätigt" in page
    assert "gast@example.org" not in desk.inbox(ordner="alle").content.decode()
    assert "gast@example.org" not in caplog.text
