"""Nobody deletes a competition with ideas or ballots, or takes it off the site while people take part: they are told why."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from participation import actions
from participation.models import Competition, CompetitionPage
from participation.phases import Phase
from tests.factories import UserFactory
from tests.factories.participation import competition, entry, guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Client:
    """Somebody who may do everything that Wagtail allows."""
    client = Client()
    client.force_login(UserFactory(is_superuser=True, is_staff=True), backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client: Client, view: str, page: Any, **data: str) -> Any:
    return client.post(reverse(f"wagtailadmin_pages:{view}", args=[page.pk]), data, follow=True)


def bulk(client: Client, action: str, *pages: Any) -> Any:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return client.post(
        f"{address}?{'&'.join(f'id={page.pk}' for page in pages)}", {"confirm-site-name": "PulseHub"}, follow=True
    )


def test_a_competition_with_an_entry_is_not_deleted(admin: Client) -> None:
    own = competition(Phase.SUBMISSION)
    entry(own)
    index = own.page.get_parent()
    for page in (own.page, index, index.get_parent()):
        response = post(admin, "delete", page, **{"confirm-site-name": "PulseHub"})
        assert response.status_code == 200
        assert f"darum lassen sie sich nicht löschen: {own.title}." in response.content.decode()
        assert admin.get(reverse("wagtailadmin_pages:delete", args=[page.pk])).status_code == 302
    assert "darum lassen sie sich nicht löschen" in bulk(admin, "delete", own.page).content.decode()
    assert Competition.objects.filter(pk=own.pk).exists()


def test_nor_one_with_a_ballot_that_was_withdrawn(admin: Client) -> None:
    own = competition(Phase.VOTING, voting="support")
    liked, voter = entry(own), guest()
    actions.give(own, voter, liked)
    actions.withdraw_ballot(own, voter)
    post(admin, "delete", own.page)
    assert Page.objects.filter(pk=own.page_id).exists()


def test_a_competition_that_nobody_took_part_in_can_go(admin: Client) -> None:
    own = competition(Phase.SUBMISSION)
    assert post(admin, "delete", own.page).status_code == 200
    assert not Competition.objects.exists()
    another = competition(None)
    bulk(admin, "delete", another.page)
    assert not Competition.objects.exists()


@pytest.mark.parametrize("phase", list(Phase))
def test_a_page_stays_public_while_people_take_part(phase: Phase, admin: Client) -> None:
    own = competition(phase, phases=tuple(Phase))
    taking_part = phase in (Phase.SUBMISSION, Phase.VOTING, Phase.JURY)
    response = post(admin, "unpublish", own.page)
    assert response.status_code == 200
    own.page.refresh_from_db()
    assert own.page.live == taking_part
    assert ("darum bleibt die Seite öffentlich" in response.content.decode()) == taking_part


def test_nor_is_it_taken_off_with_others_or_by_the_page_above(admin: Client) -> None:
    own = competition(Phase.VOTING)
    bulk(admin, "unpublish", own.page)
    post(admin, "unpublish", own.page.get_parent(), include_descendants="on")
    own.page.refresh_from_db()
    assert own.page.live


def test_a_copy_is_a_competition_of_its_own_without_dates_and_entries(admin: Client) -> None:
    own = competition(Phase.VOTING, voting="budget")
    entry(own)
    data = {"new_title": "Noch einmal", "new_slug": "noch-einmal", "new_parent_page": str(own.page.get_parent().pk)}
    assert post(admin, "copy", own.page, **data).status_code == 200
    copied = Competition.objects.get(page__slug="noch-einmal")
    assert copied.pk != own.pk
    assert (copied.phases.count(), copied.entries.count(), copied.page.live) == (0, 0, False)
    assert admin.get(reverse("competitions_desk:competition", args=[copied.pk])).status_code in (200, 302)


def test_a_competition_moves_nowhere_but_below_the_page_of_all(admin: Client) -> None:
    own = competition(Phase.VOTING)
    home = own.page.get_parent().get_parent()
    address = reverse("wagtailadmin_pages:move_confirm", args=[own.page_id, home.pk])
    assert admin.post(address).status_code in (302, 403)
    assert CompetitionPage.objects.get().get_parent() == own.page.get_parent()
