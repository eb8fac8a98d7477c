"""There is one way in, for citizens and staff alike: allauth's."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.admin import urls as admin_urls

from tests.accounts.people import person
from tests.factories import UserFactory

PASSWORD = "geheim-und-lang"


def test_wagtails_login_does_not_take_a_password_and_keeps_where_one_wanted_to_go(client, db):
    boss = UserFactory(is_superuser=True)
    door = "/admin/login/?next=/admin/ideen/"
    for response in (client.get(door), client.post(door, {"username": boss.email, "email": boss.email, "password": PASSWORD})):
        assert (response.status_code, response.url) == (302, "/konto/login/?next=/admin/ideen/")
        assert SESSION_KEY not in client.session


def test_who_is_signed_in_without_a_right_to_the_back_office_is_told_so_and_not_sent_in_circles(client, db):
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/ideen/", follow=True)
    assert page.status_code == 403
    assert "Das dürfen Sie hier nicht sehen" in page.text
    assert len(page.redirect_chain) == 1


@pytest.mark.parametrize(
    "path", ["/django-admin/", "/django-admin/login/", "/admin/password_reset/", "/admin/password_reset/done/"]
)
def test_djangos_and_wagtails_other_doors_do_not_exist(path, client, db):
    assert client.get(path).status_code in (301, 302, 404)
    assert client.post(path, {"email": UserFactory(is_superuser=True).email}).status_code in (301, 302, 404)
    assert SESSION_KEY not in client.session


def test_djangos_admin_site_is_not_mounted():
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
    assert not [pattern for pattern in get_resolver().url_patterns if "admin.site" in repr(pattern)]


def test_a_password_is_changed_at_the_account_page_only(client, db):
    boss = UserFactory(lead=True)
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/account/").content.decode()
    assert "old_password" not in page
    assert "new_password1" not in page
    client.post("/admin/account/", {"password-old_password": PASSWORD, "password-new_password1": "anderes-geheimnis"})
    client.post(
        "/admin/account/", {"name_email-email": "boese@example.org", "name_email-first_name": "A", "name_email-last_name": "B"}
    )
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)
    assert boss.email != "boese@example.org"


def test_every_page_of_the_back_office_asks_for_the_one_door(client, db):
    """Each address without arguments, found in the address table: a new one is asked too."""
    names = {
        pattern.name for pattern in admin_urls.urlpatterns if getattr(pattern, "name", None) and "<" not in str(pattern.pattern)
    }
    open_pages = {"wagtailadmin_login", "wagtailadmin_logout", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
    asked = 0
    for name in sorted(names - open_pages):
        try:
            path = reverse(name)
        except NoReverseMatch:
            continue
        response = client.get(path)
        assert response.status_code in (301, 302, 403, 404, 405), name
        assert SESSION_KEY not in client.session
        asked += 1
    assert asked > 5


def test_after_signing_in_staff_are_where_they_wanted_to_be_and_others_at_their_account(client, db):
    staff, citizen = person(reviewer=True), person()
    response = client.post(
        "/konto/login/?next=/admin/ideen/", {"login": staff.email, "password": PASSWORD, "next": "/admin/ideen/"}
    )
    assert (response.status_code, response.url) == (302, "/admin/ideen/")
    client.logout()
    assert client.post("/konto/login/", {"login": citizen.email, "password": PASSWORD}).url == "/konto/"


@pytest.mark.parametrize(
    "target", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)", "https:example.com"]
)
def test_signing_in_never_leads_to_another_site(target, client, db):
    citizen = person()
    response = client.post("/konto/login/", {"login": citizen.email, "password": PASSWORD, "next": target})
    assert response.url == "/konto/"


def test_signing_out_of_the_back_office_takes_a_button_press(client, db):
    client.force_login(UserFactory(lead=True), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/admin/logout/").url == "/konto/logout/"
    client.get("/konto/logout/")
    assert SESSION_KEY in client.session
    client.post("/konto/logout/")
    assert SESSION_KEY not in client.session
