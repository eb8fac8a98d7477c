"""Chromium for the tests: Debian's own browser, driven by Playwright."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str | None:
    return next(filter(None, map(shutil.which, ["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"])), None)


def share_connections_with_event_loop() -> None:
    """Gives a thread one database connection, whether an event loop runs in it or not.

    Playwright leaves its event loop marked as running in the thread of the test. Django then refuses to use the database
    and, once that is allowed, opens a second connection, which sees nothing of the test's own transaction. Has to be called
    before the first connection is made.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections._connections = threading.local()  # type: ignore[attr-defined]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable(), args=FLAGS)
        yield browser
        browser.close()
