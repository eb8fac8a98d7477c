"""All checks, then the tests on both databases side by side. The last thing it prints is pytest's own summary.

    python tests/run.py [--only lint|sqlite|postgres] [--long] [arguments for pytest …]

PostgreSQL comes from TEST_DATABASE_URL or, without it, from a temporary server (tests/postgres.py).
"""

import argparse
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:1] = [str(ROOT)]  # in place of this folder, whose html.py would hide the standard library's

from tests import postgres  # noqa: E402

BIN = Path(sys.executable).parent
SOURCES = ["participation", "ideas", "pages", "search", "site"]
# What an operator may have set for `make run` must not reach the tests.
SETTINGS = [
    "ALLOWED_HOSTS", "BASE_URL", "CACHE_URL", "DATABASE_URL", "DEBUG", "DEFAULT_FROM_EMAIL", "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL", "EMBEDDED_WORKER", "HOST", "MAIL_DIR", "MEDIA_ROOT", "PORT", "SECRET_KEY", "TRUSTED_PROXY_COUNT",
    "UPLOAD_ROOT",
]  # fmt: skip
DEPLOYED = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "BASE_URL": "https://pulsehub.example.org",
    "ALLOWED_HOSTS": "pulsehub.example.org",
    "SECRET_KEY": secrets.token_urlsafe(64),
}


def environment(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    path = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    return {**kept, "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}", "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **extra}


class Run:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failed: list[str] = []
        self.skipped: list[str] = []

    def note(self, line: str) -> None:
        self.lines.append(line)

    def check(self, title: str, command: list[str], **extra: str) -> None:
        """A check says nothing as long as it holds."""
        print(f"→ {title} … ", end="", flush=True)
        started = time.monotonic()
        result = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(**extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - started
        print(f"{'failed' if result.returncode else 'ok'} ({seconds:.1f} s)", flush=True)
        if result.returncode:
            print(result.stdout, flush=True)
            self.failed.append(title)
        self.note(f"{'FAILED' if result.returncode else 'ok    '}  {title} ({seconds:.1f} s)")

    def pytest(self, title: str, arguments: list[str], *, beside: bool = False, **extra: str) -> str:
        """Run the tests and show them as they go; `beside` another step, their output is returned instead."""
        if not beside:
            print(f"\n→ {title}", flush=True)
        started, earlier = time.monotonic(), list(self.skipped)
        with tempfile.TemporaryDirectory(prefix="pulsehub-report-") as folder:
            report = Path(folder) / "report.json"
            report.write_text(json.dumps({"lines": self.lines, "skipped": earlier}))
            result = subprocess.run(
                [sys.executable, "-m", "pytest", *arguments],
                cwd=ROOT,
                env=environment(PULSEHUB_TEST_REPORT=str(report), **extra),
                stdout=subprocess.PIPE if beside else None,
                stderr=subprocess.STDOUT if beside else None,
                text=True,
                check=False,
            )
            self.skipped += json.loads(report.read_text())["skipped"][len(earlier) :]
        passed = result.returncode in {0, 5}  # 5: no test is marked like that
        if not passed:
            self.failed.append(title)
        self.note(f"{'ok    ' if passed else 'FAILED'}  {title} ({time.monotonic() - started:.0f} s)")
        return f"\n→ {title}\n{result.stdout}" if beside else ""


def lint(run: Run) -> None:
    python = sys.executable
    memory = {"DATABASE_URL": "sqlite://:memory:", "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    run.check("ruff check", [str(BIN / "ruff"), "check", "."])
    run.check("ruff format", [str(BIN / "ruff"), "format", "--check", "."])
    run.check("mypy", [str(BIN / "mypy")])
    run.check("import-linter: imports run one way", [str(BIN / "lint-imports"), "--no-cache"])
    run.check("djlint", [str(BIN / "djlint"), "templates", "--lint", "--quiet"])
    run.check(
        "bandit: nothing medium or high",
        [str(BIN / "bandit"), "-q", "-ll", "-c", "pyproject.toml", "-r", *SOURCES, "manage.py"],
    )
    run.check("migrations complete", [python, "manage.py", "makemigrations", "--check", "--dry-run"], **memory)
    run.check("django check", [python, "manage.py", "check", "--fail-level", "WARNING"], **memory)
    run.check("django check --deploy", [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], **DEPLOYED)


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
    else:
        with postgres.temporary_server() as url:
            yield url


def postgres_tests(run: Run, arguments: list[str], *, beside: bool) -> str:
    title = "tests on PostgreSQL"
    try:
        with postgres_url() as url:
            return run.pytest(title, arguments, beside=beside, DATABASE_URL=url)
    except postgres.Unavailable as reason:
        run.skipped.append(f"all {title}: {reason}")
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            run.failed.append(f"{title} (a skip is a failure in CI)")
        return f"\n→ {title}: skipped, {reason}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["lint", "sqlite", "postgres"])
    parser.add_argument("--long", action="store_true", help="the heavy runs, and only those")
    options, arguments = parser.parse_known_args()
    run = Run()
    length = "long" if options.long else "not long"
    servers = "" if os.environ.get("ELASTICSEARCH_URL") else " and not elasticsearch"
    if servers and not options.long:
        run.note("left out: tests marked long (make test-long) and elasticsearch (set ELASTICSEARCH_URL)")
    if options.only in {None, "lint"} and not options.long:
        lint(run)
    marks = {
        "sqlite": f"{length} and not postgres{servers}",
        "postgres": f"{length} and not browser and not sqlite{servers}",
    }
    # Side by side: each keeps one processor busy. What PostgreSQL's tests say comes in one piece after the others'.
    with ThreadPoolExecutor(1) as pool:
        behind = None
        if options.only in {None, "postgres"}:
            behind = pool.submit(postgres_tests, run, ["-m", marks["postgres"], *arguments], beside=options.only is None)
        if options.only in {None, "sqlite"}:
            run.pytest("tests on SQLite, with the browser", ["-m", marks["sqlite"], *arguments])
        if behind:
            print(behind.result(), flush=True)
    if run.failed:
        print(f"\nFailed: {'; '.join(run.failed)}", file=sys.stderr)
    return 1 if run.failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
