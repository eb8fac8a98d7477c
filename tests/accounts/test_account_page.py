import pytest
from django.urls import reverse

from tests.factories import UserFactory


@pytest.fixture
def person(client, db):
    person = UserFactory(first_name="Anna", last_name="Beispiel")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def test_the_page_greets_and_leads_on(client, person):
    page = client.get(reverse("account_home")).content.decode()
    assert "Guten Tag, Anna Beispiel" in page
    for name in ("my_ideas", "account_email", "account_change_password", "account_logout"):
        assert f'href="{reverse(name)}"' in page


def test_a_guest_is_asked_to_sign_in_first(client, db):
    assert client.get("/konto/").url == "/konto/login/?next=/konto/"


def test_the_name_that_others_see_can_be_changed_and_left_empty(client, person):
    assert client.post("/konto/", {"display_name": "  Anna   B. "}).status_code == 302
    person.refresh_from_db()
    assert person.display_name == "Anna B."
    client.post("/konto/", {"display_name": ""})
    person.refresh_from_db()
    assert person.display_name == ""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("anna@example.org", "Bitte wählen Sie einen Namen ohne @."),
        ("x" * 61, "Bitte kürzen Sie den Namen auf höchstens 60 Zeichen."),
    ],
)
def test_a_name_that_can_not_be_is_refused_in_german_and_kept_in_the_field(name, message, client, person):
    page = client.post("/konto/", {"display_name": name}).content.decode()
    assert message in page
    assert f'value="{name}"' in page
    person.refresh_from_db()
    assert person.display_name == ""


def test_nobody_changes_more_than_their_name(client, person):
    client.post("/konto/", {"display_name": "Anna", "is_superuser": "on", "email": "boss@example.org", "groups": "1"})
    person.refresh_from_db()
    assert not person.is_superuser
    assert person.email != "boss@example.org"
    assert not person.groups.exists()
