"""The lead merges ideas that want the same, reads the result as everybody does, and takes one out again. Everybody whom it
concerns gets one mail each time."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from ideas import actions
from ideas.models import Idea
from ideas.workflow import Action
from tests import axe
from tests.e2e.conftest import SCRIPTS
from tests.public_pages import unconfirmed_idea

REASON = "Beide wünschen sich einen Brunnen am Busbahnhof. Wir führen das zusammen weiter."
SORRY = "Die zweite Idee meint den Bahnhof, nicht den Busbahnhof."


def guests_idea(title: str) -> Idea:
    """A guest's idea, in review."""
    idea, lead = unconfirmed_idea(), User.objects.get(email="leitung@example.org")
    actions.confirm(idea)
    idea.versions.update(title=title)
    actions.release(idea, Idea.objects.get(pk=idea.pk).latest_version, by=lead)
    actions.take(idea, Action.TAKE_INTO_REVIEW, by=lead)
    return Idea.objects.get(pk=idea.pk)


def look(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@SCRIPTS
@pytest.mark.slow
def test_the_lead_merges_ideas_and_takes_one_out_again(demo: None, person: Any, post: Any, scripts: bool) -> None:
    first, second = guests_idea("Brunnen am Busbahnhof"), guests_idea("Wasser für Wartende")
    page = person("leitung@example.org", scripts=scripts)

    # Two rows of the inbox, then a third by its number.
    page.goto("/admin/ideen/?ordner=alle")
    page.get_by_label(f"Idee {first.number} auswählen").check()
    page.get_by_label(f"Idee {second.number} auswählen").check()
    page.get_by_label("Mit den ausgewählten Ideen").select_option(label="Zusammenlegen")
    page.locator(".desk-bulk").get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", name="Ideen zusammenlegen", level=1)).to_be_visible()
    page.get_by_label("Weitere Ideen, mit ihren Nummern").fill("165")
    page.get_by_role("button", name="Auswahl übernehmen").click()
    expect(page.locator("form.desk-many")).to_contain_text("Trinkwasser und Rastplätze")
    look(page) if scripts else None
    page.get_by_label(f"bleibt: mit Idee {first.number} geht es weiter").check()
    page.locator("input[name=idee][value='165']").uncheck()  # not the same after all
    page.get_by_role("button", name="Weiter zur Vorschau").click()

    # What will happen, before it happens.
    expect(page.locator("main")).to_contain_text(f"aufgegangen in Idee {first.number}")
    expect(page.locator("main")).to_contain_text("1 Person, die eine der Ideen eingereicht hat")
    look(page) if scripts else None
    assert Idea.objects.get(pk=second.pk).merged_into is None
    page.get_by_label("Öffentliche Begründung").fill(REASON)
    page.get_by_role("button", name="Zusammenlegen").click()
    expect(page.locator(".messages")).to_contain_text(f"Idee {second.number} ist jetzt Teil von Idee {first.number}")
    look(page) if scripts else None
    letter = post.newest_to("gast@example.org")
    assert f"Es geht weiter mit Idee {first.number}" in letter.subject
    assert REASON in letter.text

    # As everybody sees it.
    reader = person(scripts=scripts)
    reader.goto(second.get_absolute_url())
    expect(reader.get_by_role("heading", name=f"Aufgegangen in Idee {first.number}")).to_be_visible()
    expect(reader.locator("main")).to_contain_text("Wer auf den Bus wartet")
    look(reader) if scripts else None
    reader.get_by_role("link", name="Brunnen am Busbahnhof").first.click()
    expect(reader.get_by_role("heading", name="In dieser Idee sind aufgegangen")).to_be_visible()
    look(reader) if scripts else None

    # And back.
    page.get_by_role("link", name="Aufgenommene Ideen wieder trennen").click()
    page.get_by_label(re.compile(f"Idee {second.number}: Wasser für Wartende → In Prüfung")).check()
    page.get_by_label("Öffentliche Begründung").fill(SORRY)
    look(page) if scripts else None
    page.get_by_role("button", name="Trennen").click()
    expect(page.locator(".messages")).to_contain_text(f"Idee {second.number} steht wieder für sich")
    assert SORRY in post.newest_to("gast@example.org").text
    reader.goto(second.get_absolute_url())
    expect(reader.get_by_role("heading", name=f"Aufgegangen in Idee {first.number}")).to_have_count(0)
    expect(reader.locator("main")).to_contain_text(SORRY)


def test_splitting_by_the_page_and_many_at_once_are_accessible(demo: None, person: Any) -> None:
    page = person("leitung@example.org")
    for path in (
        "/admin/ideen/173/aufteilen/",
        "/admin/ideen/183/trennen/",
        "/admin/ideen/mehrere/?aktion=reject&idee=173&idee=171&idee=183",
        "/admin/ideen/mehrere/?aktion=reclassify&idee=173&idee=171",
        "/admin/ideen/?ordner=alle&auswahl=alle",
    ):
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            look(page)
    page.goto("/admin/ideen/mehrere/?aktion=reject&idee=173&idee=171&idee=183")
    page.get_by_label("Öffentliche Begründung").fill("Dafür sind die Stadtwerke zuständig.")
    page.get_by_role("button", name="Weiter zur Vorschau").click()
    expect(page.locator("main")).to_contain_text("wird „Verworfen“")
    look(page)
    page.get_by_role("button", name="Verwerfen: 2 Ideen").click()
    expect(page.locator(".messages")).to_contain_text("Verworfen: Ideen 171 und 173.")
