"""The groups that the migrations make, and that nobody can lift themselves up."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, Workflow

from accounts import setup
from accounts.roles import Role
from tests.factories import UserFactory

FORBIDDEN = ("user", "group", "permission", "grouppagepermission", "emailaddress", "apitoken")


@pytest.fixture
def sign_in(client, db):
    def as_role(**traits):
        user = UserFactory(**traits)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return user

    return as_role


def test_each_role_is_a_group_and_wagtails_own_groups_are_gone(db):
    assert set(Group.objects.values_list("name", flat=True)) == {role.value for role in Role}


@pytest.mark.parametrize("role", Role)
def test_no_role_manages_accounts_or_rights(role, db):
    models = Group.objects.get(name=role).permissions.values_list("content_type__model", flat=True)
    assert not set(models) & set(FORBIDDEN)


RIGHTS = {
    "reviewer": {"wagtailadmin.access_admin", "ideas.review_idea", "ideas.change_measure", "ideas.view_measure"},
    "lead": {
        "wagtailadmin.access_admin",
        "ideas.review_idea",
        "ideas.add_measure",
        "ideas.change_measure",
        "ideas.view_measure",
        "pages.change_sitesettings",
        "participation.change_commentrules",
        "wagtailredirects.add_redirect",
    },
    "project_lead": {"wagtailadmin.access_admin", "ideas.view_measure"},
    "editor": {
        "wagtailadmin.access_admin",
        "pages.add_persona",
        "ideas.change_place",
        "pages.change_sitesettings",
        "wagtailredirects.add_redirect",
    },
    "admin": {"wagtailadmin.access_admin", "wagtailredirects.add_redirect", "pages.change_sitesettings"},
    "moderator": {"wagtailadmin.access_admin", "participation.change_commentrules"},
    "jury": set(),
}
ALL_RIGHTS = set().union(*RIGHTS.values())


@pytest.mark.parametrize("role", RIGHTS)
def test_each_role_has_its_rights_and_no_others(role, db):
    user = UserFactory(**{role: True})
    assert {right for right in ALL_RIGHTS if user.has_perm(right)} == RIGHTS[role]


def test_an_editor_writes_and_publishes_every_page_and_the_lead_approves(db):
    editor, lead = UserFactory(editor=True), UserFactory(lead=True)
    rights = Page.objects.get(depth=1).permissions_for_user(editor)
    assert (rights.can_add_subpage(), rights.can_publish_subpage(), rights.can_delete()) == (True, True, False)
    task = GroupApprovalTask.objects.get()
    assert (task.name, [group.name for group in task.groups.all()]) == ("Freigabe durch die Leitung", [Role.LEAD.value])
    assert Workflow.objects.get().all_pages().filter(depth=1).exists()
    assert not lead.has_perm("wagtailcore.publish_page")


def test_a_right_that_does_not_exist_stops_the_migration(db):
    with pytest.raises(KeyError):
        setup.grant(apps, "Leitung", ["ideas.fly"])


ADMIN_PAGES = ["wagtailusers_users:index", "wagtailusers_users:add", "wagtailusers_groups:index", "wagtailusers_groups:add"]


@pytest.mark.parametrize("role", [*RIGHTS])
@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_accounts_and_groups_are_closed_to_everybody_but_superusers(role, name, client, sign_in):
    sign_in(**{role: True})
    assert client.get(reverse(name)).status_code == 302


def test_the_back_office_opens_for_who_has_something_to_do_there(client, sign_in):
    for role, rights in RIGHTS.items():
        sign_in(**{role: True})
        assert (client.get("/admin/").status_code == 200) == bool(rights), role


def test_a_superuser_makes_and_edits_accounts_by_address_without_a_password(client, sign_in):
    from accounts.models import User

    sign_in(is_superuser=True, admin=True)
    assert "password" not in client.get(reverse("wagtailusers_users:add")).content.decode().lower().split("<main")[1]
    group = Group.objects.get(name=Role.REVIEWER)
    data = {"email": "Neu@example.org", "first_name": "Nina", "last_name": "Neu", "groups": [group.pk]}
    assert client.post(reverse("wagtailusers_users:add"), data).status_code == 302
    made = User.objects.get(email__iexact="neu@example.org")
    assert made.roles == {Role.REVIEWER, Role.CITIZEN}
    assert not made.has_usable_password()
    edit = reverse("wagtailusers_users:edit", args=[made.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {**data, "last_name": "Neumann", "is_active": "on"}).status_code == 302
    made.refresh_from_db()
    assert made.last_name == "Neumann"
    assert client.get(reverse("wagtailusers_users:index")).status_code == 200
    # Somebody who has no names yet is listed and opened as well.
    assert client.get(reverse("wagtailusers_users:edit", args=[UserFactory().pk])).status_code == 200


@pytest.mark.parametrize("name", ["wagtailadmin_account", "wagtailadmin_home"])
def test_the_own_page_in_the_back_office_works_for_accounts_without_a_user_name(name, client, sign_in):
    user = sign_in(lead=True)
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert user.email in page.content.decode()


def test_an_editor_hands_a_page_to_the_lead_who_alone_approves_it(db):
    from tests.factories import ZielbildFactory

    editor, lead, reviewer = UserFactory(editor=True), UserFactory(lead=True), UserFactory(reviewer=True)
    page = ZielbildFactory(live=False)
    page.save_revision(user=editor)
    state = page.get_workflow().start(page, editor)
    task = state.current_task_state.task.specific
    assert "approve" in {name for name, *_rest in task.get_actions(page, lead)}
    assert not task.get_actions(page, reviewer)
    state.current_task_state.approve(user=lead)
    page.refresh_from_db()
    assert page.live


def test_the_administration_sees_the_history_of_the_site(client, sign_in):
    sign_in(admin=True)
    assert client.get(reverse("wagtailadmin_reports:site_history")).status_code == 200
    assert reverse("wagtailadmin_reports:site_history") in client.get("/admin/").content.decode()


@pytest.mark.parametrize("kind", ["login", "password"])
def test_no_page_is_closed_to_the_public_while_the_lists_go_on_naming_it(kind, client, sign_in):
    from tests.factories import ZielbildFactory

    page = ZielbildFactory()
    sign_in(editor=True)
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    client.post(address, {"restriction_type": kind, "password": "geheim", "groups": []})
    assert not page.get_view_restrictions().exists()
