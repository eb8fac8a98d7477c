"""Conventions of the house, as tests. Each says in its message what to do instead."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.template.loader import get_template

from common import translations
from pages.words import TERMS

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
APPS = ["participation", "ideas", "pages", "search", "site/accounts", "site/common"]

# Who may say that a text is safe HTML. Everybody else lets Django escape, or uses format_html.
# Data for machines, with every sign escaped that could end its block; and what a template has rendered, so escaped, already.
MAY_MARK_SAFE = {"site/common/structured.py", "site/common/templatetags/ui.py"}


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def templates(kind: str = "*.html") -> list[Path]:
    return sorted(TEMPLATES.rglob(kind))


def public_templates() -> list[Path]:
    return [file for file in templates() if file.relative_to(TEMPLATES).parts[0] not in {"emails", "wagtailadmin"}]


def modules() -> list[Path]:
    return [file for app in APPS for file in sorted((ROOT / app).rglob("*.py")) if "migrations" not in file.parts]


def findings(files: list[Path], pattern: str) -> Iterator[str]:
    """Every place that matches, as "file:line: text"."""
    for file in files:
        text = file.read_text(encoding="utf-8")
        for match in re.finditer(pattern, text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{file.relative_to(ROOT)}:{line}: {match.group(0).strip()[:100]}"


def test_every_template_compiles() -> None:
    for file in [*templates(), *templates("*.txt")]:
        get_template(str(file.relative_to(TEMPLATES)))


def test_public_templates_bring_no_code_and_no_styles_of_their_own() -> None:
    # The content security policy would refuse them: styles go to site/static/css, behaviour to site/static/js.
    inline = r"""(?ix) <style\b | \sstyle\s*=\s*["'] | \son[a-z]+\s*=\s*["'] | href\s*=\s*["']\s*javascript:
        | <script (?![^>]*\ssrc\s*=) (?![^>]*type\s*=\s*["']application/(ld\+)?json) [^>]* >"""
    assert list(findings(public_templates(), inline)) == []


def test_nobody_marks_text_as_safe() -> None:
    assert list(findings(templates(), r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off")) == []
    others = [file for file in modules() if str(file.relative_to(ROOT)) not in MAY_MARK_SAFE]
    assert list(findings(others, r"\b(mark_safe|SafeString)\((?![\"'])")) == []


def test_no_template_compares_a_status() -> None:
    # Ask the object: `idea.is_public`, not `idea.status == "…"`.
    assert list(findings(templates(), r"\{%[^%]*\bstatus\s*(==|!=|\bin\b|\bnot in\b)[^%]*%\}")) == []


def test_no_view_selects_by_status() -> None:
    # Give the choice a name on the QuerySet: `awaiting_review()`.
    views = [file for file in modules() if file.stem in {"views", "api"} or "views" in file.parts]
    assert list(findings(views, r"\.(filter|exclude)\([^)\n]*\bstatus(__\w+)?\s*=")) == []


def test_only_actions_change_a_status() -> None:
    # database_rules.py is SQL that compares statuses.
    others = [file for file in modules() if file.stem not in {"actions", "database_rules"} and "actions" not in file.parts]
    assert list(findings(others, r"(?<!\bNEW)(?<!\bOLD)(?<=\w)\.status\s*=(?!=)|\.update\([^)\n]*\bstatus\s*=")) == []


def test_every_component_opens_with_its_parameters() -> None:
    components = [file for file in templates() if "components" in file.relative_to(TEMPLATES).parts]
    opening = re.compile(r"\s*(\{% load [^%]+%\}\s*)?(\{#|\{% comment\b)")
    missing = [str(file.relative_to(TEMPLATES)) for file in components if not opening.match(file.read_text(encoding="utf-8"))]
    assert missing == [], "open with a comment that names the parameters"


def test_every_component_is_used() -> None:
    texts = {file: file.read_text(encoding="utf-8") for file in [*templates(), *templates("*.txt"), *modules()]}
    unused = []
    for file in (TEMPLATES / "components").rglob("*.html"):
        name = str(file.relative_to(TEMPLATES))
        if not any(name in text for other, text in texts.items() if other != file):
            unused.append(name)
    assert unused == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_import_no_models() -> None:
    files = [file for app in APPS for file in (ROOT / app / "migrations").glob("*.py")]
    # They run against the models of their time: apps.get_model().
    names = "|".join(Path(app).name for app in APPS)
    assert list(findings(files, rf"(?m)^(from ({names})(\.\w+)*\.models? import|from ({names}) import models).*")) == []


def test_tracked_files_name_no_machine_and_no_package_host() -> None:
    # Lock files and configuration of one machine would send everybody else's set-up there.
    hosts = "|".join(["registry.npmjs" + ".org", "files.pythonhosted" + ".org", "pypi" + ".org/simple", "index-url"])
    paths = "|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + r"me/\w"])
    binary = {
        ".png",
        ".jpg",
        ".jpeg",
        ".webp",
        ".avif",
        ".gif",
        ".ico",
        ".woff",
        ".woff2",
        ".pdf",
        ".zip",
        ".mo",
        ".xlsx",
        ".mp4",
        ".webm",
    }
    texts = [file for file in tracked() if file.suffix.lower() not in binary]
    assert list(findings(texts, rf"({hosts})|(?<![\w.:/-])({paths})".replace("index-url", r"\bindex-url\b(?!\")"))) == []


def test_styles_load_nothing_from_elsewhere() -> None:
    files = [*public_templates(), *(ROOT / "site/static").rglob("*.css"), *(ROOT / "site/static").rglob("*.js")]
    starts = [
        r"\ssrc\s*=\s*[\"']",
        r"<link[^>]+href\s*=\s*[\"']",
        r"url\([\"']?",
        r"@import\s+[\"']",
        r"\b(?:fetch|import)\([\"']",
    ]
    elsewhere = rf"(?i)(?:{'|'.join(starts)})(?:https?:)?//\S+"
    assert list(findings(files, elsewhere)) == []


def test_no_module_is_longer_than_500_lines() -> None:
    long = {str(file.relative_to(ROOT)): count for file in modules() if (count := file.read_text().count("\n")) > 500}
    assert long == {}


def test_the_workflow_document_says_what_the_table_says() -> None:
    from ideas.management.commands import describe_workflow

    assert describe_workflow.FILE.read_text() == describe_workflow.text(), "manage.py describe_workflow writes it anew"


# --- two languages ----------------------------------------------------------------------------------------------------

# What is the same word in both languages.
SAME_IN_BOTH = {
    "Moderation",
    "Agenda", "Budget", "Edition", "Jury", "Link", "Logo", "Monitoring", "Name", "Person", "Persona", "Personas", "Phase",
    "Standard", "Status", "Text",
}  # fmt: skip
NUMBERS = {"%(number)s", "%(n)s", "%(count)s", "%(total)s", "%(total_text)s", "%(counter)s", "%s"}


def english_of_everything() -> Iterator[tuple[bool, tuple[str, ...], tuple[str, ...]]]:
    """Whether a template says it, German and English of every sentence that stands in the code and the templates now."""
    for message in translations.renewed(ROOT):
        if message.id:
            in_template = any(str(file).startswith("templates/") for file, _line in message.locations)
            yield in_template, translations.ids_of(message), translations.strings_of(message)


def test_every_sentence_has_its_english() -> None:
    missing = translations.missing(translations.renewed(ROOT))
    assert missing == [], f"{len(missing)} without English: run manage.py collect_translations and fill in the catalogue"


def test_the_catalogue_holds_what_is_said_and_nothing_else() -> None:
    def keys(catalog: Catalog) -> set[tuple[str, str | None]]:
        return {(translations.ids_of(message)[0], message.context) for message in catalog if message.id}

    said, kept = keys(translations.collected(ROOT)), keys(translations.english(ROOT))
    assert said == kept, "manage.py collect_translations brings the catalogue up to date"


def _holes(sentence: str, by_name: bool) -> set[str]:
    """The places that are filled in. `by_name`: as in a template, which knows only the names it gave; in Python another article
    or case of the same word of the house (pages/words.py) is the same place."""
    holes = set()
    for found in translations.PLACEHOLDER.finditer(sentence):
        *_form, key = re.split(r"[_ ]", found[1] or found[0])
        holes.add(f"word {key}" if key in TERMS and not by_name else found[0])
    return holes


def test_english_and_german_have_the_same_placeholders() -> None:
    wrong = []
    for in_template, german, english in english_of_everything():
        known = _holes("".join(german), in_template)
        for number, text in enumerate(english):
            wanted = _holes(german[min(number, len(german) - 1)], in_template)
            # "One idea" may leave its number out; nothing else may be missing, and nothing may be new.
            optional = NUMBERS if len(english) > 1 and number == 0 else set()
            found = _holes(text, in_template)
            if text and (found - known or wanted - found - optional):
                wrong.append(f"{german[0]} → {text}")
    assert wrong == []


def test_no_german_is_left_in_the_english_by_accident() -> None:
    left = [
        german[0]
        for _in_template, german, english in english_of_everything()
        for text in english
        if (
            text in german
            and german[0] not in SAME_IN_BOTH
            and re.search(r"[a-zäöü]{2}", translations.PLACEHOLDER.sub("", text))
        )
        or re.search(r"[äöüß„]", text)
    ]
    assert left == []
