"""A project lead writes a report and enters a value; the lead reads and releases them; everybody sees them. With JavaScript and
without, and no accessibility fault on the way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from ideas.models import Kpi, Measure
from tests import axe
from tests.e2e.conftest import SCRIPTS, Post

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

PROJECT_LEAD, LEAD = "projekt@example.org", "leitung@example.org"
REPORT = "Die App zeigt jetzt, welche Ladesäule im Kreis frei ist."
FIGURE = "Bewertung der MYK-App in App-Stores"
People = Callable[..., Page]


def form(page: Page, title: str) -> Locator:
    return page.locator("section").filter(has=page.get_by_role("heading", name=title, exact=True)).locator("form")


def waiting(page: Page, words: str) -> Locator:
    return page.locator("article").filter(has_text=words)


@SCRIPTS
def test_a_report_and_a_value_go_from_the_project_lead_over_the_lead_to_everybody(
    scripts: bool, person: People, post: Post
) -> None:
    measure = Measure.objects.get(code="12.2")
    author, lead, anybody = person(PROJECT_LEAD, scripts=scripts), person(LEAD, scripts=scripts), person(scripts=scripts)

    # The project lead finds the measure and writes. A wrong number is explained, nothing typed is lost.
    author.goto("/admin/ideen/berichte/")
    author.get_by_role("link", name=str(measure)).click()
    author.wait_for_url("**/berichte/*/")
    report = form(author, "Einen Bericht schreiben")
    report.get_by_label(re.compile("Was ist geschehen")).fill(REPORT)
    report.get_by_role("button", name="Bericht absenden").click()
    expect(author.locator(".messages")).to_contain_text("Die Leitung liest das")
    author.get_by_role("link", name=str(measure)).first.click()
    value = form(author, "Einen Wert eintragen")
    value.get_by_label(re.compile("Kennzahl")).select_option(label=f"{FIGURE} (von 5 Sternen)")
    value.locator("[name=value]").fill("vier")
    value.get_by_role("button", name="Wert absenden").click()
    expect(author.locator("main")).to_contain_text("Bitte geben Sie eine Zahl ein")
    expect(value.locator("[name=value]")).to_have_value("vier")
    value.locator("[name=value]").fill("4,1")
    value.get_by_role("button", name="Wert absenden").click()
    expect(author.locator("main")).to_contain_text(f"{FIGURE}: 4,1 von 5 Sternen")

    # Nobody else reads it yet.
    anybody.goto(measure.get_absolute_url())
    expect(anybody.get_by_text(REPORT)).to_have_count(0)

    # The lead reads what everybody will read, gives back one and releases the others.
    lead.goto("/admin/ideen/")
    lead.get_by_role("navigation", name="Bereiche").get_by_role("link", name="Berichte").click()
    waiting(lead, "Ablösung veralteter regionaler Apps").locator("summary").click()
    old = waiting(lead, "Ablösung veralteter regionaler Apps")
    old.locator("textarea").fill("Bitte nennen Sie im Hinweis die beiden Apps.")
    old.get_by_role("button", name="Mit diesen Worten zurückgeben").click()
    expect(lead.locator(".messages")).to_contain_text("Zurückgegeben")
    for words in (REPORT, "4,1 von 5 Sternen"):
        waiting(lead, words).get_by_role("button", name=re.compile("Freigeben")).click()
        expect(lead.locator(".messages")).to_contain_text("Veröffentlicht")
        expect(waiting(lead, words)).to_have_count(0)

    # Everybody reads it, in the way and in the chart; the project lead is told.
    anybody.reload()
    expect(anybody.locator(".timeline")).to_contain_text(REPORT)
    chart = anybody.locator(".kpi").filter(has=anybody.get_by_role("heading", name=FIGURE))
    expect(chart.get_by_role("img", name=FIGURE)).to_be_visible()
    chart.get_by_text("Alle Werte als Tabelle").click()
    expect(chart.locator("tbody tr").first).to_contain_text("4,1 von 5 Sternen")
    assert [mail.subject for mail in post.all_to(PROJECT_LEAD)] == [
        f"Bitte prüfen Sie Ihren Wert: {measure}",
        f"Ihr Bericht ist veröffentlicht: {measure}",
        f"Ihr Wert ist veröffentlicht: {measure}",
    ]
    author.goto("/admin/ideen/berichte/")
    expect(author.locator("main")).to_contain_text("Bitte nennen Sie im Hinweis die beiden Apps.")
    author.get_by_role("link", name=re.compile("Überarbeiten")).click()
    expect(author.locator("[name=value]")).to_have_value("2")


def test_a_new_name_of_a_measure_reaches_its_public_way(person: People) -> None:
    measure, lead = Measure.objects.get(code="6.3"), person(LEAD)
    lead.goto(f"/admin/massnahmen/edit/{measure.pk}/")
    lead.get_by_role("link", name="Neu bezeichnen").click()
    lead.get_by_role("textbox", name=re.compile("Titel")).fill("Amt-O-Mat im Rathaus")
    lead.get_by_label(re.compile("Öffentliche Begründung")).fill("So heißen die Geräte jetzt vor Ort.")
    lead.get_by_role("button", name="Neu bezeichnen").click()
    expect(lead.locator(".messages")).to_contain_text("neu bezeichnet")
    lead.goto(measure.get_absolute_url())
    expect(lead.get_by_role("heading", level=1)).to_have_text("Amt-O-Mat im Rathaus")
    expect(lead.locator(".timeline")).to_contain_text("So heißen die Geräte jetzt vor Ort.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_this_story_has_an_accessibility_fault(person: People, scheme: str, width: int) -> None:
    measure, kpi = Measure.objects.get(code="12.2"), Kpi.objects.get(name=FIGURE)
    public = [measure.get_absolute_url(), kpi.loesung.url, Measure.objects.get(code="12.1").get_absolute_url()]
    own = ["/admin/ideen/berichte/", f"/admin/ideen/berichte/{measure.pk}/"]
    leads = [*own, f"/admin/ideen/massnahmen/{measure.pk}/bezeichnen/"]
    for page, addresses in ((person(), public), (person(PROJECT_LEAD), own), (person(LEAD), leads)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(str(address))
            page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")
            page.wait_for_load_state("networkidle")
            assert axe.violations(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
