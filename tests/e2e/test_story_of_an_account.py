"""Signing up, in and out, a new password: as a citizen lives it, with JavaScript and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.e2e.conftest import SCRIPTS, Post

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

NEW, OLD = "karla@example.net", "buergerin@example.org"
PASSWORD, OTHER = "Sonnenblume-im-Garten-7", "Kastanie-am-Brunnen-9"


def main(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button).click()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/konto/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    main(page, "Anmelden")


@SCRIPTS
def test_somebody_signs_up_with_a_mailed_code_signs_out_and_in_again(
    scripts: bool, person: Callable[..., Page], post: Post
) -> None:
    page = person(scripts=scripts)
    page.goto("/")
    page.get_by_role("link", name="Anmelden").first.click()
    page.get_by_role("main").get_by_role("link", name="Neues Konto anlegen").click()
    page.locator("[name=email]").fill(NEW)
    page.locator("[name=password1]").fill(PASSWORD)
    main(page, "Konto anlegen")

    # Before the code is entered nobody is signed in.
    code = page.locator("[name=code]")
    expect(code).to_be_visible()
    code.fill("FALSCH")
    code.press("Enter")
    expect(page.locator(".kern-error")).to_be_visible()
    assert person(scripts=scripts).goto("/konto/").url.endswith("/konto/login/?next=/konto/")  # type: ignore[union-attr]
    mail = post.newest_to(NEW)
    code.fill(re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", mail.text, re.M).group(1))  # type: ignore[union-attr]
    code.press("Enter")
    page.wait_for_url("**/konto/")
    expect(page.get_by_role("main")).to_contain_text(NEW)
    page.get_by_role("link", name="Meine Ideen").click()
    expect(page.get_by_text("Sie haben noch keine Idee eingereicht")).to_be_visible()

    page.goto("/konto/")
    page.get_by_role("main").get_by_role("link", name="Abmelden").click()
    main(page, "Abmelden")
    page.goto("/konto/")
    expect(page).to_have_url(re.compile("/konto/login/"))
    sign_in(page, NEW, "falsch-und-auch-lang")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[name=login]")).to_have_value(NEW)
    sign_in(page, NEW, PASSWORD)
    page.wait_for_url("**/konto/")
    assert User.objects.get(email=NEW).groups.count() == 0


@SCRIPTS
def test_a_forgotten_password_is_replaced_by_the_mailed_link_once(
    scripts: bool, person: Callable[..., Page], post: Post
) -> None:
    page = person(scripts=scripts)
    page.goto("/konto/login/")
    page.get_by_role("link", name="Passwort vergessen").click()
    page.locator("[name=email]").fill(OLD)
    main(page, "Link anfordern")
    link = post.newest_to(OLD).link("/konto/password/reset/key/")
    page.goto(link)
    for field in page.locator("main input[type=password]").all():
        field.fill(OTHER)
    page.locator("main form").first.locator("button:not([form])").last.click()
    expect(page).to_have_url(re.compile("/konto/"))
    sign_in(person(scripts=scripts), OLD, OTHER)
    page.goto(link)
    expect(page.locator("main input[type=password]")).to_have_count(0)


@SCRIPTS
def test_an_unknown_address_learns_nothing_about_who_has_an_account(
    scripts: bool, person: Callable[..., Page], post: Post
) -> None:
    page = person(scripts=scripts)
    answers = []
    for email in (OLD, "niemand@example.net"):
        page.goto("/konto/password/reset/")
        page.locator("[name=email]").fill(email)
        main(page, "Link anfordern")
        answers.append((page.url, page.get_by_role("main").inner_text()))
    assert answers[0] == answers[1]
    assert len(post.all_to(OLD)) == len(post.all_to("niemand@example.net")) == 1
