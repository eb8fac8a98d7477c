"""The same way through the site in two towns with other words: from the agenda to an idea of one's own."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests import axe

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Town:
    """What a resident of this town calls things, and where the story leads them."""

    heading: str
    field: str
    need: str
    project: str
    projects: str
    number: int


DISTRICT = Town(
    heading="Wir machen Mayen-Koblenz smart – mit Ihren Ideen",
    field="In MYK gut von A nach B kommen",
    need="Smart mobil in MYK",
    project="Digitale Mitfahrbank",
    projects="Maßnahmen",
    number=163,
)
CITY = Town(
    heading="Mainz wird digital – mit Ihren Ideen",
    field="Mobilität, Umwelt und Urbane Entwicklung",
    need="Intelligente Mobilität fördern",
    project="Digitale Haltestelle",
    projects="Projekte",
    number=1002,
)


@pytest.mark.parametrize(("profile", "town"), [("demo", DISTRICT), ("demo_mainz", CITY)], ids=["district", "city"])
def test_a_resident_finds_a_project_and_hands_in_an_idea(
    profile: str, town: Town, request: pytest.FixtureRequest, person: Callable[..., Page]
) -> None:
    request.getfixturevalue(profile)
    page = person()
    faults: list[str] = []

    def look() -> None:
        faults.extend(axe.violations(page))

    def press(name: str) -> None:
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()

    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text(town.heading)
    look()
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Agenda", exact=True).first.click()
    look()
    press(town.field)
    expect(page.get_by_role("heading", name=town.projects, exact=True)).to_be_visible()
    look()
    press(town.need)
    expect(page.get_by_role("heading", level=1)).to_have_text(town.need)
    look()
    page.get_by_role("main").get_by_role("link", name=town.field, exact=True).first.click()
    press(town.project)
    expect(page.get_by_role("heading", level=1)).to_have_text(town.project)
    look()
    page.locator(f"main a[href='/ideen/{town.number}/']").first.click()
    expect(page.get_by_text(f"Idee {town.number}").first).to_be_visible()
    look()
    page.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Ideen", exact=True).first.click()
    look()
    page.get_by_role("link", name="Idee einreichen").first.click()
    form = page.locator("main form")
    form.get_by_label("Wie heißt Ihre Idee?").fill("Trinkbrunnen am Busbahnhof")
    form.get_by_label("Was schlagen Sie vor?").fill("Wer auf den Bus wartet, soll seine Flasche kostenlos füllen können.")
    form.get_by_label("Ihre E-Mail-Adresse").fill("gast@example.net")
    form.get_by_label(re.compile("Ich bin einverstanden")).set_checked(True)
    look()
    page.get_by_role("main").get_by_role("button", name="Idee einreichen").click()
    expect(page.get_by_text("Ihre Idee hat die Nummer")).to_be_visible()
    look()
    assert not faults, "\n".join(faults)
