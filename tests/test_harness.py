"""The tools of the tests themselves: a checker that finds nothing is believed only after it has found something."""

import smtplib
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.mail import send_mail
from django.db import DatabaseError, connection
from django.template import engines
from django.test import TransactionTestCase
from playwright.sync_api import Page
from wagtail.models import Locale
from wagtail.models import Page as WagtailPage

from tests import axe
from tests.mailbox import Mailbox


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_committed_work_is_undone_and_what_migrations_made_stays(run: int) -> None:
    assert Locale.objects.exists()
    assert WagtailPage.objects.filter(depth=1).exists()
    assert not Group.objects.filter(name="Nur in diesem Test").exists()
    Group.objects.create(name="Nur in diesem Test")
    WagtailPage.objects.all().delete()
    Locale.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_forbids_deletion_does_not_stop_the_clean_up() -> None:
    body = "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
            )
            body = "FOR EACH ROW EXECUTE FUNCTION no_delete()"
        cursor.execute(f"CREATE TRIGGER no_delete BEFORE DELETE ON {Group._meta.db_table} {body}")
    group = Group.objects.create(name="Bleibt")
    with pytest.raises(DatabaseError, match="append-only"):
        group.delete()
    TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]
    assert not Group.objects.filter(name="Bleibt").exists()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION no_delete CASCADE")


def test_the_browser_leaves_the_database_connection_of_a_test_alone(db: None, page: Page) -> None:
    before = id(connection.connection)
    Group.objects.create(name="Vor dem Browser")
    page.set_content("<p>Hallo</p>")
    assert id(connection.connection) == before
    assert Group.objects.filter(name="Vor dem Browser").exists()


def test_the_browser_reaches_the_running_site(live_site: Any, page: Page) -> None:
    answer = page.goto(f"{live_site.url}/healthz")
    assert answer is not None
    assert answer.status == 200


def test_the_browser_without_javascript_runs_none(page_without_javascript: Page) -> None:
    page_without_javascript.set_content("<p id=p>aus</p><script>document.getElementById('p').textContent = 'an'</script>")
    assert page_without_javascript.locator("#p").inner_text() == "aus"


def test_axe_finds_a_missing_label_and_nothing_on_a_sound_page(page: Page) -> None:
    page.set_content("<!doctype html><html lang=de><title>T</title><main><h1>T</h1><input></main></html>")
    assert any(": label (" in line for line in axe.violations(page))
    page.set_content("<!doctype html><html lang=de><title>T</title><main><h1>T</h1><label>Name <input></label></main></html>")
    assert axe.violations(page) == []


def test_the_html_checker_finds_a_fault_and_names_its_page(validate_html: Any) -> None:
    sound = "<!doctype html><html lang=de><title>T</title><p>Text</p></html>"
    assert validate_html(sound) == []
    found = validate_html({"/gut/": sound, "/schlecht/": sound.replace("<p>", "<p><table></p>")})
    assert found
    assert all(line.startswith("/schlecht/:") for line in found)


def test_mail_reaches_a_real_server_and_a_refusal_is_an_error(smtp: Mailbox) -> None:
    send_mail("Grüße", "Ein Text mit Umlauten: äöü", "von@example.org", ["an@example.org"])
    assert smtp.messages[0]["Subject"] == "Grüße"
    assert smtp.recipients == [["an@example.org"]]
    smtp.answer = "451 4.3.0 try again later"
    with pytest.raises(smtplib.SMTPDataError):
        send_mail("Noch einmal", "Text", "von@example.org", ["an@example.org"])
    assert len(smtp.messages) == 1


def test_an_undefined_name_in_a_template_of_ours_is_noted(
    undefined_variables: list[str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.undefined.TEMPLATES", tmp_path)
    engine = engines["django"].engine  # type: ignore[attr-defined]
    engine.dirs = [tmp_path]
    (tmp_path / "probe.html").write_text("{{ there }} {% if not_there %}{% endif %}{{ mistyped.title }}")
    assert engine.render_to_string("probe.html", {"there": "da"}).strip() == "da"
    assert undefined_variables == ["probe.html: mistyped.title"]
