"""Brings the database and the static files up to date and serves the site: what `make run` and `make dev` do.

Runs in the project's environment. One Django process does all the preparing, so that a second start takes seconds.
"""

import argparse
import hashlib
import os
import socket
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT), str(ROOT / "site")]  # in place of this folder


def fail(message: str) -> NoReturn:
    print(f"\nStopped: {message}", file=sys.stderr)
    raise SystemExit(1)


def check_port(host: str, port: str) -> None:
    if not port.isdecimal() or not 0 < int(port) < 65536:
        fail(f"PORT must be a number from 1 to 65535, not {port!r}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            fail(f"can't listen on {host}:{port} ({error.strerror}). Is it running already? Another port: PORT=8001 make run")


def check_database() -> None:
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        settings = connection.settings_dict
        place = f"{settings['NAME']} on {settings['HOST'] or 'this machine'}" if settings.get("USER") else settings["NAME"]
        fail(f"the database {place} can't be opened. Check DATABASE_URL.\n{str(error).strip()}")


def migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        print(f"→ Database: {len(plan)} migrations …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def load_demo() -> None:
    from django.core.management import call_command, get_commands

    if "load_demo" in get_commands():
        call_command("load_demo", if_empty=True)


def collect_static() -> None:
    """Gathers and compresses the static files, if any file or package differs from the last time."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    folders = [Path(entry[1] if isinstance(entry, tuple) else entry) for entry in settings.STATICFILES_DIRS]
    # Files of packages change with requirements.txt only.
    own_apps = [Path(app.path) / "static" for app in apps.get_app_configs() if Path(sys.prefix) not in Path(app.path).parents]
    for folder in [*folders, *own_apps]:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            digest.update(str(file).encode() + file.read_bytes())
    stamp = Path(settings.VAR_DIR) / "stamps" / "static"
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print("→ Static files, once: about half a minute …", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="debug pages, automatic reload, plain static files")
    options = parser.parse_args()
    started = time.monotonic()
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    check_port(host, port)
    os.chdir(ROOT)
    os.environ.update(HOST=host, PORT=port)
    os.environ.setdefault("BASE_URL", f"http://localhost:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev" if options.dev else "config.settings.production")
    # Loading the WSGI module would start the embedded worker here; that belongs to the process which serves.
    import django

    django.setup()
    check_database()
    migrate()
    if not options.dev:
        collect_static()
    load_demo()
    from django.db import connections

    connections.close_all()
    print(f"Ready after {time.monotonic() - started:.0f} s.", flush=True)
    if options.dev:
        os.execv(sys.executable, [sys.executable, "manage.py", "runserver", f"{host}:{port}"])  # noqa: S606
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "site/config/gunicorn.py"])  # noqa: S606


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("interrupted.")
