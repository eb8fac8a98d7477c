"""An idea from the hand-in to the decision, as guest, account holder and staff live it; with JavaScript and without."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ideas import actions
from ideas.models import Idea, Measure
from ideas.workflow import MeasureStatus, Status
from pages.models import LoesungPage
from tests.e2e.conftest import SCRIPTS, Post
from tests.public_pages import a_photograph

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

GUEST, CITIZEN = "gast@example.net", "buergerin@example.org"
LEAD, REVIEWER = "leitung@example.org", "pruefung@example.org"
TITLE = "Trinkbrunnen am Busbahnhof"
TEXT = "Wer auf den Bus wartet, soll seine Flasche kostenlos füllen können. Das hilft vor allem an heißen Tagen."
ALT = "Ein Platz mit Bäumen, in der Mitte wäre Raum für einen Brunnen"
REASON = "Sie schlagen einen Trinkbrunnen vor. Die Leitungen dort gehören der Verbandsgemeinde, ihr haben wir ihn gemeldet."
PICTURE = {"name": "busbahnhof.jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
People = Callable[..., Page]


def hand_in_form(page: Page) -> Locator:
    page.goto("/ideen/einreichen/")
    return page.locator("main form")


def write(form: Locator, title: str = TITLE, text: str = TEXT, email: str = GUEST, consent: bool = True) -> None:
    form.get_by_label("Wie heißt Ihre Idee?").fill(title)
    form.get_by_label("Was schlagen Sie vor?").fill(text)
    if email:
        form.get_by_label("Ihre E-Mail-Adresse").fill(email)
    form.get_by_label(re.compile("Ich bin einverstanden")).set_checked(consent)


def press_hand_in(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Idee einreichen").click()


def number_on_receipt(page: Page) -> int:
    expect(page.get_by_text("Ihre Idee hat die Nummer")).to_be_visible()
    return int(page.locator(".receipt-number").inner_text())


def step(page: Page, label: str) -> Locator:
    """The form of a step on the review desk, unfolded."""
    panel = page.locator("details.desk-step").filter(has=page.locator("summary", has_text=re.compile(rf"^\s*{label}")))
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    return panel


def take(page: Page, label: str, done: str, **fields: str) -> None:
    """Take a step on the desk; `done` is what the desk then says."""
    panel = step(page, label)
    for name, value in fields.items():
        control = panel.locator(f"[name={name}]")
        control.select_option(value) if control.evaluate("node => node.tagName") == "SELECT" else control.fill(value)
    panel.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".messages")).to_contain_text(done)


@SCRIPTS
def test_a_guest_idea_travels_from_hand_in_to_rejection(scripts: bool, person: People, post: Post) -> None:
    guest = person(scripts=scripts)
    form = hand_in_form(guest)
    write(form, consent=False)
    form.get_by_label("Möchten Sie ein Bild dazu zeigen?").set_input_files(PICTURE)
    form.get_by_label("Was ist auf dem Bild zu sehen?").fill(ALT)
    press_hand_in(guest)

    # Something is missing: said beside the field, and nothing that was entered is lost.
    consent = guest.locator("main form .field").filter(has=guest.get_by_label(re.compile("Ich bin einverstanden")))
    expect(consent).to_contain_text("Bitte stimmen Sie zu.")
    expect(guest.get_by_label("Wie heißt Ihre Idee?")).to_have_value(TITLE)
    expect(guest.get_by_label("Was schlagen Sie vor?")).to_have_value(TEXT)
    expect(guest.get_by_label("Ihre E-Mail-Adresse")).to_have_value(GUEST)
    expect(guest.get_by_label("Was ist auf dem Bild zu sehen?")).to_have_value(ALT)
    expect(guest.get_by_text("Ihr Bild „busbahnhof.jpg“ ist schon da.")).to_be_visible()
    assert picture_width(guest.locator(".kept img"), scripts) != 0

    guest.get_by_label(re.compile("Ich bin einverstanden")).check()
    press_hand_in(guest)
    number = number_on_receipt(guest)
    expect(guest.get_by_text("Bitte bestätigen Sie Ihre E-Mail-Adresse").first).to_be_visible()

    # The mailed link alone does nothing, the button on its page does.
    mail = post.newest_to(GUEST)
    assert str(number) in mail.subject
    guest.goto(mail.link("/ideen/bestaetigen/"))
    assert Idea.objects.get(number=number).status == Status.UNCONFIRMED
    guest.get_by_role("button", name="Idee bestätigen").click()
    assert number_on_receipt(guest) == number
    assert Idea.objects.get(number=number).status == Status.SUBMITTED
    receipt = post.newest_to(GUEST).link("/ideen/verfolgen/")

    # Nobody else sees it yet.
    stranger = person(scripts=scripts)
    assert status_of(stranger, f"/ideen/{number}/") == 404
    stranger.goto("/ideen/")
    expect(stranger.get_by_text(TITLE)).to_have_count(0)

    lead = person(LEAD, scripts=scripts)
    lead.goto("/admin/ideen/")
    lead.get_by_role("link", name=re.compile(TITLE)).click()
    take(lead, "Veröffentlichen", "Veröffentlicht")
    assert status_of(stranger, f"/ideen/{number}/") == 200
    expect(stranger.get_by_role("img", name=ALT)).to_be_visible()
    assert "Veröffentlicht" in post.newest_to(GUEST).subject

    reviewer = person(REVIEWER, scripts=scripts)
    reviewer.goto(f"/admin/ideen/{number}/")
    take(reviewer, "In Prüfung nehmen", "Prüfung begonnen")
    assert "Prüfung begonnen" in post.newest_to(GUEST).subject
    expect(reviewer.locator("details.desk-step summary", has_text="Verwerfen")).to_have_count(0)

    # Without a reason the form says so and keeps the note.
    lead.goto(f"/admin/ideen/{number}/")
    panel = step(lead, "Verwerfen")
    panel.locator("[name=note]").fill("Mit Frau Muster am Telefon geklärt.")
    panel.get_by_role("button", name="Verwerfen", exact=True).click()
    panel = step(lead, "Verwerfen")
    expect(panel).to_contain_text("Bitte begründen Sie diese Entscheidung.")
    expect(panel.locator("[name=note]")).to_have_value("Mit Frau Muster am Telefon geklärt.")
    assert Idea.objects.get(number=number).status == Status.IN_REVIEW
    take(lead, "Verwerfen", "Verworfen", reason=REASON)

    stranger.goto(f"/ideen/{number}/")
    expect(stranger.locator(".page-head .status")).to_contain_text("Verworfen")
    trail = stranger.locator(".timeline")
    expect(trail.get_by_role("heading")).to_have_text(
        ["Eingereicht und bestätigt", "Veröffentlicht", "Prüfung begonnen", "Verworfen"]
    )
    expect(trail).to_contain_text(REASON)
    expect(stranger.get_by_text("Frau Muster")).to_have_count(0)
    decision = post.newest_to(GUEST)
    assert "Verworfen" in decision.subject
    assert REASON in decision.text
    assert "Frau Muster" not in decision.text
    assert len(post.all_to(GUEST)) == 5
    guest.goto(receipt)
    expect(guest.locator(".timeline")).to_contain_text(REASON)


@SCRIPTS
def test_an_account_holders_idea_is_kept_moved_and_shows_the_progress_of_its_measure(
    scripts: bool, person: People, post: Post
) -> None:
    measure = Measure.objects.filter(status=MeasureStatus.IMPLEMENTATION, loesung__isnull=False).order_by("pk")[0]
    loesung = LoesungPage.objects.get(pk=measure.loesung_id)
    citizen = person(CITIZEN, scripts=scripts)
    form = hand_in_form(citizen)
    expect(form.get_by_label("Ihre E-Mail-Adresse")).to_have_count(0)
    write(form, email="")
    press_hand_in(citizen)
    number = number_on_receipt(citizen)
    citizen.goto("/konto/")
    citizen.get_by_role("link", name="Meine Ideen").click()
    expect(citizen.get_by_role("link", name=TITLE)).to_be_visible()

    reviewer, lead = person(REVIEWER, scripts=scripts), person(LEAD, scripts=scripts)
    reviewer.goto(f"/admin/ideen/{number}/")
    take(reviewer, "Veröffentlichen", "Veröffentlicht")
    take(reviewer, "In Prüfung nehmen", "Prüfung begonnen")
    lead.goto(f"/admin/ideen/{number}/")
    take(lead, "Als Idee behalten", "Als Idee behalten")
    reviewer.goto(f"/admin/ideen/{number}/")
    why = "Ihr Vorschlag passt zu dieser Lösung, dort wird gerade gebaut."
    take(reviewer, "Umordnen", "Umgeordnet", loesung=str(loesung.pk), reason=why)
    take(reviewer, "Mit Maßnahme verknüpfen", "Mit einer Maßnahme verknüpft", measure=str(measure.pk), contribution="partly")

    anybody = person(scripts=scripts)
    anybody.goto(f"/ideen/{number}/")
    expect(anybody.locator(".page-head .status")).to_contain_text("In Umsetzung")
    expect(anybody.locator(".stepper [aria-current]")).to_contain_text("In Umsetzung")
    expect(anybody.locator(".timeline")).to_contain_text(why)
    expect(anybody.locator(".timeline .changes").first).to_contain_text(loesung.title)
    anybody.locator("main").get_by_role("link", name=measure.title).first.click()
    anybody.wait_for_url(f"**{measure.get_absolute_url()}")
    expect(anybody.locator("main").get_by_role("link", name=re.compile(TITLE))).to_be_visible()
    subjects = [mail.subject for mail in post.all_to(CITIZEN)]
    assert subjects == [
        f"Ihre Idee {number} ist da",
        f"Idee {number}: Veröffentlicht",
        f"Idee {number}: Prüfung begonnen",
        f"Idee {number}: Als Idee behalten",
        f"Idee {number}: Umgeordnet",
        f"Idee {number}: Mit einer Maßnahme verknüpft",
    ]


@SCRIPTS
def test_a_similar_idea_shows_before_anything_is_handed_in(scripts: bool, person: People) -> None:
    page = person(scripts=scripts)
    form = hand_in_form(page)
    title = form.get_by_label("Wie heißt Ihre Idee?")
    if scripts:
        title.press_sequentially("Ladesäule am Marktplatz")
    else:
        title.fill("Ladesäule am Marktplatz")
        form.get_by_label("Was schlagen Sie vor?").fill(TEXT)
        form.get_by_role("button", name="Ähnliche Ideen zeigen").click()
        expect(page.get_by_label("Was schlagen Sie vor?")).to_have_value(TEXT)
        expect(page.locator(".kern-error")).to_have_count(0)
    expect(page.locator("#aehnliche").get_by_role("link", name=re.compile("E-Ladestation im Ortskern"))).to_be_visible()
    expect(page.get_by_label("Wie heißt Ihre Idee?")).to_have_value("Ladesäule am Marktplatz")


@SCRIPTS
def test_a_second_press_while_the_first_is_under_way_hands_in_one_idea(
    scripts: bool, person: People, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Idea.objects.count()
    submit, both = actions.submit, threading.Barrier(2, timeout=20)

    def submit_with_the_other(submission: actions.Submission, **more: Any) -> Any:
        both.wait()
        return submit(submission, **more)

    monkeypatch.setattr(actions, "submit", submit_with_the_other)
    page = person(scripts=scripts)
    write(hand_in_form(page))
    button = page.get_by_role("main").get_by_role("button", name="Idee einreichen")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*place)
    while both.n_waiting == 0:
        page.wait_for_timeout(50)
    page.mouse.click(*place)
    number_on_receipt(page)
    assert not both.broken
    assert Idea.objects.count() == before + 1
    assert len(post.all_to(GUEST)) == 1


def picture_width(image: Locator, scripts: bool) -> int:
    """How wide the picture arrived; without scripts the browser can't be asked, so its address is."""
    if scripts:
        return int(image.evaluate("async node => { await node.decode(); return node.naturalWidth }"))
    answer: Any = image.page.request.get(image.get_attribute("src") or "")
    return len(answer.body()) if answer.ok else 0


def status_of(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    return answer.status
