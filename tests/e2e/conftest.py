"""People of the stories, each with a browser of their own."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from common import outbox
from tests.conftest import DEMO_PASSWORD
from tests.mailbox import Mailbox

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])


class Post:
    """What lies in the mailboxes once the worker has run."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    def newest_to(self, address: str) -> Any:
        """The last mail to this address: .subject, .text"""
        return self.all_to(address)[-1]

    def all_to(self, address: str) -> list[Any]:
        outbox.drain()
        pairs = zip(self.mailbox.messages, self.mailbox.recipients, strict=True)
        return [Mail(message) for message, recipients in pairs if address in recipients]


class Mail:
    def __init__(self, message: Any) -> None:
        self.subject: str = message["Subject"]
        self.text: str = message.get_body(("plain",)).get_content()

    def link(self, part: str) -> str:
        """The address in the text that contains this part."""
        return next(url for url in re.findall(r"https?://\S+", self.text) if part in url)


@pytest.fixture
def post(smtp: Mailbox) -> Post:
    return Post(smtp)


@pytest.fixture
def person(new_context: Callable[..., BrowserContext], live_site: Any) -> Callable[..., Page]:
    """Opens a browser for somebody: `person(scripts=False)`; with `email=` of a demo account signed in through the door."""

    def make(email: str = "", *, scripts: bool = True) -> Page:
        page = new_context(java_script_enabled=scripts, base_url=live_site.url).new_page()
        if email:
            page.goto("/konto/login/")
            page.locator("[name=login]").fill(email)
            page.locator("[name=password]").fill(DEMO_PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Anmelden").click()
            page.wait_for_url("**/konto/")
        return page

    return make
