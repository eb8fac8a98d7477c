"""A PostgreSQL server of the tests' own: made in a temporary folder, thrown away after the run.

It trades safety for speed (no fsync), listens on this machine only and never touches a server that is already there.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=128MB"]


class Unavailable(Exception):
    """No server can be started here; the message says why."""


def binaries() -> Path:
    """The folder with the newest server's programs. Debian keeps them off the PATH."""
    folders = [file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise Unavailable("no PostgreSQL server programs here (Debian: apt install postgresql)")


def as_other_user() -> list[str]:
    """PostgreSQL refuses to run as root: the words to put before its commands."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise Unavailable("running as root, and there is no other user to run PostgreSQL as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: list[str], folder: Path) -> None:
    # Files instead of pipes: the server inherits them and would keep a pipe open for ever.
    with (folder / "output").open("w+") as output:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        result = subprocess.run(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False)
        if result.returncode:
            output.seek(0)
            raise Unavailable(f"{Path(command[0]).name} failed: {output.read()[-2000:].strip()}")


@contextlib.contextmanager
def temporary_server() -> Iterator[str]:
    """Starts a server and gives its DATABASE_URL; raises Unavailable where that is impossible."""
    programs, prefix = binaries(), as_other_user()
    # An end by a signal still stops the server: without this, Python would go without its finally.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="pulsehub-postgres-"))
    data, password, port = folder / "data", secrets.token_urlsafe(16), free_port()
    try:
        (folder / "password").write_text(password)
        if prefix:
            user = int(prefix[1].partition("=")[2])
            for path in (folder, folder / "password"):
                os.chown(path, user, -1)
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "pulsehub", "--auth=scram-sha-256", "--no-sync"]
        run([*prefix, *initdb, "--encoding=UTF8", "--locale=C.UTF-8", f"--pwfile={folder / 'password'}"], folder)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(
                "\n".join([*FAST, "listen_addresses='127.0.0.1'", f"port={port}", f"unix_socket_directories='{folder}'"])
            )
        pg_ctl = [*prefix, str(programs / "pg_ctl"), "-D", str(data)]
        run([*pg_ctl, "-w", "-t", "60", "-l", str(folder / "log"), "start"], folder)
        try:
            yield f"postgres://pulsehub:{password}@127.0.0.1:{port}/postgres"
        finally:
            with contextlib.suppress(Unavailable):
                run([*pg_ctl, "-m", "immediate", "-w", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    # By hand: `python tests/postgres.py pytest tests/ideas` runs a command with such a server as its database.
    with temporary_server() as url:
        raise SystemExit(subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode)
