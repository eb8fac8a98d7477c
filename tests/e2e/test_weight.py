"""What the home page costs a reader, as an installation serves it: gunicorn, compressed files, no test settings."""

import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.postgres import free_port
from tests.run import environment

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 150_000
# Collects every shift of the layout, also those before anybody asks.
SHIFTS = """() => new Promise(done => {
    let total = 0;
    const seen = [];
    const add = entry => {
        total += entry.value;
        seen.push(...entry.sources.map(source => (source.node?.outerHTML || "").slice(0, 100)));
    };
    new PerformanceObserver(list => list.getEntries().forEach(add)).observe({type: "layout-shift", buffered: true});
    setTimeout(() => done([total, seen]), 300);
})"""


@pytest.fixture(scope="module")
def installation(_demo_state: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server with the demo content."""
    folder = tmp_path_factory.mktemp("installation")
    copy = sqlite3.connect(folder / "pulsehub.sqlite3")
    _demo_state.copy.backup(copy)
    copy.close()
    (folder / "assets").symlink_to(Path(dict(settings.STATICFILES_DIRS[1:])["vendor"]))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    variables = environment(
        DJANGO_SETTINGS_MODULE="config.settings.production",
        VAR_DIR=str(folder),
        MEDIA_ROOT=str(settings.MEDIA_ROOT),
        BASE_URL=url,
        HOST="127.0.0.1",
        PORT=str(port),
        EMBEDDED_WORKER="false",
    )
    # The back office's own files would take half a minute and are on no public page.
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0", "--ignore", "wagtail*"]
    subprocess.run(collect, cwd=ROOT, env=variables, check=True)
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "-c", "site/config/gunicorn.py"], cwd=ROOT, env=variables)
    try:
        wait_for(url + "/healthz", server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _try in range(300):
        assert server.poll() is None, "gunicorn stopped"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("gunicorn doesn't answer")


class Wire:
    """What came over the wire: bytes with headers, by address."""

    def __init__(self, page: Page) -> None:
        self.sizes: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.requestWillBeSent", lambda event: self._urls.update({event["requestId"]: event["request"]["url"]}))
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self.sizes[self._urls[event["requestId"]]] = int(event["encodedDataLength"])

    @property
    def fonts(self) -> list[str]:
        return [url for url in self.sizes if ".woff" in url or ".ttf" in url]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_home_page_weighs_less_than_150_kilobytes_with_two_weights_of_one_font(
    installation: str, new_context: Any, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 740}).new_page()
    wire = Wire(page)
    page.goto(installation, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    total = sum(wire.sizes.values())
    print(f"home page at {width} px: {total} bytes", *sorted(wire.sizes.items(), key=lambda pair: -pair[1]), sep="\n  ")
    assert len(wire.sizes) >= 4, "not even the fonts arrived"
    assert total < LIMIT, wire.sizes
    assert sorted(url.rpartition("fira-sans-")[2][:3] for url in wire.fonts) == ["400", "600"]


@pytest.mark.parametrize("path", ["/", "/ideen/", "/ideen/145/", "/agenda/", "/aktuelles/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_while_a_page_loads(installation: str, new_context: Any, path: str, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 740}).new_page()
    page.goto(installation + path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFTS) == [0, []]


def test_a_jump_would_be_noticed(page: Page) -> None:
    page.set_content("<p>oben</p><p>unten</p>")
    page.evaluate("new Promise(done => setTimeout(done, 200))")
    page.evaluate("document.body.insertAdjacentHTML('afterbegin', '<div style=height:200px></div>')")
    assert page.evaluate(SHIFTS)[0] > 0
