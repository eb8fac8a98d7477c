"""A review by criteria: a reviewer's day, then the lead's; with JavaScript and without. axe looks at every page on the way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from ideas import actions
from ideas.models import Idea, Review, ReviewRound
from ideas.workflow import Action, Status
from tests import axe
from tests.e2e.conftest import SCRIPTS, Post

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

LEAD, ONE, TWO = "leitung@example.org", "pruefung@example.org", "pruefung2@example.org"
UNDER_TEST, OTHER = 178, 177
People = Callable[..., Page]


def look(page: Page, scripts: bool) -> None:
    """Without JavaScript the browser runs no axe either; the same pages are looked at with it."""
    if scripts:
        page.wait_for_load_state("networkidle")
        assert axe.violations(page) == []


def say(page: Page, message: str) -> None:
    expect(page.locator(".messages")).to_contain_text(message)


def answer(page: Page, *answers: str) -> None:
    for place, word in enumerate(answers):
        page.locator("fieldset.desk-question").nth(place).get_by_text(re.compile(rf"^{word}\b")).first.click()


def open_own(page: Page, number: int) -> None:
    page.goto("/admin/ideen/pruefungen/")
    page.locator(".desk-list").get_by_role("link", name=re.compile(rf"^{number} ")).click()


@pytest.fixture
def in_review(demo: None) -> None:
    lead = User.objects.get(email=LEAD)
    for number in (UNDER_TEST, OTHER):
        actions.take(Idea.objects.get(number=number), Action.TAKE_INTO_REVIEW, by=lead)


@SCRIPTS
def test_two_reviewers_review_blind_and_the_lead_compares_publishes_and_decides(
    scripts: bool, in_review: None, person: People, post: Post
) -> None:
    lead = person(LEAD, scripts=scripts)
    lead.goto("/admin/ideen/")
    lead.get_by_role("link", name="Zuweisen", exact=True).click()
    look(lead, scripts)
    for box in lead.get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") in {str(UNDER_TEST), str(OTHER)})
    lead.get_by_role("button", name="Verteilung ansehen").click()
    expect(lead.locator("main")).to_contain_text("Paul Probe, Pia Prüfung")
    look(lead, scripts)
    assert not Review.objects.filter(round__idea__number=UNDER_TEST).exists(), "nothing happens before it was seen"
    lead.get_by_role("button", name="So zuweisen").click()
    say(lead, "4 Prüfungen zugewiesen.")
    assert "2 Ideen warten auf Ihre Prüfung" in post.newest_to(ONE).subject

    # The first reviewer: own list, a conflict of interest, a draft, then everything handed in.
    one = person(ONE, scripts=scripts)
    one.goto("/admin/ideen/pruefungen/")
    due = one.locator(".desk-list .desk-due time").evaluate_all("times => times.map(time => time.dateTime)")
    assert due == sorted(due)
    look(one, scripts)
    open_own(one, OTHER)
    one.get_by_role("link", name="Ich bin befangen").click()
    look(one, scripts)
    one.get_by_role("button", name="Ich bin befangen").click()
    expect(one.locator("main")).to_contain_text("Bitte schreiben Sie in einem Satz, warum Sie befangen sind.")
    one.get_by_label("Warum sind Sie befangen?").fill("Ich leite selbst eine solche Gruppe.")
    one.get_by_role("button", name="Ich bin befangen").click()
    say(one, "steht nicht mehr auf Ihrer Liste")
    expect(one.locator("main").get_by_role("link", name=re.compile(rf"^{OTHER} "))).to_have_count(0)
    assert "befangen" in post.newest_to(LEAD).subject
    assert "Ich leite selbst eine solche Gruppe." in post.newest_to(LEAD).text

    open_own(one, UNDER_TEST)
    answer(one, "ja", "unklar")
    one.get_by_label("Bemerkung").fill("Ich frage noch nach.")
    one.get_by_role("button", name="Entwurf speichern").click()
    say(one, "Entwurf")
    open_own(one, UNDER_TEST)
    expect(one.get_by_label("Bemerkung")).to_have_value("Ich frage noch nach.")
    one.get_by_role("button", name="Abgeben").click()
    expect(one.locator("main")).to_contain_text("Bitte beantworten Sie dieses Kriterium.")
    look(one, scripts)
    answer(one, "ja", "ja", "ja")
    one.get_by_role("button", name="Abgeben").click()
    say(one, "abgegeben")

    # Neither the second reviewer nor the lead reads the first one's answers now.
    two = person(TWO, scripts=scripts)
    for reader in (two, lead):
        reader.goto(f"/admin/ideen/{UNDER_TEST}/pruefung/")
        expect(reader.locator("main")).to_contain_text("1 von 2 abgegeben")
        expect(reader.get_by_text("Ich frage noch nach.")).to_have_count(0)
        look(reader, scripts)
    open_own(two, UNDER_TEST)
    answer(two, "ja", "nein", "ja")
    two.get_by_role("button", name="Abgeben").click()
    say(two, "abgegeben")
    assert "Alle haben ihre Prüfung abgegeben" in post.newest_to(LEAD).subject

    # The lead reads both side by side, settles the first stage and opens the second.
    lead.reload()
    expect(lead.locator(".desk-compare .desk-differs")).to_have_count(1)
    expect(lead.locator(".desk-compare")).to_contain_text("verschiedene Antworten")
    expect(lead.get_by_text("Ich frage noch nach.")).to_be_visible()
    look(lead, scripts)
    lead.get_by_role("button", name="Bestanden", exact=True).click()
    say(lead, "Die 1. Stufe ist entschieden: bestanden.")
    lead.get_by_role("button", name="2. Stufe beginnen").click()
    say(lead, "Die 2. Stufe hat begonnen.")
    for page, words in ((one, ("hoch", "hoch", "mittel")), (two, ("mittel", "hoch", "mittel"))):
        open_own(page, UNDER_TEST)
        answer(page, *words)
        page.get_by_role("button", name="Abgeben").click()
        say(page, "abgegeben")
    lead.reload()
    expect(lead.locator("main")).to_contain_text("Erste Bewertung: mittel (50 %)")
    expect(lead.locator("main")).to_contain_text("1 Stufe auseinander")

    # Published is the aggregate of what the lead chose, with the wording; never a name.
    panel = lead.locator("details.desk-step").filter(has=lead.locator("summary", has_text="Prüfergebnis veröffentlichen"))
    panel.locator("summary").click()
    panel.get_by_label(re.compile("Übertragbarkeit")).uncheck()
    look(lead, scripts)
    panel.get_by_role("button", name="Prüfergebnis veröffentlichen").click()
    say(lead, "Ergebnis der Prüfung veröffentlicht")
    anybody = person(scripts=scripts)
    anybody.goto(f"/ideen/{UNDER_TEST}/")
    result = anybody.locator(".review-result")
    expect(result).to_contain_text("Technisch machbar")
    expect(result).to_contain_text("unterschiedlich beurteilt")
    expect(result).not_to_contain_text("Übertragbarkeit")
    for name in ("Pia", "Paul", "Ich frage noch nach."):
        expect(anybody.locator("main")).not_to_contain_text(name)
    look(anybody, scripts)
    anybody.get_by_role("link", name="Unsere Kriterien").click()
    expect(anybody.get_by_role("heading", level=1)).to_contain_text("Nach diesen Kriterien prüfen wir Ideen")

    lead.goto(f"/admin/ideen/{UNDER_TEST}/pruefung/")
    panel = lead.locator("details.desk-step").filter(has=lead.locator("summary", has_text="Als Idee behalten"))
    panel.locator("summary").click()
    panel.locator("[name=reason]").fill("Die Nachbarschaftshilfe passt gut zur App.")
    panel.get_by_role("button", name="Als Idee behalten").click()
    say(lead, "Als Idee behalten")
    assert Idea.objects.get(number=UNDER_TEST).status == Status.KEPT
    assert not ReviewRound.objects.get(idea__number=UNDER_TEST).is_open


@SCRIPTS
def test_the_lead_changes_the_criteria_and_notes_stay_inside(scripts: bool, demo: None, person: People) -> None:
    lead = person(LEAD, scripts=scripts)
    lead.goto("/admin/ideen/boegen/")
    look(lead, scripts)
    lead.get_by_role("link", name=re.compile("Ändern.*MYK10")).click()
    look(lead, scripts)
    first = lead.locator("fieldset.desk-row").first
    first.get_by_label("Frage").fill("Bringt die Idee ein Ziel der Agenda voran?")
    lead.get_by_role("button", name="Speichern").click()
    say(lead, "Fassung 2 gilt ab jetzt")
    anybody = person(scripts=scripts)
    anybody.goto("/ideen/kriterien/")
    expect(anybody.locator("main")).to_contain_text("Bringt die Idee ein Ziel der Agenda voran?")

    # A review that runs keeps its wording.
    one = person(ONE, scripts=scripts)
    open_own(one, 173)
    expect(one.locator("main")).to_contain_text("Hilft die Idee einem Ziel der Agenda")
    one.goto("/admin/ideen/173/")
    notes = one.locator("#desk-notes")
    expect(notes).to_contain_text("Erledigt, die Antwort kommt nächste Woche.")
    notes.get_by_text("Antworten", exact=False).first.click()
    notes.get_by_label("Ihre Antwort").first.fill("Die Antwort ist da.")
    notes.get_by_role("button", name="Antwort speichern").first.click()
    say(one, "Ihre Notiz ist gespeichert.")
    look(one, scripts)
    anybody.goto("/ideen/173/")
    expect(anybody.get_by_text("Die Antwort ist da.")).to_have_count(0)
