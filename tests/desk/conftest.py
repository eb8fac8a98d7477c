from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site

from ideas.models import Idea
from ideas.workflow import Action
from pages.models import SiteSettings
from tests.factories import UserFactory

PASSWORD = "geheim-und-lang"


@pytest.fixture
def reviewer(db: None) -> Any:
    return UserFactory(reviewer=True, first_name="Pia", last_name="Prüfung")


@pytest.fixture
def lead(db: None) -> Any:
    return UserFactory(lead=True, first_name="Lea", last_name="Leitung")


@pytest.fixture
def site(db: None) -> Site:
    """A site with an office, as every installation has one."""
    site = Site.objects.filter(is_default_site=True).first() or Site.objects.create(
        hostname="localhost", root_page=Page.objects.get(depth=1), is_default_site=True
    )
    SiteSettings.objects.update_or_create(site=site, defaults={"office": "Stabsstelle Test"})
    return site


class Desk:
    """One person at the desk."""

    def __init__(self, user: Any) -> None:
        self.user, self.client = user, Client()
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def inbox(self, **query: Any) -> Any:
        return self.client.get(reverse("ideas_desk:inbox"), query)

    def look_at(self, idea: Idea) -> Any:
        return self.client.get(reverse("ideas_desk:idea", args=[idea.number]))

    def take(self, idea: Idea, action: Action, seen: int | None = None, **fields: Any) -> Any:
        """Press the button of a step on the page as this person sees it (`seen`: as it was some steps ago)."""
        idea.refresh_from_db()
        data = {"seen": idea.trail_length if seen is None else seen, **fields}
        if action is Action.RELEASE:
            data.setdefault("version", idea.latest_version.pk)
        return self.client.post(reverse("ideas_desk:step", args=[idea.number, action.value]), data)


@pytest.fixture
def at_desk(site: Site) -> type[Desk]:
    return Desk
