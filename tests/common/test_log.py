"""No secret link in a log: neither in Django's nor in gunicorn's."""

import logging
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from common import tokens
from common.log import mask
from tests.postgres import free_port
from tests.run import environment

ROOT = Path(__file__).resolve().parents[2]
TOKEN = tokens.derive("receipt", "kanarienvogel")


@pytest.mark.parametrize(
    "path",
    [
        f"/ideen/verfolgen/{TOKEN}/",
        f"/ideen/verfolgen/{TOKEN[:-3]}/",  # a piece is missing: the rest is a secret all the same
        f"/ideen/bestaetigen/{TOKEN}/",
        f"/kommt/noch/{TOKEN}/",
        f"/kommt/noch/?t={TOKEN}&x=1",
        f"http://testserver/abo/{TOKEN}",
        f"/konto/password/reset/key/1-{TOKEN[:20]}/",
        f"/ideen/bild/1/klein/?schluessel={TOKEN[:36]}",
        f"/konto/adresse/{TOKEN[:-3]}/",
        f"/wettbewerbe/ideen-fuer-den-fluss/beleg/?code={TOKEN[:20]}",
    ],
)
def test_a_secret_is_masked_wherever_it_stands(path: str) -> None:
    for text in (path, f'"GET {path} HTTP/1.1" 200', f"Not Found: {path}"):
        assert TOKEN[:20] not in mask(text)
        assert "…" in mask(text)


@pytest.mark.parametrize(
    "path",
    [
        "/ideen/verfolgen/161/antworten/",
        "/ideen/verfolgen/verschickt/",
        "/ideen/verfolgen/",
        "/massnahmen/digitale-mitfahrbank/",
        "/static/css/site.0123456789ab.css",
        "/ideen/?q=Bank&seite=2",
    ],
)
def test_other_addresses_stay_readable(path: str) -> None:
    assert mask(path) == path


def test_django_writes_no_secret_into_its_log(db: None, client: Client) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keep = Keep()
    logging.getLogger("django").addHandler(keep)
    try:
        client.get(f"/ideen/verfolgen/{TOKEN}/")
        Client(enforce_csrf_checks=True).post(f"/ideen/bestaetigen/{TOKEN}/")
        logging.getLogger("django.server").addHandler(keep)
        logging.getLogger("django.server").info('"%s" %s %s', f"GET /ideen/verfolgen/{TOKEN}/ HTTP/1.1", "200", "5")
    finally:
        logging.getLogger("django").removeHandler(keep)
        logging.getLogger("django.server").removeHandler(keep)
    assert len(lines) >= 3
    assert TOKEN not in "\n".join(lines)
    assert "/ideen/verfolgen/…/" in "\n".join(lines)


@pytest.mark.slow
@pytest.mark.sqlite
def test_gunicorn_writes_no_secret_into_its_access_log(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    port, log = free_port(), tmp_path / "access.log"
    variables = environment(
        DJANGO_SETTINGS_MODULE="config.settings.dev", VAR_DIR=str(tmp_path), PORT=str(port), HOST="127.0.0.1",
        BASE_URL=f"http://127.0.0.1:{port}", ACCESS_LOG=str(log), EMBEDDED_WORKER="false",
    )  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "site/config/gunicorn.py"]
    server = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", server)
        # The page has no database here and fails; what the log says of it is what counts.
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/ideen/verfolgen/{TOKEN}/", headers={"Referer": f"http://x/ideen/bestaetigen/{TOKEN}/"}
        )
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=30)
        for _try in range(50):
            if "/verfolgen/" in log.read_text():
                break
            time.sleep(0.1)
    finally:
        server.terminate()
        errors = server.communicate(timeout=30)[1].decode()
    assert re.search(r'"GET /ideen/verfolgen/…/ HTTP/1.1" \d+ \d+ "http://x/ideen/bestaetigen/…/"', log.read_text())
    assert TOKEN not in log.read_text() + errors


def wait_for(url: str, server: Any) -> None:
    for _try in range(300):
        assert server.poll() is None, server.stderr.read().decode()
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"gunicorn doesn't answer; {os.getcwd()}")
