"""What axe can't see: the way through a page with the Tab key, a hand-in without a mouse, and the page on paper."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ideas.models import Idea
from ideas.workflow import Status
from pages.models import LoesungPage
from tests.e2e.conftest import Post
from tests.public_pages import unconfirmed_idea

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

PATHS = ["/", "/ideen/", "/ideen/einreichen/", "/ideen/145/", "/massnahmen/", "/konto/login/"]
# The element in focus: is it shown as such, can it be seen, can it be hit?
IN_FOCUS = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    const name = `${node.tagName.toLowerCase()} „${(node.innerText || node.name || node.id).trim().slice(0, 40)}“`;
    const marks = style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const card = node.closest(".card, .tile");  // a card that is one link wears the mark itself
    const shown = marks(style) || (card !== null && marks(getComputedStyle(card)));
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const parts = [0.1, 0.5, 0.9], labels = [...(node.labels || [])];
    const across = parts.map(part => box.left + part * box.width), down = parts.map(part => box.top + part * box.height);
    const free = across.some(x => down.some(y => {
        const top = document.elementFromPoint(x, y);
        if (!top || top.tagName === "BODY") return false;
        return node.contains(top) || top.contains(node) || labels.some(label => label.contains(top));
    }));
    const label = labels[0] ? labels[0].getBoundingClientRect() : box;
    // Links may be lower where there is room around them, which axe measures.
    const small = node.tagName !== "A" && (Math.max(box.width, label.width) < 24 || Math.max(box.height, label.height) < 24);
    const first = node.dataset.seen !== "yes";
    node.dataset.seen = "yes";
    const faults = [!shown && "shows no focus", !inside && "is out of view", inside && !free && "is covered"];
    return {first, name, faults: [...faults, small && `is only ${box.width}×${box.height}`].filter(Boolean)};
}"""


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """Every stop of the Tab key from the top of the page to its end."""
    for _press in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(IN_FOCUS)
        if stop is None or not stop["first"]:
            return
        yield stop
    raise AssertionError("The Tab key never gets to the end of the page.")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_every_stop_of_the_tab_key_is_marked_and_in_view(path: str, width: int, live_site: Any, new_context: Any) -> None:
    page = new_context(viewport={"width": width, "height": 640}, reduced_motion="reduce").new_page()
    page.goto(live_site.url + path)
    seen = list(stops(page))
    assert len(seen) > 10
    assert [f"{stop['name']} {fault}" for stop in seen for fault in stop["faults"]] == []


def test_the_first_stop_skips_to_the_content(person: Callable[..., Page]) -> None:
    page = person()
    for path in ("/", "/ideen/145/"):
        page.goto(path)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
        expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "inhalt"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def go_to(page: Page, field: str) -> None:
    """Press Tab until this field is in focus."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("field => document.activeElement.name === field || document.activeElement.value === field", field):
            return
    raise AssertionError(f"The Tab key doesn't reach {field}.")


def test_an_idea_is_handed_in_with_the_keyboard_alone(person: Callable[..., Page], post: Post) -> None:
    page = person()
    page.goto("/ideen/einreichen/")
    go_to(page, "title")
    page.keyboard.type("Trinkbrunnen am Busbahnhof")
    go_to(page, "text")
    page.keyboard.type("Wer auf den Bus wartet, soll seine Flasche füllen können.")
    go_to(page, "loesung")
    page.keyboard.press("ArrowDown")
    go_to(page, "email")
    page.keyboard.type("gast@example.net")
    go_to(page, "submit")
    page.keyboard.press("Enter")

    # The consent was forgotten: the summary leads to the field.
    page.locator(".error-summary").wait_for()
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.error-summary') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("[name=consent]")).to_be_in_viewport()
    if not page.evaluate("document.activeElement.name === 'consent'"):
        go_to(page, "consent")
    page.keyboard.press("Space")
    go_to(page, "submit")
    page.keyboard.press("Enter")
    expect(page.locator(".receipt-number")).to_be_visible()
    idea = Idea.objects.latest("pk")
    assert idea.status == Status.UNCONFIRMED
    assert idea.loesung is not None
    assert len(post.all_to("gast@example.net")) == 1


def test_fields_about_oneself_tell_the_browser_what_they_are(person: Callable[..., Page]) -> None:
    """So that a password manager fills them in and nobody has to remember (WCAG 1.3.5, 3.3.8)."""
    page = person()
    expected = {
        "/konto/login/": {"login": "email", "password": "current-password"},
        "/konto/signup/": {"email": "email", "password1": "new-password"},
        "/ideen/einreichen/": {"email": "email"},
    }
    for path, fields in expected.items():
        page.goto(path)
        for name, purpose in fields.items():
            assert page.locator(f"main [name={name}]").get_attribute("autocomplete") == purpose, f"{path} {name}"


def test_paper_shows_the_content_and_no_navigation(person: Callable[..., Page]) -> None:
    page = person()
    receipt = f"/ideen/verfolgen/{unconfirmed_idea().receipt_token}/"
    for path in ("/ideen/145/", LoesungPage.objects.live().first().url, receipt):
        page.goto(path)
        page.emulate_media(media="print", color_scheme="light")
        for what in ("nav", "summary", "input", "button", ".skip", ".side-filter"):
            assert page.locator(what).locator("visible=true").count() == 0, f"{path}: {what} is printed"
        assert page.locator("main h1, main h2").locator("visible=true").count() > 0
        page.emulate_media(media="screen")
    page.emulate_media(media="print")
    expect(page.locator(".receipt-number")).to_be_visible()
    expect(page.locator(".receipt-url")).to_be_visible()
