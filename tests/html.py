"""The Nu HTML Checker: one start of Java for a whole batch of pages."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def unavailable() -> str | None:
    """Why pages can't be validated here; None when they can."""
    if not shutil.which("java"):
        return "no Java here for the HTML checker (Debian: apt install default-jre-headless)"
    return None if JAR.exists() else "the HTML checker is not installed (make test installs it)"


def validate(pages: str | list[str] | Mapping[str, str]) -> list[str]:
    """Errors and warnings of one or many documents, each as "name:line: message"; a mapping names the documents."""
    named = pages if isinstance(pages, Mapping) else dict(enumerate([pages] if isinstance(pages, str) else pages, start=1))
    with tempfile.TemporaryDirectory(prefix="pulsehub-html-") as folder:
        names = {}
        for number, (name, text) in enumerate(named.items()):
            file = Path(folder) / f"{number:05}.html"
            file.write_text(text, encoding="utf-8")
            names[file.name] = str(name)
        command = ["java", "-Xss4m", "-jar", str(JAR), "--format", "json", "--exit-zero-always", folder]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    # vnu reports on the error channel.
    messages = json.loads(result.stderr)["messages"]
    lines = []
    for message in messages:
        if message["type"] == "error" or message.get("subType") == "warning":
            place = f"{names[Path(message['url']).name]}:{message.get('lastLine', '?')}"
            lines.append(f"{place}: {message['message']}  [{message.get('extract', '').strip()}]")
    return lines
