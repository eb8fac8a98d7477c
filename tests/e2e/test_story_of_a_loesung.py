"""An editor fills in a whole Steckbrief, hears in German what is missing, and the lead puts it on the public agenda."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from ideas.models import Kpi
from pages.agenda import sources
from pages.models import LoesungPage, ZielbildPage

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

EDITOR, LEAD = "redaktion@example.org", "leitung@example.org"
TITLE, INTRO = "Mitfahrbank an jedem Ort", "Wer auf der Bank sitzt, wird mitgenommen."
TEXTS = {
    "1": {"problem": "Der letzte Bus fährt um acht.", "model_character": "Sie kostet fast nichts.", "novelty": "Mit Anzeige.",
          "transfer": "Jedes Dorf kann das."},
    "5": {"continuation": "Die Orte pflegen die Bänke.", "operating_model": "Die Gemeinden.", "cooperation": "Mit Mainz."},
    "6": {"urban_development": "Das Dorf bleibt erreichbar.", "strategy": "Auf der Strategie des Kreises."},
}  # fmt: skip


def test_a_steckbrief_goes_from_an_empty_page_to_the_public_agenda(person: Callable[..., Page]) -> None:
    zielbild = sources(ZielbildPage).get(number=2)
    editor = person(EDITOR)
    editor.goto(f"/admin/pages/add/pages/loesungpage/{zielbild.pk}/")
    editor.locator("[name=title]").fill(TITLE)
    editor.locator("[name=number]").fill("14")

    # Too early: what is missing stands beside each field, in German. Nothing typed is lost.
    press(editor, "action-submit")
    expect(panel(editor, "problem")).to_contain_text("Diese Angabe fehlt noch: Probleme.")
    expect(editor.locator("[name=title]")).to_have_value(TITLE)
    tab(editor, "4 Kennzahlen")
    expect(editor.get_by_text("Bitte nennen Sie mindestens eine Kennzahl mit ihrem Zielwert.")).to_be_visible()

    fill_in(editor)
    press(editor, "action-save")
    editor.wait_for_url("**/edit/")
    draft = LoesungPage.objects.get(title=TITLE)
    assert not draft.live
    reader = person()
    assert reader.goto(draft.url).status == 404  # type: ignore[union-attr]

    # The preview is the page as it will be.
    with editor.expect_response(lambda answer: "/edit/preview/" in answer.url and answer.request.method == "GET") as shown:
        editor.get_by_role("button", name="Vorschau").first.click()
    assert INTRO in shown.value.text()

    press(editor, "action-submit")
    expect(editor.locator(".messages")).to_contain_text(TITLE)
    draft.refresh_from_db()
    assert not draft.live

    lead = person(LEAD)
    lead.goto(f"/admin/pages/{draft.pk}/edit/")
    approve(lead)
    expect(lead.locator(".messages")).to_contain_text(TITLE)
    draft.refresh_from_db()
    assert draft.live

    read_it(reader, draft)


def fill_in(editor: Page) -> None:
    """Every section of the Steckbrief."""
    tab(editor, "1 Beschreibung")
    editor.locator("[name=intro]").fill(INTRO)
    write(editor, TEXTS["1"])
    tab(editor, "2 Zielgruppen")
    editor.locator("[name=target_groups][value=buerger]").check()
    editor.locator("[name=reach]").select_option(label="hoch")
    editor.get_by_role("checkbox", name="Helga").check()
    editor.locator("#id_synergies-ADD").click()
    row = editor.locator("#inline_child_synergies-0")
    row.get_by_role("button", name="Seite auswählen").click()
    choose_loesung(editor, 8)
    row.locator("[name=synergies-0-text]").fill("Die Bank steht an der Haltestelle.")
    tab(editor, "3 Verantwortung")
    add_name(editor, "partners", "Ortsgemeinden")
    tab(editor, "4 Kennzahlen")
    editor.locator("#id_kpis-ADD").click()
    editor.locator("[name=kpis-0-name]").fill("Aufgestellte Bänke")
    editor.locator("[name=kpis-0-target]").fill("1.250 Bänke")
    editor.locator("[name=kpis-0-target_value]").fill("1.250")
    tab(editor, "5 Budget")
    write(editor, TEXTS["5"])
    tab(editor, "6 Einordnung")
    write(editor, TEXTS["6"])


def read_it(reader: Page, page: LoesungPage) -> None:
    """As somebody from the region finds it."""
    reader.goto("/agenda/")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    for words in (INTRO, "Der letzte Bus fährt um acht.", "Auf der Strategie des Kreises.", "1.000 bis 10.000 Menschen"):
        expect(reader.get_by_text(words).first).to_be_visible()
    expect(reader.locator(".kpi")).to_contain_text("1.250 Bänke")
    assert Kpi.objects.get(name="Aufgestellte Bänke").target_value == 1250
    reader.get_by_role("link", name="Helga").click()
    reader.get_by_role("link", name=TITLE).click()
    # The synergy was written once and shows on both sides.
    reader.locator("#synergien").locator("xpath=ancestor::section").get_by_role("link").first.click()
    expect(reader.get_by_role("link", name=TITLE)).to_be_visible()


# --- Wagtail's editor --------------------------------------------------------------------------------------------------


def panel(editor: Page, field: str) -> Locator:
    return editor.locator(f"[data-contentpath={field}]").first


def tab(editor: Page, name: str) -> None:
    editor.get_by_role("tab", name=name).click()


def write(editor: Page, texts: dict[str, str]) -> None:
    """The editor of rich text hands its text to the form a moment later: no press may be quicker."""
    for field, text in texts.items():
        panel(editor, field).locator("[contenteditable=true]").click()
        editor.keyboard.type(text)
    for field, text in texts.items():
        expect(editor.locator(f"[name={field}]")).to_have_value(re.compile(re.escape(text)))


def add_name(editor: Page, field: str, name: str) -> None:
    panel(editor, field).get_by_role("button", name="einfügen").first.click()
    panel(editor, field).locator("input[type=text]").first.fill(name)


def choose_loesung(editor: Page, number: int) -> None:
    """In the chooser of pages."""
    dialog = editor.locator(".modal-content")
    dialog.locator("[name=q]").fill(sources(LoesungPage).get(number=number).title)
    dialog.get_by_role("link", name=sources(LoesungPage).get(number=number).title).first.click()
    expect(dialog).to_have_count(0)


def press(editor: Page, name: str) -> None:
    """The button hides in a menu where another one is the first choice."""
    button = editor.locator(f"button[name={name}]").first if name != "action-save" else editor.locator("button.action-save")
    if not button.is_visible():
        editor.locator("footer [data-w-dropdown-target=toggle]").last.click()
    button.click()


def approve(lead: Page) -> None:
    button = lead.locator("button[data-workflow-action-name=approve]").first
    if not button.is_visible():
        lead.locator("footer [data-w-dropdown-target=toggle]").last.click()
    button.click()
