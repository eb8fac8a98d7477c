"""Staff who choose English for the back office get it everywhere, in our pages as in Wagtail's."""

import pytest
from django.test import Client
from wagtail.users.models import UserProfile

from accounts.models import User
from ideas.models import Idea
from tests.factories import UserFactory, make_idea
from tests.pages.test_english_pages import german_in


@pytest.fixture
def english_lead(db: None) -> User:
    lead = UserFactory(lead=True, display_name="Lee Lead")
    profile = UserProfile.get_for_user(lead)
    profile.preferred_language = "en"
    profile.save()
    return lead


@pytest.mark.parametrize(
    "address",
    [
        "/admin/", "/admin/ideen/", "/admin/ideen/pruefungen/", "/admin/ideen/berichte/", "/admin/ideen/zuweisen/",
        "/admin/ideen/austausch/", "/admin/ideen/e-mails/", "/admin/ideen/editionen/", "/admin/ideen/zusammenlegen/",
        "/admin/wettbewerbe/", "/admin/wettbewerbe/neu/",
    ],
)  # fmt: skip
def test_the_back_office_is_english_for_who_wants_it(client: Client, english_lead: User, address: str) -> None:
    client.force_login(english_lead)
    page = client.get(address)
    assert page.status_code == 200
    # What a mail says in German is shown to see the German one; the name of a language is said in itself.
    assert [text for text in german_in(page.text) if text not in ("Deutsch", "Englisch")] == []


def test_what_the_trail_keeps_is_german_whoever_takes_the_step(client: Client, english_lead: User) -> None:
    from django.utils import translation

    from ideas import actions
    from tests.factories import LoesungFactory

    idea: Idea = make_idea(released=True)
    with translation.override("en"):
        decision = actions.Decision(reason="Passt besser.")
        entry = actions.reclassify(idea, LoesungFactory(title="Bus"), by=english_lead, decision=decision)
    assert entry.changes == [{"label": "Lösung", "before": "noch nicht zugeordnet", "after": "Bus"}]
    page = client.get(f"/en/ideen/{idea.number}/").text
    assert "Solution:" in page
    assert "not assigned yet" in page
    assert "Lösung" in client.get(f"/ideen/{idea.number}/").text
