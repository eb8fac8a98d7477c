"""An idea gets into a competition: handed in straight into it, or proposed from the Ideenspeicher and taken in by the lead.
When the phase ends while somebody still writes, nothing is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from ideas import actions as idea_actions
from ideas.models import Idea
from participation.models import Competition, Entry
from participation.phases import Phase
from tests import axe
from tests.e2e.conftest import SCRIPTS, Post
from tests.factories.participation import competition, plan
from tests.public_pages import a_photograph

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

GUEST, CITIZEN, LEAD = "gast@example.net", "buergerin@example.org", "leitung@example.org"
TITLE = "Trinkbrunnen am Busbahnhof"
TEXT = "Wer auf den Bus wartet, soll seine Flasche kostenlos füllen können. Das hilft vor allem an heißen Tagen."
ALT = "Ein Platz mit Bäumen, in der Mitte wäre Raum für einen Brunnen"
PICTURE = {"name": "busbahnhof.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
PLACE = "/wettbewerbe/wasser-in-der-stadt/"
People = Callable[..., Page]


@pytest.fixture
def running(demo: None) -> Competition:
    rules = {"rules": "<p>Mitmachen können alle. Ihre Idee hat mit Wasser zu tun.</p>"}
    return competition(Phase.SUBMISSION, title="Wasser in der Stadt", slug="wasser-in-der-stadt", page=rules)


def look(page: Page, scripts: bool) -> None:
    """Accessible, and not wider than a phone that is turned."""
    if scripts:
        page.wait_for_load_state("networkidle")
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def write(page: Page, title: str = TITLE) -> None:
    page.goto(f"{PLACE}einreichen/")
    form = page.locator("main form")
    form.get_by_label("Wie heißt Ihre Idee?").fill(title)
    form.get_by_label("Was schlagen Sie vor?").fill(TEXT)
    form.get_by_label("Ihre E-Mail-Adresse").fill(GUEST)
    form.get_by_label(re.compile("Ich bin einverstanden")).check()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


@SCRIPTS
def test_a_citizen_hands_an_idea_in_straight_into_the_competition(
    scripts: bool, person: People, post: Post, running: Competition
) -> None:
    guest = person(scripts=scripts)
    write(guest)
    expect(guest.get_by_role("heading", level=1)).to_contain_text("Wasser in der Stadt")
    expect(guest.locator("main")).to_contain_text("Ihre Idee hat mit Wasser zu tun.")
    look(guest, scripts)
    press(guest, "Idee einreichen")
    number = int(guest.locator(".receipt-number").inner_text())
    expect(guest.locator(".receipt")).to_contain_text("nimmt am Wettbewerb „Wasser in der Stadt“ teil")
    look(guest, scripts)
    asked = post.newest_to(GUEST)
    assert "Wasser in der Stadt" in asked.text

    # The phase is over before the guest reads the mail: the idea was handed in in time.
    plan(running, Phase.REVIEW)
    guest.goto(asked.link("/ideen/bestaetigen/"))
    press(guest, "Idee bestätigen")
    idea = Idea.objects.get(number=number)
    assert Entry.objects.get(idea=idea).is_in
    assert "Wasser in der Stadt" in post.newest_to(GUEST).text
    idea_actions.release(idea, idea.latest_version, by=User.objects.get(email=LEAD))
    assert [entry.idea for entry in Entry.objects.filter(competition=running).on_show()] == [idea]


@SCRIPTS
def test_the_phase_ends_while_a_form_is_open_and_one_press_saves_the_idea(
    scripts: bool, person: People, running: Competition
) -> None:
    guest = person(scripts=scripts)
    write(guest)
    guest.get_by_label("Möchten Sie ein Bild dazu zeigen?").set_input_files(PICTURE)
    guest.get_by_label("Was ist auf dem Bild zu sehen?").fill(ALT)
    plan(running, Phase.REVIEW)
    press(guest, "Idee einreichen")
    expect(guest.locator("main [role=alert]")).to_contain_text("Die Phase „Einreichen“ ist am")
    expect(guest.get_by_label("Wie heißt Ihre Idee?")).to_have_value(TITLE)
    expect(guest.get_by_label("Was schlagen Sie vor?")).to_have_value(TEXT)
    expect(guest.get_by_label("Ihre E-Mail-Adresse")).to_have_value(GUEST)
    expect(guest.get_by_label("Was ist auf dem Bild zu sehen?")).to_have_value(ALT)
    expect(guest.get_by_text("Ihr Bild „busbahnhof.jpg“ ist schon da.")).to_be_visible()
    look(guest, scripts)
    press(guest, "Ohne Wettbewerb einreichen")
    idea = Idea.objects.get(number=int(guest.locator(".receipt-number").inner_text()))
    assert (idea.title, idea.text) == (TITLE, TEXT)
    assert idea.picture is not None
    assert idea.picture.alt_text == ALT
    assert not Entry.objects.filter(idea=idea).exists()

    guest.goto(f"{PLACE}einreichen/")
    expect(guest.locator("main")).to_contain_text("Die Phase „Einreichen“ ist am")
    look(guest, scripts)


@SCRIPTS
def test_an_author_proposes_an_idea_and_the_lead_takes_it_in(
    scripts: bool, person: People, post: Post, running: Competition
) -> None:
    citizen = person(CITIZEN, scripts=scripts)
    citizen.goto("/konto/ideen/")
    idea = Idea.objects.handed_in_by(User.objects.get(email=CITIZEN)).order_by("number")[0]
    citizen.goto(f"/ideen/verfolgen/{idea.number}/")
    citizen.get_by_role("link", name="Beim Wettbewerb „Wasser in der Stadt“ vorschlagen").click()
    look(citizen, scripts)
    press(citizen, "Vorschlagen")
    expect(citizen.locator(".messages, [role=status]").first).to_contain_text(f"Idee {idea.number} ist vorgeschlagen")
    look(citizen, scripts)

    lead = person(LEAD, scripts=scripts)
    lead.goto(f"/admin/wettbewerbe/{running.pk}/beitraege/")
    box = lead.locator(".desk-box").filter(has=lead.get_by_role("link", name=re.compile(rf"^{idea.number}\b")))
    # Without a reason nobody is refused, and the form says so.
    box.locator("summary", has_text="Nicht aufnehmen").click()
    box.get_by_role("button", name="Nicht aufnehmen").click()
    expect(lead.locator(".desk-box").first).to_contain_text("Bitte geben Sie einen Grund an.")
    look(lead, scripts)
    box.get_by_label(f"Idee {idea.number} auswählen").check()
    lead.get_by_role("button", name="Ausgewählte aufnehmen").click()
    expect(lead.locator(".messages")).to_contain_text("1 Idee ist aufgenommen.")
    look(lead, scripts)
    assert f"Ihre Idee {idea.number} nimmt am Wettbewerb „Wasser in der Stadt“ teil" in post.newest_to(CITIZEN).subject

    # She thinks it over.
    citizen.goto(f"{PLACE}vorschlagen/")
    press(citizen, f"Idee {idea.number} nicht mehr teilnehmen lassen")
    expect(citizen.locator("main")).to_contain_text("Auf Wunsch der einreichenden Person.")
    lead.goto(f"/admin/wettbewerbe/{running.pk}/beitraege/?ordner=draussen")
    expect(lead.locator("main")).to_contain_text("Nur diese Person kann sie wieder vorschlagen.")
    look(lead, scripts)
