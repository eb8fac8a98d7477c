"""The lead's desk of competitions: who gets in, and what every page says when it is empty, filled, or sent something wrong."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.factories import UserFactory
from tests.factories.participation import competition

pytestmark = pytest.mark.django_db
OTHERS = [(), (Role.CITIZEN,), (Role.EDITOR,), (Role.REVIEWER,), (Role.PROJECT_LEAD,), (Role.MODERATOR,), (Role.JURY,), (Role.ADMIN,)]


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, *args: Any) -> str:
    return reverse(f"competitions_desk:{name}", args=args)


@pytest.mark.parametrize("roles", OTHERS, ids=lambda roles: roles[0].name if roles else "nobody")
def test_only_the_lead_comes_to_the_desk(roles: Any, site: Any) -> None:
    own = competition()
    client = client_of(UserFactory(roles=roles))
    for page in (address("index"), address("competition", own.pk)):
        response = client.get(page)
        assert response.status_code == 302
        assert own.title.encode() not in response.content


def test_the_lead_sees_all_competitions_and_one(lead: Any, site: Any) -> None:
    own = competition()
    client = client_of(lead)
    assert own.title in client.get(address("index")).content.decode()
    assert own.title in client.get(address("competition", own.pk)).content.decode()
