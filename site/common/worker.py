"""The worker: drains the outbox and does the housekeeping that other apps register. One function, two homes:
`manage.py run_worker` and, in the embedded default, a thread of the web process."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections

from . import outbox

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
HOUSEKEEPING_SECONDS = 600.0
_chores: list[Callable[[], object]] = []
_started = threading.Lock()


def chore(function: Callable[[], object]) -> Callable[[], object]:
    """Decorator: the function is called every ten minutes. It must be harmless to call twice."""
    _chores.append(function)
    return function


def do_chores() -> None:
    """Call every chore once; one that fails is logged and doesn't keep the others from running."""
    for function in _chores:
        try:
            function()
        except Exception:
            log.exception("chore %s failed", function.__name__)


def work(stop: threading.Event, wake: threading.Event) -> None:
    """Drain whenever woken, at least every PAUSE_SECONDS, until `stop` is set."""
    last_chores = 0.0
    while not stop.is_set():
        close_old_connections()
        try:
            outbox.drain()
            if time.monotonic() - last_chores > HOUSEKEEPING_SECONDS:
                do_chores()
                last_chores = time.monotonic()
        except Exception:
            # A database that is away comes back; the worker must still be there then.
            log.exception("worker stumbled")
        close_old_connections()
        wake.wait(PAUSE_SECONDS)
        wake.clear()


def start_embedded() -> None:
    """Start the worker's thread once per process."""
    if not _started.acquire(blocking=False):
        return
    wake = threading.Event()
    outbox.on_wake(wake.set)
    threading.Thread(target=work, args=(threading.Event(), wake), name="outbox", daemon=True).start()
