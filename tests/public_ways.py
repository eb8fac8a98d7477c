"""How a test gets to a page as a reader does: by opening addresses and sending forms, in a browser or without one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, Response

from accounts.models import User


@dataclass(frozen=True)
class Open:
    """Open an address."""

    path: str


@dataclass(frozen=True)
class Send:
    """Fill in the form of the page and send it. A name that belongs to a button says which one is pressed."""

    data: dict[str, Any] = field(default_factory=dict)
    with_token: bool = True


Steps = list[Open | Send]


@dataclass(frozen=True)
class Case:
    """One page in one state. `steps` is called when the demo content is there. `who` is signed in, '' is anybody."""

    name: str
    steps: Callable[[], Steps]
    who: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name


def reach_in_browser(page: Page, base: str, case: Case) -> Response:
    """Go the case's way in a browser; the last answer that was a document."""
    answers: list[Response] = []

    def keep(response: Response) -> None:
        if response.request.is_navigation_request():
            answers.append(response)

    page.on("response", keep)
    steps = case.steps()
    if case.who:
        sign_in(page, base, case.who)
    for step in steps:
        if isinstance(step, Open):
            page.goto(base + step.path)
        else:
            _send_in_browser(page, step)
    page.remove_listener("response", keep)
    return answers[-1]


def sign_in(page: Page, base: str, email: str) -> None:
    """With the cookie of a session: the way through the form has a story of its own."""
    client = Client()
    client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}])


def _send_in_browser(page: Page, step: Send) -> None:
    form = page.locator("main form[method=post]").first
    button = form.locator("button:not([form])").last  # not the one that cancels, which belongs to another form
    for name, value in step.data.items():
        control = form.locator(f"[name={name}]").first
        kind = control.evaluate("node => node.tagName === 'BUTTON' ? 'button' : node.type")
        if kind == "button":
            exactly = form.locator(f'button[name="{name}"][value="{value}"]')
            button = exactly if exactly.count() else control
        elif kind == "file":
            control.set_input_files({"name": value[0], "mimeType": value[1], "buffer": value[2]})
        elif kind == "radio":
            form.locator(f"[name={name}][value={value}]").check()
        elif kind == "checkbox":
            control.check()
        elif kind.startswith("select"):
            control.select_option(value)
        else:
            control.fill(value)
    if not step.with_token:
        page.context.clear_cookies(name="csrftoken")
    with page.expect_navigation():
        button.click()


def reach_with_client(case: Case) -> tuple[Client, Steps, Any]:
    """Go the case's way without a browser; the client with its cookies, the steps, the last answer."""
    steps = case.steps()
    client = Client(enforce_csrf_checks=any(isinstance(step, Send) and not step.with_token for step in steps))
    if case.who:
        client.force_login(User.objects.get(email=case.who), backend="allauth.account.auth_backends.AuthenticationBackend")
    response: Any = None
    for step in steps:
        if isinstance(step, Open):
            response = client.get(step.path, follow=True)
        else:
            data = {
                name: SimpleUploadedFile(value[0], value[2], value[1]) if isinstance(value, tuple) else value
                for name, value in step.data.items()
            }
            response = client.post(response.request["PATH_INFO"], data, follow=True)
    return client, steps, response
