"""An editor can be given one branch of the tree: they see it and change it, and the rest of the back office stays closed."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from accounts.models import User
from pages.models import AgendaPage, LoesungPage, ZielbildPage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


class Branches:
    """Two Zielbilder with a Lösung each, and somebody who may write and publish in the first."""

    def __init__(self, home: Page) -> None:
        agenda = Page.objects.get(pk=home.pk).add_child(instance=AgendaPage(title="Agenda", slug="agenda"))
        self.own, self.other = (self.branch(agenda, number) for number in (1, 2))
        self.editor = self.editor_of(self.own)

    @staticmethod
    def branch(agenda: Page, number: int) -> ZielbildPage:
        zielbild: ZielbildPage = agenda.add_child(
            instance=ZielbildPage(title=f"Zielbild {number}", slug=f"z{number}", number=number)
        )
        zielbild.add_child(instance=LoesungPage(title=f"Lösung {number}", slug=f"l{number}", number=number))
        return zielbild

    @staticmethod
    def editor_of(page: Page) -> User:
        """As docs/handbuch/rechte.md tells an administrator to do it."""
        group = Group.objects.create(name="Redaktion Zielbild 1")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for action in ("add_page", "change_page", "publish_page"):
            right = Permission.objects.get(content_type__app_label="wagtailcore", codename=action)
            GroupPagePermission.objects.create(group=group, page=page, permission=right)
        editor = UserFactory()
        editor.groups.add(group)
        return editor


@pytest.fixture
def branches(home: Page) -> Branches:
    return Branches(home)


@pytest.fixture
def back_office(branches: Branches, client: Client) -> Client:
    client.force_login(branches.editor, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_they_see_their_branch_and_not_the_others(back_office: Client, branches: Branches) -> None:
    explorer = back_office.get(reverse("wagtailadmin_explore", args=[branches.own.pk]))
    assert explorer.status_code == 200
    assert "Lösung 1" in explorer.content.decode()
    other = back_office.get(reverse("wagtailadmin_explore", args=[branches.other.pk]), follow=True)
    assert "Lösung 2" not in other.content.decode()
    above = back_office.get(reverse("wagtailadmin_explore_root"), follow=True).content.decode()
    assert "Zielbild 2" not in above


@pytest.mark.parametrize("name", ["wagtailadmin_pages:edit", "wagtailadmin_pages:delete", "wagtailadmin_pages:move"])
def test_they_change_nothing_elsewhere(name: str, back_office: Client, branches: Branches) -> None:
    elsewhere: list[Any] = [branches.other, branches.other.get_children().get(), branches.other.get_parent()]
    for page in elsewhere:
        assert back_office.get(reverse(name, args=[page.pk])).status_code == 302, page
        assert back_office.post(reverse(name, args=[page.pk]), {"title": "Gekapert"}).status_code == 302, page
    assert not Page.objects.filter(title="Gekapert").exists()


def test_they_write_and_publish_in_their_branch(back_office: Client, branches: Branches) -> None:
    page = branches.own.get_children().get()
    assert back_office.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    rights = page.permissions_for_user(branches.editor)
    assert (rights.can_edit(), rights.can_publish()) == (True, True)
    add = reverse("wagtailadmin_pages:add", args=["pages", "loesungpage", branches.own.pk])
    assert back_office.get(add).status_code == 200
    there = reverse("wagtailadmin_pages:add", args=["pages", "loesungpage", branches.other.pk])
    assert back_office.get(there).status_code == 302


def test_a_page_cannot_be_moved_into_a_branch_of_somebody_else(back_office: Client, branches: Branches) -> None:
    page = branches.own.get_children().get()
    move = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, branches.other.pk])
    back_office.post(move)
    page.refresh_from_db()
    assert page.get_parent().pk == branches.own.pk


OURS = [
    "kpis:list",
    "measures:list",
    "wagtailsnippets_pages_persona:list",
    "wagtailredirects:index",
    "ideas_desk:inbox",
]


@pytest.mark.parametrize("name", OURS)
def test_our_own_rooms_stay_closed_to_them(name: str, back_office: Client) -> None:
    assert back_office.get(reverse(name)).status_code in (302, 403, 404)


def test_the_settings_of_the_site_stay_closed_to_them(back_office: Client) -> None:
    assert back_office.get("/admin/settings/pages/sitesettings/", follow=False).status_code in (302, 403, 404)
