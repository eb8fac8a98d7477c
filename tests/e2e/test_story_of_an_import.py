"""A lead brings in the list of another town: other columns, a word nobody knows, and in the end all measures at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from common import outbox
from ideas.models import Measure
from tests import axe

from .conftest import SCRIPTS

TABLE = (
    "Projektliste der Nachbarstadt;;;;\n;;;;\nUmsetzungsstand;Projekttitel;lfd. Nr.;Ideen-IDs;Bemerkungen\n"
    "läuft gut;Lastenrad-Verleih;N-1;;=1+1\nerledigt;Digitale Infotafel;N-2;4/(3);\n"
)


def is_accessible(page: Page, *, scripts: bool) -> None:
    if scripts:
        assert axe.violations(page) == [], page.url


@SCRIPTS
@pytest.mark.usefixtures("demo")
def test_a_list_of_another_town_comes_in(person, scripts):
    lead = person("leitung@example.org", scripts=scripts)
    before = Measure.objects.count()

    lead.goto("/admin/ideen/")
    lead.get_by_role("navigation", name="Bereiche").get_by_role("link", name="Austausch").click()
    is_accessible(lead, scripts=scripts)
    lead.get_by_role("button", name="Hochladen und weiter").click()
    expect(lead.get_by_text("Bitte wählen Sie eine Datei.")).to_be_visible()
    is_accessible(lead, scripts=scripts)
    lead.get_by_label("Maßnahmen", exact=True).check()
    upload(lead, TABLE)

    expect(lead.get_by_text("Die Kopfzeile steht in Zeile 3, darunter 2 Zeilen mit Inhalt.")).to_be_visible()
    expect(lead.get_by_label("Projekttitel")).to_have_value("title")
    expect(lead.get_by_label("erledigt")).to_have_value("done")
    is_accessible(lead, scripts=scripts)
    lead.get_by_role("button", name="Probe ansehen").click()

    expect(lead.get_by_text("Das Wort „läuft gut“ kennen wir nicht.")).to_be_visible()
    expect(lead.get_by_role("button", name="Jetzt einlesen")).to_have_count(0)
    is_accessible(lead, scripts=scripts)
    lead.get_by_role("link", name="Zuordnung ändern").click()
    lead.get_by_label("läuft gut").select_option(label="In Umsetzung")
    lead.get_by_label("Zielbild für alle Zeilen ohne diese Angabe").select_option(index=1)
    lead.get_by_role("button", name="Probe ansehen").click()

    expect(lead.get_by_text("Alles in Ordnung. Bis jetzt ist nichts geändert.")).to_be_visible()
    is_accessible(lead, scripts=scripts)
    assert Measure.objects.count() == before
    lead.get_by_role("button", name="Jetzt einlesen").click()
    expect(lead.get_by_text("Gleich geht es los.")).to_be_visible()
    is_accessible(lead, scripts=scripts)
    outbox.drain()
    if not scripts:
        lead.get_by_role("link", name="Stand neu laden").click()
    expect(lead.get_by_text("Fertig. Alles ist eingelesen.")).to_be_visible(timeout=15_000)
    is_accessible(lead, scripts=scripts)

    assert Measure.objects.count() == before + 2
    lead.goto("/massnahmen/lastenrad-verleih/")
    expect(lead.get_by_text("=1+1")).to_be_visible()
    lead.goto(Measure.objects.get(code="N-2").get_absolute_url())
    expect(lead.get_by_text(re.compile("fließt teilweise ein"))).to_be_visible()


def upload(page: Page, content: str) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "nachbarstadt.csv", "mimeType": "text/csv", "buffer": content.encode("cp1252")}
    )
    page.get_by_role("button", name="Hochladen und weiter").click()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit(width, scheme, person, live_site, new_context):
    lead = person("leitung@example.org")
    lead.set_viewport_size({"width": width, "height": 800})
    lead.emulate_media(color_scheme=scheme)
    lead.goto("/admin/ideen/austausch/")
    lead.get_by_label("Maßnahmen", exact=True).check()
    upload(lead, TABLE.replace(";4/(3);", ";4711;"))
    expect(lead.get_by_role("heading", name="Welche Spalte ist was?")).to_be_visible()
    fits(lead, width)
    lead.get_by_role("button", name="Probe ansehen").click()
    expect(lead.get_by_text("Idee 4711 gibt es hier nicht.")).to_be_visible()
    fits(lead, width)
    lead.goto("/admin/ideen/austausch/")
    fits(lead, width)


def fits(page: Page, width: int) -> None:
    page.wait_for_load_state()
    assert axe.violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width
