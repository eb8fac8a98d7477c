"""The guard of a form of strangers in a real browser: it works under our own policy, and nobody needs it to write."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from common.guarding import SECONDS_TO_WRITE
from common.models import SpentChallenge
from pages.models import Message
from tests import axe
from tests.e2e.conftest import SCRIPTS

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

WORDS = "Wann öffnet das Bürgerbüro am Freitag?"
READY = "Die Prüfung Ihres Browsers ist fertig."
VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", event => violations.push(event.violatedDirective + event.blockedURI));
"""
# What a screen reader gets of the form: no trap, no clock, no proof; a sentence, and then the button.
TREE = """
- textbox "Worum geht es? (freiwillig)"
- textbox "Ihre Nachricht"
- textbox "Ihr Name (freiwillig)"
- textbox "Ihre E-Mail-Adresse (freiwillig)"
- paragraph:
  - link "So gehen wir mit Ihren Daten um (öffnet in einem neuen Fenster)"
- status: Die Prüfung Ihres Browsers ist fertig.
- paragraph:
  - button "Nachricht senden"
"""


def complaints(page: Page) -> list[str]:
    """Fills with what the browser says against the page."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.add_init_script(VIOLATIONS)
    return found


def press_tab_to(page: Page, name: str) -> None:
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.name || document.activeElement.innerText.trim()") == name:
            return
    raise AssertionError(f"The Tab key never gets to {name}.")


@SCRIPTS
def test_somebody_writes_by_keyboard_alone_with_the_sum_or_without(person: Any, scripts: bool) -> None:
    page = person(scripts=scripts)
    found = complaints(page)
    page.goto("/kontakt/")
    status = page.get_by_role("main").get_by_role("status")
    expect(status).to_have_text("")
    if scripts:
        press_tab_to(page, "text")
    else:  # nothing of ours can be asked there; the message is the third field after the heading
        page.get_by_label("Ihre Nachricht").focus()
    page.keyboard.type(WORDS)
    if scripts:
        expect(status).to_have_text(READY, timeout=15_000)
        assert axe.violations(page) == []
        expect(page.locator("main form")).to_match_aria_snapshot(TREE)
    page.wait_for_timeout(SECONDS_TO_WRITE * 1000)
    for _press in range(4):  # name, address, data protection, button
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, Ihre Nachricht ist da")
    assert Message.objects.get().text == WORDS
    assert SpentChallenge.objects.count() == (1 if scripts else 0)
    assert found == []
    assert not scripts or page.evaluate("() => window.violations") == []


def test_a_form_that_comes_back_keeps_what_the_browser_has_done(person: Any) -> None:
    page = person()
    found = complaints(page)
    page.goto("/kontakt/")
    page.get_by_label("Ihre Nachricht").fill(WORDS)
    page.get_by_label("Ihre E-Mail-Adresse").fill("pia@")
    expect(page.get_by_role("main").get_by_role("status")).to_have_text(READY, timeout=15_000)
    done = page.locator("[name=proof]").input_value()
    page.wait_for_timeout(SECONDS_TO_WRITE * 1000)
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.get_by_role("alert")).to_contain_text("nicht vollständig")
    assert page.locator("[name=proof]").input_value() == done
    page.get_by_label("Ihre E-Mail-Adresse").fill("pia@example.org")
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, Ihre Nachricht ist da")
    assert SpentChallenge.objects.count() == 1
    assert [line for line in found if "422" not in line] == []


@pytest.mark.parametrize("trouble", ["no solver", "never done", "no worker", "no cryptography"])
def test_where_a_browser_cant_do_the_sum_the_button_works_all_the_same(person: Any, trouble: str) -> None:
    page = person()

    def answer(route: Route) -> None:
        if trouble == "no solver":
            route.abort()
        else:
            route.fulfill(body="onmessage = () => {};", content_type="text/javascript")

    if trouble in {"no solver", "never done"}:
        page.route("**/pbkdf2*.js", answer)
    else:
        owner, name = ("window", "Worker") if trouble == "no worker" else ("window.crypto", "subtle")
        page.add_init_script(f"Object.defineProperty({owner}, '{name}', {{value: undefined}})")
    page.goto("/kontakt/")
    page.get_by_label("Ihre Nachricht").fill(WORDS)
    said = "Schreiben Sie ruhig weiter." if trouble == "never done" else ""
    status = page.get_by_role("main").get_by_role("status")
    expect(status).to_have_text(re.compile(f"{re.escape(said)}$" if said else "^$"))
    page.wait_for_timeout(SECONDS_TO_WRITE * 1000)
    page.get_by_role("button", name="Nachricht senden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, Ihre Nachricht ist da")
    assert (Message.objects.count(), SpentChallenge.objects.count()) == (1, 0)
