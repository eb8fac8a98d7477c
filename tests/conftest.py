"""What every test can ask for. Data of the domain is made by tests/factories."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import Browser, BrowserContext, Page

from pages import site, words
from tests import browser as chromium_here
from tests import database_state, html
from tests.mailbox import Mailbox, smtp_server
from tests.undefined import Recorder

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
DEMO_PASSWORD = "Nur-für-Tests-2026"
REPORT = os.environ.get("PULSEHUB_TEST_REPORT")  # what tests/run.py did before this run


# --- the run ---------------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    chromium_here.share_connections_with_event_loop()
    uploads = Path(django_settings.MAIL_DIR).parent  # the settings make it for one run
    config.add_cleanup(lambda: shutil.rmtree(uploads, ignore_errors=True))
    folder = Path(tempfile.mkdtemp(prefix="pulsehub-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    # Files that `make run` has collected must not be what the tests see.
    (folder / "static").mkdir()
    django_settings.STATIC_ROOT = str(folder / "static")
    kept = Path(django_settings.VAR_DIR)
    django_settings.VAR_DIR = folder
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, not memory: the live server's threads get connections of their own, as in real life.
        place = kept if config.getoption("reuse_db") else folder
        database.setdefault("TEST", {})["NAME"] = str(place / "tests.sqlite3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        for marker in ("postgres", "sqlite"):
            # For whoever calls pytest directly; tests/run.py selects by marker, so that nothing is skipped there.
            needed = "postgresql" if marker == "postgres" else "sqlite"
            if item.get_closest_marker(marker) and connection.vendor != needed:
                item.add_marker(pytest.mark.skip(reason=f"runs on {needed} only"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped.append(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")


_skipped: list[str] = []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if IN_CI and _skipped and exitstatus == pytest.ExitCode.OK and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    earlier = json.loads(Path(REPORT).read_text()) if REPORT and Path(REPORT).exists() else {"lines": [], "skipped": []}
    skipped = [*earlier["skipped"], *_skipped]
    if earlier["lines"]:
        terminalreporter.section("all steps")
        for line in earlier["lines"]:
            terminalreporter.write_line(line)
    terminalreporter.section(f"skipped in this run: {len(skipped)}")
    for line in skipped:
        terminalreporter.write_line(line)
    if IN_CI and skipped:
        terminalreporter.write_line("CI has everything that the tests need: a skip is a failure there.", red=True)
    if REPORT:
        Path(REPORT).write_text(json.dumps({"lines": earlier["lines"], "skipped": skipped}))


# --- the database ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The migrated database; tests that commit (live server, threads) leave it as the migrations made it."""
    with django_db_blocker.unblock():
        state = database_state.keep("migrated")
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def restore(self: TransactionTestCase) -> None:
        state.restore()

    TransactionTestCase._fixture_teardown = restore  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def _demo_state(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        migrated = database_state.keep("before_demo")
        call_command("load_demo", password=DEMO_PASSWORD, stdout=StringIO())
        demo = database_state.keep("demo")
        migrated.restore()
    return demo


@pytest.fixture(scope="session")
def _demo_mainz_state(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        migrated = database_state.keep("before_demo_mainz")
        call_command("load_demo", profile="mainz", password=DEMO_PASSWORD, stdout=StringIO())
        demo = database_state.keep("demo_mainz")
        migrated.restore()
    return demo


@pytest.fixture
def demo_mainz(transactional_db: None, _demo_mainz_state: Any) -> None:
    """The demo content of the second profile, with words and criteria of its own; as `demo` otherwise."""
    _demo_mainz_state.restore()


@pytest.fixture
def demo(transactional_db: None, _demo_state: Any) -> None:
    """The demo content of `make run`, loaded once a session; the test may change and commit what it likes."""
    _demo_state.restore()


@pytest.fixture(autouse=True)
def _words(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test without a database has the words of the house; no test finds the settings of the one before."""
    asks = request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames)
    with nullcontext() if asks else words.of_the_house():
        yield
    site.forget()


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def live_site(live_server: Any, settings: Any) -> Any:
    """A running server with real threads and commits, which knows its own address (`live_site.url`)."""
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    return live_server


# --- the browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    with chromium_here.chromium() as browser:
        yield browser


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Browser:
    if chromium_here.executable() is None:
        pytest.skip("no Chromium here (Debian: apt install chromium)")
    return request.getfixturevalue("_chromium")  # type: ignore[no-any-return]


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser context, like a person of its own: `new_context(java_script_enabled=False, color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        options = {"locale": "de-DE", "timezone_id": "Europe/Berlin", "viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(**options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield make
    # Closed before the database is put back: nothing may be on its way to the server then.
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture
def page_without_javascript(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(java_script_enabled=False).new_page()


# --- helpers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def validate_html() -> Callable[..., list[str]]:
    """`assert validate_html({"/": html, …}) == []`; a batch costs one start of Java."""
    if reason := html.unavailable():
        pytest.skip(reason)
    return html.validate


@pytest.fixture
def undefined_variables(settings: Any) -> list[str]:
    """Fills with the undefined names that our templates use while the test renders pages: assert that it stays empty."""
    recorder = Recorder()
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "string_if_invalid": recorder}}]
    return recorder.found


@pytest.fixture
def smtp(settings: Any) -> Iterator[Mailbox]:
    """A real mail server; Django is told to deliver to it."""
    with smtp_server() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield mailbox
