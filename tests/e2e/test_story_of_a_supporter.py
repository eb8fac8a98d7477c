"""Somebody supports an idea, follows it, hears of the decision and stops again; with JavaScript and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ideas import actions
from ideas.models import Follow, Idea, Support
from ideas.workflow import Action, Status
from tests import axe
from tests.e2e.conftest import SCRIPTS, Post
from tests.factories import UserFactory

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

GUEST, CITIZEN, REVIEWER = "neue-stimme@example.net", "buergerin@example.org", "pruefung@example.org"
REASON = "Sie schlagen etwas Gutes vor. Das gibt es im Nachbarort aber schon, und der Weg dorthin ist kurz."
People = Callable[..., Page]


def an_open_idea() -> Idea:
    return Idea.objects.public().filter(status=Status.IN_REVIEW).earliest("number")


def main_button(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@SCRIPTS
def test_a_guest_supports_follows_hears_of_the_decision_and_stops(person: People, post: Post, scripts: bool) -> None:
    idea, page = an_open_idea(), person(scripts=scripts)
    before = idea.support_count
    page.goto(idea.get_absolute_url())
    page.get_by_role("link", name=f"Unterstützen ({before})").click()
    page.get_by_label("Ihre E-Mail-Adresse").fill(GUEST)
    assert not scripts or axe.violations(page) == []
    main_button(page, "Link zum Bestätigen schicken")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")
    assert not scripts or axe.violations(page) == []

    page.goto(post.newest_to(GUEST).link("/mitmachen/"))
    assert not scripts or axe.violations(page) == []
    main_button(page, "Idee unterstützen")
    expect(page.get_by_text("Ihre Unterstützung zählt")).to_be_visible()
    assert not scripts or axe.violations(page) == []
    page.get_by_role("link", name=f"Zurück: Idee {idea.number}").click()
    expect(page.get_by_role("link", name=f"Unterstützen ({before + 1})")).to_be_visible()

    # The address is proved: to follow takes one button.
    page.get_by_role("link", name="Folgen").click()
    page.get_by_label("sofort").check()
    assert not scripts or axe.violations(page) == []
    main_button(page, "Folgen")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Sie folgen: Idee {idea.number}")

    lead = UserFactory(lead=True)
    actions.take(Idea.objects.get(pk=idea.pk), Action.REJECT, by=lead, decision=actions.Decision(reason=REASON))
    letter = post.newest_to(GUEST)
    assert letter.subject == f"Idee {idea.number}: Verworfen"
    assert REASON in letter.text
    page.goto(letter.link("/abos/beenden/"))
    assert not scripts or axe.violations(page) == []
    main_button(page, "E-Mails beenden")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie bekommen dazu keine E-Mails mehr")
    assert not Follow.objects.filter(contact__email=GUEST).exists()
    assert Support.objects.filter(contact__email=GUEST).count() == 1


@SCRIPTS
def test_somebody_with_an_account_needs_no_mail_and_takes_it_back(person: People, post: Post, scripts: bool) -> None:
    idea, page = an_open_idea(), person(CITIZEN, scripts=scripts)
    page.goto(f"{idea.get_absolute_url()}unterstuetzen/")
    if page.get_by_role("button", name="Unterstützung zurücknehmen").count():
        main_button(page, "Unterstützung zurücknehmen")
    main_button(page, "Idee unterstützen")
    assert not scripts or axe.violations(page) == []
    page.goto("/konto/")
    page.get_by_role("link", name="Abos und Unterstützungen").click()
    assert not scripts or axe.violations(page) == []
    page.get_by_role("link", name=f"Idee {idea.number}:").last.click()
    main_button(page, "Unterstützung zurücknehmen")
    expect(page.get_by_text("Ihre Unterstützung ist zurückgenommen.")).to_be_visible()
    assert post.all_to(CITIZEN) == []


def test_the_service_promise_and_the_preview_of_mails_are_accessible(person: People) -> None:
    page = person()
    page.goto("/fortschritt/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fortschritt auf einen Blick")
    assert axe.violations(page) == []
    staff = person(REVIEWER)
    staff.goto("/admin/ideen/e-mails/?art=digest&sprache=en")
    expect(staff.frame_locator("iframe[sandbox]").get_by_text("Hello,")).to_be_visible()
    assert axe.violations(staff, "main") == []
