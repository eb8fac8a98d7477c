"""The desk as a browser shows it: accessible in light and dark, on a phone and a desk, by keyboard and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from ideas.models import Idea
from ideas.workflow import Action, MeasureStatus, Status
from tests import axe
from tests.accounts.people import person
from tests.factories import LoesungFactory, MeasureFactory, PlaceFactory, make_idea

PASSWORD = "geheim-und-lang"
REASON = "Sie schlagen Bänke vor. Dafür ist die Straßenmeisterei zuständig."


@pytest.fixture
def idea(transactional_db):
    """An idea with everything that its page can show."""
    measure, _other = MeasureFactory(status=MeasureStatus.PLANNING), MeasureFactory()
    return make_idea(
        Status.KEPT,
        measures=(measure,),
        loesung=LoesungFactory(),
        places=[PlaceFactory()],
        tags=["Rad"],
        email="gast@example.org",
    )


def sign_in(page, site, **traits):
    user = person(**traits)
    page.goto(f"{site.url}/admin/ideen/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/admin/ideen/")
    return user


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_desk_has_no_accessibility_fault_and_breaks_no_rule_of_its_own(scheme, width, idea, live_site, new_context):
    make_idea()
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            complaints.append(request.url) if not request.url.startswith((live_site.url, "data:", "blob:")) else None
        ),
    )
    sign_in(page, live_site, lead=True)
    for path in ("/admin/ideen/", "/admin/ideen/?ordner=alle", "/admin/ideen/?ordner=pruefung", f"/admin/ideen/{idea.number}/"):
        page.goto(live_site.url + path)
        # All steps at once; a person opens one after the other.
        page.eval_on_selector_all(".desk-step", "steps => steps.forEach(step => { step.name = ''; step.open = true })")
        page.wait_for_load_state("networkidle")
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    complaints = [text for text in complaints if "favicon" not in text and "404" not in text]
    assert complaints == []


def test_a_lead_rejects_by_keyboard_and_reads_the_preview_while_typing(live_site, page, transactional_db):
    idea = make_idea(Status.IN_REVIEW)
    sign_in(page, live_site, lead=True)
    page.goto(f"{live_site.url}/admin/ideen/{idea.number}/")
    page.locator("summary", has_text="Verwerfen").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(REASON)
    expect(page.locator(".desk-step[open] [data-preview-of]")).to_have_text(REASON)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text(re.compile(rf"Idee {idea.number}: Verworfen"))
    assert Idea.objects.get(pk=idea.pk).status == Status.REJECTED


def test_the_whole_way_of_an_idea_works_without_javascript(live_site, page_without_javascript, transactional_db):
    page = page_without_javascript
    idea, measure = make_idea(title="Trinkbrunnen"), MeasureFactory(status=MeasureStatus.IMPLEMENTATION)
    sign_in(page, live_site, lead=True)
    page.get_by_role("link", name="Trinkbrunnen").click()
    for action, fill in [
        (Action.RELEASE, {}),
        (Action.TAKE_INTO_REVIEW, {}),
        (Action.KEEP, {"reason": REASON}),
        (Action.LINK_MEASURE, {"measure": str(measure)}),
    ]:
        form = page.locator(f"form[action$='/{action}/']")
        page.locator(".desk-step", has=form).locator("summary").click()
        if "measure" in fill:
            form.locator("select[name=measure]").select_option(label=fill["measure"])
        if "reason" in fill:
            form.locator("textarea[name=reason]").fill(fill["reason"])
        form.locator("button[type=submit]").click()
        page.wait_for_load_state()
    idea.refresh_from_db()
    assert idea.status == Status.KEPT
    assert idea.progress == MeasureStatus.IMPLEMENTATION
    page.goto(live_site.url + idea.get_absolute_url())
    expect(page.locator("main")).to_contain_text(REASON)
