"""How gunicorn serves PulseHub: `gunicorn -c site/config/gunicorn.py config.wsgi`. All of it can be set by environment.

The default is one process with eight threads, because that process also drains the outbox (EMBEDDED_WORKER). With
EMBEDDED_WORKER=false and a `run_worker` of its own, WEB_CONCURRENCY may be raised to the number of cores.
"""

import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

_ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_ROOT), str(_ROOT / "site")]  # this file is read before pythonpath holds

from common.log import mask  # noqa: E402

chdir = str(_ROOT)
pythonpath = f"{_ROOT},{_ROOT / 'site'}"
wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
keepalive = 5
# Workers report being alive by touching a file: on a disk under load that touch can hang and a healthy worker gets killed.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # nosec B108
control_socket_disable = True
loglevel = os.environ.get("LOG_LEVEL", "warning")
accesslog = os.environ.get("ACCESS_LOG") or None


class MaskingLogger(Logger):
    """The access log names addresses, and where a reader came from; secret links are left out of both."""

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        parts = super().atoms(*args, **kwargs)
        return {name: mask(value) if isinstance(value, str) else value for name, value in parts.items()}


logger_class = MaskingLogger


def when_ready(server: Arbiter) -> None:
    address = os.environ.get("BASE_URL") or f"http://{server.address[0][0]}:{server.address[0][1]}"
    print(f"\nPulseHub is running at {address} – stop it with Ctrl+C", flush=True)
