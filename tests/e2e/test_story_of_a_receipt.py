"""A guest with a receipt, from handing in to claiming and withdrawing; with JavaScript and without. And its secret, which
nobody else gets to see."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from ideas.models import Idea
from ideas.workflow import Status
from tests.axe import violations
from tests.e2e.conftest import SCRIPTS, Post
from tests.e2e.test_story_of_an_idea import hand_in_form, number_on_receipt, press_hand_in, take, write

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

GUEST, CITIZEN, LEAD = "gast@example.net", "buergerin@example.org", "leitung@example.org"
QUESTION = "Welchen der beiden Busbahnhöfe meinen Sie?"
ANSWER = "Den am Bahnhof Ost, dort warten die meisten."
People = Callable[..., Page]


def hand_in_and_confirm(page: Page, post: Post, **fields: str) -> int:
    write(hand_in_form(page), **fields)
    press_hand_in(page)
    number = number_on_receipt(page)
    page.goto(post.newest_to(GUEST).link("/ideen/bestaetigen/"))
    page.get_by_role("button", name="Idee bestätigen").click()
    assert number_on_receipt(page) == number
    return number


def faults(page: Page, scripts: bool) -> list[str]:
    return violations(page) if scripts else []  # axe is a script itself


@SCRIPTS
def test_a_guest_corrects_answers_claims_and_withdraws(scripts: bool, person: People, post: Post) -> None:
    guest, lead = person(scripts=scripts), person(LEAD, scripts=scripts)
    number = hand_in_and_confirm(guest, post)
    assert faults(guest, scripts) == []

    # Before the release: a correction simply takes the place of the first wording.
    guest.get_by_role("link", name="Titel oder Beschreibung ändern").click()
    assert faults(guest, scripts) == []
    guest.get_by_label("Wie heißt Ihre Idee?").fill("Brunnen")
    guest.get_by_label("Was schlagen Sie vor?").fill("kurz")
    guest.get_by_role("button", name="Neue Fassung einreichen").click()
    expect(guest.locator(".error-summary")).to_contain_text("mindestens 20 Zeichen")
    expect(guest.get_by_label("Was schlagen Sie vor?")).to_have_value("kurz")
    guest.get_by_label("Was schlagen Sie vor?").fill("Wer wartet, soll seine Flasche füllen können, auch abends.")
    guest.get_by_role("button", name="Neue Fassung einreichen").click()
    expect(guest.locator(".messages")).to_contain_text("Ihre neue Fassung ist bei uns.")
    expect(guest.locator(".receipt")).to_contain_text("Brunnen")

    lead.goto(f"/admin/ideen/{number}/")
    take(lead, "Veröffentlichen", "Veröffentlicht")
    take(lead, "Rückfrage stellen", "Rückfrage gestellt", reason=QUESTION)

    # The mail leads to the receipt, on another device too, and there the question is answered.
    other_device = person(scripts=scripts)
    other_device.goto(post.newest_to(GUEST).link("/ideen/verfolgen/"))
    expect(other_device.locator("#antwort")).to_contain_text(QUESTION)
    assert faults(other_device, scripts) == []
    other_device.get_by_role("button", name="Antwort senden").click()
    expect(other_device.locator(".error-summary")).to_contain_text("Bitte schreiben Sie Ihre Antwort.")
    assert faults(other_device, scripts) == []
    other_device.get_by_label("Ihre Antwort").fill(ANSWER)
    other_device.get_by_role("button", name="Antwort senden").click()
    expect(other_device.locator(".messages")).to_contain_text("Danke. Ihre Antwort ist bei uns.")

    stranger = person(scripts=scripts)
    stranger.goto(f"/ideen/{number}/")
    expect(stranger.locator(".timeline")).to_contain_text("Die Antwort ist da.")
    lead.goto(f"/admin/ideen/{number}/")
    expect(lead.locator(".desk-trail")).to_contain_text(ANSWER)
    assert faults(lead, scripts) == []
    lead.get_by_role("button", name="Antwort veröffentlichen").click()
    stranger.reload()
    expect(stranger.locator(".timeline")).to_contain_text(ANSWER)

    # Into an account: signing in comes back to the same page.
    guest.goto(f"/ideen/verfolgen/{number}/")
    guest.get_by_role("link", name="Idee in Ihr Konto übernehmen").click()
    assert faults(guest, scripts) == []
    guest.get_by_role("link", name="Anmelden und übernehmen").click()
    sign_in(guest)
    guest.get_by_role("button", name="In mein Konto übernehmen").click()
    expect(guest.locator(".messages")).to_contain_text("Diese Idee gehört jetzt zu Ihrem Konto.")
    guest.goto("/konto/ideen/")
    guest.get_by_role("link", name="Brunnen", exact=True).click()
    expect(guest.locator(".receipt-number")).to_have_text(str(number))
    assert Idea.objects.get(number=number).author.email == ""

    # Another idea, withdrawn again.
    second = hand_in_and_confirm(other_device, post, title="Noch eine Idee am Busbahnhof")
    other_device.get_by_role("link", name="Idee zurückziehen").click()
    assert faults(other_device, scripts) == []
    other_device.get_by_role("button", name="Idee zurückziehen").click()
    expect(other_device.locator(".messages")).to_contain_text(f"Die Idee {second} ist zurückgezogen.")
    assert faults(other_device, scripts) == []
    assert Idea.objects.get(number=second).status == Status.WITHDRAWN
    assert "ist zurückgezogen" in post.newest_to(GUEST).subject
    answer = other_device.goto(f"/ideen/verfolgen/{second}/")
    assert answer is not None
    assert answer.status == 404


def sign_in(page: Page) -> None:
    from tests.conftest import DEMO_PASSWORD

    page.locator("[name=login]").fill(CITIZEN)
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()


@SCRIPTS
def test_a_lost_link_is_mailed_again(scripts: bool, person: People, post: Post) -> None:
    number = hand_in_and_confirm(person(scripts=scripts), post)
    page = person(scripts=scripts)
    answer = page.goto(f"/ideen/verfolgen/{number}/")
    assert answer is not None
    assert answer.status == 404
    page.get_by_role("link", name="Link noch einmal schicken").click()
    assert faults(page, scripts) == []
    page.get_by_label("Ihre E-Mail-Adresse").fill(GUEST)
    page.get_by_role("button", name="Link noch einmal schicken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")
    assert faults(page, scripts) == []
    page.goto(post.newest_to(GUEST).link("/ideen/verfolgen/"))
    assert number_on_receipt(page) == number


@SCRIPTS
def test_the_secret_is_in_no_address_and_no_referer_after_the_first_step(scripts: bool, person: People, post: Post) -> None:
    guest = person(scripts=scripts)
    number = hand_in_and_confirm(guest, post)
    idea = Idea.objects.get(number=number)
    page = person(scripts=scripts)
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    page.goto(post.newest_to(GUEST).link("/ideen/verfolgen/"))
    first = [request.url for request in requests if idea.receipt_token in request.url]
    assert len(first) == 1, "the link itself, which leads on at once"
    page.wait_for_url(f"**/ideen/verfolgen/{number}/")
    assert page.locator(f"a[href*='{idea.receipt_token}']").count() == 0

    links = [link.get_attribute("href") or "" for link in page.get_by_role("main").get_by_role("link").all()]
    for link in links:
        if not re.search(r"\.pdf$|^mailto:|^tel:", link):
            page.goto(link, referer=page.url)
            page.goto(f"/ideen/verfolgen/{number}/", referer=page.url)
    page.goto(f"/ideen/verfolgen/{number}/")
    page.get_by_role("link", name="Idee zurückziehen").click()
    page.get_by_role("link", name="Lieber nicht").click()
    page.get_by_role("link", name="Andere Ideen ansehen").click()
    page.wait_for_url("**/ideen/")

    later = [request for request in requests if request.url not in first]
    assert len(later) > 20
    referers = [request.all_headers().get("referer", "") for request in later]
    assert any("/verfolgen/" in referer for referer in referers), "otherwise this test would see nothing"
    seen = [*(request.url for request in later), *referers]
    assert [each for each in seen if idea.receipt_token in each] == []


def test_the_link_to_confirm_goes_into_no_referer(person: People, post: Post) -> None:
    guest = person()
    write(hand_in_form(guest))
    press_hand_in(guest)
    idea = Idea.objects.latest("pk")
    requests: list[Request] = []
    guest.on("request", lambda request: requests.append(request))
    guest.goto(post.newest_to(GUEST).link("/ideen/bestaetigen/"))
    guest.get_by_role("button", name="Idee bestätigen").click()
    number_on_receipt(guest)
    assert any(idea.confirm_token in request.url for request in requests)
    referers = [request.all_headers().get("referer", "") for request in requests]
    assert any(referers)
    assert [referer for referer in referers if idea.confirm_token in referer] == []
