"""Accessibility findings of axe-core on a page, with every rule on: WCAG 2.0 to 2.2 A and AA and the best practices."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def report(page: Page, within: str | None = None) -> dict[str, Any]:
    """axe's raw result. `within` is a CSS selector; without it the whole document is looked at."""
    # evaluate() runs in the debugger's world: a strict Content-Security-Policy doesn't stop it.
    page.wait_for_load_state("load")  # after a click the new page may be half there
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source() + "\n;undefined")
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}
    result: dict[str, Any] = page.evaluate("([within, options]) => axe.run(within || document, options)", [within, options])
    return result


def readable(findings: list[dict[str, Any]], where: str) -> list[str]:
    lines = []
    for rule in findings:
        for node in rule["nodes"]:
            place = ", ".join(map(str, node["target"]))
            lines.append(f"{where}: {rule['id']} ({rule['impact']}): {rule['help']}: {place}\n    {node['html'][:200]}")
    return lines


def violations(page: Page, within: str | None = None) -> list[str]:
    """One line for each faulty element, empty when there is none: `assert violations(page) == []`."""
    return readable(report(page, within)["violations"], page.url)


def undecided(page: Page, within: str | None = None) -> list[str]:
    """What axe leaves to a person to judge ("incomplete"), in the same form."""
    return readable(report(page, within)["incomplete"], page.url)
