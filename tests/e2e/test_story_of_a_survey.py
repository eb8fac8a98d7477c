"""An editor builds a survey at the desk, people answer it with the keyboard, with JavaScript and without; the editor closes it,
releases a text, and the result with its files is there for everybody. axe looks at every page on the way."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.local_time import local
from participation.models import Survey, SurveyResponse
from tests import axe
from tests.accounts.people import person as signed_up
from tests.conftest import DEMO_PASSWORD
from tests.factories import home_page

pytestmark = pytest.mark.slow
EDITOR = "redaktion@example.org"
TITLE, SLUG = "Wie kommen Sie zur Arbeit?", "zur-arbeit"
FORM, LIST = "[data-edit-form]", "#listing-results"
People = Callable[..., Page]


@pytest.fixture
def office(transactional_db: None) -> None:
    """A site with an editor."""
    cache.clear()
    home_page()
    user = signed_up(editor=True, email=EDITOR)
    user.set_password(DEMO_PASSWORD)
    user.save()


def look(page: Page, within: str | None = None) -> None:
    """`within`: where the frame around is Wagtail's own."""
    page.wait_for_load_state("networkidle")
    assert axe.violations(page, within) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def say(page: Page, message: str) -> None:
    expect(page.locator(".messages")).to_contain_text(message)


def build(page: Page) -> None:
    """A survey with a choice of two, something else, a scale and a text, in Wagtail's editor."""
    page.goto("/admin/umfragen/add/")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=slug]").fill(SLUG)
    page.locator("[name=intro]").fill("Wir fragen alle, die hier wohnen oder arbeiten.")
    for name, moment in (("starts_at", timezone.now() - timedelta(days=1)), ("ends_at", timezone.now() + timedelta(days=9))):
        page.locator(f"[name={name}_day]").fill(f"{local(moment):%Y-%m-%d}")
        page.locator(f"[name={name}_time]").fill("08:00")
    page.locator("[name=is_published]").check()
    page.get_by_role("tab", name="Fragen").click()
    questions: tuple[dict[str, Any], ...] = (
        {"text": "Womit fahren Sie?", "kind": "choice"},
        {"text": "Wie zufrieden sind Sie?", "kind": "scale"},
        {"text": "Was möchten Sie uns sagen?", "kind": "text"},
    )
    for place, question in enumerate(questions):
        page.locator("#id_questions-ADD").click()
        page.locator(f"[name=questions-{place}-text]").fill(question["text"])
        page.locator(f"[name=questions-{place}-kind]").select_option(question["kind"])
    for place, option in enumerate(("Bus", "Rad")):
        page.locator("#id_questions-0-options-ADD").click()
        page.locator(f"[name=questions-0-options-{place}-text]").fill(option)
    page.locator("[name=questions-0-is_required]").check()
    page.locator("[name=questions-0-allows_other]").check()
    page.get_by_role("button", name="Speichern", exact=True).click()
    say(page, TITLE)


def press_until(page: Page, selector: str) -> None:
    """Press Tab until this is in focus."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"The Tab key never gets to {selector}.")


def answer_with_the_keyboard(page: Page, scripts: bool, text: str) -> None:
    """First with an answer missing: what was typed is still there; then whole."""
    page.goto(f"/umfragen/{SLUG}/")
    press_until(page, f"a[href$='/{SLUG}/teilnehmen/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/teilnehmen/")
    if scripts:
        look(page)
    press_until(page, "textarea")
    page.keyboard.type(text)
    press_until(page, "main button")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Frage 1: Bitte wählen Sie eine Antwort.")
    expect(page.locator("textarea")).to_have_value(text)
    if scripts:
        look(page)
    page.reload()  # the focus starts on top again
    page.goto(f"/umfragen/{SLUG}/teilnehmen/")
    press_until(page, "input[type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    press_until(page, "fieldset:nth-of-type(2) input[type=radio]")
    for _step in range(3):  # from „keine Angabe“ on to 1, 2, 3
        page.keyboard.press("ArrowDown")
    press_until(page, "textarea")
    page.keyboard.type(text)
    press_until(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, Ihre Antworten sind gezählt")
    if scripts:
        look(page)


def close_and_release(page: Page) -> None:
    page.goto("/admin/umfragen/")
    look(page, LIST)
    page.get_by_role("link", name="Auswertung öffnen").click()
    look(page)
    expect(page.locator(".desk-facts")).to_contain_text("2")
    page.get_by_role("link", name="Jetzt schließen").click()
    look(page)
    page.get_by_role("button", name="Umfrage jetzt schließen").click()
    say(page, "Die Umfrage ist geschlossen.")
    look(page)
    page.get_by_role("link", name="Freie Texte lesen").click()
    look(page)
    page.locator(".desk-box", has_text="Mehr Radwege").get_by_role("button", name="Freigeben").click()
    say(page, "Der Text ist freigegeben.")
    page.goto(f"/admin/umfragen/edit/{Survey.objects.get().pk}/")
    expect(page.get_by_text("Es gibt schon Antworten. Darum bleiben Fragen")).to_be_visible()
    look(page, FORM)


def test_an_editor_builds_a_survey_people_answer_and_the_result_is_there(office: None, person: People) -> None:
    editor = person(EDITOR)
    build(editor)
    look(editor, LIST)
    editor.goto(f"/admin/umfragen/edit/{Survey.objects.get().pk}/")
    look(editor, FORM)
    answer_with_the_keyboard(person(), True, "Mehr Radwege")
    answer_with_the_keyboard(person(scripts=False), False, "Ein geheimer Text")
    rows = SurveyResponse.objects.values_list("answers__option__text", "answers__value", "answers__text")
    assert sorted(map(str, rows)) == sorted(
        map(str, [*[("Rad", None, ""), (None, 3, "")] * 2, (None, None, "Mehr Radwege"), (None, None, "Ein geheimer Text")])
    )
    stranger = person()
    stranger.goto(f"/umfragen/{SLUG}/ergebnis/")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Noch gibt es kein Ergebnis")
    close_and_release(editor)

    stranger.goto(f"/umfragen/{SLUG}/")
    stranger.get_by_role("main").get_by_role("link", name="Zum Ergebnis").click()
    expect(stranger.get_by_text("2 Personen haben mitgemacht.")).to_be_visible()
    expect(stranger.get_by_text("Mehr Radwege")).to_be_visible()
    expect(stranger.get_by_text("Ein geheimer Text")).to_have_count(0)
    look(stranger)
    with stranger.expect_download() as download:
        stranger.get_by_role("link", name="JSON").click()
    data = json.loads(download.value.path().read_text())
    assert data["participants"] == 2
    assert data["questions"][0]["counts"] == [
        {"answer": "Bus", "count": 0},
        {"answer": "Rad", "count": 2},
        {"answer": "Sonstiges", "count": 0},
    ]
    with editor.expect_download() as download:
        editor.goto(f"/admin/umfragen-auswertung/{Survey.objects.get().pk}/")
        editor.get_by_role("link", name="Antworten (Excel)").click()
    assert download.value.path().stat().st_size > 1000
