"""Somebody meets a barrier, reports it from the page where it is, and gets an answer; with JavaScript and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from common.guarding import SECONDS_TO_WRITE
from pages.models import Message
from tests import axe
from tests.e2e.conftest import SCRIPTS, Post

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

READER, EDITOR = "leserin@example.net", "redaktion@example.org"
WORDS = "Die Filter in der Liste lassen sich mit meiner Tastatur nicht öffnen."
People = Callable[..., Page]


@SCRIPTS
def test_a_reader_reports_a_barrier_and_an_editor_answers(person: People, post: Post, scripts: bool) -> None:
    page = person(scripts=scripts)
    page.goto("/massnahmen/")
    page.get_by_role("contentinfo").get_by_role("link", name="Barriere melden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Barriere melden")
    expect(page.get_by_label("Auf welcher Seite?")).to_have_value("/massnahmen/")
    assert not scripts or axe.violations(page) == []

    # An address that is cut off: the page says so beside the field and keeps the rest.
    page.get_by_label("Was hat Sie gehindert?").fill(WORDS)
    page.get_by_label("Ihre E-Mail-Adresse").fill("leserin@")
    page.wait_for_timeout(SECONDS_TO_WRITE * 1000)
    page.get_by_role("main").get_by_role("button", name="Barriere melden").click()
    expect(page.get_by_role("alert")).to_contain_text("Diese E-Mail-Adresse ist nicht vollständig")
    expect(page.get_by_label("Was hat Sie gehindert?")).to_have_value(WORDS)
    assert not scripts or axe.violations(page) == []

    page.get_by_label("Ihre E-Mail-Adresse").fill(READER)
    page.get_by_role("main").get_by_role("button", name="Barriere melden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, Ihre Nachricht ist da")
    message = Message.objects.get()
    expect(page.get_by_text(message.ticket, exact=True)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Wir antworten Ihnen bis zum")
    assert not scripts or axe.violations(page) == []
    assert post.newest_to(READER).subject == f"Ihre Nachricht ist da: {message.ticket}"

    editor = person(EDITOR, scripts=scripts)
    editor.goto("/admin/nachrichten/")
    editor.get_by_role("link", name=message.ticket).first.click()
    expect(editor.get_by_text(WORDS)).to_be_visible()
    editor.get_by_label("beantwortet").check()
    editor.get_by_role("textbox", name="Interne Notiz").fill("Am Telefon geklärt.")
    editor.get_by_role("button", name="Speichern").click()
    editor.wait_for_url("**/admin/nachrichten/")
    message.refresh_from_db()
    assert (message.state, message.note) == (Message.State.ANSWERED, "Am Telefon geklärt.")
