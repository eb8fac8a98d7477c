"""An editor writes, looks at and publishes a page without a programmer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pages.models import NewsIndexPage, NewsPage
from tests.public_pages import a_photograph

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

EDITOR = "redaktion@example.org"
TITLE, INTRO, ALT = (
    "Erste Bank mit Ladestation steht",
    "Seit gestern kann man in Mendig im Sitzen laden.",
    "Eine Bank mit Solardach",
)


def test_an_editor_writes_previews_and_publishes_news_with_a_picture(person: Callable[..., Page]) -> None:
    index = NewsIndexPage.objects.get()
    editor = person(EDITOR)
    editor.goto(f"/admin/pages/add/pages/newspage/{index.pk}/")
    editor.locator("[name=title]").fill(TITLE)
    editor.locator("[name=intro]").fill(INTRO)

    # A picture of one's own, uploaded in the chooser.
    editor.locator("[data-chooser-action-choose]").first.click()
    dialog = editor.locator(".modal-content")
    dialog.get_by_role("tab", name="Hochladen").click()
    dialog.locator("input[type=file]").set_input_files(
        {"name": "bank.jpg", "mimeType": "image/jpeg", "buffer": a_photograph(800, 600)}
    )
    dialog.locator("[name$=title]").last.fill("Bank in Mendig")
    dialog.locator("form:has(input[type=file])").get_by_role("button", name="Hochladen").click()
    expect(dialog).to_have_count(0)

    # Without a description of the picture the page is refused, beside the field.
    publish(editor)
    expect(editor.get_by_role("region", name="Bildbeschreibung")).to_contain_text(
        "Bitte beschreiben Sie das Bild in einem Satz."
    )
    expect(editor.locator("[name=title]")).to_have_value(TITLE)
    editor.locator("[name=picture_alt]").fill(ALT)
    editor.get_by_role("button", name="Entwurf speichern").click()
    editor.wait_for_url("**/edit/")

    # A draft shows in the preview, to nobody else.
    draft = NewsPage.objects.get(title=TITLE)
    assert not draft.live
    with editor.expect_response(lambda answer: "/edit/preview/" in answer.url and answer.request.method == "GET") as shown:
        editor.get_by_role("button", name="Vorschau").first.click()
    assert TITLE in shown.value.text()
    reader = person()
    assert reader.goto(draft.url).status == 404  # type: ignore[union-attr]

    publish(editor)
    expect(editor.locator(".messages")).to_contain_text("veröffentlicht")
    reader.goto("/aktuelles/")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(reader.get_by_text(INTRO)).to_be_visible()
    picture = reader.get_by_role("img", name=ALT)
    assert picture.evaluate("async node => { await node.decode(); return node.naturalWidth }") == 800


def publish(editor: Page) -> None:
    """The button hides in a menu where saving a draft is the first choice."""
    button = editor.locator("button[name=action-publish]")
    if not button.is_visible():
        editor.locator("footer [data-w-dropdown-target=toggle]").last.click()
    button.click()
