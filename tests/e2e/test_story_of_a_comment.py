"""A citizen comments, hears of an answer, changes and deletes the comment; a guest comments with an address that a mailed link
confirms. With the keyboard, with JavaScript and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.contacts import contact_of_address
from ideas.models import Idea
from ideas.workflow import Status
from participation import actions
from participation.comment_workflow import Action
from participation.models import Comment
from tests import axe
from tests.e2e.conftest import SCRIPTS, Post
from tests.factories import comments as make

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

GUEST, CITIZEN = "neue-stimme@example.net", "buergerin@example.org"
TEXT = "Eine Bank am Busbahnhof wäre auch schön.\nMit Lehne."
People = Callable[..., Page]


@pytest.fixture(autouse=True)
def _open_brakes(demo: None) -> None:
    make.rules(**make.OPEN)


def an_idea() -> Idea:
    return Idea.objects.public().filter(status=Status.KEPT, merged_into=None).earliest("number")


def faults(page: Page, scripts: bool) -> list[str]:
    return axe.violations(page) if scripts else []  # axe is a script itself


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element with this name has the focus, as somebody does who has no mouse."""
    for _press in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and (focused.get_attribute("name") == name or focused.inner_text().strip() == name):
            return
    raise AssertionError(f"The keyboard doesn't reach „{name}“.")


def take_time(page: Page, scripts: bool) -> None:
    """As long as people need to write; meanwhile their browser works out its proof."""
    page.wait_for_timeout(3_000)
    if scripts:
        page.wait_for_function("document.querySelector('[name=proof]').value")


def press(page: Page, name: str) -> None:
    """A button that leads to another page; waits for that page."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@SCRIPTS
def test_a_citizen_comments_hears_of_an_answer_changes_and_deletes(person: People, post: Post, scripts: bool) -> None:
    idea, page = an_idea(), person(CITIZEN, scripts=scripts)
    path = f"/kommentare/idee/{idea.number}/schreiben/"

    # Nothing but the keyboard. First an empty one: it is said, and the box that was ticked stays ticked.
    page.goto(path)
    assert faults(page, scripts) == []
    tab_to(page, "followup")
    page.keyboard.press("Space")
    tab_to(page, "Kommentar absenden")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Bitte schreiben Sie, was Sie sagen möchten.")
    expect(page.get_by_label("Bei Antworten eine E-Mail bekommen")).to_be_checked()
    assert faults(page, scripts) == []
    tab_to(page, "text")
    page.keyboard.type(TEXT)
    tab_to(page, "Kommentar absenden")
    take_time(page, scripts)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    comment = Comment.objects.latest("pk")
    assert (comment.comment, comment.state, comment.followup) == (TEXT, "public", True)

    # The way back to the own comments leads over the account.
    page.goto("/konto/")
    page.get_by_role("link", name="Meine Kommentare").click()
    expect(page.get_by_role("main")).to_contain_text("Mit Lehne.")
    assert faults(page, scripts) == []
    page.get_by_role("link", name=re.compile("^Ändern")).click()
    expect(page.get_by_label("Ihr Kommentar")).to_have_value(TEXT)
    assert faults(page, scripts) == []
    page.get_by_label("Ihr Kommentar").fill("Eine Bank mit Lehne.")
    press(page, "Änderung speichern")
    comment.refresh_from_db()
    assert comment.comment == "Eine Bank mit Lehne."

    # Somebody answers. The mail has the words, and a link that ends such mails with one button.
    make.comment(reply_to=comment, by=make.person("Ada"), text="Und mit Dach!")
    letter = post.newest_to(CITIZEN)
    assert letter.subject == f"Eine Antwort auf Ihren Kommentar: Idee {idea.number}"
    assert "> Und mit Dach!" in letter.text
    page.goto(letter.link("/abbestellen/"))
    assert faults(page, scripts) == []
    page.get_by_role("button", name="E-Mails beenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie bekommen dazu keine E-Mails mehr")
    assert faults(page, scripts) == []
    mails = len(post.all_to(CITIZEN))
    make.comment(reply_to=comment, by=make.person("Ada"), text="Noch etwas!")
    assert len(post.all_to(CITIZEN)) == mails

    page.goto("/konto/kommentare/")
    page.get_by_role("link", name=re.compile(f"^Löschen.*Kommentar {comment.pk}$")).click()
    expect(page.get_by_role("main")).to_contain_text("Eine Bank mit Lehne.")
    assert faults(page, scripts) == []
    press(page, "Endgültig löschen")
    comment.refresh_from_db()
    assert (comment.state, comment.comment) == ("deleted", "")
    assert comment.replies.count() == 2, "what others answered stays"


@SCRIPTS
def test_a_guest_comments_with_an_address_that_a_mailed_link_confirms(person: People, post: Post, scripts: bool) -> None:
    idea, page = an_idea(), person(scripts=scripts)
    page.goto(f"/kommentare/idee/{idea.number}/schreiben/")
    assert faults(page, scripts) == []
    page.get_by_label("Ihr Kommentar").fill(TEXT)
    page.get_by_label("Ihr Name (öffentlich)").fill("Nora")
    page.get_by_role("button", name="Weiter zur Bestätigung").click()
    expect(page.locator(".error-summary")).to_contain_text("Bitte geben Sie Ihre E-Mail-Adresse ein.")
    expect(page.get_by_label("Ihr Kommentar")).to_have_value(TEXT)
    assert faults(page, scripts) == []
    page.get_by_label("Ihre E-Mail-Adresse").fill(GUEST)
    take_time(page, scripts)
    page.get_by_role("button", name="Weiter zur Bestätigung").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte bestätigen Sie Ihre E-Mail-Adresse")
    assert faults(page, scripts) == []
    assert Comment.objects.latest("pk").state == "unconfirmed"

    letter = post.newest_to(GUEST)
    assert "Bank" not in letter.text
    page.goto(letter.link("/konto/adresse/"))
    expect(page.get_by_role("main")).to_contain_text("Mit Lehne.")
    assert faults(page, scripts) == []
    press(page, "Adresse bestätigen und Kommentar absenden")
    comment = Comment.objects.latest("pk")
    # Without a proof of work, what somebody new writes waits for a moderator: the way round for those whose browser can't.
    state = "public" if scripts else "held"
    assert (comment.state, comment.author_name, comment.contact) == (state, "Nora", contact_of_address(GUEST))
    if not scripts:
        expect(page.get_by_role("main")).to_contain_text("geprüft")
        actions.decide(comment, Action.APPROVE, by=make.moderator())

    # Known for this session: an answer needs no mail. Another person reads what is answered above the form.
    first = make.comment(on=idea, by=make.person("Ada"), text="Wo soll die Bank stehen?")
    page.goto(f"/kommentare/{first.pk}/antworten/")
    expect(page.locator("blockquote")).to_have_text("Wo soll die Bank stehen?")
    assert faults(page, scripts) == []
    page.get_by_label("Ihr Kommentar").fill("Neben dem Brunnen.")
    take_time(page, scripts)
    press(page, "Kommentar absenden")
    answer = Comment.objects.get(reply_to=first)
    assert (answer.state, answer.contact) == (state, comment.contact)
    page.goto(f"/kommentare/{answer.pk}/loeschen/")
    press(page, "Endgültig löschen")
    answer.refresh_from_db()
    assert answer.state == "deleted"
